// model.safetensors: see network.h.
#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "attacca/base/error.h"

#include "network_shape.h"

namespace attacca::recommend {
namespace {

static_assert(std::endian::native == std::endian::little, "files are little-endian");

constexpr std::string_view kFormat = "attacca network";
constexpr std::string_view kVersion = "1";
constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMostHeader = std::size_t{1} << 20;
constexpr int kMostDepth = 3;  // tensors, one of them, its shape

// The numbers of a shape, as the header names them.
template <class Shape>
auto numbersOf(Shape& shape) {
  return std::array{
      std::pair{"input", &shape.input},   std::pair{"width", &shape.width},
      std::pair{"hidden", &shape.hidden}, std::pair{"layers", &shape.layers},
      std::pair{"heads", &shape.heads},   std::pair{"feed_forward", &shape.feed_forward},
      std::pair{"length", &shape.length},
  };
}

std::string_view nameOf(ItemInput items) { return items == ItemInput::content ? "content" : "ids"; }

class Reader {
 public:
  Reader(std::string_view bytes, std::string_view name) : bytes_(bytes), name_(name) {}

  Network read() {
    const nlohmann::json header = readHeader();
    Network network;
    network.shape = readShape(header);
    readTensors(header, network);
    return network;
  }

 private:
  [[noreturn]] void corrupt(const std::string& problem) const {
    throw Error(Fault::corrupt, fmt::format("{}: {}", name_, problem),
                "`attacca train` makes it anew");
  }
  [[noreturn]] void unsupported(const std::string& problem) const {
    throw Error(Fault::unsupported, fmt::format("{}: {}", name_, problem),
                "`attacca train` of this version makes one that it reads");
  }

  nlohmann::json readHeader() {
    std::uint64_t length = 0;
    if (bytes_.size() < kLengthBytes) corrupt("the file is cut short");
    std::memcpy(&length, bytes_.data(), kLengthBytes);
    if (length > kMostHeader) corrupt(fmt::format("a header of {} bytes cannot be", length));
    if (length > bytes_.size() - kLengthBytes) corrupt("the file is cut short");
    const std::string_view text = bytes_.substr(kLengthBytes, length);
    data_ = bytes_.substr(kLengthBytes + length);
    bool sound = true;
    std::set<std::string, std::less<>> keys;
    // Deep nesting is left unread; of equal keys it is not known which one is meant.
    const auto look = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& value) {
      using Event = nlohmann::json::parse_event_t;
      if (depth > kMostDepth) sound = false;
      if (event == Event::key && depth == 1 && !keys.insert(value.get<std::string>()).second) {
        sound = false;
      }
      return sound;
    };
    nlohmann::json header = nlohmann::json::parse(text, look, false);
    if (!sound || !header.is_object()) corrupt("its header is not what safetensors files have");
    return header;
  }

  std::string textOf(const nlohmann::json& metadata, const char* key) const {
    const auto found = metadata.find(key);
    if (found == metadata.end() || !found->is_string()) {
      corrupt(fmt::format("its header does not say the network's {}", key));
    }
    return found->get<std::string>();
  }

