#include "greedy.h"

#include <algorithm>
#include <optional>

namespace attacca::recommend {
namespace {

// What an item was worth when last looked at bounds what it is worth now, so that most items need
// not be looked at again (lazy evaluation: Minoux 1978).
class Chooser {
 public:
  Chooser(const ListRules& rules, const std::vector<Row>& rows, GreedyWorth& worth)
      : counts_(rules), rows_(rows), worth_(worth), bounds_(rows.size()), open_(rows.size(), 1) {
    for (std::size_t i = 0; i < rows.size(); ++i) bounds_[i] = worth_.firstWorth(i);
  }

  std::optional<GreedyPick> next(const Caps& caps, double least) {
    std::optional<std::size_t> best;
    const auto consider = [&](std::size_t item) {
      if (open_[item] == 0 || !mayBeat(item, best) || !counts_.admits(rows_[item], caps)) return;
      bounds_[item] = worth_.worth(item);
      if (mayBeat(item, best)) best = item;
    };
    if (const auto first = mostPromising()) consider(*first);
    for (std::size_t i = 0; i < rows_.size(); ++i) consider(i);
    if (!best || bounds_[*best] <= least) return std::nullopt;
    open_[*best] = 0;
    counts_.add(rows_[*best]);
    worth_.choose(*best);
    return GreedyPick{*best, bounds_[*best]};
  }

 private:
  bool mayBeat(std::size_t item, std::optional<std::size_t> best) const {
    if (!best) return true;
    return bounds_[item] > bounds_[*best] || (bounds_[item] == bounds_[*best] && item < *best);
  }

  std::optional<std::size_t> mostPromising() const {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (open_[i] != 0 && mayBeat(i, best)) best = i;
    }
    return best;
  }

  ListCounts counts_;
  const std::vector<Row>& rows_;
  GreedyWorth& worth_;
  std::vector<double> bounds_;
  std::vector<char> open_;
};

}  // namespace

std::vector<GreedyPick> chooseGreedily(const ListRules& rules, const std::vector<Row>& rows,
                                       GreedyWorth& worth, bool relax) {
  std::vector<GreedyPick> list;
  Chooser chooser(rules, rows, worth);
  Relaxation demands(rules, 0);
  while (list.size() < std::min(rules.policies.limit, rows.size())) {
    if (const auto pick = chooser.next(demands.caps(), demands.least())) {
      list.push_back(*pick);
    } else if (!relax || !demands.weaken(list.size())) {
      break;
    }
  }
  // What came in when a cap was raised may be worth more than what came before.
  std::sort(list.begin(), list.end(), [](const GreedyPick& a, const GreedyPick& b) {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  });
  return list;
}

}  // namespace attacca::recommend
