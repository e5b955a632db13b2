#include "attacca/embed/onnx_file.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"

namespace attacca::embed {
namespace {

using Bytes = std::span<const std::byte>;

// Numbers of fields in onnx.proto.
constexpr std::uint64_t kModelGraph = 7;
constexpr std::uint64_t kGraphInitializer = 5;
constexpr std::uint64_t kGraphInput = 11;
constexpr std::uint64_t kGraphOutput = 12;
constexpr std::uint64_t kTensorName = 8;
constexpr std::uint64_t kTensorRawData = 9;
constexpr std::uint64_t kTensorExternalData = 13;
constexpr std::uint64_t kTensorDataLocation = 14;
constexpr std::uint64_t kEntryKey = 1;
constexpr std::uint64_t kEntryValue = 2;
constexpr std::uint64_t kPortName = 1;
constexpr std::uint64_t kPortType = 2;
constexpr std::uint64_t kTypeTensor = 1;
constexpr std::uint64_t kTensorTypeShape = 2;
constexpr std::uint64_t kShapeDimension = 1;
constexpr std::uint64_t kDimensionValue = 1;

constexpr int kDeepest = 96;                 // messages inside messages
constexpr std::size_t kLargeWeights = 4096;  // bytes
constexpr std::uint64_t kMostTag = 0xffffffff;

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
    // A reader that keeps 32 bits of a longer tag would see another field.
    if (field.number == 0 || tag > kMostTag) fail();
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

enum class Message { none, model, function, graph, node, attribute, sparse, tensor };

// The fields of every message that a tensor may be inside of, and what they hold: none for numbers,
// texts and messages without tensors. A field that is not here could bring weights from anywhere,
// so it is refused.
struct Known {
  Message message;
  std::vector<std::uint64_t> plain;
  std::vector<std::pair<std::uint64_t, Message>> inside;
};

const std::vector<Known>& knownFields() {
  static const std::vector<Known> known{
      {Message::model,
       {1, 2, 3, 4, 5, 6, 8, 14, 26},
       {{7, Message::graph}, {25, Message::function}}},
      {Message::function,
       {1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 13, 14},
       {{7, Message::node}, {11, Message::attribute}}},
      {Message::graph,
       {2, 10, 11, 12, 13, 14, 16},
       {{1, Message::node}, {5, Message::tensor}, {15, Message::sparse}}},
      {Message::node, {1, 2, 3, 4, 6, 7, 8, 9, 10}, {{5, Message::attribute}}},
      {Message::attribute,
       {1, 2, 3, 4, 7, 8, 9, 13, 14, 15, 20, 21},
       {{5, Message::tensor},
        {6, Message::graph},
        {10, Message::tensor},
        {11, Message::graph},
        {22, Message::sparse},
        {23, Message::sparse}}},
      {Message::sparse, {3}, {{1, Message::tensor}, {2, Message::tensor}}},
  };
  return known;
}

Message heldBy(Message message, std::uint64_t number) {
  const auto& all = knownFields();
  const auto& fields = *std::ranges::find(all, message, &Known::message);
  if (std::ranges::find(fields.plain, number) != fields.plain.end()) return Message::none;
  const auto held =
      std::ranges::find(fields.inside, number, &std::pair<std::uint64_t, Message>::first);
  if (held != fields.inside.end()) return held->second;
  throw Error(Fault::refused,
              fmt::format("it holds something that Attacca does not know (field {} of ONNX), in "
                          "which weights of other files could be",
                          number),
              "export it for inference only, with ONNX 1.17 or earlier");
}

void checkTensor(const Field& field) {
  if (field.number == kTensorExternalData ||
      (field.number == kTensorDataLocation && field.value != 0)) {
    throw Error(Fault::refused, "it keeps weights in other files, which Attacca does not open",
                "save it as one file: onnx.save_model(model, path, save_as_external_data=False)");
  }
}

void checkWeights(Message message, Bytes bytes, int depth) {
  if (depth > kDeepest) fail();
  eachField(bytes, [&](const Field& field) {
    if (message == Message::tensor) {
      checkTensor(field);
    } else if (const Message held = heldBy(message, field.number); held != Message::none) {
      checkWeights(held, field.bytes, depth + 1);
    }
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

// A reader of protocol buffers makes one graph out of several, which nobody would have looked at.
Bytes findGraph(Bytes file) {
  Bytes graph;
  int graphs = 0;
  eachField(file, [&](const Field& field) {
    if (field.number != kModelGraph) return;
    graph = field.bytes;
    ++graphs;
  });
  if (graphs > 1) {
    throw Error(Fault::refused, fmt::format("it holds {} graphs, and a model has one", graphs),
                "export it again");
  }
  if (graph.empty()) fail();
  return graph;
}

}  // namespace

OnnxFile readOnnx(Bytes file) {
  const Bytes graph = findGraph(file);
  checkWeights(Message::model, file, 0);
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
  findGraph(file);
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
