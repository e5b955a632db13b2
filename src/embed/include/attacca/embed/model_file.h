// Our own file for a reduced network: little-endian, every byte accounted for, the same bytes for
// the same weights.
//
//   0  16  magic "attacca model\n" and two zero bytes
//  16   4  format version, 1
//  20   4  number of sections
//  24   8  length of the file
//  32  16  network, "musicnn" or "vgg", padded with zeros
//  48   4  frames in a clip
//  52   4  bands in a frame
//  56   8  zero
//  64  80 for each section: name (40, padded with zeros), element type (4: 1 float32, 2 int32,
//          3 UTF-8 text), number of dimensions (4, at most 4), dimensions (4 x 4), offset (8),
//          bytes (8)
//      ..  the sections, row-major, each at the next multiple of 64
//      32  SHA-256 of everything before
//
// Which sections a network has: src/embed/reduce.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/base/file.h"
#include "attacca/base/sha256.h"

namespace attacca::embed {

constexpr std::uint32_t kModelFormat = 1;

class Model {
 public:
  // Checks the checksum and everything that the constructor checks. `name` is for messages.
  static Model open(FileBytes file, std::string_view name);

  // Checks the structure only. Throws Fault::corrupt for anything that is not a model file and
  // Fault::unsupported for another format version.
  Model(FileBytes file, std::string_view name);

  std::string_view network() const { return network_; }
  std::size_t frames() const { return frames_; }
  std::size_t bands() const { return bands_; }
  const Sha256Digest& digest() const { return digest_; }  // the one in the file

  struct Section {
    std::string_view name;
    std::uint32_t type = 0;
    std::vector<std::size_t> shape;
    std::span<const std::byte> bytes;
  };
  std::span<const Section> sections() const { return sections_; }

  // Views into the file, which the Model keeps. Throws Fault::corrupt if the section is absent or
  // has another type or shape; a dimension given as kAny may have any size.
  static constexpr std::size_t kAny = static_cast<std::size_t>(-1);
  std::span<const float> floats(std::string_view section, std::span<const std::size_t> shape) const;
  std::span<const float> floats(std::string_view section,
                                std::initializer_list<std::size_t> shape) const {
    return floats(section, std::span(shape.begin(), shape.size()));
  }
  std::span<const std::int32_t> integers(std::string_view section) const;  // one dimension
  std::string_view text(std::string_view section) const;
  std::size_t dimension(std::string_view section, std::size_t axis) const;

 private:
  const Section& find(std::string_view section) const;
  [[noreturn]] void fail(std::string_view what) const;

  FileBytes file_;
  std::string name_;
  std::string network_;
  std::size_t frames_ = 0;
  std::size_t bands_ = 0;
  Sha256Digest digest_;
  std::vector<Section> sections_;
};

// Collects sections and makes the file.
class ModelWriter {
 public:
  ModelWriter(std::string_view network, std::size_t frames, std::size_t bands);

  void floats(std::string_view name, std::vector<std::size_t> shape, std::span<const float> values);
  void integers(std::string_view name, std::span<const std::int32_t> values);
  void text(std::string_view name, std::string_view value);
  std::string bytes() const;

 private:
  struct Section {
    std::string name;
    std::uint32_t type = 0;
    std::vector<std::size_t> shape;
    std::string bytes;
  };
  void add(std::string_view name, std::uint32_t type, std::vector<std::size_t> shape,
           std::string bytes);

  std::string network_;
  std::size_t frames_;
  std::size_t bands_;
  std::vector<Section> sections_;
};

}  // namespace attacca::embed
