#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels.cpp"
#include "kernels.h"

#include <hwy/foreach_target.h>  // compiles this file once for each target
#include <hwy/highway.h>

#include "features-inl.h"
#include "log_mel-inl.h"
#include "network-inl.h"

HWY_BEFORE_NAMESPACE();
namespace attacca::embed {
namespace HWY_NAMESPACE {

const Kernels* kernelTable() {
  static const Kernels table = {hn::Lanes(Tag()), &logMel,         &powerSpectra, &melDecibels,
                                &cosineTransform, &spectralShapes, &spectra,      &timbral,
                                &temporal,        &product,        &reluAffine,   &maxAndMean,
                                &maxInto};
  return &table;
}

}  // namespace HWY_NAMESPACE
}  // namespace attacca::embed
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "attacca/base/error.h"

namespace attacca::embed {
namespace {

#if HWY_TARGETS == HWY_STATIC_TARGET
const Kernels* tableOf(Target /*target*/) { return HWY_STATIC_DISPATCH(kernelTable)(); }
#else
HWY_EXPORT(kernelTable);

std::int64_t bitOf(Target target) {
  switch (target) {
    case Target::ssse3:
      return HWY_SSSE3;
    case Target::avx2:
      return HWY_AVX2;
    case Target::avx512:
      return HWY_AVX3;
    default:
      return 0;  // the fallback, which is always there
  }
}

const Kernels* tableOf(Target target) {
  hwy::ChosenTarget chosen;  // ours, so that no one else's choice changes
  chosen.Update(bitOf(target));
  return HWY_DISPATCH_TABLE(kernelTable)[chosen.GetIndex()]();
}
#endif

}  // namespace

std::vector<Target> supportedTargets() {
#if HWY_ARCH_ARM
  return {Target::neon};
#elif HWY_TARGETS == HWY_STATIC_TARGET
  return {Target::baseline};
#else
  std::vector<Target> targets = {Target::baseline};
  const std::int64_t supported = hwy::SupportedTargets() & HWY_TARGETS;
  for (const Target target : {Target::ssse3, Target::avx2, Target::avx512}) {
    if ((supported & bitOf(target)) != 0) targets.push_back(target);
  }
  return targets;
#endif
}

std::string_view targetName(Target target) {
  switch (target) {
    case Target::best:
      return "best";
    case Target::baseline:
      return "baseline";
    case Target::ssse3:
      return "ssse3";
    case Target::avx2:
      return "avx2";
    case Target::avx512:
      return "avx512";
    case Target::neon:
      return "neon";
  }
  return "";
}

Target resolveTarget(Target target) {
  const std::vector<Target> targets = supportedTargets();
  if (target == Target::best) return targets.back();
  if (std::find(targets.begin(), targets.end(), target) == targets.end()) {
    throw Error(Fault::unsupported,
                fmt::format("this processor has no {} instructions", targetName(target)));
  }
  return target;
}

const Kernels& kernels(Target target) { return *tableOf(target); }

RealFft::RealFft(std::size_t half_size) : half(half_size) {
  const double turn = 2 * std::numbers::pi;
  std::size_t n = half;
  for (; n > 3; n /= 4) {
    for (std::size_t p = 0; p < n / 4; ++p) {
      for (int multiple = 1; multiple <= 3; ++multiple) {
        const double angle = -turn * multiple * static_cast<double>(p) / static_cast<double>(n);
        twiddles.push_back(static_cast<float>(std::cos(angle)));
        twiddles.push_back(static_cast<float>(std::sin(angle)));
      }
    }
  }
  for (std::size_t k = 0; k <= half / 2; ++k) {
    const double angle = turn * static_cast<double>(k) / static_cast<double>(2 * half);
    split.push_back(static_cast<float>(std::cos(angle)));
    split.push_back(static_cast<float>(std::sin(angle)));
  }
}

std::vector<float> packMatrix(const float* matrix, std::size_t rows, std::size_t columns,
                              std::size_t lanes) {
  std::vector<float> packed(rows * roundUp(columns, lanes), 0.0F);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      packed[(c / lanes * rows + r) * lanes + c % lanes] = matrix[r * columns + c];
    }
  }
  return packed;
}

}  // namespace attacca::embed

#endif  // HWY_ONCE
