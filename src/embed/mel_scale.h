// What all mel front ends share.
#pragma once

#include <algorithm>
#include <cmath>

#include "attacca/base/representation.h"

namespace attacca::embed {

// Slaney's scale (Auditory Toolbox, 1998) is linear below 1 kHz and logarithmic above; HTK's is
// 2595 log10(1 + f / 700).
constexpr double kHertzPerLinearMel = 200.0 / 3;
constexpr double kLogFromHertz = 1000.0;
constexpr double kLogFromMel = kLogFromHertz / kHertzPerLinearMel;
inline const double kLogStep = std::log(6.4) / 27.0;

inline double hertzToMel(MelScale scale, double hertz) {
  if (scale == MelScale::htk) return 2595 * std::log10(1 + hertz / 700);
  if (hertz < kLogFromHertz) return hertz / kHertzPerLinearMel;
  return kLogFromMel + std::log(hertz / kLogFromHertz) / kLogStep;
}

inline double melToHertz(MelScale scale, double mel) {
  if (scale == MelScale::htk) return 700 * (std::pow(10, mel / 2595) - 1);
  if (mel < kLogFromMel) return mel * kHertzPerLinearMel;
  return kLogFromHertz * std::exp(kLogStep * (mel - kLogFromMel));
}

// A broken or absurd sample must not make everything after it infinite.
inline float heldSample(float sample) {
  constexpr float kLoudest = 1024.0F;
  return std::isnan(sample) ? 0.0F : std::clamp(sample, -kLoudest, kLoudest);
}

}  // namespace attacca::embed
