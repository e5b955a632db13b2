#include "attacca/index/measures.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace attacca::index {
namespace {

using Places = std::vector<std::size_t>;

TEST(Measures, AveragePrecisionIsTheMeanOfPrecisionsAtTheRelevantPlaces) {
  EXPECT_DOUBLE_EQ(averagePrecision(Places{1, 3, 6}), (1.0 + 2.0 / 3 + 3.0 / 6) / 3);
  EXPECT_DOUBLE_EQ(averagePrecision(Places{1, 2}), 1);
  EXPECT_DOUBLE_EQ(averagePrecision(Places{4}), 0.25);
  EXPECT_DOUBLE_EQ(averagePrecision(Places{}), 0);
}

TEST(Measures, NdcgIsTheShareOfThePossibleGain) {
  // Discounts: 1, 0.63093, 0.5, 0.43068, 0.38685.
  EXPECT_NEAR(ndcg(Places{2, 3}, 5), (0.63093 + 0.5) / (1 + 0.63093), 1e-5);
  EXPECT_NEAR(ndcg(Places{1, 6}, 5), 1 / (1 + 0.63093), 1e-5);
  EXPECT_DOUBLE_EQ(ndcg(Places{1, 2, 3, 4, 5, 9}, 5), 1);
  EXPECT_DOUBLE_EQ(ndcg(Places{6}, 5), 0);
  EXPECT_DOUBLE_EQ(ndcg(Places{}, 5), 0);
}

// Every subset of places is as likely as another when the order is drawn at random.
template <class Measure>
double meanOverAllOrders(std::size_t relevant, std::size_t candidates, const Measure& measure) {
  std::vector<bool> taken(candidates);
  std::fill(taken.end() - static_cast<std::ptrdiff_t>(relevant), taken.end(), true);
  double sum = 0;
  double orders = 0;
  do {
    Places places;
    for (std::size_t i = 0; i < candidates; ++i) {
      if (taken[i]) places.push_back(i + 1);
    }
    sum += measure(places);
    ++orders;
  } while (std::next_permutation(taken.begin(), taken.end()));
  return sum / orders;
}

TEST(Measures, ChanceIsTheMeanOverAllOrders) {
  for (const std::size_t candidates : {1U, 2U, 5U, 9U}) {
    for (std::size_t relevant = 1; relevant <= candidates; ++relevant) {
      EXPECT_NEAR(averagePrecisionByChance(relevant, candidates),
                  meanOverAllOrders(relevant, candidates,
                                    [](const Places& places) { return averagePrecision(places); }),
                  1e-12)
          << relevant << " of " << candidates;
      for (const std::size_t depth : {1U, 3U, 20U}) {
        EXPECT_NEAR(ndcgByChance(relevant, candidates, depth),
                    meanOverAllOrders(relevant, candidates,
                                      [&](const Places& places) { return ndcg(places, depth); }),
                    1e-12)
            << relevant << " of " << candidates << " to " << depth;
      }
    }
  }
}

TEST(Measures, SkewnessTellsWhichSideHasTheTail) {
  EXPECT_DOUBLE_EQ(skewness(std::vector<double>{1, 2, 3}), 0);
  EXPECT_DOUBLE_EQ(skewness(std::vector<double>{5, 5, 5}), 0);
  // Mean 1, deviations -1 -1 -1 3: (-3 + 27) / 4 = 6 over (12 / 4)^1.5.
  EXPECT_NEAR(skewness(std::vector<double>{0, 0, 0, 4}), 6 / 5.196152, 1e-6);
  EXPECT_NEAR(skewness(std::vector<double>{0, 0, 0, -4}), -6 / 5.196152, 1e-6);
}

TEST(Measures, BootstrapDrawsWholeGroups) {
  // A hundred values in two groups: the mean of a draw is 0, 1/2 or 1, whatever the counts.
  std::vector<double> values(100);
  std::vector<std::int64_t> groups(100);
  for (std::size_t i = 50; i < 100; ++i) {
    values[i] = 1;
    groups[i] = 7;
  }
  const auto two = bootstrapMean(values, groups, 1000, 1);
  EXPECT_EQ(two.low, 0);
  EXPECT_EQ(two.high, 1);
  // Each value a group of its own: the standard error is 0.05.
  std::iota(groups.begin(), groups.end(), 0);
  const auto each = bootstrapMean(values, groups, 2000, 1);
  EXPECT_NEAR(each.low, 0.5 - 1.96 * 0.05, 0.015);
  EXPECT_NEAR(each.high, 0.5 + 1.96 * 0.05, 0.015);
}

TEST(Measures, OneGroupGivesNoWidth) {
  const std::vector<double> values{0, 1, 1};
  const std::vector<std::int64_t> groups{3, 3, 3};
  const auto found = bootstrapMean(values, groups, 100, 1);
  EXPECT_DOUBLE_EQ(found.low, 2.0 / 3);
  EXPECT_DOUBLE_EQ(found.high, 2.0 / 3);
}

}  // namespace
}  // namespace attacca::index
