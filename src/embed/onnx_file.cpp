#include "attacca/embed/onnx_file.h"

#include <unordered_set>
#include <utility>

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
constexpr std::uint64_t kGraphSparseInitializer = 15;
constexpr std::uint64_t kNodeAttribute = 5;
constexpr std::uint64_t kAttributeTensor = 5;
constexpr std::uint64_t kAttributeGraph = 6;
constexpr std::uint64_t kAttributeTensors = 10;
constexpr std::uint64_t kAttributeGraphs = 11;
constexpr std::uint64_t kAttributeSparse = 22;
constexpr std::uint64_t kAttributeSparses = 23;
constexpr std::uint64_t kTensorName = 8;
constexpr std::uint64_t kTensorRawData = 9;
constexpr std::uint64_t kTensorExternalData = 13;
constexpr std::uint64_t kTensorDataLocation = 14;
constexpr std::uint64_t kEntryKey = 1;
constexpr std::uint64_t kEntryValue = 2;
constexpr std::uint64_t kSparseValues = 1;
constexpr std::uint64_t kSparseIndices = 2;
constexpr std::uint64_t kPortName = 1;
constexpr std::uint64_t kPortType = 2;
constexpr std::uint64_t kTypeTensor = 1;
constexpr std::uint64_t kTensorTypeShape = 2;
constexpr std::uint64_t kShapeDimension = 1;
constexpr std::uint64_t kDimensionValue = 1;

constexpr int kDeepest = 32;                 // graphs inside graphs
constexpr std::size_t kLargeWeights = 4096;  // bytes

[[noreturn]] void fail() {
  throw Error(Fault::corrupt, "it is not a whole ONNX file",
              "export it again, or copy it again: it may be cut short");
}

struct Field {
  std::uint64_t number = 0;
  std::uint64_t value = 0;  // of a varint
  Bytes bytes;              // of a message or text
  Bytes whole;              // with its number
};

// The fields of one message, in order.
class Fields {
 public:
  explicit Fields(Bytes message) : message_(message) {}

  bool next(Field& field) {
    if (at_ == message_.size()) return false;
    field = {};
    const std::size_t start = at_;
    const std::uint64_t tag = varint();
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
    field.whole = message_.subspan(start, at_ - start);
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

// ---- Writing

class Writer {
 public:
  void copy(const Field& field) { text_ += text(field.whole); }
  void add(std::uint64_t number, std::string_view content) {
    varint(number << 3 | 2);
    varint(content.size());
    text_ += content;
  }
  void add(std::uint64_t number, std::uint64_t value) {
    varint(number << 3);
    varint(value);
  }
  std::string take() { return std::move(text_); }

 private:
  void varint(std::uint64_t value) {
    for (; value > 0x7f; value >>= 7) text_ += static_cast<char>((value & 0x7f) | 0x80);
    text_ += static_cast<char>(value);
  }

  std::string text_;
};

// Weights that are elsewhere have a place, of which OpenVINO (as ONNX Runtime) knows this one for
// memory: the offset is an address.
std::string slimTensor(Bytes tensor) {
  Writer writer;
  Bytes weights;
  eachField(tensor, [&](const Field& field) {
    if (field.number == kTensorRawData && field.bytes.size() >= kLargeWeights) {
      weights = field.bytes;
    } else {
      writer.copy(field);
    }
  });
  if (weights.empty()) return writer.take();
  const auto address = reinterpret_cast<std::uintptr_t>(weights.data());
  const auto describe = [&](std::string_view key, std::string_view value) {
    Writer entry;
    entry.add(kEntryKey, key);
    entry.add(kEntryValue, value);
    writer.add(kTensorExternalData, entry.take());
  };
  describe("location", "*/_ORT_MEM_ADDR_/*");
  describe("offset", std::to_string(address));
  describe("length", std::to_string(weights.size()));
  writer.add(kTensorDataLocation, 1);
  return writer.take();
}

std::string slimGraph(Bytes graph, std::string_view output) {
  Writer writer;
  std::string names;
  bool found = false;
  eachField(graph, [&](const Field& field) {
    if (field.number == kGraphInitializer) {
      writer.add(kGraphInitializer, slimTensor(field.bytes));
    } else if (field.number == kGraphOutput) {
      const std::string name = readPort(field.bytes).name;
      names += (names.empty() ? "" : ", ") + name;
      if (name != output) return;
      found = true;
      writer.copy(field);
    } else {
      writer.copy(field);
    }
  });
  if (!found) {
    throw Error(Fault::refused, fmt::format("it has no output \"{}\"", output),
                "its outputs are: " + names);
  }
  return writer.take();
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

std::string slimOnnx(Bytes file, std::string_view output) {
  Writer model;
  eachField(file, [&](const Field& field) {
    if (field.number == kModelGraph) {
      model.add(kModelGraph, slimGraph(field.bytes, output));
    } else {
      model.copy(field);
    }
  });
  return model.take();
}

}  // namespace attacca::embed
