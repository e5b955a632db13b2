#include "attacca/app/controls.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace attacca::app {
namespace {

std::vector<AudioHash> recordings(int count) {
  std::vector<AudioHash> all;
  all.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) all.push_back({sha256("recording " + std::to_string(i))});
  return all;
}

TEST(Random, IsStandardNormalAndFollowsFromTheRecordingAlone) {
  std::vector<double> numbers;
  std::set<std::vector<float>> different;
  for (const auto& hash : recordings(500)) {
    const auto vector = randomVector(hash);
    ASSERT_EQ(vector.size(), kRandomDimension);
    EXPECT_EQ(vector, randomVector(hash));
    different.insert(vector);
    numbers.insert(numbers.end(), vector.begin(), vector.end());
  }
  EXPECT_EQ(different.size(), 500U);
  // 100,000 numbers; each bound is more than four standard errors away.
  const double n = static_cast<double>(numbers.size());
  double mean = 0;
  double square = 0;
  double fourth = 0;
  double within = 0;
  for (const double x : numbers) {
    mean += x / n;
    square += x * x / n;
    fourth += x * x * x * x / n;
    within += (std::abs(x) < 0.6744897501960817 ? 1 : 0) / n;  // half of all lies within
  }
  EXPECT_NEAR(mean, 0, 0.015);
  EXPECT_NEAR(square, 1, 0.02);
  EXPECT_NEAR(fourth, 3, 0.15);
  EXPECT_NEAR(within, 0.5, 0.007);
}

TEST(Random, VectorsOfTwoRecordingsHaveNothingInCommon) {
  const auto all = recordings(200);
  double sum = 0;
  double squares = 0;
  double pairs = 0;
  for (std::size_t a = 0; a < all.size(); ++a) {
    const auto x = randomVector(all[a]);
    for (std::size_t b = 0; b < a; ++b) {
      const auto y = randomVector(all[b]);
      double dot = 0;
      double xx = 0;
      double yy = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        dot += static_cast<double>(x[i]) * y[i];
        xx += static_cast<double>(x[i]) * x[i];
        yy += static_cast<double>(y[i]) * y[i];
      }
      const double cosine = dot / std::sqrt(xx * yy);
      sum += cosine;
      squares += cosine * cosine;
      ++pairs;
    }
  }
  EXPECT_NEAR(sum / pairs, 0, 0.003);
  // Of independent directions it is 1 / dimension.
  EXPECT_NEAR(squares / pairs * static_cast<double>(kRandomDimension), 1, 0.06);
}

TEST(Shuffled, IsOnePermutationHoweverTheRecordingsCome) {
  auto all = recordings(300);
  const Shuffle shuffle(all);
  std::set<AudioHash> taken;
  std::size_t own = 0;
  for (const auto& hash : all) {
    taken.insert(*shuffle.standIn(hash));
    if (*shuffle.standIn(hash) == hash) ++own;
  }
  EXPECT_EQ(taken, std::set<AudioHash>(all.begin(), all.end()));
  EXPECT_LT(own, 6U);  // one is to be expected
  std::reverse(all.begin(), all.end());
  all.push_back(all.front());
  const Shuffle again(all);
  for (const auto& hash : all) EXPECT_EQ(*again.standIn(hash), *shuffle.standIn(hash));
}

TEST(Shuffled, LeavesOthersAlone) {
  const auto all = recordings(2);
  EXPECT_EQ(Shuffle({all.data(), 1}).standIn(all[1]), nullptr);
}

TEST(Shuffled, NamesWhatItShuffles) {
  EXPECT_EQ(shuffledOf(shuffledName("msd-musicnn@0123")), "msd-musicnn@0123");
  EXPECT_EQ(shuffledOf("msd-musicnn"), std::nullopt);
  EXPECT_EQ(shuffledOf("random"), std::nullopt);
}

}  // namespace
}  // namespace attacca::app
