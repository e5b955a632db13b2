#include "zip_reader.h"

#include <cstdint>
#include <cstring>
#include <optional>

#include <fmt/format.h>
#include <zlib.h>

#include "attacca/base/error.h"

namespace attacca::embed {
namespace {

constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kEntrySignature = 0x02014b50;
constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kEntryBytes = 46;
constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kMostComment = 65535;
constexpr int kStored = 0;
constexpr int kDeflated = 8;

[[noreturn]] void fail(std::string_view what) {
  throw Error(Fault::corrupt, fmt::format("the package {}", what), "fetch it again");
}

template <class T>
T get(std::string_view bytes, std::size_t offset) {
  if (offset > bytes.size() || sizeof(T) > bytes.size() - offset) fail("is a damaged zip archive");
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

std::string_view slice(std::string_view bytes, std::size_t offset, std::size_t length) {
  if (offset > bytes.size() || length > bytes.size() - offset) fail("is a damaged zip archive");
  return bytes.substr(offset, length);
}

// The end record is the last thing in the archive, before a comment of unknown length.
std::size_t findEnd(std::string_view archive) {
  if (archive.size() < kEndBytes) fail("is not a zip archive");
  const std::size_t last = archive.size() - kEndBytes;
  const std::size_t first = last > kMostComment ? last - kMostComment : 0;
  for (std::size_t at = last + 1; at-- > first;) {
    if (get<std::uint32_t>(archive, at) == kEndSignature &&
        at + kEndBytes + get<std::uint16_t>(archive, at + 20) == archive.size()) {
      return at;
    }
  }
  fail("is not a zip archive");
}

struct Entry {
  int method = 0;
  std::uint32_t crc = 0;
  std::size_t packed = 0;
  std::size_t size = 0;
  std::size_t local = 0;  // offset of the local header
};

std::optional<Entry> findEntry(std::string_view archive, std::string_view member) {
  const std::size_t end = findEnd(archive);
  const std::size_t count = get<std::uint16_t>(archive, end + 10);
  std::size_t at = get<std::uint32_t>(archive, end + 16);
  for (std::size_t i = 0; i < count; ++i) {
    if (get<std::uint32_t>(archive, at) != kEntrySignature) fail("is a damaged zip archive");
    const std::size_t name_length = get<std::uint16_t>(archive, at + 28);
    const std::size_t extra_length = get<std::uint16_t>(archive, at + 30);
    const std::size_t comment_length = get<std::uint16_t>(archive, at + 32);
    if (slice(archive, at + kEntryBytes, name_length) == member) {
      if ((get<std::uint16_t>(archive, at + 8) & 1) != 0) fail("is encrypted");
      return Entry{get<std::uint16_t>(archive, at + 10), get<std::uint32_t>(archive, at + 16),
                   get<std::uint32_t>(archive, at + 20), get<std::uint32_t>(archive, at + 24),
                   get<std::uint32_t>(archive, at + 42)};
    }
    at += kEntryBytes + name_length + extra_length + comment_length;
  }
  return std::nullopt;
}

class Inflater {
 public:
  Inflater() { ready_ = ::inflateInit2(&stream_, -MAX_WBITS) == Z_OK; }
  ~Inflater() {
    if (ready_) ::inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Exactly `size` bytes, or false.
  bool inflate(std::string_view packed, std::string& out, std::size_t size) {
    if (!ready_) return false;
    out.resize(size);
    // zlib never writes through next_in.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(size);
    return ::inflate(&stream_, Z_FINISH) == Z_STREAM_END && stream_.total_out == size;
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

}  // namespace

std::string readZipMember(std::string_view archive, std::string_view member,
                          std::size_t most_bytes) {
  const std::optional<Entry> entry = findEntry(archive, member);
  if (!entry) fail(fmt::format("has no file {}", member));
  if (entry->size > most_bytes) fail(fmt::format("has a file {} of absurd size", member));
  if (get<std::uint32_t>(archive, entry->local) != kLocalSignature)
    fail("is a damaged zip archive");
  const std::size_t data = entry->local + kLocalBytes +
                           get<std::uint16_t>(archive, entry->local + 26) +
                           get<std::uint16_t>(archive, entry->local + 28);
  const std::string_view packed = slice(archive, data, entry->packed);

  std::string content;
  bool whole = false;
  if (entry->method == kStored) {
    content = packed;
    whole = content.size() == entry->size;
  } else if (entry->method == kDeflated) {
    whole = Inflater().inflate(packed, content, entry->size);
  }
  if (!whole) fail(fmt::format("has a damaged file {}", member));
  const uLong crc =
      ::crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size()));
  if (crc != entry->crc) fail(fmt::format("has a damaged file {}", member));
  return content;
}

}  // namespace attacca::embed
