// Reads a TensorFlow checkpoint (tensor bundle): a LevelDB table with uncompressed blocks as index,
// whose values are BundleEntryProto messages, and one data file of raw little-endian tensors.
// Formats: LevelDB's table_format.md; TensorFlow's tensor_bundle.proto.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace attacca::embed {

struct Tensor {
  std::vector<std::size_t> shape;
  std::vector<float> values;  // row-major
};

class TensorBundle {
 public:
  // Checks the checksum of every block and every tensor. Reads float32 tensors and leaves the
  // optimiser's slots out. Throws Fault::corrupt.
  TensorBundle(std::string_view index, std::string_view data);

  // Throws Fault::corrupt if it is absent or has another shape.
  const std::vector<float>& values(std::string_view name,
                                   std::initializer_list<std::size_t> shape) const;
  const std::map<std::string, Tensor, std::less<>>& tensors() const { return tensors_; }

 private:
  std::map<std::string, Tensor, std::less<>> tensors_;
};

}  // namespace attacca::embed
