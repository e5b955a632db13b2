// What was heard by the same listeners.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "played.h"

namespace attacca::recommend {

inline bool playedBy(const Listener& listener, Row row) {
  return std::binary_search(
      listener.played.begin(), listener.played.end(), PlayedTrack{row, 0, 0},
      [](const PlayedTrack& a, const PlayedTrack& b) { return a.row < b.row; });
}

// Why what others heard says nothing about this listener, whose history has a play of use; nullopt
// where somebody heard both something of that and something else.
inline std::optional<std::string> nothingTogether(const Played& played, const Listener& listener) {
  if (played.empty()) return "nobody has listened to anything here yet";
  for (const PlayedTrack& heard : listener.played) {
    for (const auto other : played.listeners.of(static_cast<std::size_t>(heard.row))) {
      for (const Row row : played.rows.of(other)) {
        if (!playedBy(listener, row)) return std::nullopt;
      }
    }
  }
  return "nobody heard what this listener heard and something else, too";
}

// Leaves the three of the largest values, the largest first.
inline void keepStrongest(std::vector<Reason>& reasons) {
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const Reason& a, const Reason& b) { return a.value > b.value; });
  if (reasons.size() > 3) reasons.resize(3);
}

// The heard tracks with the largest positive terms, at most three, as reasons. Where there are
// none, the track itself, which is suggested again.
template <class Term>
std::vector<Reason> strongest(const Listener& listener, Row row, ReasonKind kind,
                              const Snapshot& snapshot, const Term& term) {
  std::vector<Reason> reasons;
  for (const PlayedTrack& heard : listener.played) {
    if (heard.row == row) continue;
    const double value = term(heard);
    if (value > 0) {
      reasons.push_back({kind, snapshot.ids()[static_cast<std::size_t>(heard.row)], value});
    }
  }
  keepStrongest(reasons);
  if (reasons.empty()) reasons.push_back({kind, snapshot.ids()[static_cast<std::size_t>(row)], 1});
  return reasons;
}

}  // namespace attacca::recommend
