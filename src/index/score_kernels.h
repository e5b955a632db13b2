// The inner loops of every score, for the best instruction set of the machine they run on.
//
// The score of two vectors is defined to the bit, so that a snapshot does not depend on the machine
// or the order in which it was made: eight running sums, sum j over the products of elements
// j, j + 8, j + 16, .. in that order, each product rounded before it is added (no fused
// multiply-add); then ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7)), clamped to -1 .. 1.
// It is symmetric, and never a negative zero.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace attacca::index {

// scores[i * b.size() + j] = score of a[i] and b[j]; every pointer is to `dimension` floats.
void scorePairs(std::span<const float* const> a, std::span<const float* const> b,
                std::size_t dimension, float* scores);

// Rows of codes are padded with zeros to a multiple of this.
constexpr std::size_t kCodeBlock = 16;

// dots[i] = sum over j of query[j] * codes[i * stride + j], for j below `length`, a multiple of
// kCodeBlock; rows may overlap. The caller sees to it that the sum of |query[j]| * 127 fits 31
// bits.
void dotCodes(const std::int16_t* query, const std::int8_t* codes, std::size_t rows,
              std::size_t stride, std::size_t length, std::int32_t* dots);

}  // namespace attacca::index
