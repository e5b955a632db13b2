// Scores by the content neighbours of what a listener heard.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "attacca/index/search.h"

#include "list.h"
#include "profile.h"

namespace attacca::recommend {

constexpr std::size_t kMaxTerms = 3;

// What one heard track says for one candidate.
struct Term {
  Row candidate = -1;
  Row heard = -1;
  float cosine = 0;
  double value = 0;
};

class ListenerNeighbours {
 public:
  ListenerNeighbours(const Snapshot& snapshot, const index::TrackSearch& search,
                     std::span<const ProfileTrack> profile);

  // Round 0 looks at the stored neighbours, each later round at eight times as many.
  Candidates candidates(int round);
  // The terms that make a candidate's score, largest first, of the last round.
  std::span<const Term> terms(Row candidate) const;

 private:
  void addTerms(const ProfileTrack& heard, std::size_t k);

  const Snapshot& snapshot_;
  const index::TrackSearch& search_;
  std::span<const ProfileTrack> profile_;
  double weight_ = 0;        // the sum of the largest weights
  std::vector<Term> terms_;  // by candidate, largest value first
};

}  // namespace attacca::recommend
