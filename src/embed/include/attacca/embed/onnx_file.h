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
// weights in other files, or could: that has several graphs, which readers merge, or fields that
// are not known here (those for training among them). Nothing but the file itself is ever opened.
OnnxFile readOnnx(std::span<const std::byte> file);

// The same network without what is not needed to read it: of the outputs only one, so that nothing
// is computed for the others, and instead of large weights where they are in memory, within `file`,
// which must stay there for as long as what is made of the result. Throws Fault::refused, naming
// the outputs there are, if `output` is none.
std::string slimOnnx(std::span<const std::byte> file, std::string_view output);

}  // namespace attacca::embed
