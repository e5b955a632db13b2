#include "top_rows.h"

#include <gtest/gtest.h>

#include "helpers.h"

namespace attacca::index {
namespace {

TEST(TopRows, AreTheBestBySortingWhateverTheOrderOfOffers) {
  std::mt19937 random(7);
  for (int trial = 0; trial < 200; ++trial) {
    const std::size_t count = random() % 400;
    std::vector<Hit> hits;
    for (std::size_t i = 0; i < count; ++i) {
      // Few different scores, so that most are tied; zeros of both signs.
      const float score = static_cast<float>(static_cast<int>(random() % 9) - 4) / 4;
      hits.push_back({static_cast<Row>(i), score == 0 && i % 2 == 0 ? -0.0F : score});
    }
    std::shuffle(hits.begin(), hits.end(), random);
    for (const std::size_t k :
         {std::size_t{0}, std::size_t{1}, std::size_t{10}, count, count + 5}) {
      TopRows top(k);
      for (const Hit& hit : hits) {
        if (top.wants(hit.score)) top.offer(hit.row, hit.score);
      }
      ASSERT_EQ(top.take(), bestOf(hits, k)) << "k " << k << " of " << count;
    }
  }
}

TEST(TopRows, KnowTheKthScoreOnceThereAreKRows) {
  TopRows top(2);
  top.offer(0, 0.5F);
  EXPECT_EQ(top.kthScore(), -std::numeric_limits<float>::infinity());
  top.offer(1, 0.25F);
  EXPECT_EQ(top.kthScore(), 0.25F);
  top.offer(2, 0.75F);
  EXPECT_EQ(top.kthScore(), 0.5F);
}

}  // namespace
}  // namespace attacca::index