  NetworkShape readShape(const nlohmann::json& header) const {
    const auto metadata = header.find("__metadata__");
    const bool ours = metadata != header.end() && metadata->is_object() &&
                      metadata->contains("format") && (*metadata)["format"] == kFormat;
    if (!ours) unsupported("this is no network that attacca train made");
    if (const std::string version = textOf(*metadata, "version"); version != kVersion) {
      unsupported(fmt::format("its format is version \"{:.20}\", and {} is what can be read",
                              version, kVersion));
    }
    NetworkShape shape;
    const std::string kind = textOf(*metadata, "kind");
    const auto found = networkKind(kind);
    if (!found) unsupported(fmt::format("\"{:.40}\" is no known kind", kind));
    shape.kind = *found;
    const std::string items = textOf(*metadata, "items");
    if (items != nameOf(ItemInput::content) && items != nameOf(ItemInput::ids)) {
      unsupported(fmt::format("\"{:.40}\" is no known kind of items", items));
    }
    shape.items = items == nameOf(ItemInput::ids) ? ItemInput::ids : ItemInput::content;
    for (const auto& [key, number] : numbersOf(shape)) {
      const std::string text = textOf(*metadata, key);
      const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), *number);
      if (fault != std::errc() || end != text.data() + text.size()) {
        corrupt(fmt::format("\"{:.40}\" is no number for the network's {}", text, key));
      }
    }
    if (const auto fault = faultOf(shape)) corrupt(*fault);
    return shape;
  }

  // A list of whole numbers.
  std::vector<std::size_t> numbers(const nlohmann::json& entry, const char* key,
                                   const std::string& tensor) const {
    std::vector<std::size_t> result;
    const auto list = entry.find(key);
    bool sound = list != entry.end() && list->is_array();
    for (std::size_t i = 0; sound && i < list->size(); ++i) {
      sound = (*list)[i].is_number_unsigned();
      if (sound) result.push_back((*list)[i].get<std::size_t>());
    }
    if (!sound) corrupt(fmt::format("tensor {} has no {}", tensor, key));
    return result;
  }

  void readTensors(const nlohmann::json& header, Network& network) const {
    const TensorShapes expected = tensorShapes(network.shape);
    std::vector<std::pair<std::size_t, std::size_t>> places;
    for (const auto& [tensor, shape] : expected) {
      const auto entry = header.find(tensor);
      if (entry == header.end() || !entry->is_object()) {
        corrupt(fmt::format("tensor {} is missing", tensor));
      }
      const auto type = entry->find("dtype");
      if (type == entry->end() || *type != "F32") {
        corrupt(fmt::format("tensor {} is not of float32 (F32)", tensor));
      }
      if (numbers(*entry, "shape", tensor) != shape) {
        corrupt(fmt::format("tensor {} is not of the shape that the network has", tensor));
      }
      const auto place = numbers(*entry, "data_offsets", tensor);
      const std::size_t size = elements(shape) * sizeof(float);
      if (place.size() != 2 || place[0] > place[1] || place[1] > data_.size() ||
          place[1] - place[0] != size) {
        corrupt(fmt::format("tensor {} is not where the header says", tensor));
      }
      places.emplace_back(place[0], place[1]);
      network.tensors.emplace(tensor, Tensor{shape, valuesAt(place[0], elements(shape), tensor)});
    }
    for (const auto& [key, value] : header.items()) {
      if (key != "__metadata__" && !expected.contains(key)) {
        corrupt(fmt::format("tensor {:.60} is none that the network has", key));
      }
    }
    // Tensors fill the file: none overlaps another, and nothing lies between or behind them.
    std::sort(places.begin(), places.end());
    std::size_t end = 0;
    for (const auto& place : places) {
      if (place.first != end) corrupt("its tensors overlap or leave gaps");
      end = place.second;
    }
    if (end != data_.size()) corrupt("it holds more than its tensors");
  }

  std::vector<float> valuesAt(std::size_t begin, std::size_t count,
                              const std::string& tensor) const {
    const char* bytes = data_.data() + begin;
    std::vector<float> values;
    if (reinterpret_cast<std::uintptr_t>(bytes) % alignof(float) == 0) {
      const auto* first = reinterpret_cast<const float*>(bytes);
      values.assign(first, first + count);
    } else {
      values.resize(count);
      std::memcpy(values.data(), bytes, count * sizeof(float));
    }
    // Exponents of all ones are infinities and what is not a number; without a branch.
    std::uint32_t bad = 0;
    constexpr std::uint32_t kExponent = 0x7f800000;
    for (const float value : values) {
      bad |= (std::bit_cast<std::uint32_t>(value) & kExponent) == kExponent ? 1U : 0U;
    }
    const bool finite = bad == 0;
    if (!finite) corrupt(fmt::format("tensor {} holds values that are not finite", tensor));
    return values;
  }

  std::string_view bytes_;
  std::string_view name_;
  std::string_view data_;
};

}  // namespace

std::string networkBytes(const Network& network) {
  const NetworkShape& shape = network.shape;
  assert(!faultOf(shape));
  nlohmann::ordered_json header;
  auto& metadata = header["__metadata__"];
  metadata["format"] = kFormat;
  metadata["version"] = kVersion;
  metadata["kind"] = recommend::nameOf(shape.kind);
  metadata["items"] = nameOf(shape.items);
  for (const auto& [key, number] : numbersOf(shape)) metadata[key] = std::to_string(*number);
  std::size_t end = 0;
  for (const auto& [name, tensor] : network.tensors) {
    const std::size_t begin = end;
    end += tensor.values.size() * sizeof(float);
    header[name]["dtype"] = "F32";
    header[name]["shape"] = tensor.shape;
    header[name]["data_offsets"] = {begin, end};
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // the data begins at a multiple of 8
  const std::uint64_t length = text.size();
  std::string bytes(kLengthBytes, '\0');
  std::memcpy(bytes.data(), &length, kLengthBytes);
  bytes.reserve(kLengthBytes + text.size() + end);
  bytes += text;
  for (const auto& [name, tensor] : network.tensors) {
    assert(tensor.values.size() == elements(tensor.shape));
    const auto* data = reinterpret_cast<const char*>(tensor.values.data());
    bytes.append(data, tensor.values.size() * sizeof(float));
  }
  return bytes;
}

Network readNetwork(std::string_view bytes, std::string_view name) {
  return Reader(bytes, name).read();
}

}  // namespace attacca::recommend
