// The facade: what to play next, and why.
//
// A service answers from one snapshot; it is const and may be called from any thread. Strategies
// score, policies make a list of the scores. Answers are deterministic: equal scores are ordered by
// track id.
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

namespace attacca::recommend {

struct HeardTrack {
  TrackId track;
  UnixTime at{};
  double fraction = 1;  // 0 to 1
};

// How scores become a list.
struct Policies {
  std::size_t limit = 10;
  std::size_t per_album = 2;
  std::size_t per_work = 1;
  bool raw = false;          // none of the policies but `limit`, and never the seed itself
  bool allow_heard = false;  // recommendForUser: heard tracks may come again
};

enum class ReasonKind {
  similarTo,  // sounds like `track`, cosine in `value`
  central,    // typical of this archive (a new listener)
  diverse,    // unlike what is already in the list (a new listener)
};

struct Reason {
  ReasonKind kind = ReasonKind::similarTo;
  TrackId track;  // the track that is meant, if any
  double value = 0;
};

struct Recommendation {
  TrackId track;
  int rank = 0;  // from 1
  double score = 0;
  std::vector<Reason> reasons;  // strongest first, never empty
};

struct Answer {
  std::string strategy;       // "knn", or "central" for a listener without history
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

  // Tracks that sound like `seed`. Throws Fault::notFound when the snapshot does not hold it.
  Answer recommendSimilar(TrackId seed, const Policies& policies) const;
  // Tracks near a vector of the snapshot's dimension (a passage, a file that is not in the
  // archive).
  Answer recommendSimilar(std::span<const float> vector, const Policies& policies) const;
  // For a listener with this history (oldest first; may be empty). `now` ages the history.
  Answer recommendForUser(std::span<const HeardTrack> history, UnixTime now,
                          const Policies& policies) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace attacca::recommend
