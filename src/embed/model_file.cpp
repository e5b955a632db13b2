#include "attacca/embed/model_file.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include <fmt/format.h>

#include "attacca/base/error.h"

namespace attacca::embed {
namespace {

static_assert(std::endian::native == std::endian::little,
              "files are written as they are in memory");

constexpr std::string_view kMagic{"attacca model\n\0\0", 16};
constexpr std::size_t kHeaderBytes = 64;
constexpr std::size_t kNetworkBytes = 16;
constexpr std::size_t kNameBytes = 40;
constexpr std::size_t kEntryBytes = 80;
constexpr std::size_t kTrailerBytes = 32;
constexpr std::size_t kAlignment = 64;
constexpr std::size_t kMostSections = 256;
constexpr std::uint32_t kFloats = 1;
constexpr std::uint32_t kIntegers = 2;
constexpr std::uint32_t kText = 3;

template <class T>
T get(std::span<const std::byte> bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

std::string_view paddedText(std::span<const std::byte> bytes, std::size_t offset,
                            std::size_t length) {
  const std::string_view all(reinterpret_cast<const char*>(bytes.data()) + offset, length);
  return all.substr(0, std::min(all.find('\0'), length));
}

template <class T>
void put(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void putPadded(std::string& out, std::string_view text, std::size_t length) {
  out += text;
  out.append(length - text.size(), '\0');
}

std::size_t roundUp(std::size_t value) {
  return (value + kAlignment - 1) / kAlignment * kAlignment;
}

}  // namespace

void Model::fail(std::string_view what) const {
  throw Error(Fault::corrupt, fmt::format("the model file {} {}", name_, what),
              "import the representation again");
}

Model Model::open(FileBytes file, std::string_view name) {
  const std::span<const std::byte> bytes = file.bytes();
  Sha256Digest found;
  if (bytes.size() > kTrailerBytes) found = sha256(bytes.first(bytes.size() - kTrailerBytes));
  Model model(std::move(file), name);
  if (model.digest() != found) model.fail("fails its checksum");
  return model;
}

Model::Model(FileBytes file, std::string_view name) : file_(std::move(file)), name_(name) {
  const std::span<const std::byte> bytes = file_.bytes();
  if (file_.text().substr(0, kMagic.size()) != kMagic) fail("is not an Attacca model");
  if (bytes.size() < kHeaderBytes + kTrailerBytes) fail("is cut short");
  const auto version = get<std::uint32_t>(bytes, 16);
  if (version != kModelFormat) {
    throw Error(Fault::unsupported,
                fmt::format("the model file {} has format {}, and this program reads format {}",
                            name_, version, kModelFormat),
                "import the representation again with this program");
  }
  const std::size_t count = get<std::uint32_t>(bytes, 20);
  if (get<std::uint64_t>(bytes, 24) != bytes.size()) fail("is cut short");
  network_ = paddedText(bytes, 32, kNetworkBytes);
  frames_ = get<std::uint32_t>(bytes, 48);
  bands_ = get<std::uint32_t>(bytes, 52);
  const std::size_t data_end = bytes.size() - kTrailerBytes;
  if (count > kMostSections || kHeaderBytes + count * kEntryBytes > data_end) {
    fail("has an impossible table of sections");
  }
  std::memcpy(digest_.bytes.data(), bytes.data() + data_end, kTrailerBytes);

  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = kHeaderBytes + i * kEntryBytes;
    Section section;
    section.name = paddedText(bytes, at, kNameBytes);
    section.type = get<std::uint32_t>(bytes, at + 40);
    const auto rank = get<std::uint32_t>(bytes, at + 44);
    const auto offset = get<std::uint64_t>(bytes, at + 64);
    const auto length = get<std::uint64_t>(bytes, at + 72);
    if (section.type < kFloats || section.type > kText || rank > 4 || offset % kAlignment != 0 ||
        offset > data_end || length > data_end - offset) {
      fail("has an impossible section");
    }
    std::uint64_t expected = section.type == kText ? 1 : 4;
    for (std::size_t axis = 0; axis < rank; ++axis) {
      const auto dimension = get<std::uint32_t>(bytes, at + 48 + axis * 4);
      section.shape.push_back(dimension);
      // Stays far from overflow: no product passes the length of a file.
      if (dimension != 0 && expected > length / dimension) fail("has a section of the wrong size");
      expected *= dimension;
    }
    if (expected != length) fail("has a section of the wrong size");
    section.bytes = bytes.subspan(offset, length);
    sections_.push_back(std::move(section));
  }
}

const Model::Section& Model::find(std::string_view section) const {
  const auto found = std::find_if(sections_.begin(), sections_.end(),
                                  [&](const Section& s) { return s.name == section; });
  if (found == sections_.end()) fail(fmt::format("lacks the section {}", section));
  return *found;
}

std::span<const float> Model::floats(std::string_view section,
                                     std::span<const std::size_t> shape) const {
  const Section& found = find(section);
  const bool fits =
      found.type == kFloats && found.shape.size() == shape.size() &&
      std::equal(shape.begin(), shape.end(), found.shape.begin(),
                 [](std::size_t want, std::size_t is) { return want == kAny || want == is; });
  if (!fits) fail(fmt::format("has a section {} of another shape", section));
  return {reinterpret_cast<const float*>(found.bytes.data()), found.bytes.size() / sizeof(float)};
}

std::span<const std::int32_t> Model::integers(std::string_view section) const {
  const Section& found = find(section);
  if (found.type != kIntegers || found.shape.size() != 1) {
    fail(fmt::format("has a section {} of another shape", section));
  }
  return {reinterpret_cast<const std::int32_t*>(found.bytes.data()), found.shape[0]};
}

std::string_view Model::text(std::string_view section) const {
  const Section& found = find(section);
  if (found.type != kText) fail(fmt::format("has a section {} of another type", section));
  return {reinterpret_cast<const char*>(found.bytes.data()), found.bytes.size()};
}

std::size_t Model::dimension(std::string_view section, std::size_t axis) const {
  const Section& found = find(section);
  if (axis >= found.shape.size()) fail(fmt::format("has a section {} of another shape", section));
  return found.shape[axis];
}

ModelWriter::ModelWriter(std::string_view network, std::size_t frames, std::size_t bands)
    : network_(network), frames_(frames), bands_(bands) {}

void ModelWriter::add(std::string_view name, std::uint32_t type, std::vector<std::size_t> shape,
                      std::string bytes) {
  sections_.push_back({std::string(name), type, std::move(shape), std::move(bytes)});
}

void ModelWriter::floats(std::string_view name, std::vector<std::size_t> shape,
                         std::span<const float> values) {
  add(name, kFloats, std::move(shape),
      std::string(reinterpret_cast<const char*>(values.data()), values.size_bytes()));
}

void ModelWriter::integers(std::string_view name, std::span<const std::int32_t> values) {
  add(name, kIntegers, {values.size()},
      std::string(reinterpret_cast<const char*>(values.data()), values.size_bytes()));
}

void ModelWriter::text(std::string_view name, std::string_view value) {
  add(name, kText, {value.size()}, std::string(value));
}

std::string ModelWriter::bytes() const {
  std::size_t end = kHeaderBytes + sections_.size() * kEntryBytes;
  std::vector<std::size_t> offsets;
  for (const Section& section : sections_) {
    offsets.push_back(roundUp(end));
    end = offsets.back() + section.bytes.size();
  }
  std::string out(kMagic);
  put<std::uint32_t>(out, kModelFormat);
  put<std::uint32_t>(out, static_cast<std::uint32_t>(sections_.size()));
  put<std::uint64_t>(out, end + kTrailerBytes);
  putPadded(out, network_, kNetworkBytes);
  put<std::uint32_t>(out, static_cast<std::uint32_t>(frames_));
  put<std::uint32_t>(out, static_cast<std::uint32_t>(bands_));
  put<std::uint64_t>(out, 0);
  for (std::size_t i = 0; i < sections_.size(); ++i) {
    const Section& section = sections_[i];
    putPadded(out, section.name, kNameBytes);
    put<std::uint32_t>(out, section.type);
    put<std::uint32_t>(out, static_cast<std::uint32_t>(section.shape.size()));
    for (std::size_t axis = 0; axis < 4; ++axis) {
      put<std::uint32_t>(
          out, axis < section.shape.size() ? static_cast<std::uint32_t>(section.shape[axis]) : 0);
    }
    put<std::uint64_t>(out, offsets[i]);
    put<std::uint64_t>(out, section.bytes.size());
  }
  for (std::size_t i = 0; i < sections_.size(); ++i) {
    out.resize(offsets[i], '\0');
    out += sections_[i].bytes;
  }
  const Sha256Digest digest = sha256(out);
  out.append(reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size());
  return out;
}

}  // namespace attacca::embed
