// The score of two tracks in an ordered part (recipe.h says what it is).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "attacca/base/npy.h"
#include "attacca/index/recipe.h"

namespace attacca::index {

// A track's rows laid out for the kernels.
struct PackedRows {
  std::size_t rows = 0;
  std::size_t padded = 0;           // a multiple of kPackedBlock
  std::size_t pairs = 0;            // of columns
  std::vector<std::int8_t> codes;   // pairs x padded x 2
  std::vector<std::int32_t> norms;  // squared, of each row
  std::vector<float> inverses;      // 1 / length of each shingle, 0 for one of zeros
};

// How an ordered part compares, in rows.
class ShinglePart {
 public:
  ShinglePart(const RecipePart& part, double rows_per_second);

  struct Track {
    PackedRows fine;
    PackedRows coarse;  // by which the transposition is chosen; empty where there is no choice
  };
  Track pack(MatrixView<std::int8_t> codes) const;

  // A track that is compared with many: its rows as words, in every transposition.
  struct Left {
    const Track* track = nullptr;  // must outlive this
    std::vector<std::vector<std::int16_t>> fine;
    std::vector<std::vector<std::int16_t>> coarse;
  };
  Left left(const Track& track) const;

  // Memory of one thread's comparisons.
  struct Scratch {
    std::vector<std::int32_t> dots;
    std::vector<std::int32_t> zeros;
    std::vector<std::int32_t> sums;
    std::vector<float> bests;
    std::vector<float> left_inverses;
    std::vector<float> right_inverses;
  };
  // From -1 to 1; the same to the bit with the two exchanged (of transpositions that fit equally
  // well, the better one counts). 0 where one of the tracks has no row.
  float score(const Left& left, const Track& right, Scratch& scratch) const;

 private:
  std::size_t step_ = 1;     // rows that are averaged
  std::size_t shingle_ = 1;  // steps
  std::size_t coarse_ = 1;   // steps that are averaged for the choice of a transposition
  std::vector<std::size_t> shifts_;
};

}  // namespace attacca::index
