// The inner loops of forward passes, for the best instruction set of the machine they run on.
// Results differ in their last bits between instruction sets.
#pragma once

#include <cstddef>

namespace attacca::recommend {

// c = a b + bias; a: m x k, b: k x n, c: m x n, each row-major with its own stride; bias: n, or
// nullptr for none.
struct Product {
  const float* a;
  std::size_t a_stride;
  const float* b;
  std::size_t b_stride;
  const float* bias;
  float* c;
  std::size_t c_stride;
  std::size_t m;
  std::size_t k;
  std::size_t n;
};
void multiply(const Product& product);

// dots[i] = rows[i] . vector; rows: count x length, row-major.
void dotRows(const float* rows, std::size_t count, std::size_t length, const float* vector,
             float* dots);

// x = x Phi(x), Phi being the normal distribution's; erf by formula 7.1.26 of Abramowitz and
// Stegun, Handbook of mathematical functions, whose error is below 1.5e-7.
void gelu(float* values, std::size_t count);

// values = exp(values - the largest of them) over their sum.
void softmax(float* values, std::size_t count);

}  // namespace attacca::recommend
