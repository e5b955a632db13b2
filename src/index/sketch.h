// A short vector of each track by which candidates for an ordered part are found: tracks whose
// sketches point the same way are worth an exact comparison. Never part of a score.
#pragma once

#include <vector>

#include "frames.h"

namespace attacca::index {

// tracks x `columns`, rows of length 1 (or 0), the archive's mean taken off.
struct Sketches {
  std::size_t columns = 0;
  std::vector<float> values;

  MatrixView<float> view() const {
    return {values.data(), columns == 0 ? 0 : values.size() / columns, columns};
  }
};

// - chroma: the mean magnitude of the two-dimensional Fourier transform of patches of 16 s, which
//   neither transposition nor a shift in time changes (Bertin-Mahieux and Ellis, ISMIR 2012);
// - sequence: how the first sixteen columns vary together, at once and from one moment to the next.
Sketches makeSketches(PartKind kind, const FramesView& frames, double rows_per_second,
                      unsigned jobs);

}  // namespace attacca::index
