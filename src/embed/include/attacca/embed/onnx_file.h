// The little that must be known of an ONNX file before an engine sees it: what goes in, what comes
// out, and that it stands alone. Follows onnx.proto of ONNX 1.17 (protocol buffers, wire format).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace attacca::embed {

struct OnnxPort {
  std::string name;
  std::vector<std::int64_t> shape;  // -1: any length
};

struct OnnxFile {
  std::vector<OnnxPort> inputs;  // without weights, which old files list too
  std::vector<OnnxPort> outputs;
};

// Throws Fault::corrupt for what is not a whole ONNX file, and Fault::refused for one that keeps
// weights in other files: nothing but the file itself is ever opened.
OnnxFile readOnnx(std::span<const std::byte> file);

// Makes values inside the network of all outputs but one, so that nothing is computed for them. In
// place; the file's size stays. Throws Fault::refused, naming those there are, if `name` is none.
void keepOutput(std::span<std::byte> file, std::string_view name);

}  // namespace attacca::embed
