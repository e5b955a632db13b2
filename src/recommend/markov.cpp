#include <map>

#include "yardsticks.h"

namespace attacca::recommend {
namespace {

class Markov final : public Strategy {
 public:
  Markov(const Material& material, const Played& played)
      : Strategy("markov", material.snapshot),
        next_(snapshot().size()),
        share_(snapshot().size()),
        listeners_(snapshot().size()) {
    const auto plays = static_cast<double>(played.in_order.all.size());
    for (std::size_t i = 0; i < share_.size(); ++i) {
      listeners_[i] = played.listeners.of(i).size();
      if (played.plays[i] > 0) share_[i] = static_cast<double>(played.plays[i]) / plays;
    }
    for (std::size_t listener = 0; listener < played.in_order.size(); ++listener) {
      const auto rows = played.in_order.of(listener);
      for (std::size_t i = 1; i < rows.size(); ++i) {
        auto& after = next_[static_cast<std::size_t>(rows[i - 1])];
        ++after.count;
        ++after.of[rows[i]];
      }
    }
    any_ = plays > 0;
  }

  std::optional<std::string> lacks(const Listener& listener) const override {
    if (!listener.last) return nothingHeard(listener);
    if (!any_) return "nobody has listened to anything here yet";
    return std::nullopt;
  }

  Scores scores(const Listener& listener) const override {
    const After& after = next_[static_cast<std::size_t>(*listener.last)];
    const double all = static_cast<double>(after.count) + 1;
    Scores scores{share_, 0, true};
    for (const auto& [row, count] : after.of) {
      scores.of[static_cast<std::size_t>(row)] += static_cast<double>(count);
    }
    for (double& score : scores.of) score /= all;
    return scores;
  }

  std::vector<Reason> why(const Listener& listener, Row row) const override {
    const After& after = next_[static_cast<std::size_t>(*listener.last)];
    const auto found = after.of.find(row);
    if (found == after.of.end()) {
      return {{ReasonKind::popular,
               {},
               static_cast<double>(listeners_[static_cast<std::size_t>(row)])}};
    }
    return {{ReasonKind::follows, idOf(*listener.last),
             static_cast<double>(found->second) / static_cast<double>(after.count)}};
  }

 private:
  // What was played next after a track.
  struct After {
    std::size_t count = 0;
    std::map<Row, std::size_t> of;
  };

  std::vector<After> next_;    // by row
  std::vector<double> share_;  // of all plays, by row
  std::vector<std::size_t> listeners_;
  bool any_ = false;
};

}  // namespace

MadeStrategy makeMarkov(const Material& material, const Played& played) {
  return std::make_unique<Markov>(material, played);
}

}  // namespace attacca::recommend
