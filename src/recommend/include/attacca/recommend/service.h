// The facade: what to play next, and why.
//
// A service answers from one snapshot; it is const and may be called from any thread (what it works
// out from the snapshot alone, it does once, for whoever asks first). Strategies
// score, policies make a list of the scores. Answers are deterministic: equal scores are ordered by
// track id. No answer holds a score that is not a number.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "attacca/base/id.h"
#include "attacca/base/units.h"
#include "attacca/index/search.h"
#include "attacca/index/snapshot.h"
#include "attacca/recommend/strategy.h"

namespace attacca::recommend {

// What becomes of other performances of a work.
enum class OtherPerformances {
  hidden,   // those of what is being heard are not suggested
  grouped,  // a work is one entry of the list, those of the seed's too; its others are named there
};

// How scores become a list. The list has `limit` entries. An entry is a track; with `whole_works`,
// the performance that the track belongs to, which counts once. No recording comes twice.
//
// What is being heard (the seed, or the listener's history) is known: other movements of its
// performance come only with `same_work`, other performances of its work only `grouped`. A seed's
// work is never suggested otherwise, however short the list. A track of no work is part of nothing:
// none of this touches it.
//
// Where the list would fall short, demands are given up one after another, and the notes say so:
// 1. an album's cap is raised, as long as there are tracks that come near (nearer than any track
//    does on average: a cap is no reason to suggest what does not fit);
// 2. works that the listener knows are taken, the album's cap as at first;
// 3. tracks that do not come near are taken, the album's cap as at first;
// 4. a work's cap is raised, but not where performances are grouped.
// A cap of 0 is none.
struct Policies {
  std::size_t limit = 10;
  std::size_t per_album = 2;
  std::size_t per_work = 1;  // 1 where performances are grouped
  bool whole_works = false;
  bool same_work = false;
  OtherPerformances other_performances = OtherPerformances::hidden;
  bool raw = false;          // none of the policies but `limit`, and never the seed itself
  bool allow_heard = false;  // recommendForUser: heard tracks and their works may come again
};

// The tracks of one album that record one work together, in movement order.
struct Performance {
  WorkId work;
  std::vector<TrackId> tracks;

  friend bool operator==(const Performance&, const Performance&) = default;
};

// A region of a track.
struct Region {
  Seconds from{};
  Seconds to{};

  friend bool operator==(const Region&, const Region&) = default;
};

struct Recommendation {
  TrackId track;
  int rank = 0;  // from 1
  double score = 0;
  std::vector<Reason> reasons;  // strongest first, never empty
  // With `whole_works`: the performance of the work, `track` among its movements. Score and reasons
  // are those of `track`; the others may have been heard. Empty for a track that stands alone.
  std::vector<TrackId> movements;
  // Grouped: the other performances of the work, but the seed's own; no re-issues.
  std::vector<Performance> others;
  // For a passage: where, best first.
  std::vector<Region> places;
};

struct Answer {
  std::string strategy;       // its name; "central" where that had nothing to go by, or "passage"
  std::int64_t snapshot = 0;  // version
  std::vector<Recommendation> list;
  // What a person should know about this list: a cap that was relaxed and why, a new listener,
  // history that is not in the snapshot. Sentences.
  std::vector<std::string> notes;
};

class RecommendationService {
 public:
  explicit RecommendationService(std::shared_ptr<const index::Snapshot> snapshot);
  ~RecommendationService();

  // Tracks that sound like `seed`, by the score of the snapshot's recipe. A silent seed has none.
  // Beyond the stored neighbours, what has ordered parts is estimated (index::Snapshot::estimates),
  // and counts as less near than these. Throws Fault::notFound when the snapshot does
  // not hold the seed.
  Answer recommendSimilar(TrackId seed, const Policies& policies) const;
  // The same with the weights of the recipe turned between sound (1) and music (0), see
  // index::balancedScores, whose errors it throws: all tracks are compared, exactly, in `jobs`
  // threads, and those that score above the seed's mean come near.
  Answer recommendBalanced(TrackId seed, double sound, const Policies& policies,
                           unsigned jobs = 1) const;
  // Tracks near a vector of the snapshot's dimension (a file that is not in the archive; see
  // index::Snapshot::vectorOf), by cosine. All tracks count as near. `known`: the work that the
  // vector is from, if it is; its tracks come only with `same_work`.
  Answer recommendSimilar(std::span<const float> vector, const Policies& policies,
                          WorkId known = {}) const;
  // Where else a region of a track occurs, or something like it: tracks with up to three places
  // each (index/passage.h). The question is where, so that neither caps nor works keep anything
  // out; each recording comes once, and other places of the seed itself only with `same_work`.
  // Throws Fault::notFound when the snapshot does not hold the seed, Fault::usage for a region that
  // is not in it, Fault::unsupported where the recipe has no ordered part.
  Answer recommendPassage(TrackId seed, Region region, const Policies& policies) const;
  // For a listener with this history (oldest first; may be empty), by the strategy, which was made
  // for the same snapshot. `now` ages the history; what was heard later than now counts as heard
  // now. Where the strategy has nothing to go by, the notes say why, and the answer is what `knn`
  // gives a listener without history.
  Answer recommendForUser(std::span<const HeardTrack> history, UnixTime now,
                          const Policies& policies, const Strategy& strategy) const;
  // The same by `knn`.
  //
  // A heard track h weighs w(h) = log(1 + sum over its plays of recency x completion): recency
  // halves every 30 days, completion rises from 0 at a fraction of 0.2 (less is a skip, which says
  // nothing here) to 1, and repeated plays count ever less (Hu, Koren and Volinsky, ICDM 2008). The
  // 100 heaviest count, their weights scaled to add up to 1. How near a candidate c is to h: s(c,
  // h) = (cos(c, h) - m(h)) / (1 - m(h)), cos being the recipe's score and m(h) h's mean to all
  // tracks: 0 is no nearer than any track (less counts as 0), 1 the same sound. Item-based
  // neighbours on content (Deshpande and Karypis, TOIS 2004): s counts where c is among the stored
  // neighbours of h; all tracks are compared only where those do not fill the list.
  //
  // The list is chosen one track at a time: the c with the largest sum over h of
  //   w(h) s(c, h) / (1 + sum of s(p, h) over the tracks p chosen before),
  // which is its score. What has been served counts ever less, so that each of a listener's tastes
  // gets about its share of the list (proportional fairness; Steck, RecSys 2018, on calibration),
  // and near copies do not crowd it. Reasons: the one to three heard tracks that contribute most.
  //
  // Without a usable history: tracks that stand for the archive, chosen one at a time: the c with
  // the largest sum, over the tracks t among its stored neighbours, of max(0, s(c, t) -
  // covered(t)), covered(t) being the largest s(p, t) over the tracks p chosen before (1 for these
  // themselves, 0 at first). That sum, divided by the number of other tracks, is the score
  // (facility location: Cornuejols, Fisher and Nemhauser, Management Science 1977). Typical tracks
  // of different corners come first; an outlier covers nothing and comes last.
  Answer recommendForUser(std::span<const HeardTrack> history, UnixTime now,
                          const Policies& policies) const;

  // All performances of a work that the snapshot holds, in order of their numbers.
  std::vector<Performance> performances(WorkId work) const;
  // The same of the track's work, but its own and re-issues of its own or of one before (they hold
  // the same recordings); none for a track of no work. Throws Fault::notFound when the snapshot
  // does not hold it.
  std::vector<Performance> otherPerformances(TrackId track) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace attacca::recommend
