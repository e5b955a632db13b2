// What attention needs beside products (tower_kernels.h).
#pragma once

#include <cstddef>
#include <cstdint>

namespace attacca::learn {

// Each of `count` values becomes exp(scale * value) / their sum.
void softmaxRow(float* values, std::size_t count, float scale);

// With weights p and slopes g by them: g(i) becomes p(i) (g(i) - sum p g).
void softmaxSlopes(const float* weights, float* slopes, std::size_t count);

// out[i] = in[i] times 0, with a chance of limit / 2^32, or `scale`. Which follows from the seed
// and the number `first` + i alone.
void dropValues(const float* in, float* out, std::uint32_t first, std::size_t count,
                std::uint32_t limit, float scale, std::uint64_t seed);

}  // namespace attacca::learn
