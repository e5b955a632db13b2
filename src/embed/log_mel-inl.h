// The log-mel kernel: as many frames side by side as a vector has lanes, at most kFramesAtOnce
// (their buffers then fit the first cache). Included once for each target.
#if defined(ATTACCA_EMBED_LOG_MEL_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ATTACCA_EMBED_LOG_MEL_INL_H
#undef ATTACCA_EMBED_LOG_MEL_INL_H
#else
#define ATTACCA_EMBED_LOG_MEL_INL_H
#endif

#include <cstddef>

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include "fft-inl.h"
#include "kernels.h"

HWY_BEFORE_NAMESPACE();
namespace attacca::embed {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// To the nearest float16, ties to even, for values that are not negative; the largest float16 for
// those beyond. By integer arithmetic, so that every processor rounds alike.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V roundToFloat16(D d, V value) {
  const hn::RebindToUnsigned<D> u;
  const V held = hn::Min(value, hn::Set(d, 65504.0F));
  // Normal numbers keep 10 bits of 23.
  const auto bits = hn::BitCast(u, held);
  const auto odd = hn::And(hn::ShiftRight<13>(bits), hn::Set(u, 1U));
  const auto rounded =
      hn::And(hn::Add(hn::Add(bits, hn::Set(u, 0xfffU)), odd), hn::Set(u, 0xffffe000U));
  // Smaller ones are multiples of 2^-24, the last place of numbers from 0.5 to 1.
  const V half = hn::Set(d, 0.5F);
  const V small = hn::Sub(hn::Add(held, half), half);
  return hn::IfThenElse(hn::Lt(held, hn::Set(d, 0x1p-14F)), small, hn::BitCast(d, rounded));
}

inline void logMel(const LogMelTables& tables, const float* samples, float* frames,
                   float* scratch) {
  const hn::CappedTag<float, kFramesAtOnce> d;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t half = kFftSize / 2;
  const Complexes x{scratch, scratch + half * lanes};
  const Complexes y{x.im + half * lanes, x.im + 2 * half * lanes};
  float* power = y.im + half * lanes;  // (half + 1) x lanes
  float* row = power + (half + 1) * lanes;
  for (std::size_t first = 0; first < kFramesAtOnce; first += lanes) {
    for (std::size_t n = 0; n < half; ++n) {
      const float even = tables.window[2 * n];
      const float odd = tables.window[2 * n + 1];
      const float* sample = samples + first * tables.hop + 2 * n;
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        x.re[n * lanes + lane] = even * sample[lane * tables.hop];
        x.im[n * lanes + lane] = odd * sample[lane * tables.hop + 1];
      }
    }
    const Complexes z = complexFft(d, tables.fft, x, y);
    splitReal(d, tables.fft, z, [&](std::size_t k, auto re, auto im) HWY_ATTR {
      hn::StoreU(hn::MulAdd(re, re, hn::Mul(im, im)), d, power + k * lanes);
    });
    const float* weight = tables.weights.data();
    for (std::size_t band = 0; band < tables.bands; ++band) {
      const float* bin = power + tables.first_bin[band] * lanes;
      auto sum = hn::Zero(d);
      for (std::uint32_t i = 0; i < tables.bins[band]; ++i) {
        sum = hn::MulAdd(hn::Set(d, *weight++), hn::LoadU(d, bin + i * lanes), sum);
      }
      if (tables.round_to_float16) sum = roundToFloat16(d, sum);
      // A product and a sum, each rounded, as the reference has them.
      const auto scaled = hn::Mul(hn::Set(d, tables.log_scale), sum);
      hn::StoreU(hn::Log10(d, hn::Add(scaled, hn::Set(d, 1.0F))), d, row);
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        frames[(first + lane) * tables.bands + band] = row[lane];
      }
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace attacca::embed
HWY_AFTER_NAMESPACE();
#endif
