#include "score_kernels.h"

#include <algorithm>
#include <array>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "score_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace attacca::index::HWY_NAMESPACE {

constexpr std::size_t kSums = 8;  // running sums of one score

#if HWY_TARGET == HWY_SCALAR  // x86-64 without SSSE3, where the compiler does what can be done

void scorePairs(const float* const* a, std::size_t a_rows, const float* const* b,
                std::size_t b_rows, std::size_t dimension, float* scores) {
  for (std::size_t i = 0; i < a_rows; ++i) {
    for (std::size_t j = 0; j < b_rows; ++j) {
      float s[kSums] = {};
      std::size_t at = 0;
      for (; at + kSums <= dimension; at += kSums) {
        for (std::size_t l = 0; l < kSums; ++l) s[l] += a[i][at + l] * b[j][at + l];
      }
      for (std::size_t l = 0; at + l < dimension; ++l) s[l] += a[i][at + l] * b[j][at + l];
      const float sum = ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
      scores[i * b_rows + j] = std::clamp(sum, -1.0F, 1.0F);
    }
  }
}

void dotCodes(const std::int16_t* query, const std::int8_t* codes, std::size_t rows,
              std::size_t stride, std::size_t length, std::int32_t* dots) {
  for (std::size_t i = 0; i < rows; ++i) {
    std::int32_t sum = 0;
    for (std::size_t j = 0; j < length; ++j) sum += query[j] * codes[i * stride + j];
    dots[i] = sum;
  }
}

#else

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kColumns = 4;  // scores are made four at a time: one vector after reduction

constexpr std::size_t kFloats = HWY_MAX_BYTES >= 32 ? 8 : 4;  // of one vector
using FloatTag = hn::FixedTag<float, kFloats>;
using Floats = hn::Vec<FloatTag>;
using QuadTag = hn::FixedTag<float, 4>;
using Quad = hn::Vec<QuadTag>;
constexpr std::size_t kParts = kSums / kFloats;  // vectors for the sums of one score

using WordTag = hn::FixedTag<std::int16_t, 2 * kFloats>;
using CodeTag = hn::FixedTag<std::int8_t, 2 * kFloats>;
using IntTag = hn::FixedTag<std::int32_t, kFloats>;
using Ints = hn::Vec<IntTag>;

// Lane c is (q0 + q2) + (q1 + q3) of the c-th argument.
template <class D, class V>
HWY_INLINE V sumQuads(D d, V a, V b, V c, V e) {
  const V ab = hn::Add(hn::InterleaveLower(d, a, b), hn::InterleaveUpper(d, a, b));
  const V ce = hn::Add(hn::InterleaveLower(d, c, e), hn::InterleaveUpper(d, c, e));
  return hn::Add(hn::ConcatLowerLower(d, ce, ab), hn::ConcatUpperUpper(d, ce, ab));
}

template <class D, class V>
HWY_INLINE auto foldToQuad(D quad, const V (&sums)[1]) {
  return hn::Add(hn::LowerHalf(quad, sums[0]), hn::UpperHalf(quad, sums[0]));
}
template <class D, class V>
HWY_INLINE auto foldToQuad(D /*quad*/, const V (&sums)[2]) {
  return hn::Add(sums[0], sums[1]);
}

template <std::size_t kRows>
HWY_INLINE void addProducts(const float* const* a, const float* const* b, std::size_t at,
                            Floats (&sums)[kRows][kColumns][kParts]) {
  const FloatTag d;
  for (std::size_t p = 0; p < kParts; ++p) {
    Floats left[kRows];
    for (std::size_t r = 0; r < kRows; ++r) left[r] = hn::LoadU(d, a[r] + at + p * kFloats);
    for (std::size_t c = 0; c < kColumns; ++c) {
      const Floats right = hn::LoadU(d, b[c] + at + p * kFloats);
      for (std::size_t r = 0; r < kRows; ++r) {
        sums[r][c][p] = hn::Add(sums[r][c][p], hn::Mul(left[r], right));
      }
    }
  }
}

