// Lists in which every choice depends on those before it.
#pragma once

#include <functional>
#include <vector>

#include "list.h"

namespace attacca::recommend {

// A way to value items given what was chosen so far. An item's worth never rises as more are
// chosen.
class GreedyWorth {
 public:
  virtual ~GreedyWorth() = default;
  virtual double worth(std::size_t item) = 0;
  // Before anything was chosen.
  virtual double firstWorth(std::size_t item) { return worth(item); }
  virtual void choose(std::size_t item) = 0;
};

struct GreedyPick {
  std::size_t item = 0;  // index into rows
  double score = 0;      // its worth when it was chosen
};

// Chooses the worthiest of `rows` (ascending, none of them excluded) again and again, equal ones by
// row, as the caps of `rules` allow. Only what is worth more than 0 counts as near; with `relax`,
// demands are given up as Relaxation says. In order of scores, equal scores by row.
std::vector<GreedyPick> chooseGreedily(const ListRules& rules, const std::vector<Row>& rows,
                                       GreedyWorth& worth, bool relax);

}  // namespace attacca::recommend
