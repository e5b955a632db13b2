#include "tower_kernels.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tower_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace attacca::learn::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::ScalableTag<float>;
using Vector = hn::Vec<Tag>;

// kRows x kVectors of c are summed in registers, over so many terms, for so many rows of `a` at a
// time: what is read then stays in the nearer caches.
constexpr std::size_t kRows = 6;
constexpr std::size_t kTerms = 256;
constexpr std::size_t kBlock = 96;

// `last`: floats of the last vector, no more than a vector has.
template <std::size_t kTileRows, std::size_t kVectors>
HWY_INLINE void addTile(const Product& p, std::size_t row, std::size_t column, std::size_t begin,
                        std::size_t end, std::size_t last) {
  const Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  const bool whole = last == lanes;
  float* c = p.c + row * p.c_row + column;
  Vector sums[kTileRows * kVectors];
  for (std::size_t i = 0; i < kTileRows; ++i) {
    for (std::size_t v = 0; v < kVectors; ++v) {
      const float* from = c + i * p.c_row + v * lanes;
      sums[i * kVectors + v] = whole || v + 1 < kVectors
                                   ? hn::LoadU(tag, from)
                                   : hn::MaskedLoad(hn::FirstN(tag, last), tag, from);
    }
  }
  const float* a = p.a + row * p.a_row + begin * p.a_term;
  const float* b = p.b + begin * p.b_row + column;
  const auto through = [&](auto load) HWY_ATTR {
    for (std::size_t k = begin; k < end; ++k, a += p.a_term, b += p.b_row) {
      Vector factors[kVectors];
      for (std::size_t v = 0; v < kVectors; ++v) factors[v] = load(v);
      for (std::size_t i = 0; i < kTileRows; ++i) {
        const Vector same = hn::Set(tag, a[i * p.a_row]);
        for (std::size_t v = 0; v < kVectors; ++v) {
          Vector& sum = sums[i * kVectors + v];
          sum = hn::MulAdd(same, factors[v], sum);
        }
      }
    }
  };
  if (whole) {
    through([&](std::size_t v) HWY_ATTR { return hn::LoadU(tag, b + v * lanes); });
  } else {
    const auto mask = hn::FirstN(tag, last);
    through([&](std::size_t v) HWY_ATTR {
      return v + 1 < kVectors ? hn::LoadU(tag, b + v * lanes)
                              : hn::MaskedLoad(mask, tag, b + v * lanes);
    });
  }
  for (std::size_t i = 0; i < kTileRows; ++i) {
    for (std::size_t v = 0; v < kVectors; ++v) {
      float* to = c + i * p.c_row + v * lanes;
      if (whole || v + 1 < kVectors) {
        hn::StoreU(sums[i * kVectors + v], tag, to);
      } else {
        hn::BlendedStore(sums[i * kVectors + v], hn::FirstN(tag, last), tag, to);
      }
    }
  }
}

template <std::size_t kVectors>
HWY_INLINE void addTiles(const Product& p, std::size_t from, std::size_t to, std::size_t column,
                         std::size_t begin, std::size_t end, std::size_t last) {
  std::size_t row = from;
  for (; row + kRows <= to; row += kRows) {
    addTile<kRows, kVectors>(p, row, column, begin, end, last);
  }
  for (; row < to; ++row) addTile<1, kVectors>(p, row, column, begin, end, last);
}

void addProduct(const Product& p) {
  const std::size_t lanes = hn::Lanes(Tag());
  for (std::size_t begin = 0; begin < p.terms; begin += kTerms) {
    const std::size_t end = std::min(begin + kTerms, p.terms);
    for (std::size_t from = 0; from < p.rows; from += kBlock) {
      const std::size_t to = std::min(from + kBlock, p.rows);
      std::size_t column = 0;
      for (; column + lanes < p.columns; column += 2 * lanes) {
        const std::size_t last = std::min(lanes, p.columns - column - lanes);
        addTiles<2>(p, from, to, column, begin, end, last);
      }
      if (column < p.columns) addTiles<1>(p, from, to, column, begin, end, p.columns - column);
    }
  }
}

void dotRows(const float* vector, const float* rows, const std::int32_t* which, std::size_t count,
             std::size_t width, float* out) {
  const Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  for (std::size_t i = 0; i < count; ++i) {
    const float* row = rows + static_cast<std::size_t>(which[i]) * width;
    Vector sum = hn::Zero(tag);
    std::size_t at = 0;
    for (; at + lanes <= width; at += lanes) {
      sum = hn::MulAdd(hn::LoadU(tag, vector + at), hn::LoadU(tag, row + at), sum);
    }
    if (at < width) {
      const auto rest = hn::FirstN(tag, width - at);
      sum = hn::MulAdd(hn::MaskedLoad(rest, tag, vector + at), hn::MaskedLoad(rest, tag, row + at),
                       sum);
    }
    out[i] = hn::GetLane(hn::SumOfLanes(tag, sum));
  }
}

void addRows(const float* rows, const Weighed* parts, std::size_t count, std::size_t width,
             float* sum) {
  const Tag tag;
  const std::size_t lanes = hn::Lanes(tag);
  std::size_t at = 0;
  for (; at + 4 * lanes <= width; at += 4 * lanes) {
    Vector sums[4];
    for (std::size_t v = 0; v < 4; ++v) sums[v] = hn::LoadU(tag, sum + at + v * lanes);
    for (std::size_t i = 0; i < count; ++i) {
      const float* row = rows + static_cast<std::size_t>(parts[i].row) * width + at;
      const Vector weight = hn::Set(tag, parts[i].weight);
      for (std::size_t v = 0; v < 4; ++v) {
        sums[v] = hn::MulAdd(weight, hn::LoadU(tag, row + v * lanes), sums[v]);
      }
    }
    for (std::size_t v = 0; v < 4; ++v) hn::StoreU(sums[v], tag, sum + at + v * lanes);
  }
  for (; at < width; at += lanes) {
    const auto here = hn::FirstN(tag, std::min(lanes, width - at));
    Vector total = hn::MaskedLoad(here, tag, sum + at);
    for (std::size_t i = 0; i < count; ++i) {
      const float* row = rows + static_cast<std::size_t>(parts[i].row) * width + at;
      total = hn::MulAdd(hn::Set(tag, parts[i].weight), hn::MaskedLoad(here, tag, row), total);
    }
    hn::BlendedStore(total, here, tag, sum + at);
  }
}

}  // namespace attacca::learn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace attacca::learn {

HWY_EXPORT(addProduct);
HWY_EXPORT(dotRows);
HWY_EXPORT(addRows);

void addProduct(const Product& product) { HWY_DYNAMIC_DISPATCH(addProduct)(product); }

void dotRows(const float* vector, const float* rows, const std::int32_t* which, std::size_t count,
             std::size_t width, float* out) {
  HWY_DYNAMIC_DISPATCH(dotRows)(vector, rows, which, count, width, out);
}

void addRows(const float* rows, const Weighed* parts, std::size_t count, std::size_t width,
             float* sum) {
  HWY_DYNAMIC_DISPATCH(addRows)(rows, parts, count, width, sum);
}

}  // namespace attacca::learn
#endif
