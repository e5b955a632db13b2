// The vector that stands for all parts of a track that are not ordered.
#pragma once

#include <span>
#include <vector>

#include "attacca/index/snapshot.h"

#include "fit.h"

namespace attacca::index {

// `pooled` has the mean rows for each part of `parts` that is not ordered, in order; empty ones,
// zero ones and (of pooled parts) ones that are not finite become zeros. The parts' shares weigh
// them; where all of these are 0 they are equal. Each has length 1 and, of several, the root of its
// weight before it. Throws Fault::usage for a row of another dimension.
std::vector<float> foldVectors(std::span<const SnapshotPart> parts, std::span<const Fit> fits,
                               std::span<const std::vector<float>> pooled);

// One part of it: after the fit, at length 1, or zeros.
std::vector<float> fittedUnit(const SnapshotPart& part, const Fit& fit,
                              std::span<const float> pooled);

}  // namespace attacca::index
