// Vectors of length 1.
#pragma once

#include <span>

namespace attacca::index {

// Writes `vector` at length 1 to `unit` (of the same size). What has length 1 within rounding stays
// as it is, so that doing it again changes nothing. False, and zeros, where the length is zero or
// not finite.
bool makeUnit(std::span<const float> vector, std::span<float> unit);

}  // namespace attacca::index
