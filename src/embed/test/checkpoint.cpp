#include "checkpoint.h"

#include <algorithm>
#include <cstdint>
#include <random>

#include <zlib.h>

#include "attacca/base/sha256.h"

#include "crc32c.h"

namespace attacca::embed::test {
namespace {

constexpr std::size_t kEntriesInBlock = 9;
constexpr std::size_t kEntriesBetweenRestarts = 4;

void putVarint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

template <class T>
void putFixed(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void putField(std::string& out, std::uint64_t number, std::uint64_t value) {
  putVarint(out, number << 3);
  putVarint(out, value);
}

void putField(std::string& out, std::uint64_t number, const std::string& bytes) {
  putVarint(out, number << 3 | 2);
  putVarint(out, bytes.size());
  out += bytes;
}

using Entries = std::vector<std::pair<std::string, std::string>>;

// Appends the block and its trailer, and returns its handle.
std::string putBlock(std::string& table, const Entries& entries) {
  std::string block;
  std::vector<std::uint32_t> restarts;
  std::string last;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& [key, value] = entries[i];
    std::size_t shared = 0;
    if (i % kEntriesBetweenRestarts == 0) {
      restarts.push_back(static_cast<std::uint32_t>(block.size()));
    } else {
      while (shared < std::min(last.size(), key.size()) && last[shared] == key[shared]) ++shared;
    }
    putVarint(block, shared);
    putVarint(block, key.size() - shared);
    putVarint(block, value.size());
    block += key.substr(shared) + value;
    last = key;
  }
  if (restarts.empty()) restarts.push_back(0);
  for (const std::uint32_t restart : restarts) putFixed(block, restart);
  putFixed(block, static_cast<std::uint32_t>(restarts.size()));
  std::string handle;
  putVarint(handle, table.size());
  putVarint(handle, block.size());
  block += '\0';  // not compressed
  table += block;
  putFixed(table, maskedCrc32c(block));
  return handle;
}

}  // namespace

Checkpoint writeCheckpoint(const Tensors& tensors) {
  Checkpoint checkpoint;
  Entries entries = {{"", std::string("\x08\x01\x1a\x02\x08\x01", 6)}};
  for (const auto& [name, tensor] : tensors) {
    std::string bytes(reinterpret_cast<const char*>(tensor.values.data()),
                      tensor.values.size() * sizeof(float));
    std::string shape;
    for (const std::size_t dimension : tensor.shape) {
      std::string size;
      putField(size, 1, dimension);
      putField(shape, 2, size);
    }
    std::string entry;
    putField(entry, 1, 1);
    putField(entry, 2, shape);
    putField(entry, 4, checkpoint.data.size());
    putField(entry, 5, bytes.size());
    putVarint(entry, 6 << 3 | 5);
    putFixed(entry, maskedCrc32c(bytes));
    entries.emplace_back(name, entry);
    checkpoint.data += bytes;
  }
  Entries blocks;
  for (std::size_t first = 0; first < entries.size(); first += kEntriesInBlock) {
    const std::size_t end = std::min(first + kEntriesInBlock, entries.size());
    const Entries some(entries.begin() + static_cast<std::ptrdiff_t>(first),
                       entries.begin() + static_cast<std::ptrdiff_t>(end));
    blocks.emplace_back(some.back().first, putBlock(checkpoint.index, some));
  }
  std::string footer = putBlock(checkpoint.index, {});
  footer += putBlock(checkpoint.index, blocks);
  footer.resize(40, '\0');
  putFixed(footer, std::uint64_t{0xdb4775248b80fb57});
  checkpoint.index += footer;
  return checkpoint;
}

std::string writeZip(const std::map<std::string, std::string>& members, bool deflated) {
  std::string archive;
  std::string directory;
  for (const auto& [name, content] : members) {
    std::string packed = content;
    if (deflated) {
      z_stream stream{};
      ::deflateInit2(&stream, 1, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
      packed.resize(::deflateBound(&stream, content.size()));
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
      stream.avail_in = static_cast<uInt>(content.size());
      stream.next_out = reinterpret_cast<Bytef*>(packed.data());
      stream.avail_out = static_cast<uInt>(packed.size());
      ::deflate(&stream, Z_FINISH);
      packed.resize(stream.total_out);
      ::deflateEnd(&stream);
    }
    std::string common;
    putFixed<std::uint16_t>(common, 20);
    putFixed<std::uint16_t>(common, 0);
    putFixed<std::uint16_t>(common, deflated ? 8 : 0);
    putFixed<std::uint32_t>(common, 0);
    putFixed(common,
             static_cast<std::uint32_t>(::crc32(0, reinterpret_cast<const Bytef*>(content.data()),
                                                static_cast<uInt>(content.size()))));
    putFixed(common, static_cast<std::uint32_t>(packed.size()));
    putFixed(common, static_cast<std::uint32_t>(content.size()));
    putFixed(common, static_cast<std::uint16_t>(name.size()));
    putFixed<std::uint16_t>(common, 0);
    directory.append("PK\x01\x02\x14\x00", 6).append(common).append(10, '\0');
    putFixed(directory, static_cast<std::uint32_t>(archive.size()));
    directory += name;
    archive.append("PK\x03\x04").append(common).append(name).append(packed);
  }
  std::string end = std::string("PK\x05\x06\0\0\0\0", 8);
  putFixed(end, static_cast<std::uint16_t>(members.size()));
  putFixed(end, static_cast<std::uint16_t>(members.size()));
  putFixed(end, static_cast<std::uint32_t>(directory.size()));
  putFixed(end, static_cast<std::uint32_t>(archive.size()));
  putFixed<std::uint16_t>(end, 0);
  return archive + directory + end;
}

void trust(Package& package) { package.manifest.source.sha256 = sha256(package.wheel).hex(); }

Package makePackage(const std::string& network, int frames, unsigned seed) {
  Package package;
  package.manifest = shippedManifest("msd-" + network);
  package.manifest.clips.frames = frames;
  package.manifest.clips.hop = frames;
  const Checkpoint checkpoint =
      writeCheckpoint(network == "vgg" ? randomVgg(seed) : randomMusicnn(seed));
  const std::string& member = package.manifest.source.member;
  package.wheel = writeZip(
      {{member + "/.index", checkpoint.index}, {member + "/.data-00000-of-00001", checkpoint.data}},
      true);
  trust(package);
  return package;
}

}  // namespace attacca::embed::test
