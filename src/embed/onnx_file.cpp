#include "attacca/embed/onnx_file.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "attacca/base/error.h"

namespace attacca::embed {
namespace {

using Bytes = std::span<const std::byte>;

// Numbers of fields in onnx.proto.
constexpr std::uint64_t kModelGraph = 7;
constexpr std::uint64_t kModelFunction = 25;
constexpr std::uint64_t kFunctionNode = 7;
constexpr std::uint64_t kGraphNode = 1;
constexpr std::uint64_t kGraphInitializer = 5;
constexpr std::uint64_t kGraphInput = 11;
constexpr std::uint64_t kGraphOutput = 12;
constexpr std::uint64_t kGraphValueInfo = 13;
constexpr std::uint64_t kGraphSparseInitializer = 15;
constexpr std::uint64_t kNodeAttribute = 5;
constexpr std::uint64_t kAttributeTensor = 5;
constexpr std::uint64_t kAttributeGraph = 6;
constexpr std::uint64_t kAttributeTensors = 10;
constexpr std::uint64_t kAttributeGraphs = 11;
constexpr std::uint64_t kAttributeSparse = 22;
constexpr std::uint64_t kAttributeSparses = 23;
constexpr std::uint64_t kTensorName = 8;
constexpr std::uint64_t kTensorExternalData = 13;
constexpr std::uint64_t kTensorDataLocation = 14;
constexpr std::uint64_t kSparseValues = 1;
constexpr std::uint64_t kSparseIndices = 2;
constexpr std::uint64_t kPortName = 1;
constexpr std::uint64_t kPortType = 2;
constexpr std::uint64_t kTypeTensor = 1;
constexpr std::uint64_t kTensorTypeShape = 2;
constexpr std::uint64_t kShapeDimension = 1;
constexpr std::uint64_t kDimensionValue = 1;

constexpr int kDeepest = 32;  // graphs inside graphs

[[noreturn]] void fail() {
  throw Error(Fault::corrupt, "it is not a whole ONNX file",
              "export it again, or copy it again: it may be cut short");
}

struct Field {
  std::uint64_t number = 0;
  std::uint64_t value = 0;   // of a varint
  Bytes bytes;               // of a message or text
  std::size_t tag_at = 0;    // in the message that holds it
  std::size_t tag_size = 0;  // bytes
};

// The fields of one message, in order.
class Fields {
 public:
  explicit Fields(Bytes message) : message_(message) {}

  bool next(Field& field) {
    if (at_ == message_.size()) return false;
    field = {};
    field.tag_at = at_;
    const std::uint64_t tag = varint();
    field.tag_size = at_ - field.tag_at;
    field.number = tag >> 3;
    if (field.number == 0) fail();
    switch (tag & 7) {
      case 0:
        field.value = varint();
        break;
      case 1:
        field.bytes = take(8);
        break;
      case 2:
        field.bytes = take(varint());
        break;
      case 5:
        field.bytes = take(4);
        break;
      default:
        fail();
    }
    return true;
  }

 private:
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at_ == message_.size()) fail();
      const auto byte = static_cast<std::uint64_t>(message_[at_++]);
      value |= (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    fail();
  }
  Bytes take(std::uint64_t count) {
    if (count > message_.size() - at_) fail();
    const Bytes bytes = message_.subspan(at_, count);
    at_ += count;
    return bytes;
  }

