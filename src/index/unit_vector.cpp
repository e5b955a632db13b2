#include "unit_vector.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace attacca::index {

bool makeUnit(std::span<const float> vector, std::span<float> unit) {
  assert(vector.size() == unit.size());
  double squares = 0;
  for (const float value : vector)
    squares += static_cast<double>(value) * static_cast<double>(value);
  const double length = std::sqrt(squares);
  if (!(length > 0) || !std::isfinite(length)) {
    std::fill(unit.begin(), unit.end(), 0.0F);
    return false;
  }
  if (std::abs(length - 1) <= 1e-6) {
    std::copy(vector.begin(), vector.end(), unit.begin());
    return true;
  }
  for (std::size_t j = 0; j < vector.size(); ++j) {
    unit[j] = static_cast<float>(static_cast<double>(vector[j]) / length);
  }
  return true;
}

}  // namespace attacca::index
