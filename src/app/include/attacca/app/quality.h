// Do the lists make sense? What an archive's own catalogue can tell about a way to compare tracks.
//
// Four questions are asked of plain rankings, without policies. Each figure comes with what chance
// would give, exactly, and with an interval over works: movements of one work depend on each other.
// A recording that is there twice counts once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "attacca/archive/types.h"
#include "attacca/index/measures.h"
#include "attacca/index/snapshot.h"

namespace attacca::app {

struct Figure {
  double value = 0;
  double chance = 0;
  index::Interval interval;  // of `value`, 95 %
  std::size_t queries = 0;   // tracks that could be asked; 0: the rest says nothing
  std::size_t works = 0;     // that they are of; a track of no known work is one
};

// One track's nearest tracks of other works, among those whose composer is known.
struct NeighbourList {
  TrackId seed;
  std::vector<TrackId> neighbours;  // nearest first
  double found = 0;                 // NDCG, 0 to 1
};

struct Quality {
  std::size_t tracks = 0;
  // The same piece in another performance, among all tracks: the same movement of a work, where
  // both numbers are known, or the same work where both performances are one track. Tracks of the
  // same work whose movement is not known are left out: nobody can say whether they are right.
  Figure performances;       // mean average precision
  Figure performance_first;  // the share of tracks whose nearest is one
  // The same composer among the nearest five of other works.
  Figure composer;  // NDCG
  // The share of the ten nearest that are of the same album: sound and room rather than music, or
  // an album of one kind.
  Figure album;
  double hubness = 0;  // skewness of how often a track is among the ten nearest of another
  std::vector<NeighbourList> worst;  // of other works, those with least of the composer first
};

constexpr std::size_t kComposerDepth = 5;
constexpr std::size_t kNearest = 10;  // for albums and hubs

// Scores of a row with every row; `scores` has an element for each, that of the row itself is not
// looked at. Higher is nearer; equal scores go by row.
using RowScores = std::function<void(index::Row row, std::span<float> scores)>;

// `tracks[i]` and `groups[i]` are those of row i. Deterministic for a seed. `scores` is called once
// for each row.
Quality measureQuality(std::span<const archive::Track> tracks,
                       std::span<const index::Groups> groups, const RowScores& scores,
                       std::size_t worst, std::uint64_t seed);

}  // namespace attacca::app
