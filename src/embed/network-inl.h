// The networks' kernels. Included once for each target.
#if defined(ATTACCA_EMBED_NETWORK_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ATTACCA_EMBED_NETWORK_INL_H
#undef ATTACCA_EMBED_NETWORK_INL_H
#else
#define ATTACCA_EMBED_NETWORK_INL_H
#endif

#include <algorithm>
#include <cstddef>

#include <hwy/highway.h>

#include "fft-inl.h"
#include "kernels.h"

HWY_BEFORE_NAMESPACE();
namespace attacca::embed {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::ScalableTag<float>;
using Vector = hn::Vec<Tag>;

inline void spectra(const RealFft& fft, const float* rows, std::size_t frames, float* out,
                    std::size_t stride, float* scratch) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t half = fft.half;
  const Complexes x{scratch, scratch + half * lanes};
  const Complexes y{x.im + half * lanes, x.im + 2 * half * lanes};
  float* bin_re = y.im + half * lanes;
  float* bin_im = bin_re + lanes;
  for (std::size_t t = 0; t < frames; t += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const float* row = rows + (t + lane) * kMelBands;
      for (std::size_t n = 0; n < half; ++n) {
        x.re[n * lanes + lane] = row[2 * n];
        x.im[n * lanes + lane] = row[2 * n + 1];
      }
    }
    const Complexes z = complexFft(d, fft, x, y);
    const std::size_t whole = std::min(lanes, frames - t);
    splitReal(d, fft, z, [&](std::size_t k, auto re, auto im) HWY_ATTR {
      hn::StoreU(re, d, bin_re);
      hn::StoreU(im, d, bin_im);
      for (std::size_t lane = 0; lane < whole; ++lane) {
        out[2 * (k * stride + t + lane)] = bin_re[lane];
        out[2 * (k * stride + t + lane) + 1] = bin_im[lane];
      }
    });
  }
}

// Products of kTimbralBlock frames' spectra with one vector of filters, summed over the 7 taps.
HWY_INLINE void timbralBin(Tag d, const float* spectrum, const float* weights, std::size_t bin,
                           std::size_t frame_floats, float* re, float* im) {
  const std::size_t lanes = hn::Lanes(d);
  Vector re0 = hn::Zero(d), re1 = re0, re2 = re0, re3 = re0;
  Vector im0 = re0, im1 = re0, im2 = re0, im3 = re0;
  static_assert(kTimbralBlock == 4);
  for (std::size_t tap = 0; tap < kTimbralTaps; ++tap) {
    const Vector wr = hn::LoadU(d, weights + 2 * tap * lanes);
    const Vector wi = hn::LoadU(d, weights + (2 * tap + 1) * lanes);
    const float* x = spectrum + 2 * tap;
    const auto add = [&](const float* at, Vector& sum_re, Vector& sum_im) HWY_ATTR {
      const Vector xr = hn::Set(d, at[0]);
      const Vector xi = hn::Set(d, at[1]);
      sum_re = hn::NegMulAdd(xi, wi, hn::MulAdd(xr, wr, sum_re));
      sum_im = hn::MulAdd(xi, wr, hn::MulAdd(xr, wi, sum_im));
    };
    add(x, re0, im0);
    add(x + 2, re1, im1);
    add(x + 4, re2, im2);
    add(x + 6, re3, im3);
  }
  const std::size_t at = bin * lanes;
  hn::StoreU(re0, d, re + at);
  hn::StoreU(re1, d, re + at + frame_floats);
  hn::StoreU(re2, d, re + at + 2 * frame_floats);
  hn::StoreU(re3, d, re + at + 3 * frame_floats);
  hn::StoreU(im0, d, im + at);
  hn::StoreU(im1, d, im + at + frame_floats);
  hn::StoreU(im2, d, im + at + 2 * frame_floats);
  hn::StoreU(im3, d, im + at + 3 * frame_floats);
}

