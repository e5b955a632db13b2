// What the networks' implementations share.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/embed/network.h"

#include "kernels.h"

namespace attacca::embed {

std::shared_ptr<const Network> makeMusicnn(const Model& model, const Kernels& kernels);
std::shared_ptr<const Network> makeVgg(const Model& model, const Kernels& kernels);

// `floats` after the pointer are taken, aligned to a cache line.
class Slices {
 public:
  explicit Slices(float* memory) : next_(memory) {}
  float* take(std::size_t floats) {
    float* taken = next_;
    next_ += roundUp(floats, 16);
    return taken;
  }

 private:
  float* next_;
};

// Bias, scale and shift of a block, padded with zeros to `to` channels. Where a maximum comes
// before it, kernels of channels with a negative scale are stored negated.
ChannelAffine readAffine(const Model& model, const std::string& name, std::size_t channels,
                         std::size_t to, bool after_maximum);

// The tags' layer: the sigmoid of a product with the embedding.
class TagLayer {
 public:
  TagLayer(const Model& model, std::size_t inputs, const Kernels& kernels);

  std::span<const std::string> names() const { return names_; }
  std::size_t scratchFloats() const { return roundUp(bias_.size(), 16); }
  void run(const float* embedding, std::span<float> tags, float* scratch) const;

 private:
  const Kernels* kernels_;
  std::size_t inputs_;
  std::vector<std::string> names_;
  std::vector<float> matrix_;
  std::vector<float> bias_;  // padded to whole vectors
};

}  // namespace attacca::embed
