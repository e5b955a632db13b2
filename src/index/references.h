// Scores of all tracks with a few: how widely a part's scores spread, and what they are on average.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "fused.h"

namespace attacca::index {

// [ordered part of `parts`][row x references.size() + k]; 0 for a reference with itself, and for
// all of a row where `wanted` says no.
std::vector<std::vector<float>> scoreReferences(const FusedParts& parts,
                                                const FusedScorer::PackedTracks& packed,
                                                std::span<const Row> references,
                                                const std::function<bool(std::size_t row)>& wanted,
                                                unsigned jobs);

// Calls with every row and index of a reference, but a reference's own.
template <class Use>
void eachReferencePair(std::size_t rows, std::span<const Row> references, const Use& use) {
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t k = 0; k < references.size(); ++k) {
      if (references[k] != static_cast<Row>(row)) use(row, k);
    }
  }
}

// Standard deviation of score(row, k) over these pairs; not 0, and 1 where there are none.
double deviation(std::size_t rows, std::span<const Row> references,
                 const std::function<double(std::size_t row, std::size_t k)>& score);

}  // namespace attacca::index
