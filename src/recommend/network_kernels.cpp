#include "network_kernels.h"

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "network_kernels.cpp"
// In this order.
// clang-format off
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/contrib/math/math-inl.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace attacca::recommend::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kFloats = HWY_MAX_BYTES >= 32 ? 8 : HWY_MAX_BYTES >= 16 ? 4 : 1;
using FloatTag = hn::FixedTag<float, kFloats>;
using Floats = hn::Vec<FloatTag>;

// kRows rows and kVectors vectors of columns of c.
template <std::size_t kRows, std::size_t kVectors>
HWY_INLINE void multiplyTile(const Product& p, std::size_t row, std::size_t column) {
  const FloatTag d;
  Floats sums[kRows][kVectors];
  for (std::size_t v = 0; v < kVectors; ++v) {
    const Floats first =
        p.bias == nullptr ? hn::Zero(d) : hn::LoadU(d, p.bias + column + v * kFloats);
    for (std::size_t r = 0; r < kRows; ++r) sums[r][v] = first;
  }
  const float* a = p.a + row * p.a_stride;
  const float* b = p.b + column;
  for (std::size_t i = 0; i < p.k; ++i, b += p.b_stride) {
    Floats right[kVectors];
    for (std::size_t v = 0; v < kVectors; ++v) right[v] = hn::LoadU(d, b + v * kFloats);
    for (std::size_t r = 0; r < kRows; ++r) {
      const Floats left = hn::Set(d, a[r * p.a_stride + i]);
      for (std::size_t v = 0; v < kVectors; ++v) {
        sums[r][v] = hn::MulAdd(left, right[v], sums[r][v]);
      }
    }
  }
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t v = 0; v < kVectors; ++v) {
      hn::StoreU(sums[r][v], d, p.c + (row + r) * p.c_stride + column + v * kFloats);
    }
  }
}

template <std::size_t kVectors>
HWY_INLINE void multiplyColumns(const Product& p, std::size_t column) {
  constexpr std::size_t kRows = 4;
  std::size_t row = 0;
  for (; row + kRows <= p.m; row += kRows) multiplyTile<kRows, kVectors>(p, row, column);
  for (; row < p.m; ++row) multiplyTile<1, kVectors>(p, row, column);
}

void multiply(const Product& p) {
  std::size_t column = 0;
  for (; column + 2 * kFloats <= p.n; column += 2 * kFloats) multiplyColumns<2>(p, column);
  for (; column + kFloats <= p.n; column += kFloats) multiplyColumns<1>(p, column);
  for (; column < p.n; ++column) {
    for (std::size_t row = 0; row < p.m; ++row) {
      float sum = p.bias == nullptr ? 0 : p.bias[column];
      for (std::size_t i = 0; i < p.k; ++i) {
        sum += p.a[row * p.a_stride + i] * p.b[i * p.b_stride + column];
      }
      p.c[row * p.c_stride + column] = sum;
    }
  }
}

template <std::size_t kRows>
HWY_INLINE void dotTile(const float* rows, std::size_t length, const float* vector, float* dots) {
  const FloatTag d;
  Floats sums[kRows];
  for (auto& sum : sums) sum = hn::Zero(d);
  std::size_t i = 0;
  for (; i + kFloats <= length; i += kFloats) {
    const Floats right = hn::LoadU(d, vector + i);
    for (std::size_t r = 0; r < kRows; ++r) {
      sums[r] = hn::MulAdd(hn::LoadU(d, rows + r * length + i), right, sums[r]);
    }
  }
  for (std::size_t r = 0; r < kRows; ++r) {
    float dot = hn::GetLane(hn::SumOfLanes(d, sums[r]));
    for (std::size_t j = i; j < length; ++j) dot += rows[r * length + j] * vector[j];
    dots[r] = dot;
  }
}

void dotRows(const float* rows, std::size_t count, std::size_t length, const float* vector,
             float* dots) {
  constexpr std::size_t kRows = 4;
  std::size_t row = 0;
  for (; row + kRows <= count; row += kRows) {
    dotTile<kRows>(rows + row * length, length, vector, dots + row);
  }
  for (; row < count; ++row) dotTile<1>(rows + row * length, length, vector, dots + row);
}

HWY_INLINE Floats geluOf(Floats x) {
  const FloatTag d;
  const Floats u = hn::Mul(hn::Abs(x), hn::Set(d, 0.70710678F));
  const Floats t =
      hn::Div(hn::Set(d, 1.0F), hn::MulAdd(u, hn::Set(d, 0.3275911F), hn::Set(d, 1.0F)));
  Floats sum = hn::Set(d, 1.061405429F);
  for (const float a : {-1.453152027F, 1.421413741F, -0.284496736F, 0.254829592F}) {
    sum = hn::MulAdd(sum, t, hn::Set(d, a));
  }
  // 1 - erf(u), u being no less than 0; beyond 9 it is 0.
  const Floats bounded = hn::Min(u, hn::Set(d, 9.0F));
  const Floats tail = hn::Mul(hn::Mul(sum, t), hn::Exp(d, hn::Neg(hn::Mul(bounded, bounded))));
  const Floats half = hn::Mul(hn::Set(d, 0.5F), tail);
  // Phi(x) is `half` below 0, 1 - half above.
  const Floats phi = hn::IfThenElse(hn::Lt(x, hn::Zero(d)), half, hn::Sub(hn::Set(d, 1.0F), half));
  return hn::Mul(x, phi);
}

// Calls with vectors of the values; the last one filled up with zeros.
template <class Change>
HWY_INLINE void change(float* values, std::size_t count, const Change& changed) {
  const FloatTag d;
  std::size_t i = 0;
  for (; i + kFloats <= count; i += kFloats) {
    hn::StoreU(changed(hn::LoadU(d, values + i)), d, values + i);
  }
  if (i == count) return;
  float rest[kFloats] = {};
  std::copy(values + i, values + count, rest);
  hn::StoreU(changed(hn::LoadU(d, rest)), d, rest);
  std::copy(rest, rest + (count - i), values + i);
}

void gelu(float* values, std::size_t count) {
  change(values, count, [](Floats x) { return geluOf(x); });
}

void softmax(float* values, std::size_t count) {
  const FloatTag d;
  const Floats largest = hn::Set(d, *std::max_element(values, values + count));
  change(values, count, [&](Floats x) { return hn::Exp(d, hn::Sub(x, largest)); });
  float sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += values[i];
  for (std::size_t i = 0; i < count; ++i) values[i] /= sum;
}

}  // namespace attacca::recommend::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace attacca::recommend {

HWY_EXPORT(multiply);
HWY_EXPORT(dotRows);
HWY_EXPORT(gelu);
HWY_EXPORT(softmax);

void multiply(const Product& product) { HWY_DYNAMIC_DISPATCH(multiply)(product); }

void dotRows(const float* rows, std::size_t count, std::size_t length, const float* vector,
             float* dots) {
  HWY_DYNAMIC_DISPATCH(dotRows)(rows, count, length, vector, dots);
}

void gelu(float* values, std::size_t count) { HWY_DYNAMIC_DISPATCH(gelu)(values, count); }

void softmax(float* values, std::size_t count) { HWY_DYNAMIC_DISPATCH(softmax)(values, count); }

}  // namespace attacca::recommend
#endif