inline void timbral(const TimbralTables& tables, const RealFft& fft, const float* spectra_in,
                    std::size_t stride, std::size_t frames, float* out, std::size_t out_stride,
                    float* scratch) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t frame_floats = 2 * kSpectrumBins * lanes;
  float* re = scratch;  // for each frame of the block, bins of re, then of im
  float* im = scratch + kSpectrumBins * lanes;
  const Complexes x{scratch + kTimbralBlock * frame_floats,
                    scratch + kTimbralBlock * frame_floats + fft.half * lanes};
  const Complexes y{x.im + fft.half * lanes, x.im + 2 * fft.half * lanes};
  float* result = y.im + fft.half * lanes;
  const Vector zero = hn::Zero(d);
  const std::size_t vectors = roundUp(tables.filters, lanes) / lanes;
  for (std::size_t vector = 0; vector < vectors; ++vector) {
    const std::size_t first = vector * lanes;
    const float* weights =
        tables.weights.data() + vector * kSpectrumBins * kTimbralTaps * 2 * lanes;
    const Vector sign = hn::LoadU(d, tables.affine.sign.data() + first);
    const Vector bias = hn::LoadU(d, tables.affine.bias.data() + first);
    const Vector scale = hn::LoadU(d, tables.affine.scale.data() + first);
    const Vector shift = hn::LoadU(d, tables.affine.shift.data() + first);
    const std::size_t whole = std::min(lanes, tables.filters - first);
    for (std::size_t t = 0; t < frames; t += kTimbralBlock) {
      for (std::size_t k = 0; k < kSpectrumBins; ++k) {
        timbralBin(d, spectra_in + 2 * (k * stride + t), weights + k * kTimbralTaps * 2 * lanes, k,
                   frame_floats, re, im);
      }
      const std::size_t block = std::min(kTimbralBlock, frames - t);
      for (std::size_t j = 0; j < block; ++j) {
        joinReal(d, fft, {re + j * frame_floats, im + j * frame_floats}, x);
        // The inverse transform: re and im change places on the way in and out.
        const Complexes swapped = complexFft(d, fft, {x.im, x.re}, {y.im, y.re});
        Vector most = hn::LoadU(d, swapped.im);
        for (std::size_t n = 1; n < (tables.positions + 1) / 2; ++n) {
          most = hn::Max(most, hn::LoadU(d, swapped.im + n * lanes));
        }
        for (std::size_t n = 0; n < tables.positions / 2; ++n) {
          most = hn::Max(most, hn::LoadU(d, swapped.re + n * lanes));
        }
        const Vector level = hn::Max(hn::MulAdd(sign, most, bias), zero);
        hn::StoreU(hn::MulAdd(scale, level, shift), d, result);
        for (std::size_t lane = 0; lane < whole; ++lane) {
          out[(t + j) * out_stride + first + lane] = result[lane];
        }
      }
    }
  }
}

// Filters x frames at once, over one vector of bands after another. Nine sums, three weights and
// three rows fit into the registers of AVX2.
constexpr std::size_t kTemporalFrames = 3;

template <std::size_t kFilters>
HWY_INLINE void temporalBlock(const TemporalTables& tables, std::size_t filter, const float* rows,
                              std::size_t t, std::size_t frames, float* out,
                              std::size_t out_stride) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  constexpr std::size_t kFrames = kTemporalFrames;
  const std::size_t taps = tables.taps;
  const std::size_t before = (taps - 1) / 2;  // SAME puts the odd one after
  // Taps that meet nothing but zeros are left out.
  const std::size_t first_tap = t + kFrames - 1 < before ? before - (t + kFrames - 1) : 0;
  const std::size_t end_tap = std::min(taps, frames + before - t);
  const float* weights = tables.weights.data() + filter * taps;
  Vector most[kFilters][kFrames];
  for (std::size_t band = 0; band < kMelBands; band += lanes) {
    Vector sum[kFilters][kFrames];
    HWY_UNROLL(8)
    for (std::size_t f = 0; f < kFilters; ++f) {
      HWY_UNROLL(8)
      for (std::size_t j = 0; j < kFrames; ++j) sum[f][j] = hn::Zero(d);
    }
    const float* row =
        rows +
        static_cast<std::ptrdiff_t>(kMelBands) *
            (static_cast<std::ptrdiff_t>(t + first_tap) - static_cast<std::ptrdiff_t>(before)) +
        band;
    for (std::size_t tap = first_tap; tap < end_tap; ++tap, row += kMelBands) {
      Vector w[kFilters];
      HWY_UNROLL(8)
      for (std::size_t f = 0; f < kFilters; ++f) w[f] = hn::Set(d, weights[f * taps + tap]);
      HWY_UNROLL(8)
      for (std::size_t j = 0; j < kFrames; ++j) {
        const Vector x = hn::LoadU(d, row + j * kMelBands);
        HWY_UNROLL(8)
        for (std::size_t f = 0; f < kFilters; ++f) sum[f][j] = hn::MulAdd(w[f], x, sum[f][j]);
      }
    }
    HWY_UNROLL(8)
    for (std::size_t f = 0; f < kFilters; ++f) {
      HWY_UNROLL(8)
      for (std::size_t j = 0; j < kFrames; ++j) {
        most[f][j] = band == 0 ? sum[f][j] : hn::Max(most[f][j], sum[f][j]);
      }
    }
  }
  const std::size_t block = std::min(kFrames, frames - t);
  for (std::size_t f = 0; f < kFilters; ++f) {
    const std::size_t c = filter + f;
    for (std::size_t j = 0; j < block; ++j) {
      const float peak = hn::GetLane(hn::MaxOfLanes(d, most[f][j]));
      const float level = std::max(tables.affine.sign[c] * peak + tables.affine.bias[c], 0.0F);
      out[(t + j) * out_stride + c] = tables.affine.scale[c] * level + tables.affine.shift[c];
    }
  }
}

