// Scores by the content neighbours of what a listener heard.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "list.h"
#include "profile.h"

namespace attacca::recommend {

// What one heard track says for one candidate.
struct Term {
  Row heard = -1;
  float cosine = 0;
  double value = 0;
};

class ListenerNeighbours {
 public:
  ListenerNeighbours(const Snapshot& snapshot, const Exclusions& excluded,
                     std::span<const ProfileTrack> profile);

  // Of what may be suggested: in round 0 the stored neighbours of the profile, in round 1 all
  // tracks, each compared with the whole profile.
  Candidates candidates(int round);
  // The terms that make a candidate's score, largest first, as of the last round.
  std::span<const Term> terms(Row candidate) const;

 private:
  static constexpr std::size_t kMaxTerms = 3;

  // A candidate with its largest terms.
  struct Scored {
    Row row = -1;
    std::uint32_t count = 0;
    std::array<Term, kMaxTerms> terms{};

    void add(const Term& term);
    double score() const;
    std::size_t counting() const;  // how many of the terms make the score
  };

  Scored* find(Row row);  // nullptr for what must not be suggested
  double termValue(const ProfileTrack& heard, float cosine) const;
  void addStored(const ProfileTrack& heard);
  void addAll(const ProfileTrack& heard, std::span<const Row> open);

  const Snapshot& snapshot_;
  const Exclusions& excluded_;
  std::span<const ProfileTrack> profile_;
  double weight_ = 0;                // the sum of the largest weights
  std::vector<std::int32_t> slots_;  // of each row: its place in scored_, or that it has none
  std::vector<Scored> scored_;
};

}  // namespace attacca::recommend
