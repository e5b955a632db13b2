// Sums of products, for the widest instructions that the machine has. What OpenBLAS does with
// matrices as narrow as a tower's takes twice the time.
//
// Each element is summed in the order of its terms, so results do not depend on how work is shared
// out among threads.
#pragma once

#include <cstddef>
#include <cstdint>

namespace attacca::learn {

// c (rows x columns) += a (rows x terms) b (terms x columns). Element (i, k) of `a` is
// a[i * a_row + k * a_term]; rows of `b` and `c` are `b_row` and `c_row` apart.
struct Product {
  const float* a = nullptr;
  std::size_t a_row = 0;
  std::size_t a_term = 0;
  const float* b = nullptr;
  std::size_t b_row = 0;
  float* c = nullptr;
  std::size_t c_row = 0;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t terms = 0;
};
void addProduct(const Product& product);

// out[i] = vector . row which[i] of `rows`, for i below `count`.
void dotRows(const float* vector, const float* rows, const std::int32_t* which, std::size_t count,
             std::size_t width, float* out);

// A row and how often it counts.
struct Weighed {
  std::int32_t row;
  float weight;
};
// sum += weight * row, over all `parts`.
void addRows(const float* rows, const Weighed* parts, std::size_t count, std::size_t width,
             float* sum);

}  // namespace attacca::learn