// Scores of kRows x 4 pairs; tiles[r] receives the four of row r.
template <std::size_t kRows>
HWY_INLINE void scoreTile(const float* const* a, const float* const* b, std::size_t dimension,
                          float (&tiles)[kRows][kColumns]) {
  const FloatTag d;
  Floats sums[kRows][kColumns][kParts];
  for (auto& row : sums) {
    for (auto& pair : row) {
      for (auto& part : pair) part = hn::Zero(d);
    }
  }
  std::size_t at = 0;
  for (; at + kSums <= dimension; at += kSums) addProducts<kRows>(a, b, at, sums);
  if (at < dimension) {
    const std::size_t bytes = (dimension - at) * sizeof(float);
    float left[kRows][kSums] = {};
    float right[kColumns][kSums] = {};
    const float* left_rows[kRows];
    const float* right_rows[kColumns];
    for (std::size_t r = 0; r < kRows; ++r) {
      std::memcpy(left[r], a[r] + at, bytes);
      left_rows[r] = left[r];
    }
    for (std::size_t c = 0; c < kColumns; ++c) {
      std::memcpy(right[c], b[c] + at, bytes);
      right_rows[c] = right[c];
    }
    addProducts<kRows>(left_rows, right_rows, 0, sums);
  }
  const QuadTag quad;
  for (std::size_t r = 0; r < kRows; ++r) {
    const Quad scores = sumQuads(quad, foldToQuad(quad, sums[r][0]), foldToQuad(quad, sums[r][1]),
                                 foldToQuad(quad, sums[r][2]), foldToQuad(quad, sums[r][3]));
    hn::StoreU(hn::Min(hn::Max(scores, hn::Set(quad, -1.0F)), hn::Set(quad, 1.0F)), quad, tiles[r]);
  }
}

template <std::size_t kRows>
HWY_INLINE void scoreStrip(const float* const* a, std::span<const float* const> b,
                           std::size_t dimension, float* scores) {
  for (std::size_t j = 0; j < b.size(); j += kColumns) {
    const std::size_t columns = std::min(kColumns, b.size() - j);
    const float* rows[kColumns];
    for (std::size_t c = 0; c < kColumns; ++c) rows[c] = b[j + std::min(c, columns - 1)];
    float tiles[kRows][kColumns];
    scoreTile<kRows>(a, rows, dimension, tiles);
    for (std::size_t r = 0; r < kRows; ++r) {
      std::memcpy(scores + r * b.size() + j, tiles[r], columns * sizeof(float));
    }
  }
}

void scorePairs(const float* const* a, std::size_t a_rows, const float* const* b,
                std::size_t b_rows, std::size_t dimension, float* scores) {
  // Three rows at a time keep all of AVX2's sixteen registers busy.
  constexpr std::size_t kTileRows = 3;
  const std::span<const float* const> columns(b, b_rows);
  std::size_t i = 0;
  for (; i + kTileRows <= a_rows; i += kTileRows) {
    scoreStrip<kTileRows>(a + i, columns, dimension, scores + i * b_rows);
  }
  for (; i < a_rows; ++i) scoreStrip<1>(a + i, columns, dimension, scores + i * b_rows);
}

void dotCodes(const std::int16_t* query, const std::int8_t* codes, std::size_t rows,
              std::size_t stride, std::size_t length, std::int32_t* dots) {
  const WordTag words;
  const CodeTag bytes;
  const IntTag ints;
  for (std::size_t i = 0; i < rows; i += kColumns) {
    const std::size_t columns = std::min(kColumns, rows - i);
    const std::int8_t* row[kColumns];
    for (std::size_t c = 0; c < kColumns; ++c) {
      row[c] = codes + (i + std::min(c, columns - 1)) * stride;
    }
    Ints sums[kColumns][2];  // of alternate products
    for (auto& pair : sums) pair[0] = pair[1] = hn::Zero(ints);
    for (std::size_t at = 0; at < length; at += 2 * kFloats) {
      const auto left = hn::LoadU(words, query + at);
      for (std::size_t c = 0; c < kColumns; ++c) {
        const auto right = hn::PromoteTo(words, hn::LoadU(bytes, row[c] + at));
        sums[c][0] = hn::ReorderWidenMulAccumulate(ints, left, right, sums[c][0], sums[c][1]);
      }
    }
    Ints totals[kColumns][kParts];
    for (std::size_t c = 0; c < kColumns; ++c) {
      totals[c][kParts - 1] = hn::Zero(ints);
      totals[c][0] = hn::Add(sums[c][0], sums[c][1]);
    }
    const hn::FixedTag<std::int32_t, 4> quad;
    std::int32_t four[kColumns];
    hn::StoreU(sumQuads(quad, foldToQuad(quad, totals[0]), foldToQuad(quad, totals[1]),
                        foldToQuad(quad, totals[2]), foldToQuad(quad, totals[3])),
               quad, four);
    std::memcpy(dots + i, four, columns * sizeof(std::int32_t));
  }
}

#endif  // HWY_TARGET == HWY_SCALAR

}  // namespace attacca::index::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace attacca::index {

HWY_EXPORT(scorePairs);
HWY_EXPORT(dotCodes);

void scorePairs(std::span<const float* const> a, std::span<const float* const> b,
                std::size_t dimension, float* scores) {
  HWY_DYNAMIC_DISPATCH(scorePairs)(a.data(), a.size(), b.data(), b.size(), dimension, scores);
}

void dotCodes(const std::int16_t* query, const std::int8_t* codes, std::size_t rows,
              std::size_t stride, std::size_t length, std::int32_t* dots) {
  HWY_DYNAMIC_DISPATCH(dotCodes)(query, codes, rows, stride, length, dots);
}

}  // namespace attacca::index
#endif
