// The kernels of the built-in representations: power spectra of long frames, and what is read off
// them. Frames lie side by side, kFramesAtOnce of them in every row. Included once for each target.
#if defined(ATTACCA_EMBED_FEATURES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ATTACCA_EMBED_FEATURES_INL_H
#undef ATTACCA_EMBED_FEATURES_INL_H
#else
#define ATTACCA_EMBED_FEATURES_INL_H
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

inline void powerSpectra(const FeatureTables& tables, const float* samples, float* power,
                         float* scratch) {
  const hn::CappedTag<float, kFramesAtOnce> d;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t half = kFeatureFft / 2;
  const Complexes x{scratch, scratch + half * lanes};
  const Complexes y{x.im + half * lanes, x.im + 2 * half * lanes};
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
      hn::StoreU(hn::MulAdd(re, re, hn::Mul(im, im)), d, power + k * kFramesAtOnce + first);
    });
  }
}

// 10 log10 of the mel bands' power, held above kLeastPower.
inline void melDecibels(const FeatureTables& tables, const float* power, float* decibels) {
  const hn::CappedTag<float, kFramesAtOnce> d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t first = 0; first < kFramesAtOnce; first += lanes) {
    const float* weight = tables.weights.data();
    for (std::size_t band = 0; band < kFeatureBands; ++band) {
      const float* bin = power + tables.first_bin[band] * kFramesAtOnce + first;
      auto sum = hn::Zero(d);
      for (std::uint32_t i = 0; i < tables.bins[band]; ++i) {
        sum = hn::MulAdd(hn::Set(d, *weight++), hn::LoadU(d, bin + i * kFramesAtOnce), sum);
      }
      const auto held = hn::Max(sum, hn::Set(d, kLeastPower));
      hn::StoreU(hn::Mul(hn::Set(d, 10.0F), hn::Log10(d, held)), d,
                 decibels + band * kFramesAtOnce + first);
    }
  }
}

inline void cosineTransform(const FeatureTables& tables, const float* decibels,
                            float* coefficients) {
  const hn::CappedTag<float, kFramesAtOnce> d;
  const std::size_t lanes = hn::Lanes(d);
  constexpr std::size_t kTogether = 4;  // sums that do not wait for each other
  static_assert(kCepstra % kTogether == 0);
  for (std::size_t first = 0; first < kFramesAtOnce; first += lanes) {
    for (std::size_t c = 0; c < kCepstra; c += kTogether) {
      const float* row = tables.cosines.data() + c * kFeatureBands;
      auto sum0 = hn::Zero(d);
      auto sum1 = hn::Zero(d);
      auto sum2 = hn::Zero(d);
      auto sum3 = hn::Zero(d);
      for (std::size_t band = 0; band < kFeatureBands; ++band) {
        const auto value = hn::LoadU(d, decibels + band * kFramesAtOnce + first);
        sum0 = hn::MulAdd(hn::Set(d, row[band]), value, sum0);
        sum1 = hn::MulAdd(hn::Set(d, row[band + kFeatureBands]), value, sum1);
        sum2 = hn::MulAdd(hn::Set(d, row[band + 2 * kFeatureBands]), value, sum2);
        sum3 = hn::MulAdd(hn::Set(d, row[band + 3 * kFeatureBands]), value, sum3);
      }
      float* out = coefficients + c * kFramesAtOnce + first;
      hn::StoreU(sum0, d, out);
      hn::StoreU(sum1, d, out + kFramesAtOnce);
      hn::StoreU(sum2, d, out + 2 * kFramesAtOnce);
      hn::StoreU(sum3, d, out + 3 * kFramesAtOnce);
    }
  }
}

// The natural logarithm of a product of many numbers, without a logarithm for each: exponents are
// added up, mantissas (1 to 2) multiplied, and the logarithm taken before they could overflow.
template <class D>
struct LogProduct {
  using I = hn::RebindToSigned<D>;
  static constexpr std::size_t kMost = 64;  // factors between two calls of settle()

  explicit LogProduct(D tag)
      : d(tag), mantissas(hn::Set(d, 1.0F)), exponents(hn::Zero(I())), sum(hn::Zero(d)) {}

