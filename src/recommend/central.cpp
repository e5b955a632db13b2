#include "central.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "profile.h"

namespace attacca::recommend {
namespace {

// Greedy choice. A track's worth only falls as the list grows, so what it was worth when last
// looked at is a bound, and most tracks need not be looked at again.
class CentralChooser {
 public:
  CentralChooser(const Snapshot& snapshot, const Exclusions& excluded)
      : snapshot_(snapshot), counts_(snapshot), states_(snapshot.size()) {
    for (std::size_t i = 0; i < states_.size(); ++i) {
      const auto row = static_cast<Row>(i);
      states_[i].worth = snapshot.centrality(row);
      states_[i].open = !excluded(row) && !isSilent(snapshot, row);
    }
  }

  // nullopt when nothing that is left fits the caps.
  std::optional<CentralPick> choose(const Caps& caps) {
    Row best = -1;
    const auto consider = [&](Row row) {
      if (!states_[index(row)].open || !mayBeat(row, best) || !counts_.admits(row, caps)) return;
      update(row);
      if (mayBeat(row, best)) best = row;
    };
    consider(mostPromising());
    for (std::size_t i = 0; i < states_.size(); ++i) consider(static_cast<Row>(i));
    if (best == -1) return std::nullopt;
    State& state = states_[index(best)];
    state.open = false;
    counts_.add(best);
    chosen_.push_back(best);
    return CentralPick{best, static_cast<double>(state.worth), state.nearest, state.similarity};
  }

 private:
  struct State {
    float worth = 0;
    float similarity = -1;  // to the nearest chosen track so far
    Row nearest = -1;
    std::uint32_t seen = 0;  // chosen tracks that this takes into account
    bool open = false;
  };

  static std::size_t index(Row row) { return static_cast<std::size_t>(row); }

  bool mayBeat(Row row, Row best) const {
    if (best == -1) return true;
    const float own = states_[index(row)].worth;
    const float other = states_[index(best)].worth;
    return own > other || (own == other && row < best);
  }

  Row mostPromising() const {
    Row best = 0;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      const auto row = static_cast<Row>(i);
      if (states_[i].open && (!states_[index(best)].open || mayBeat(row, best))) best = row;
    }
    return best;
  }

  void update(Row row) {
    State& state = states_[index(row)];
    while (state.seen < chosen_.size()) {
      std::array<float, 64> scores;
      const std::size_t count = std::min(chosen_.size() - state.seen, scores.size());
      snapshot_.scores(row, std::span(chosen_).subspan(state.seen, count),
                       std::span(scores).first(count));
      for (std::size_t i = 0; i < count; ++i) {
        if (state.nearest != -1 && scores[i] <= state.similarity) continue;
        state.similarity = scores[i];
        state.nearest = chosen_[state.seen + i];
      }
      state.seen += static_cast<std::uint32_t>(count);
    }
    if (state.nearest != -1) state.worth = snapshot_.centrality(row) - state.similarity;
  }

  const Snapshot& snapshot_;
  ListCounts counts_;
  std::vector<State> states_;
  std::vector<Row> chosen_;
};

}  // namespace

std::vector<CentralPick> pickCentral(const Snapshot& snapshot, const Policies& policies,
                                     const Exclusions& excluded) {
  std::vector<CentralPick> list;
  if (snapshot.size() == 0) return list;
  CentralChooser chooser(snapshot, excluded);
  Caps caps = capsOf(policies);
  while (list.size() < policies.limit) {
    if (const auto pick = chooser.choose(caps)) {
      list.push_back(*pick);
    } else if (caps.album < list.size()) {
      ++caps.album;
    } else if (caps.work < list.size()) {
      ++caps.work;
    } else {
      break;
    }
  }
  return list;
}

}  // namespace attacca::recommend
