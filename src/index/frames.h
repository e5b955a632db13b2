// Rows of ordered parts, as snapshots keep them: one byte an element. Cosines of shingles do not
// depend on a track's scale, so none is kept, and all sums are of whole numbers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "attacca/base/npy.h"
#include "attacca/index/recipe.h"
#include "attacca/index/snapshot.h"

#include "fit.h"

namespace attacca::index {

// Those of all tracks, one after the other; offsets has one more element than there are tracks.
struct FramesView {
  MatrixView<std::int8_t> codes;
  std::span<const std::int64_t> offsets;

  MatrixView<std::int8_t> of(Row track) const {
    const auto begin = static_cast<std::size_t>(offsets[static_cast<std::size_t>(track)]);
    const auto end = static_cast<std::size_t>(offsets[static_cast<std::size_t>(track) + 1]);
    return {codes.data + begin * codes.cols, end - begin, codes.cols};
  }
};

struct Frames {
  std::size_t columns = 0;
  std::vector<std::int8_t> codes;
  std::vector<std::int64_t> offsets{0};

  // The next track's rows, as its representation gives them.
  void add(PartKind kind, const Fit& fit, MatrixView<float> rows);
  FramesView view() const {
    return {{codes.data(), columns == 0 ? 0 : codes.size() / columns, columns}, offsets};
  }
};

}  // namespace attacca::index
