// The inference port: one clip in, its embedding and tags out.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "attacca/base/sha256.h"
#include "attacca/embed/model_file.h"
#include "attacca/embed/target.h"

namespace attacca::embed {

// Memory that a network works in, kept between clips. One thread at a time.
class Workspace {
 public:
  // At least `count` floats at an address that is a multiple of 64. Contents are whatever they
  // were.
  std::span<float> floats(std::size_t count);

 private:
  std::vector<float> memory_;
};

// Immutable, so any number of threads may share it.
class Network {
 public:
  virtual ~Network() = default;

  virtual std::size_t frames() const = 0;     // in a clip
  virtual std::size_t bands() const = 0;      // in a frame
  virtual std::size_t dimension() const = 0;  // of the embedding
  virtual std::span<const std::string> tags() const = 0;
  virtual const Sha256Digest& model() const = 0;  // equal digests: equal results

  // `clip` is frames() x bands(), row-major. Writes dimension() values, and one value in 0..1 for
  // each tag unless `tags` is empty.
  virtual void run(std::span<const float> clip, std::span<float> embedding, std::span<float> tags,
                   Workspace& workspace) const = 0;
};

// Copies what it needs of `model`. Throws Fault::unsupported for a network it does not know and
// Fault::corrupt for sections that do not fit together.
std::shared_ptr<const Network> makeNetwork(const Model& model, Target target = Target::best);

}  // namespace attacca::embed
