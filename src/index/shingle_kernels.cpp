#include "shingle_kernels.h"

#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "shingle_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace attacca::index::HWY_NAMESPACE {

float stepOneByOne(std::int32_t* sums, const std::int32_t* entering, const std::int32_t* leaving,
                   float left_inverse, const float* inverses, float* bests, std::size_t count) {
  float largest = -2;
  for (std::size_t j = 0; j < count; ++j) {
    sums[j] += entering[j] - leaving[j];
    const float cosine = static_cast<float>(sums[j]) * (left_inverse * inverses[j]);
    bests[j] = std::max(bests[j], cosine);
    largest = std::max(largest, cosine);
  }
  return largest;
}

#if HWY_TARGET == HWY_SCALAR

void dotPacked(const std::int16_t* left, const std::int8_t* packed, std::size_t pairs,
               std::size_t padded, std::int32_t* dots) {
  std::fill_n(dots, kLeftRows * padded, 0);
  for (std::size_t r = 0; r < kLeftRows; ++r) {
    for (std::size_t k = 0; k < pairs; ++k) {
      const std::int32_t a = left[r * 2 * pairs + 2 * k];
      const std::int32_t b = left[r * 2 * pairs + 2 * k + 1];
      const std::int8_t* const codes = packed + 2 * k * padded;
      for (std::size_t j = 0; j < padded; ++j) {
        dots[r * padded + j] += a * codes[2 * j] + b * codes[2 * j + 1];
      }
    }
  }
}

float stepDiagonals(std::int32_t* sums, const std::int32_t* entering, const std::int32_t* leaving,
                    float left_inverse, const float* inverses, float* bests, std::size_t count) {
  return stepOneByOne(sums, entering, leaving, left_inverse, inverses, bests, count);
}

#else

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kLanes = std::min<std::size_t>(HWY_MAX_BYTES / sizeof(std::int32_t), 16);
using IntTag = hn::FixedTag<std::int32_t, kLanes>;
using FloatTag = hn::FixedTag<float, kLanes>;
using WordTag = hn::FixedTag<std::int16_t, 2 * kLanes>;
using CodeTag = hn::FixedTag<std::int8_t, 2 * kLanes>;
static_assert(kPackedBlock % kLanes == 0);

void dotPacked(const std::int16_t* left, const std::int8_t* packed, std::size_t pairs,
               std::size_t padded, std::int32_t* dots) {
  const IntTag ints;
  const WordTag words;
  const CodeTag codes;
  for (std::size_t j = 0; j < padded; j += kLanes) {
    hn::Vec<IntTag> low[kLeftRows];
    hn::Vec<IntTag> high[kLeftRows];  // unused where the processor adds pairs by itself
    for (std::size_t r = 0; r < kLeftRows; ++r) low[r] = high[r] = hn::Zero(ints);
    for (std::size_t k = 0; k < pairs; ++k) {
      const auto right = hn::PromoteTo(words, hn::LoadU(codes, packed + 2 * (k * padded + j)));
      for (std::size_t r = 0; r < kLeftRows; ++r) {
        std::int32_t pair = 0;
        std::memcpy(&pair, left + r * 2 * pairs + 2 * k, sizeof(pair));
        const auto both = hn::BitCast(words, hn::Set(ints, pair));
        low[r] = hn::ReorderWidenMulAccumulate(ints, both, right, low[r], high[r]);
      }
    }
    for (std::size_t r = 0; r < kLeftRows; ++r) {
      hn::StoreU(hn::RearrangeToOddPlusEven(low[r], high[r]), ints, dots + r * padded + j);
    }
  }
}

float stepDiagonals(std::int32_t* sums, const std::int32_t* entering, const std::int32_t* leaving,
                    float left_inverse, const float* inverses, float* bests, std::size_t count) {
  if (count < kLanes) {
    return stepOneByOne(sums, entering, leaving, left_inverse, inverses, bests, count);
  }
  const IntTag ints;
  const FloatTag floats;
  const auto scale = hn::Set(floats, left_inverse);
  auto largest = hn::Set(floats, -2.0F);
  const auto sumAt = [&](std::size_t j) HWY_ATTR {
    const auto change = hn::Sub(hn::LoadU(ints, entering + j), hn::LoadU(ints, leaving + j));
    return hn::Add(hn::LoadU(ints, sums + j), change);
  };
  const auto note = [&](std::size_t j, hn::Vec<IntTag> sum) HWY_ATTR {
    hn::StoreU(sum, ints, sums + j);
    const auto cosine =
        hn::Mul(hn::ConvertTo(floats, sum), hn::Mul(scale, hn::LoadU(floats, inverses + j)));
    hn::StoreU(hn::Max(hn::LoadU(floats, bests + j), cosine), floats, bests + j);
    largest = hn::Max(largest, cosine);
  };
  // The last vector may overlap the one before it: its sums are made before any is stored.
  const std::size_t last = count - kLanes;
  const auto last_sum = sumAt(last);
  for (std::size_t j = 0; j < last; j += kLanes) note(j, sumAt(j));
  note(last, last_sum);
  return hn::GetLane(hn::MaxOfLanes(floats, largest));
}

#endif  // HWY_TARGET == HWY_SCALAR

}  // namespace attacca::index::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace attacca::index {

HWY_EXPORT(dotPacked);
HWY_EXPORT(stepDiagonals);

void dotPacked(const std::int16_t* left, const std::int8_t* packed, std::size_t pairs,
               std::size_t padded, std::int32_t* dots) {
  HWY_DYNAMIC_DISPATCH(dotPacked)(left, packed, pairs, padded, dots);
}

float stepDiagonals(std::int32_t* sums, const std::int32_t* entering, const std::int32_t* leaving,
                    float left_inverse, const float* inverses, float* bests, std::size_t count) {
  return HWY_DYNAMIC_DISPATCH(stepDiagonals)(sums, entering, leaving, left_inverse, inverses, bests,
                                             count);
}

}  // namespace attacca::index
#endif
