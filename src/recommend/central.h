// For a listener of whom nothing is known: tracks typical of the archive, unlike each other
// (service.h says how).
#pragma once

#include <mutex>

#include "attacca/recommend/strategy.h"

namespace attacca::recommend {

class CentralStrategy final : public Strategy {
 public:
  explicit CentralStrategy(std::shared_ptr<const Snapshot> snapshot);

  std::optional<std::string> lacks(const Listener& listener) const override;
  // What each track is worth as the first of a list.
  Scores scores(const Listener& listener) const override;
  std::vector<Reason> why(const Listener& listener, Row row) const override;
  std::vector<Pick> pick(const Listener& listener, const ListRules& rules,
                         std::vector<std::string>& notes) const override;

 private:
  const std::vector<double>& firstWorths() const;

  // Depends on the snapshot alone, and takes a look at every stored neighbour: made when first
  // asked for.
  mutable std::once_flag once_;
  mutable std::vector<double> first_worths_;
};

}  // namespace attacca::recommend
