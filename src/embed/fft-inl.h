// Complex FFTs of many sequences at once, one in each lane of a vector: Stockham's radix-4 passes
// with one of radix 3 at the end, out of place between two buffers. Included once for each target.
#if defined(ATTACCA_EMBED_FFT_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ATTACCA_EMBED_FFT_INL_H
#undef ATTACCA_EMBED_FFT_INL_H
#else
#define ATTACCA_EMBED_FFT_INL_H
#endif

#include <cstddef>
#include <utility>

#include <hwy/highway.h>

#include "kernels.h"

HWY_BEFORE_NAMESPACE();
namespace attacca::embed {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Element i of every sequence is the vector at i * lanes.
struct Complexes {
  float* re;
  float* im;
};

template <class D, class V>
HWY_INLINE void storeRotated(D d, V re, V im, const float* factor, float* out_re, float* out_im) {
  const V c = hn::Set(d, factor[0]);
  const V s = hn::Set(d, factor[1]);
  hn::StoreU(hn::NegMulAdd(im, s, hn::Mul(re, c)), d, out_re);
  hn::StoreU(hn::MulAdd(im, c, hn::Mul(re, s)), d, out_im);
}

template <class D>
HWY_INLINE void pass4(D d, std::size_t n, std::size_t stride, Complexes x, Complexes y,
                      const float* twiddles) {
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t quarter = n / 4;
  for (std::size_t p = 0; p < quarter; ++p) {
    for (std::size_t q = 0; q < stride; ++q) {
      const std::size_t in = (q + stride * p) * lanes;
      const std::size_t step = stride * quarter * lanes;
      const auto ar = hn::LoadU(d, x.re + in);
      const auto ai = hn::LoadU(d, x.im + in);
      const auto br = hn::LoadU(d, x.re + in + step);
      const auto bi = hn::LoadU(d, x.im + in + step);
      const auto cr = hn::LoadU(d, x.re + in + 2 * step);
      const auto ci = hn::LoadU(d, x.im + in + 2 * step);
      const auto dr = hn::LoadU(d, x.re + in + 3 * step);
      const auto di = hn::LoadU(d, x.im + in + 3 * step);
      const auto sum_r = hn::Add(ar, cr);
      const auto sum_i = hn::Add(ai, ci);
      const auto difference_r = hn::Sub(ar, cr);
      const auto difference_i = hn::Sub(ai, ci);
      const auto other_r = hn::Add(br, dr);
      const auto other_i = hn::Add(bi, di);
      // i (b - d)
      const auto turned_r = hn::Sub(di, bi);
      const auto turned_i = hn::Sub(br, dr);

      const std::size_t out = (q + stride * 4 * p) * lanes;
      const std::size_t next = stride * lanes;
      hn::StoreU(hn::Add(sum_r, other_r), d, y.re + out);
      hn::StoreU(hn::Add(sum_i, other_i), d, y.im + out);
      const auto r1 = hn::Sub(difference_r, turned_r);
      const auto i1 = hn::Sub(difference_i, turned_i);
      const auto r2 = hn::Sub(sum_r, other_r);
      const auto i2 = hn::Sub(sum_i, other_i);
      const auto r3 = hn::Add(difference_r, turned_r);
      const auto i3 = hn::Add(difference_i, turned_i);
      if (p == 0) {
        hn::StoreU(r1, d, y.re + out + next);
        hn::StoreU(i1, d, y.im + out + next);
        hn::StoreU(r2, d, y.re + out + 2 * next);
        hn::StoreU(i2, d, y.im + out + 2 * next);
        hn::StoreU(r3, d, y.re + out + 3 * next);
        hn::StoreU(i3, d, y.im + out + 3 * next);
      } else {
        const float* factors = twiddles + 6 * p;
        storeRotated(d, r1, i1, factors, y.re + out + next, y.im + out + next);
        storeRotated(d, r2, i2, factors + 2, y.re + out + 2 * next, y.im + out + 2 * next);
        storeRotated(d, r3, i3, factors + 4, y.re + out + 3 * next, y.im + out + 3 * next);
      }
    }
  }
}

// The last pass, of three elements each.
template <class D>
HWY_INLINE void pass3(D d, std::size_t stride, Complexes x, Complexes y) {
  const std::size_t lanes = hn::Lanes(d);
  const auto half = hn::Set(d, -0.5F);
  const auto root = hn::Set(d, 0.866025403784438647F);
  for (std::size_t q = 0; q < stride; ++q) {
    const std::size_t at = q * lanes;
    const std::size_t step = stride * lanes;
    const auto ar = hn::LoadU(d, x.re + at);
    const auto ai = hn::LoadU(d, x.im + at);
    const auto br = hn::LoadU(d, x.re + at + step);
    const auto bi = hn::LoadU(d, x.im + at + step);
    const auto cr = hn::LoadU(d, x.re + at + 2 * step);
    const auto ci = hn::LoadU(d, x.im + at + 2 * step);
    const auto sum_r = hn::Add(br, cr);
    const auto sum_i = hn::Add(bi, ci);
    const auto middle_r = hn::MulAdd(half, sum_r, ar);
    const auto middle_i = hn::MulAdd(half, sum_i, ai);
    const auto turned_r = hn::Mul(root, hn::Sub(bi, ci));
    const auto turned_i = hn::Mul(root, hn::Sub(cr, br));
    hn::StoreU(hn::Add(ar, sum_r), d, y.re + at);
    hn::StoreU(hn::Add(ai, sum_i), d, y.im + at);
    hn::StoreU(hn::Add(middle_r, turned_r), d, y.re + at + step);
    hn::StoreU(hn::Add(middle_i, turned_i), d, y.im + at + step);
    hn::StoreU(hn::Sub(middle_r, turned_r), d, y.re + at + 2 * step);
    hn::StoreU(hn::Sub(middle_i, turned_i), d, y.im + at + 2 * step);
  }
}

// Forward transforms of fft.half elements, in x or in y: says which. For inverse ones (unscaled),
// give re and im the other way round, and read the result so.
template <class D>
HWY_INLINE Complexes complexFft(D d, const RealFft& fft, Complexes x, Complexes y) {
  const float* twiddles = fft.twiddles.data();
  std::size_t stride = 1;
  std::size_t n = fft.half;
  for (; n > 3; n /= 4, stride *= 4) {
    pass4(d, n, stride, x, y, twiddles);
    twiddles += 6 * (n / 4);
    std::swap(x, y);
  }
  if (n == 3) {
    pass3(d, stride, x, y);
    std::swap(x, y);
  }
  return x;
}

// From the complex transform `z` of even + i odd samples to bins k of the real one, k = 0..half, in
// no particular order: bin(k, re, im).
template <class D, class Bin>
HWY_INLINE void splitReal(D d, const RealFft& fft, Complexes z, const Bin& bin) {
  const std::size_t lanes = hn::Lanes(d);
  const auto half = hn::Set(d, 0.5F);
  const auto zero_r = hn::LoadU(d, z.re);
  const auto zero_i = hn::LoadU(d, z.im);
  bin(0, hn::Add(zero_r, zero_i), hn::Zero(d));
  bin(fft.half, hn::Sub(zero_r, zero_i), hn::Zero(d));
  for (std::size_t k = 1; k <= fft.half / 2; ++k) {
    const std::size_t mirror = fft.half - k;
    const auto ar = hn::LoadU(d, z.re + k * lanes);
    const auto ai = hn::LoadU(d, z.im + k * lanes);
    const auto br = hn::LoadU(d, z.re + mirror * lanes);
    const auto bi = hn::LoadU(d, z.im + mirror * lanes);
    const auto even_r = hn::Mul(half, hn::Add(ar, br));
    const auto even_i = hn::Mul(half, hn::Sub(ai, bi));
    const auto dr = hn::Mul(half, hn::Sub(ar, br));
    const auto di = hn::Mul(half, hn::Add(ai, bi));
    const auto c = hn::Set(d, fft.split[2 * k]);
    const auto s = hn::Set(d, fft.split[2 * k + 1]);
    // e^(-i angle) times the odd part, (di, -dr)
    const auto odd_r = hn::NegMulAdd(s, dr, hn::Mul(c, di));
    const auto odd_i = hn::MulAdd(s, di, hn::Mul(c, dr));  // negated
    bin(k, hn::Add(even_r, odd_r), hn::Sub(even_i, odd_i));
    if (mirror != k) bin(mirror, hn::Sub(even_r, odd_r), hn::Neg(hn::Add(even_i, odd_i)));
  }
}

// The other way: from bins y (half + 1 of them) to `z`, whose inverse complex transform is even + i
// odd samples, 2 half times too large.
template <class D>
HWY_INLINE void joinReal(D d, const RealFft& fft, Complexes y, Complexes z) {
  const std::size_t lanes = hn::Lanes(d);
  const auto first = hn::LoadU(d, y.re);
  const auto last = hn::LoadU(d, y.re + fft.half * lanes);
  hn::StoreU(hn::Add(first, last), d, z.re);
  hn::StoreU(hn::Sub(first, last), d, z.im);
  for (std::size_t k = 1; k <= fft.half / 2; ++k) {
    const std::size_t mirror = fft.half - k;
    const auto ar = hn::LoadU(d, y.re + k * lanes);
    const auto ai = hn::LoadU(d, y.im + k * lanes);
    const auto br = hn::LoadU(d, y.re + mirror * lanes);
    const auto bi = hn::LoadU(d, y.im + mirror * lanes);
    const auto sr = hn::Add(ar, br);
    const auto si = hn::Sub(ai, bi);
    const auto tr = hn::Sub(ar, br);
    const auto ti = hn::Add(ai, bi);
    const auto c = hn::Set(d, fft.split[2 * k]);
    const auto s = hn::Set(d, fft.split[2 * k + 1]);
    const auto turned_r = hn::MulAdd(s, tr, hn::Mul(c, ti));  // negated
    const auto turned_i = hn::NegMulAdd(s, ti, hn::Mul(c, tr));
    hn::StoreU(hn::Sub(sr, turned_r), d, z.re + k * lanes);
    hn::StoreU(hn::Add(si, turned_i), d, z.im + k * lanes);
    hn::StoreU(hn::Add(sr, turned_r), d, z.re + mirror * lanes);
    hn::StoreU(hn::Sub(turned_i, si), d, z.im + mirror * lanes);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace attacca::embed
HWY_AFTER_NAMESPACE();
#endif
