#include "tensor_bundle.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"

#include "crc32c.h"

namespace attacca::embed {
namespace {

constexpr std::uint64_t kTableMagic = 0xdb4775248b80fb57;
constexpr std::size_t kFooterBytes = 48;
constexpr std::size_t kBlockTrailerBytes = 5;  // compression type, crc
constexpr std::uint64_t kFloat32 = 1;
constexpr std::size_t kMostDimensions = 8;

[[noreturn]] void fail(std::string_view what) {
  throw Error(Fault::corrupt, fmt::format("the checkpoint {}", what), "fetch the package again");
}

// Takes fields off the front of a message or block; whatever does not fit is a damaged index.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool done() const { return rest_.empty(); }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    fail("has a damaged index");
  }

  std::uint32_t fixed32() { return fixed<std::uint32_t>(); }
  std::uint64_t fixed64() { return fixed<std::uint64_t>(); }

  std::string_view take(std::uint64_t length) {
    if (length > rest_.size()) fail("has a damaged index");
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }

 private:
  template <class T>
  T fixed() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }

  std::string_view rest_;
};

// Calls field(number, integer, bytes) for each field; `bytes` is set for length-delimited ones.
template <class Field>
void readMessage(std::string_view message, const Field& field) {
  Reader reader(message);
  while (!reader.done()) {
    const std::uint64_t tag = reader.varint();
    const std::uint64_t number = tag >> 3;
    switch (tag & 7) {
      case 0:
        field(number, reader.varint(), std::string_view());
        break;
      case 1:
        field(number, reader.fixed64(), std::string_view());
        break;
      case 2:
        field(number, 0, reader.take(reader.varint()));
        break;
      case 5:
        field(number, reader.fixed32(), std::string_view());
        break;
      default:
        fail("has a damaged index");
    }
  }
}

struct Handle {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

Handle readHandle(Reader& reader) {
  Handle handle;
  handle.offset = reader.varint();
  handle.size = reader.varint();
  return handle;
}

using Entries = std::vector<std::pair<std::string, std::string_view>>;

Entries readBlock(std::string_view index, Handle handle) {
  if (handle.offset > index.size() || handle.size > index.size() - handle.offset ||
      index.size() - handle.offset - handle.size < kBlockTrailerBytes) {
    fail("has a damaged index");
  }
  const std::string_view block = index.substr(handle.offset, handle.size);
  Reader trailer(index.substr(handle.offset + handle.size, kBlockTrailerBytes));
  const char compression = trailer.take(1)[0];
  if (maskedCrc32c(index.substr(handle.offset, handle.size + 1)) != trailer.fixed32()) {
    fail("fails its checksum");
  }
  if (compression != 0) fail("has a compressed index, which is not read");

  if (block.size() < 4) fail("has a damaged index");
  const std::uint64_t restarts = Reader(block.substr(block.size() - 4)).fixed32();
  if (restarts > (block.size() - 4) / 4) fail("has a damaged index");
  Reader reader(block.substr(0, block.size() - 4 - restarts * 4));
  Entries entries;
  std::string key;
  while (!reader.done()) {
    const std::uint64_t shared = reader.varint();
    const std::uint64_t fresh = reader.varint();
    const std::uint64_t length = reader.varint();
    if (shared > key.size()) fail("has a damaged index");
    key.resize(shared);
    key += reader.take(fresh);
    entries.emplace_back(key, reader.take(length));
  }
  return entries;
}

struct BundleEntry {
  std::uint64_t type = 0;
  std::vector<std::size_t> shape;
  std::uint64_t shard = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint64_t crc = 0;
  bool sliced = false;
};

BundleEntry readEntry(std::string_view message) {
  BundleEntry entry;
  const auto read_dimension = [&](std::uint64_t number, std::uint64_t integer, std::string_view) {
    if (number == 1) entry.shape.back() = integer;
  };
  const auto read_shape = [&](std::uint64_t number, std::uint64_t, std::string_view bytes) {
    if (number != 2) return;
    if (entry.shape.size() == kMostDimensions) fail("has a tensor of too many dimensions");
    entry.shape.push_back(0);
    readMessage(bytes, read_dimension);
  };
  readMessage(message, [&](std::uint64_t number, std::uint64_t integer, std::string_view bytes) {
    switch (number) {
      case 1:
        entry.type = integer;
        break;
      case 2:
        readMessage(bytes, read_shape);
        break;
      case 3:
        entry.shard = integer;
        break;
      case 4:
        entry.offset = integer;
        break;
      case 5:
        entry.size = integer;
        break;
      case 6:
        entry.crc = integer;
        break;
      case 7:
        entry.sliced = true;
        break;
      default:
        break;
    }
  });
  return entry;
}

// What the optimiser kept for itself during training.
bool isOptimiserSlot(std::string_view name) {
  const std::string_view last = name.substr(name.rfind('/') + 1);
  return last == "Adam" || last == "Adam_1" || last.ends_with("_power");
}

Tensor readTensor(std::string_view data, const std::string& name, const BundleEntry& entry) {
  if (entry.shard != 0 || entry.sliced) fail("is spread over several files, which is not read");
  std::uint64_t count = 1;
  for (const std::size_t dimension : entry.shape) {
    if (dimension != 0 && count > data.size() / dimension) {
      fail(fmt::format("has a tensor {} of absurd size", name));
    }
    count *= dimension;
  }
  if (entry.offset > data.size() || entry.size > data.size() - entry.offset ||
      entry.size != count * sizeof(float)) {
    fail(fmt::format("has a tensor {} that does not fit its file", name));
  }
  const std::string_view bytes = data.substr(entry.offset, entry.size);
  if (maskedCrc32c(bytes) != entry.crc)
    fail(fmt::format("has a tensor {} that fails its checksum", name));
  Tensor tensor{entry.shape, std::vector<float>(count)};
  if (!bytes.empty()) std::memcpy(tensor.values.data(), bytes.data(), bytes.size());
  return tensor;
}

}  // namespace

TensorBundle::TensorBundle(std::string_view index, std::string_view data) {
  if (index.size() < kFooterBytes) fail("has a damaged index");
  const std::string_view footer = index.substr(index.size() - kFooterBytes);
  if (Reader(footer.substr(kFooterBytes - 8)).fixed64() != kTableMagic) {
    fail("has an index that is not a table");
  }
  Reader handles(footer);
  readHandle(handles);  // of the meta index, which bundles leave empty
  const Entries blocks = readBlock(index, readHandle(handles));
  for (const auto& [last_key, value] : blocks) {
    Reader reader(value);
    for (const auto& [name, message] : readBlock(index, readHandle(reader))) {
      if (name.empty() || isOptimiserSlot(name)) continue;  // the empty key is the bundle's header
      const BundleEntry entry = readEntry(message);
      if (entry.type == kFloat32) tensors_.emplace(name, readTensor(data, name, entry));
    }
  }
}

const std::vector<float>& TensorBundle::values(std::string_view name,
                                               std::initializer_list<std::size_t> shape) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) fail(fmt::format("has no tensor {}", name));
  if (!std::equal(shape.begin(), shape.end(), found->second.shape.begin(),
                  found->second.shape.end())) {
    fail(fmt::format("has a tensor {} of another shape", name));
  }
  return found->second.values;
}

}  // namespace attacca::embed