  Bytes message_;
  std::size_t at_ = 0;
};

template <class Visit>
void eachField(Bytes message, Visit&& visit) {
  Fields fields(message);
  for (Field field; fields.next(field);) visit(field);
}

std::string text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// ---- Weights must be in the file

void checkTensor(Bytes tensor) {
  eachField(tensor, [](const Field& field) {
    const bool elsewhere = field.number == kTensorExternalData ||
                           (field.number == kTensorDataLocation && field.value != 0);
    if (elsewhere) {
      throw Error(Fault::refused, "it keeps weights in other files, which Attacca does not open",
                  "save it as one file: onnx.save_model(model, path, save_as_external_data=False)");
    }
  });
}

void checkSparseTensor(Bytes tensor) {
  eachField(tensor, [](const Field& field) {
    if (field.number == kSparseValues || field.number == kSparseIndices) checkTensor(field.bytes);
  });
}

void checkGraph(Bytes graph, int depth);

void checkNode(Bytes node, int depth) {
  eachField(node, [&](const Field& attribute) {
    if (attribute.number != kNodeAttribute) return;
    eachField(attribute.bytes, [&](const Field& field) {
      if (field.number == kAttributeTensor || field.number == kAttributeTensors) {
        checkTensor(field.bytes);
      } else if (field.number == kAttributeSparse || field.number == kAttributeSparses) {
        checkSparseTensor(field.bytes);
      } else if (field.number == kAttributeGraph || field.number == kAttributeGraphs) {
        checkGraph(field.bytes, depth + 1);
      }
    });
  });
}

void checkGraph(Bytes graph, int depth) {
  if (depth > kDeepest) fail();
  eachField(graph, [&](const Field& field) {
    if (field.number == kGraphNode) checkNode(field.bytes, depth);
    if (field.number == kGraphInitializer) checkTensor(field.bytes);
    if (field.number == kGraphSparseInitializer) checkSparseTensor(field.bytes);
  });
}

// ---- Inputs and outputs

std::int64_t readDimension(Bytes dimension) {
  std::int64_t length = -1;
  eachField(dimension, [&](const Field& field) {
    if (field.number == kDimensionValue) length = static_cast<std::int64_t>(field.value);
  });
  return length > 0 ? length : -1;
}

OnnxPort readPort(Bytes port) {
  OnnxPort result;
  const auto inside = [](Bytes message, std::uint64_t number, auto&& visit) {
    eachField(message, [&](const Field& field) {
      if (field.number == number) visit(field.bytes);
    });
  };
  inside(port, kPortName, [&](Bytes name) { result.name = text(name); });
  inside(port, kPortType, [&](Bytes type) {
    inside(type, kTypeTensor, [&](Bytes tensor) {
      inside(tensor, kTensorTypeShape, [&](Bytes shape) {
        inside(shape, kShapeDimension,
               [&](Bytes dimension) { result.shape.push_back(readDimension(dimension)); });
      });
    });
  });
  return result;
}

std::string tensorName(Bytes tensor) {
  std::string name;
  eachField(tensor, [&](const Field& field) {
    if (field.number == kTensorName) name = text(field.bytes);
  });
  return name;
}

Bytes findGraph(Bytes file) {
  Bytes graph;
  eachField(file, [&](const Field& field) {
    if (field.number == kModelGraph) graph = field.bytes;
  });
  if (graph.empty()) fail();
  return graph;
}

}  // namespace

OnnxFile readOnnx(Bytes file) {
  const Bytes graph = findGraph(file);
  checkGraph(graph, 0);
  eachField(file, [](const Field& function) {
    if (function.number != kModelFunction) return;
    eachField(function.bytes, [](const Field& field) {
      if (field.number == kFunctionNode) checkNode(field.bytes, 0);
    });
  });
  OnnxFile result;
  std::unordered_set<std::string> weights;
  eachField(graph, [&](const Field& field) {
    if (field.number == kGraphInput) result.inputs.push_back(readPort(field.bytes));
    if (field.number == kGraphOutput) result.outputs.push_back(readPort(field.bytes));
    if (field.number == kGraphInitializer) weights.insert(tensorName(field.bytes));
  });
  std::erase_if(result.inputs, [&](const OnnxPort& port) { return weights.contains(port.name); });
  if (result.outputs.empty()) fail();
  return result;
}

void keepOutput(std::span<std::byte> file, std::string_view name) {
  const Bytes graph = findGraph(file);
  const auto graph_at = static_cast<std::size_t>(graph.data() - file.data());
  std::vector<std::size_t> others;  // where their tags are
  std::string names;
  bool found = false;
  eachField(graph, [&](const Field& field) {
    if (field.number != kGraphOutput) return;
    const std::string output = readPort(field.bytes).name;
    names += (names.empty() ? "" : ", ") + output;
    found = found || output == name;
    // Numbers below 16 have tags of one byte, unless somebody wrote them longer.
    if (output != name && field.tag_size == 1) others.push_back(graph_at + field.tag_at);
  });
  if (!found) {
    throw Error(Fault::refused, fmt::format("it has no output \"{}\"", name),
                "its outputs are: " + names);
  }
  // Both are ValueInfoProto: another number makes a description of a value out of an output.
  constexpr auto kValueInfoTag = static_cast<std::byte>(kGraphValueInfo << 3 | 2);
  for (const std::size_t at : others) file[at] = kValueInfoTag;
}

}  // namespace attacca::embed
