#include "central.h"

#include <algorithm>
#include <array>

#include "greedy.h"
#include "profile.h"

namespace attacca::recommend {
namespace {

class CentralWorth final : public GreedyWorth {
 public:
  CentralWorth(const Snapshot& snapshot, const std::vector<Row>& rows)
      : snapshot_(snapshot), rows_(rows), states_(rows.size()) {}

  double worth(std::size_t item) override {
    State& state = states_[item];
    while (state.seen < chosen_.size()) {
      std::array<float, 64> scores;
      const std::size_t count = std::min(chosen_.size() - state.seen, scores.size());
      snapshot_.scores(rows_[item], std::span(chosen_).subspan(state.seen, count),
                       std::span(scores).first(count));
      for (std::size_t i = 0; i < count; ++i) {
        if (state.nearest != -1 && scores[i] <= state.similarity) continue;
        state.similarity = scores[i];
        state.nearest = chosen_[state.seen + i];
      }
      state.seen += count;
    }
    return static_cast<double>(snapshot_.centrality(rows_[item]) -
                               std::max(state.similarity, 0.0F));
  }

  void choose(std::size_t item) override { chosen_.push_back(rows_[item]); }

  CentralPick pick(const GreedyPick& chosen) const {
    const State& state = states_[chosen.item];
    return {rows_[chosen.item], chosen.score, state.nearest, state.similarity};
  }

 private:
  struct State {
    std::size_t seen = 0;  // chosen tracks that this takes into account
    Row nearest = -1;      // of these
    float similarity = 0;
  };

  const Snapshot& snapshot_;
  const std::vector<Row>& rows_;
  std::vector<State> states_;
  std::vector<Row> chosen_;
};

}  // namespace

std::vector<CentralPick> pickCentral(const Snapshot& snapshot, const Policies& policies,
                                     const Exclusions& excluded) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < snapshot.size(); ++i) {
    const auto row = static_cast<Row>(i);
    if (!excluded(row) && !isSilent(snapshot, row)) rows.push_back(row);
  }
  CentralWorth worth(snapshot, rows);
  std::vector<CentralPick> list;
  for (const GreedyPick& chosen : chooseGreedily(snapshot, policies, rows, worth, true)) {
    list.push_back(worth.pick(chosen));
  }
  return list;
}

}  // namespace attacca::recommend
