#include "fold.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include <fmt/format.h>

#include "attacca/base/error.h"

#include "aspect_columns.h"
#include "unit_vector.h"

namespace attacca::index {

std::vector<float> fittedUnit(const SnapshotPart& part, const Fit& fit,
                              std::span<const float> pooled) {
  std::vector<float> unit(fit.columns(part.dimension));
  if (pooled.empty()) return unit;
  if (pooled.size() != part.dimension) {
    throw Error(Fault::usage, fmt::format("a row of {} elements is none of {}, which has {}",
                                          pooled.size(), part.representation, part.dimension));
  }
  const bool silent =
      std::all_of(pooled.begin(), pooled.end(), [](float value) { return value == 0; });
  const bool finite =
      std::all_of(pooled.begin(), pooled.end(), [](float value) { return std::isfinite(value); });
  // Of aspects some may be unknown.
  if (silent || (part.kind == PartKind::pooled && !finite)) return unit;
  std::vector<float> fitted(unit.size());
  if (part.kind == PartKind::aspects) {
    fit.apply(AspectColumns(part.columns).widen(pooled), fitted);
  } else {
    fit.apply(pooled, fitted);
  }
  makeUnit(fitted, unit);
  return unit;
}

std::vector<float> foldVectors(std::span<const SnapshotPart> parts, std::span<const Fit> fits,
                               std::span<const std::vector<float>> pooled) {
  double shares = 0;
  std::size_t count = 0;
  const auto folded = [](const SnapshotPart& part) {
    return part.kind == PartKind::pooled || part.kind == PartKind::aspects;
  };
  for (const SnapshotPart& part : parts) {
    if (!folded(part)) continue;
    shares += part.share;
    ++count;
  }
  assert(count == pooled.size());
  std::vector<float> result;
  std::size_t next = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!folded(parts[i])) continue;
    const std::vector<float> unit = fittedUnit(parts[i], fits[i], pooled[next++]);
    const double weight = shares > 0 ? parts[i].share / shares : 1 / static_cast<double>(count);
    const double root = std::sqrt(weight);
    for (const float value : unit) {
      result.push_back(count == 1 ? value : static_cast<float>(root * static_cast<double>(value)));
    }
  }
  return result;
}

}  // namespace attacca::index
