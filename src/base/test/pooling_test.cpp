#include "attacca/base/pooling.h"

#include <gmock/gmock.h>

namespace attacca {
namespace {

TEST(MeanRows, IsTheMeanOfEachColumn) {
  const std::vector<float> clips{1, 2, 3, 3, 2, 10};
  EXPECT_THAT(meanRows({clips.data(), 2, 3}), testing::ElementsAre(2, 2, 6.5F));
}

TEST(MeanRows, ManySmallRowsAreNotLostBesideALargeOne) {
  std::vector<float> clips(1001, 1e-3F);
  clips[0] = 1e6F;
  EXPECT_FLOAT_EQ(meanRows({clips.data(), clips.size(), 1}).front(),
                  static_cast<float>((1e6 + 1000 * 1e-3) / 1001));
}

TEST(MeanRows, OfNothingIsZero) {
  EXPECT_THAT(meanRows({nullptr, 0, 2}), testing::ElementsAre(0, 0));
}

}  // namespace
}  // namespace attacca
