// The instruction sets that the kernels are compiled for, from one source.
//
// Results are byte-identical between runs on one target; across targets they differ by rounding.
#pragma once

#include <string_view>
#include <vector>

namespace attacca::embed {

enum class Target {
  best,      // of those that this processor has
  baseline,  // any processor of the architecture (x86-64 without SSSE3)
  ssse3,
  avx2,    // with FMA
  avx512,  // F, BW, CD, DQ, VL
  neon,
};

// Those that this build has and this processor can run, slowest first; never `best`.
std::vector<Target> supportedTargets();
std::string_view targetName(Target target);
// The target that `target` stands for. Throws Fault::unsupported if this processor lacks it.
Target resolveTarget(Target target);

}  // namespace attacca::embed
