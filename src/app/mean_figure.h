// What measurements of quality share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <vector>

#include "attacca/app/quality.h"

namespace attacca::app {

// The work of a row; a track of no known work has a number below 0 of its own.
inline std::int64_t workOrOwn(const index::Groups& groups, std::size_t row) {
  return groups.work ? groups.work.value : -static_cast<std::int64_t>(row) - 1;
}

// Collects what each query gives for one figure.
class MeanFigure {
 public:
  // `chance`: what it would be by chance; `work`: what the query is of.
  void add(double value, double chance, std::int64_t work) {
    values_.push_back(value);
    works_.push_back(work);
    sum_ += value;
    chance_ += chance;
  }

  Figure figure(std::uint64_t seed) const {
    constexpr std::size_t kRounds = 2000;
    Figure result;
    result.queries = values_.size();
    if (values_.empty()) return result;
    const auto count = static_cast<double>(values_.size());
    result.value = sum_ / count;
    result.chance = chance_ / count;
    result.interval = index::bootstrapMean(values_, works_, kRounds, seed);
    result.works = std::unordered_set<std::int64_t>(works_.begin(), works_.end()).size();
    return result;
  }

 private:
  std::vector<double> values_;
  std::vector<std::int64_t> works_;
  double sum_ = 0;
  double chance_ = 0;
};

}  // namespace attacca::app
