#include "score_kernels.h"

#include <bit>

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "helpers.h"

namespace attacca::index {
namespace {

// Runs `test` once for every instruction set that this machine has.
template <class Test>
void onEveryInstructionSet(const Test& test) {
  const std::int64_t supported = hwy::SupportedTargets();
  for (const std::int64_t target :
       {std::int64_t{0}, std::int64_t{HWY_SSSE3}, std::int64_t{HWY_AVX2}, std::int64_t{HWY_AVX3},
        std::int64_t{HWY_NEON}}) {
    if (target != 0 && (supported & target) == 0) continue;
    hwy::GetChosenTarget().Update(target);
    SCOPED_TRACE(target == 0 ? "fallback" : hwy::TargetName(target));
    test();
  }
  hwy::GetChosenTarget().DeInit();
}

TEST(ScorePairs, AreTheDefinedSumToTheBitOnEveryInstructionSet) {
  onEveryInstructionSet([] {
    std::mt19937 random(5);
    for (const std::size_t dimension : {1, 3, 7, 8, 9, 12, 16, 64, 200, 203}) {
      for (const std::size_t a_rows : {1, 2, 3, 4, 7}) {
        for (const std::size_t b_rows : {1, 2, 4, 5, 9}) {
          // Each row ends where its memory ends, and none is aligned.
          std::vector<std::vector<float>> rows;
          std::vector<const float*> pointers;
          for (std::size_t i = 0; i < a_rows + b_rows; ++i) {
            rows.push_back(randomVector(random, dimension + 1));
            for (float& value : rows.back()) value *= 0.1F;
            rows.back().shrink_to_fit();
            pointers.push_back(rows.back().data() + 1);
          }
          const std::span<const float* const> all(pointers);
          std::vector<float> scores(a_rows * b_rows);
          scorePairs(all.first(a_rows), all.subspan(a_rows), dimension, scores.data());
          for (std::size_t i = 0; i < a_rows; ++i) {
            for (std::size_t j = 0; j < b_rows; ++j) {
              const float expected =
                  plainScore({pointers[i], dimension}, {pointers[a_rows + j], dimension});
              ASSERT_EQ(std::bit_cast<std::uint32_t>(scores[i * b_rows + j]),
                        std::bit_cast<std::uint32_t>(expected))
                  << dimension << " elements, pair " << i << ", " << j << " of " << a_rows << " x "
                  << b_rows;
            }
          }
        }
      }
    }
  });
}

TEST(ScorePairs, AreClampedToACosinesRange) {
  onEveryInstructionSet([] {
    const std::vector<float> ones(9, 1.0F);
    const std::vector<float> minus(9, -1.0F);
    const float* a[] = {ones.data()};
    const float* b[] = {ones.data(), minus.data()};
    float scores[2];
    scorePairs(a, b, 9, scores);
    EXPECT_EQ(scores[0], 1.0F);
    EXPECT_EQ(scores[1], -1.0F);
  });
}

TEST(DotCodes, AreExactOnEveryInstructionSet) {
  onEveryInstructionSet([] {
    std::mt19937 random(6);
    for (const std::size_t stride : {16, 32, 208, 512}) {
      for (const std::size_t rows : {1, 3, 4, 6, 130}) {
        const int most = static_cast<int>(std::min<std::size_t>(32767, 2147483647 / 127 / stride));
        std::vector<std::int16_t> query(stride);
        std::vector<std::int8_t> codes(rows * stride);
        for (auto& word : query) {
          word = static_cast<std::int16_t>(static_cast<int>(random() % (2 * most + 1)) - most);
        }
        for (auto& code : codes)
          code = static_cast<std::int8_t>(static_cast<int>(random() % 255) - 127);
        // The largest sum that may occur.
        for (std::size_t j = 0; j < stride; ++j) {
          codes[j] = query[j] < 0 ? -127 : 127;
          query[j] = static_cast<std::int16_t>(query[j] < 0 ? -most : most);
        }
        std::vector<std::int32_t> dots(rows);
        dotCodes(query.data(), codes.data(), rows, stride, stride, dots.data());
        for (std::size_t i = 0; i < rows; ++i) {
          std::int64_t expected = 0;
          for (std::size_t j = 0; j < stride; ++j) expected += query[j] * codes[i * stride + j];
          ASSERT_EQ(dots[i], expected) << "row " << i << " of " << rows << " x " << stride;
        }
      }
    }
  });
}

}  // namespace
}  // namespace attacca::index