  HWY_INLINE void multiply(hn::Vec<D> factor) {
    const I i;
    const auto bits = hn::BitCast(i, factor);
    exponents = hn::Add(exponents, hn::Sub(hn::ShiftRight<23>(bits), hn::Set(i, 127)));
    const auto mantissa = hn::Or(hn::And(bits, hn::Set(i, 0x007fffff)), hn::Set(i, 0x3f800000));
    mantissas = hn::Mul(mantissas, hn::BitCast(d, mantissa));
  }
  HWY_INLINE void settle() {
    sum = hn::Add(sum, hn::Log(d, mantissas));
    mantissas = hn::Set(d, 1.0F);
  }
  HWY_INLINE hn::Vec<D> logarithm() {
    settle();
    return hn::MulAdd(hn::ConvertTo(d, exponents), hn::Set(d, 0.693147180559945309F), sum);
  }

  D d;
  hn::Vec<D> mantissas;
  hn::Vec<I> exponents;
  hn::Vec<D> sum;
};

// `shapes` has a row for each value of SpectralShape. `scratch` holds the magnitudes.
inline void spectralShapes(const FeatureTables& tables, const float* power, float* shapes,
                           float* scratch) {
  const hn::CappedTag<float, kFramesAtOnce> d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t first = 0; first < kFramesAtOnce; first += lanes) {
    auto energy = hn::Zero(d);
    auto total = hn::Zero(d);
    auto moment = hn::Zero(d);
    auto floored = hn::Zero(d);
    LogProduct<decltype(d)> product(d);
    for (std::size_t k = 0; k < kFeatureBins; ++k) {
      const auto p = hn::LoadU(d, power + k * kFramesAtOnce + first);
      const auto magnitude = hn::Sqrt(p);
      hn::StoreU(magnitude, d, scratch + k * lanes);
      energy = hn::Add(energy, p);
      total = hn::Add(total, magnitude);
      moment = hn::MulAdd(hn::Set(d, static_cast<float>(k)), magnitude, moment);
      const auto held = hn::Max(p, hn::Set(d, kLeastPower));
      floored = hn::Add(floored, held);
      product.multiply(held);
      if (k % product.kMost == product.kMost - 1) product.settle();
    }
    const auto divisor = hn::Max(total, hn::Set(d, 1e-30F));  // silence gives 0
    const auto centroid = hn::Div(moment, divisor);
    const auto goal = hn::Mul(hn::Set(d, kRolloffShare), total);
    auto spread = hn::Zero(d);
    auto below = hn::Zero(d);
    auto running = hn::Zero(d);
    for (std::size_t k = 0; k < kFeatureBins; ++k) {
      const auto magnitude = hn::LoadU(d, scratch + k * lanes);
      const auto distance = hn::Sub(hn::Set(d, static_cast<float>(k)), centroid);
      spread = hn::MulAdd(hn::Mul(distance, distance), magnitude, spread);
      running = hn::Add(running, magnitude);
      below = hn::Add(below, hn::IfThenElseZero(hn::Lt(running, goal), hn::Set(d, 1.0F)));
    }
    const auto bin_hz = hn::Set(d, tables.bin_hz);
    const auto bandwidth = hn::Sqrt(hn::Div(spread, divisor));
    const auto bins = hn::Set(d, static_cast<float>(kFeatureBins));
    const auto geometric = hn::Exp(d, hn::Div(product.logarithm(), bins));
    const auto row = [&](SpectralShape shape) {
      return shapes + static_cast<std::size_t>(shape) * kFramesAtOnce + first;
    };
    hn::StoreU(energy, d, row(SpectralShape::energy));
    hn::StoreU(hn::Mul(centroid, bin_hz), d, row(SpectralShape::centroid));
    hn::StoreU(hn::Mul(bandwidth, bin_hz), d, row(SpectralShape::bandwidth));
    hn::StoreU(hn::Mul(below, bin_hz), d, row(SpectralShape::rolloff));
    hn::StoreU(hn::Div(geometric, hn::Div(floored, bins)), d, row(SpectralShape::flatness));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace attacca::embed
HWY_AFTER_NAMESPACE();
#endif
