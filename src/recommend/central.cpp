#include "central.h"

#include <algorithm>

#include "greedy.h"
#include "silent.h"

namespace attacca::recommend {
namespace {

// Calls with each neighbour of a row and how near the row is to it.
template <class Use>
void eachNeighbour(const Snapshot& snapshot, Row row, const Use& use) {
  const auto neighbours = snapshot.neighbours(row);
  const auto cosines = snapshot.neighbourScores(row);
  for (std::size_t i = 0; i < neighbours.size(); ++i) {
    use(static_cast<std::size_t>(neighbours[i]),
        nearness(static_cast<double>(cosines[i]),
                 static_cast<double>(snapshot.centrality(neighbours[i]))));
  }
}

// `covered(other)`: how well that row is stood for already.
template <class Covered>
double worthOf(const Snapshot& snapshot, Row row, const Covered& covered) {
  double sum = 0;
  eachNeighbour(snapshot, row, [&](std::size_t other, double similarity) {
    sum += std::max(similarity - covered(other), 0.0);
  });
  return sum / static_cast<double>(std::max<std::size_t>(snapshot.size() - 1, 1));
}

class CentralWorth final : public GreedyWorth {
 public:
  CentralWorth(const Snapshot& snapshot, const std::vector<Row>& rows,
               const std::vector<double>& first)
      : snapshot_(snapshot), rows_(rows), first_(first), covered_(snapshot.size()) {}

  double worth(std::size_t item) override {
    return worthOf(snapshot_, rows_[item], [&](std::size_t other) { return covered_[other]; });
  }

  double firstWorth(std::size_t item) override {
    return first_[static_cast<std::size_t>(rows_[item])];
  }

  void choose(std::size_t item) override {
    eachNeighbour(snapshot_, rows_[item], [&](std::size_t other, double similarity) {
      covered_[other] = std::max(similarity, covered_[other]);
    });
    covered_[static_cast<std::size_t>(rows_[item])] = 1;
  }

 private:
  const Snapshot& snapshot_;
  const std::vector<Row>& rows_;
  const std::vector<double>& first_;
  std::vector<double> covered_;
};

}  // namespace

CentralStrategy::CentralStrategy(std::shared_ptr<const Snapshot> snapshot)
    : Strategy("central", std::move(snapshot)) {}

const std::vector<double>& CentralStrategy::firstWorths() const {
  std::call_once(once_, [&] {
    first_worths_.resize(snapshot().size());
    for (std::size_t i = 0; i < first_worths_.size(); ++i) {
      first_worths_[i] = worthOf(snapshot(), static_cast<Row>(i), [](std::size_t) { return 0.0; });
    }
  });
  return first_worths_;
}

std::optional<std::string> CentralStrategy::lacks(const Listener&) const { return std::nullopt; }

Scores CentralStrategy::scores(const Listener&) const { return {firstWorths()}; }

std::vector<Reason> CentralStrategy::why(const Listener&, Row row) const {
  return {{ReasonKind::central, {}, static_cast<double>(snapshot().centrality(row))}};
}

std::vector<Pick> CentralStrategy::pick(const Listener& listener, const ListRules& rules,
                                        std::vector<std::string>& notes) const {
  std::vector<Row> rows;
  rows.reserve(snapshot().size());
  for (std::size_t i = 0; i < snapshot().size(); ++i) {
    const auto row = static_cast<Row>(i);
    if (!rules.excluded(row) && !isSilent(snapshot(), row)) rows.push_back(row);
  }
  CentralWorth worth(snapshot(), rows, firstWorths());
  std::vector<Pick> list;
  std::vector<Row> before;
  for (const GreedyPick& chosen : chooseGreedily(rules, rows, worth, true)) {
    Pick& pick = list.emplace_back(Pick{rows[chosen.item], chosen.score, {}});
    if (!before.empty()) {
      std::vector<float> cosines(before.size());
      snapshot().scores(pick.row, before, cosines);
      const auto nearest = std::max_element(cosines.begin(), cosines.end());
      const Row other = before[static_cast<std::size_t>(nearest - cosines.begin())];
      pick.reasons.push_back({ReasonKind::diverse, idOf(other), static_cast<double>(*nearest)});
    }
    pick.reasons.push_back(why(listener, pick.row).front());
    before.push_back(pick.row);
  }
  noteShortcomings(rules, before, notes);
  return list;
}

}  // namespace attacca::recommend
