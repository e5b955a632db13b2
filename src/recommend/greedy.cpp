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
      : counts_(rules), rows_(rows), worth_(worth) {
    open_.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
      open_.push_back({worth_.firstWorth(i), i, kNever});
    std::make_heap(open_.begin(), open_.end());
  }

  std::optional<GreedyPick> next(const Caps& caps, double least) {
    std::optional<GreedyPick> best;
    std::vector<Bound> aside;  // what the caps do not admit now
    while (!best && !open_.empty() && open_.front().worth > least) {
      std::pop_heap(open_.begin(), open_.end());
      Bound bound = open_.back();
      open_.pop_back();
      if (!counts_.admits(rows_[bound.item], caps)) {
        aside.push_back(bound);
      } else if (bound.when == chosen_) {
        best = {bound.item, bound.worth};
      } else {
        push({worth_.worth(bound.item), bound.item, chosen_});
      }
    }
    for (const Bound& bound : aside) push(bound);
    if (!best) return std::nullopt;
    counts_.add(rows_[best->item]);
    worth_.choose(best->item);
    ++chosen_;
    return best;
  }

 private:
  static constexpr auto kNever = static_cast<std::size_t>(-1);

  struct Bound {
    double worth = 0;
    std::size_t item = 0;
    std::size_t when = kNever;  // looked at last, in choices

    // Comes later.
    bool operator<(const Bound& other) const {
      return worth != other.worth ? worth < other.worth : item > other.item;
    }
  };

  void push(const Bound& bound) {
    open_.push_back(bound);
    std::push_heap(open_.begin(), open_.end());
  }

  ListCounts counts_;
  const std::vector<Row>& rows_;
  GreedyWorth& worth_;
  std::vector<Bound> open_;  // a heap
  std::size_t chosen_ = 0;
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