inline void temporal(const TemporalTables& tables, const float* rows, std::size_t frames,
                     float* out, std::size_t out_stride) {
  for (std::size_t t = 0; t < frames; t += kTemporalFrames) {
    std::size_t f = 0;
    for (; f + 3 <= tables.filters; f += 3)
      temporalBlock<3>(tables, f, rows, t, frames, out, out_stride);
    if (tables.filters - f == 2) temporalBlock<2>(tables, f, rows, t, frames, out, out_stride);
    if (tables.filters - f == 1) temporalBlock<1>(tables, f, rows, t, frames, out, out_stride);
  }
}

// kRows rows of kVectors vectors of the product.
template <std::size_t kRows, std::size_t kVectors>
HWY_INLINE void productTile(const Product& p, std::size_t row, std::size_t vector) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t panel = p.segments * p.length * lanes;
  Vector sum[kRows][kVectors];
  HWY_UNROLL(16)
  for (std::size_t r = 0; r < kRows; ++r) {
    HWY_UNROLL(16)
    for (std::size_t v = 0; v < kVectors; ++v) {
      sum[r][v] = p.start == nullptr
                      ? hn::Zero(d)
                      : hn::LoadU(d, p.start + (row + r) * p.start_stride + (vector + v) * lanes);
    }
  }
  const float* matrix = p.matrix + vector * panel;
  for (std::size_t s = 0; s < p.segments; ++s) {
    const float* in = p.in[s] + row * p.step;
    for (std::size_t i = 0; i < p.length; ++i, matrix += lanes) {
      Vector m[kVectors];
      HWY_UNROLL(16)
      for (std::size_t v = 0; v < kVectors; ++v) m[v] = hn::LoadU(d, matrix + v * panel);
      HWY_UNROLL(16)
      for (std::size_t r = 0; r < kRows; ++r) {
        const Vector x = hn::Set(d, in[r * p.step + i]);
        HWY_UNROLL(16)
        for (std::size_t v = 0; v < kVectors; ++v) sum[r][v] = hn::MulAdd(x, m[v], sum[r][v]);
      }
    }
  }
  HWY_UNROLL(16)
  for (std::size_t r = 0; r < kRows; ++r) {
    HWY_UNROLL(16)
    for (std::size_t v = 0; v < kVectors; ++v) {
      hn::StoreU(sum[r][v], d, p.out + (row + r) * p.columns + (vector + v) * lanes);
    }
  }
}

template <std::size_t kVectors>
HWY_INLINE void productColumns(const Product& p, std::size_t vector) {
  std::size_t row = 0;
  for (; row + 6 <= p.rows; row += 6) productTile<6, kVectors>(p, row, vector);
  for (; row + 2 <= p.rows; row += 2) productTile<2, kVectors>(p, row, vector);
  if (row < p.rows) productTile<1, kVectors>(p, row, vector);
}

inline void product(const Product& p) {
  const std::size_t vectors = p.columns / hn::Lanes(Tag());
  std::size_t vector = 0;
  if (p.rows == 1) {
    for (; vector + 8 <= vectors; vector += 8) productTile<1, 8>(p, 0, vector);
  }
  for (; vector + 2 <= vectors; vector += 2) productColumns<2>(p, vector);
  if (vector < vectors) productColumns<1>(p, vector);
}

inline void reluAffine(const ChannelAffine& affine, const float* in, std::size_t in_stride,
                       std::size_t rows, std::size_t columns, float* out, std::size_t out_stride) {
  const float* HWY_RESTRICT sign = affine.sign.data();
  const float* HWY_RESTRICT bias = affine.bias.data();
  const float* HWY_RESTRICT scale = affine.scale.data();
  const float* HWY_RESTRICT shift = affine.shift.data();
  for (std::size_t m = 0; m < rows; ++m) {
    const float* HWY_RESTRICT from = in + m * in_stride;
    float* HWY_RESTRICT to = out + m * out_stride;
    for (std::size_t n = 0; n < columns; ++n) {
      const float level = sign[n] * from[n] + bias[n];
      to[n] = scale[n] * (level > 0 ? level : 0.0F) + shift[n];
    }
  }
}

inline void maxAndMean(const float* in, std::size_t stride, std::size_t rows, std::size_t columns,
                       float* HWY_RESTRICT maxima, float* HWY_RESTRICT means) {
  std::copy_n(in, columns, maxima);
  std::copy_n(in, columns, means);
  for (std::size_t m = 1; m < rows; ++m) {
    const float* HWY_RESTRICT from = in + m * stride;
    for (std::size_t n = 0; n < columns; ++n) {
      maxima[n] = maxima[n] > from[n] ? maxima[n] : from[n];
      means[n] += from[n];
    }
  }
  const float share = 1.0F / static_cast<float>(rows);
  for (std::size_t n = 0; n < columns; ++n) means[n] *= share;
}

inline void maxInto(const float* HWY_RESTRICT in, std::size_t columns, float* HWY_RESTRICT out) {
  for (std::size_t n = 0; n < columns; ++n) out[n] = out[n] > in[n] ? out[n] : in[n];
}

}  // namespace HWY_NAMESPACE
}  // namespace attacca::embed
HWY_AFTER_NAMESPACE();
#endif
