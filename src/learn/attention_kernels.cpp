#include "attention_kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "attention_kernels.cpp"
// What comes first is compiled again for each target.
// clang-format off
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace attacca::learn::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::ScalableTag<float>;
using Whole = hn::ScalableTag<std::uint32_t>;

void softmaxRow(float* values, std::size_t count, float scale) {
  const Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  const auto lowest = hn::Set(tag, -3e38F);
  const auto rest = hn::FirstN(tag, count % lanes);
  const std::size_t whole = count - count % lanes;
  auto most = lowest;
  for (std::size_t i = 0; i < whole; i += lanes) most = hn::Max(most, hn::LoadU(tag, values + i));
  if (whole < count) {
    most = hn::Max(most, hn::IfThenElse(rest, hn::MaskedLoad(rest, tag, values + whole), lowest));
  }
  const auto top = hn::MaxOfLanes(tag, most);
  const auto factor = hn::Set(tag, scale);
  auto sum = hn::Zero(tag);
  for (std::size_t i = 0; i < whole; i += lanes) {
    const auto value = hn::Exp(tag, hn::Mul(factor, hn::Sub(hn::LoadU(tag, values + i), top)));
    hn::StoreU(value, tag, values + i);
    sum = hn::Add(sum, value);
  }
  if (whole < count) {
    const auto value =
        hn::Exp(tag, hn::Mul(factor, hn::Sub(hn::MaskedLoad(rest, tag, values + whole), top)));
    hn::BlendedStore(value, rest, tag, values + whole);
    sum = hn::Add(sum, hn::IfThenElseZero(rest, value));
  }
  const auto share = hn::Div(hn::Set(tag, 1.0F), hn::SumOfLanes(tag, sum));
  for (std::size_t i = 0; i < whole; i += lanes) {
    hn::StoreU(hn::Mul(hn::LoadU(tag, values + i), share), tag, values + i);
  }
  if (whole < count) {
    hn::BlendedStore(hn::Mul(hn::MaskedLoad(rest, tag, values + whole), share), rest, tag,
                     values + whole);
  }
}

void softmaxSlopes(const float* weights, float* slopes, std::size_t count) {
  const Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  const auto rest = hn::FirstN(tag, count % lanes);
  const std::size_t whole = count - count % lanes;
  auto sum = hn::Zero(tag);
  for (std::size_t i = 0; i < whole; i += lanes) {
    sum = hn::MulAdd(hn::LoadU(tag, weights + i), hn::LoadU(tag, slopes + i), sum);
  }
  if (whole < count) {
    sum = hn::MulAdd(hn::MaskedLoad(rest, tag, weights + whole),
                     hn::MaskedLoad(rest, tag, slopes + whole), sum);
  }
  const auto mean = hn::SumOfLanes(tag, sum);
  for (std::size_t i = 0; i < whole; i += lanes) {
    hn::StoreU(hn::Mul(hn::LoadU(tag, weights + i), hn::Sub(hn::LoadU(tag, slopes + i), mean)), tag,
               slopes + i);
  }
  if (whole < count) {
    hn::BlendedStore(hn::Mul(hn::MaskedLoad(rest, tag, weights + whole),
                             hn::Sub(hn::MaskedLoad(rest, tag, slopes + whole), mean)),
                     rest, tag, slopes + whole);
  }
}

// Chance for each place: a mix of its number and the seed (Wellons, hash prospector).
template <class V>
HWY_INLINE V mixed(V places, std::uint64_t seed) {
  const Whole tag;
  const auto low = hn::Set(tag, static_cast<std::uint32_t>(seed));
  const auto high = hn::Set(tag, static_cast<std::uint32_t>(seed >> 32));
  auto x = hn::Add(hn::Mul(places, hn::Set(tag, 0x9e3779b9U)), low);
  x = hn::Mul(hn::Xor(x, hn::ShiftRight<16>(x)), hn::Set(tag, 0x21f0aaadU));
  x = hn::Mul(hn::Xor(hn::Xor(x, hn::ShiftRight<15>(x)), high), hn::Set(tag, 0x735a2d97U));
  return hn::Xor(x, hn::ShiftRight<15>(x));
}

void dropValues(const float* in, float* out, std::uint32_t first, std::size_t count,
                std::uint32_t limit, float scale, std::uint64_t seed) {
  const Tag tag;
  const Whole numbers;
  const std::size_t lanes = hn::Lanes(tag);
  const auto least = hn::Set(numbers, limit);
  const auto factor = hn::Set(tag, scale);
  for (std::size_t i = 0; i < count; i += lanes) {
    const auto places = hn::Iota(numbers, first + static_cast<std::uint32_t>(i));
    const auto gone = hn::RebindMask(tag, hn::Lt(mixed(places, seed), least));
    if (i + lanes <= count) {
      hn::StoreU(hn::IfThenZeroElse(gone, hn::Mul(hn::LoadU(tag, in + i), factor)), tag, out + i);
    } else {
      const auto rest = hn::FirstN(tag, count - i);
      hn::BlendedStore(hn::IfThenZeroElse(gone, hn::Mul(hn::MaskedLoad(rest, tag, in + i), factor)),
                       rest, tag, out + i);
    }
  }
}

}  // namespace attacca::learn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace attacca::learn {

HWY_EXPORT(softmaxRow);
HWY_EXPORT(softmaxSlopes);
HWY_EXPORT(dropValues);

void softmaxRow(float* values, std::size_t count, float scale) {
  HWY_DYNAMIC_DISPATCH(softmaxRow)(values, count, scale);
}

void softmaxSlopes(const float* weights, float* slopes, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(softmaxSlopes)(weights, slopes, count);
}

void dropValues(const float* in, float* out, std::uint32_t first, std::size_t count,
                std::uint32_t limit, float scale, std::uint64_t seed) {
  HWY_DYNAMIC_DISPATCH(dropValues)(in, out, first, count, limit, scale, seed);
}

}  // namespace attacca::learn
#endif
