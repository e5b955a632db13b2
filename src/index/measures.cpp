#include "attacca/index/measures.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <random>
#include <unordered_map>
#include <vector>

namespace attacca::index {
namespace {

double discount(std::size_t place) { return 1 / std::log2(1 + static_cast<double>(place)); }

double discounts(std::size_t places) {
  double sum = 0;
  for (std::size_t place = 1; place <= places; ++place) sum += discount(place);
  return sum;
}

}  // namespace

double averagePrecision(std::span<const std::size_t> places) {
  double sum = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    sum += static_cast<double>(i + 1) / static_cast<double>(places[i]);
  }
  return places.empty() ? 0 : sum / static_cast<double>(places.size());
}

// A place k holds a relevant one with probability R / N; then each of the k - 1 before it does
// with (R - 1) / (N - 1).
double averagePrecisionByChance(std::size_t relevant, std::size_t candidates) {
  assert(relevant <= candidates);
  if (relevant == 0) return 0;
  if (candidates == 1) return 1;
  const auto all = static_cast<double>(candidates);
  const double others = static_cast<double>(relevant - 1) / (all - 1);
  double sum = 0;
  for (std::size_t place = 1; place <= candidates; ++place) {
    const auto k = static_cast<double>(place);
    sum += (1 + (k - 1) * others) / k;
  }
  return sum / all;
}

double ndcg(std::span<const std::size_t> places, std::size_t depth) {
  double gain = 0;
  for (const std::size_t place : places) gain += place <= depth ? discount(place) : 0;
  const double most = discounts(std::min(depth, places.size()));
  return most > 0 ? gain / most : 0;
}

double ndcgByChance(std::size_t relevant, std::size_t candidates, std::size_t depth) {
  assert(relevant <= candidates);
  const double most = discounts(std::min(depth, relevant));
  if (most == 0) return 0;
  return static_cast<double>(relevant) / static_cast<double>(candidates) *
         discounts(std::min(depth, candidates)) / most;
}

double skewness(std::span<const double> values) {
  if (values.empty()) return 0;
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double second = 0;
  double third = 0;
  for (const double value : values) {
    const double off = value - mean;
    second += off * off;
    third += off * off * off;
  }
  return second > 0 ? third / count / std::pow(second / count, 1.5) : 0;
}

Interval bootstrapMean(std::span<const double> values, std::span<const std::int64_t> groups,
                       std::size_t rounds, std::uint64_t seed) {
  assert(values.size() == groups.size());
  if (values.empty()) return {};
  struct Group {
    double sum = 0;
    double count = 0;
  };
  std::vector<Group> all;
  std::unordered_map<std::int64_t, std::size_t> place;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto [found, is_new] = place.try_emplace(groups[i], all.size());
    if (is_new) all.emplace_back();
    all[found->second].sum += values[i];
    all[found->second].count += 1;
  }
  std::mt19937_64 random(seed);
  std::vector<double> means;
  means.reserve(rounds);
  for (std::size_t round = 0; round < rounds; ++round) {
    Group drawn;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Group& one = all[random() % all.size()];
      drawn.sum += one.sum;
      drawn.count += one.count;
    }
    means.push_back(drawn.sum / drawn.count);
  }
  if (means.empty()) return {};
  std::sort(means.begin(), means.end());
  const auto at = [&](double share) {
    return means[static_cast<std::size_t>(std::lround(share * static_cast<double>(rounds - 1)))];
  };
  return {at(0.025), at(0.975)};
}

}  // namespace attacca::index
