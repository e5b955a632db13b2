// A copy of the vectors in a quarter of their size, to find what cannot be among the nearest.
//
// A row x of length at most 1 is kept as codes c of one byte and a scale s, so that
// x = centre + s c + r with a rest r of known length. For a query q, |q.x - q.(centre + s c)| is
// then at most |q| |r| (Cauchy and Schwarz). Taking the centre off first keeps r small for
// embeddings that all point much the same way, as those of music do.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "attacca/base/npy.h"

namespace attacca::index {

// Length of a row of codes: padded with zeros for the kernels.
std::size_t codeStride(std::size_t dimension);

// The mean of the rows: `dimension` floats, zeros where there are no rows.
std::vector<float> meanVector(MatrixView<float> vectors);

struct CodeBounds {
  float scale = 0;  // s
  float rest = 0;   // at least |r|
};
static_assert(sizeof(CodeBounds) == 2 * sizeof(float), "a row of code_bounds.npy");

struct Codes {
  std::vector<std::int8_t> codes;  // rows x codeStride(dimension)
  std::vector<CodeBounds> bounds;  // rows
};

Codes quantise(MatrixView<float> vectors, std::span<const float> centre);

// A query made ready for dotCodes.
struct QuantisedQuery {
  std::vector<std::int16_t> words;  // codeStride(dimension)
  float scale = 0;
  float base = 0;   // query . centre
  float norm = 0;   // at least |query|
  float slack = 0;  // what the query's own rounding and that of the exact score add to the bound
};

// `query` has length 1 within rounding.
QuantisedQuery quantiseQuery(std::span<const float> query, std::span<const float> centre);

// The score of a row lies within `error` of `middle`.
struct ScoreBounds {
  float middle = 0;
  float error = 0;
};

inline ScoreBounds boundScore(const QuantisedQuery& query, CodeBounds row, std::int32_t dot) {
  return {query.base + query.scale * row.scale * static_cast<float>(dot),
          query.norm * row.rest + query.slack};
}

}  // namespace attacca::index
