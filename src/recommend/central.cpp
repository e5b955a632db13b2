#include "central.h"

#include <algorithm>

#include "greedy.h"
#include "profile.h"

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

std::vector<double> firstWorths(const Snapshot& snapshot) {
  std::vector<double> worths(snapshot.size());
  for (std::size_t i = 0; i < worths.size(); ++i) {
    worths[i] = worthOf(snapshot, static_cast<Row>(i), [](std::size_t) { return 0.0; });
  }
  return worths;
}

std::vector<CentralPick> pickCentral(const ListRules& rules, const std::vector<double>& first) {
  const Snapshot& snapshot = rules.snapshot;
  std::vector<Row> rows;
  rows.reserve(snapshot.size());
  for (std::size_t i = 0; i < snapshot.size(); ++i) {
    const auto row = static_cast<Row>(i);
    if (!rules.excluded(row) && !isSilent(snapshot, row)) rows.push_back(row);
  }
  CentralWorth worth(snapshot, rows, first);
  std::vector<CentralPick> list;
  std::vector<Row> before;
  for (const GreedyPick& chosen : chooseGreedily(rules, rows, worth, true)) {
    CentralPick pick{rows[chosen.item], chosen.score, -1, 0};
    if (!before.empty()) {
      std::vector<float> cosines(before.size());
      snapshot.scores(pick.row, before, cosines);
      const auto nearest = std::max_element(cosines.begin(), cosines.end());
      pick.nearest = before[static_cast<std::size_t>(nearest - cosines.begin())];
      pick.similarity = *nearest;
    }
    before.push_back(pick.row);
    list.push_back(pick);
  }
  return list;
}

}  // namespace attacca::recommend
