// The strategies that others are measured by, and those that are measured. docs/recommenders.md
// says what each is and where it comes from.
#pragma once

#include <memory>

#include "attacca/recommend/strategy.h"

#include "played.h"

namespace attacca::recommend {

using MadeStrategy = std::unique_ptr<const Strategy>;

// A number between 0 and 1 for each track, from the seed and what the listener heard.
MadeStrategy makeRandom(const Material& material);
// How many listeners heard a track; equal ones by plays.
MadeStrategy makePopularity(const Material& material, const Played& played);
// What this listener played, each play by recency and completion. Repeats.
MadeStrategy makePersonalPopularity(const Material& material);
// The sum, over the tracks h that the listener heard, of the cosine of the sets of those who heard
// the track and h, where the track is among the 200 nearest of h (equal ones by row).
MadeStrategy makeItemKnn(const Material& material, const Played& played);
// X: listeners x played tracks, 1 where heard. P = inverse of (transpose of X times X, plus r on
// the diagonal), r being how many listeners a played track has on average. A track j scores the
// sum, over the tracks i != j that the listener heard, of -P(i, j) / P(j, j).
// Throws Fault::refused for more than kEaseTracks tracks.
MadeStrategy makeEase(const Material& material, const Played& played);
// n(l, c): how often a listener played c next after l; n(l): their sum; p(c): c's share of all
// plays. c scores (n(l, c) + p(c)) / (n(l) + 1), l being what was played last.
MadeStrategy makeMarkov(const Material& material, const Played& played);
// 1 for the movement after the one that was played last, 1/2 for the one after that, ..
MadeStrategy makeNextMovement(const Material& material);
// How much of what the listener played is on the track's album: 0 to 1, each track by the log of
// its plays, as the profile weighs them.
MadeStrategy makeSameAlbum(const Material& material);
// A track's facts (composers, work, period, instrumentation) as a vector: -log(share of the tracks
// that have the fact). A track scores the mean of its cosines with the tracks played, weighted as
// in makeSameAlbum.
MadeStrategy makeMetadata(const Material& material);
// Inner product with the mean, of length 1, of the vectors of the distinct tracks played.
MadeStrategy makeKnnPublished(const Material& material);
// The same where each track has the mean of its album's vectors for its vector.
MadeStrategy makeAlbumMean(const Material& material);

// What the network of material.network foretells after the listener's latest plays; its kind is
// bert4rec or sasrec, as `name` says.
MadeStrategy makeSequence(std::string_view name, const Material& material);
// Nearness to what was heard where the network puts it; shallow or contrastive, as `name` says.
MadeStrategy makeTowers(std::string_view name, const Material& material);
// By the log as far as it goes, by sound for the rest.
MadeStrategy makeHybrid(const Material& material, const Played& played);

}  // namespace attacca::recommend
