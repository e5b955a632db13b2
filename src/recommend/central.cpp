#include "central.h"

#include <algorithm>

#include "greedy.h"
#include "profile.h"

namespace attacca::recommend {
namespace {

class CentralWorth final : public GreedyWorth {
 public:
  CentralWorth(const Snapshot& snapshot, const std::vector<Row>& rows)
      : snapshot_(snapshot), rows_(rows), covered_(snapshot.size()) {}

  double worth(std::size_t item) override {
    double sum = 0;
    eachNeighbour(rows_[item], [&](double similarity, double& covered) {
      sum += std::max(similarity - covered, 0.0);
    });
    return sum / static_cast<double>(std::max<std::size_t>(snapshot_.size() - 1, 1));
  }

  void choose(std::size_t item) override {
    eachNeighbour(rows_[item], [](double similarity, double& covered) {
      covered = std::max(similarity, covered);
    });
    covered_[static_cast<std::size_t>(rows_[item])] = 1;
  }

 private:
  // Calls with how near the row is to each of its neighbours, and with how covered that one is.
  template <class Use>
  void eachNeighbour(Row row, const Use& use) {
    const auto neighbours = snapshot_.neighbours(row);
    const auto cosines = snapshot_.neighbourScores(row);
    for (std::size_t i = 0; i < neighbours.size(); ++i) {
      use(nearness(static_cast<double>(cosines[i]),
                   static_cast<double>(snapshot_.centrality(neighbours[i]))),
          covered_[static_cast<std::size_t>(neighbours[i])]);
    }
  }

  const Snapshot& snapshot_;
  const std::vector<Row>& rows_;
  std::vector<double> covered_;
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
  std::vector<Row> before;
  for (const GreedyPick& chosen : chooseGreedily(snapshot, policies, rows, worth, true)) {
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
