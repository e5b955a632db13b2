// Networks nobody trained.
#pragma once

#include <cmath>
#include <random>

#include "attacca/recommend/network.h"

namespace attacca::recommend {

// Weights of a size that keeps what flows through at about 1.
inline Network randomNetwork(const NetworkShape& shape, std::mt19937& random) {
  Network network = emptyNetwork(shape);
  std::normal_distribution<float> normal;
  for (auto& [name, tensor] : network.tensors) {
    const bool matrix = tensor.shape.size() == 2;
    const bool scale = name == "input.scale" || name.ends_with("norm.weight");
    const float size = matrix ? 1 / std::sqrt(static_cast<float>(tensor.shape[1])) : 0.2F;
    for (float& value : tensor.values) value = size * normal(random) + (scale ? 1.0F : 0.0F);
  }
  return network;
}

}  // namespace attacca::recommend
