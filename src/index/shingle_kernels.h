// The inner loops of comparing rows in their order. All sums are of whole numbers, so that they are
// the same on every machine and in every order; the few steps in float32 are elementwise.
#pragma once

#include <cstddef>
#include <cstdint>

namespace attacca::index {

// Rows of packed codes are padded with zeros to a multiple of this.
constexpr std::size_t kPackedBlock = 16;

// dots[r * padded + j] = sum over k of left[r * 2 pairs + k] * (code k of row j), for 4 rows r.
// `packed` holds for each pair of columns the two codes of row 0, of row 1, .. of row padded - 1.
void dotPacked(const std::int16_t* left, const std::int8_t* packed, std::size_t pairs,
               std::size_t padded, std::int32_t* dots);
constexpr std::size_t kLeftRows = 4;

// One step along all diagonals, for j = 0 .. count - 1: sums[j] += entering[j] - leaving[j]; a
// cosine is sums[j] * (left_inverse * inverses[j]). Raises bests[j] to the cosine, where it is
// larger, and returns the largest one (-2 for none).
float stepDiagonals(std::int32_t* sums, const std::int32_t* entering, const std::int32_t* leaving,
                    float left_inverse, const float* inverses, float* bests, std::size_t count);

}  // namespace attacca::index
