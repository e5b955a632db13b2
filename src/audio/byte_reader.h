// Reads at offsets of a descriptor, never past a limit.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

#include <unistd.h>

namespace attacca::audio {

// Reads up to `count` bytes; fewer only at the end of the file. Returns -1 when the system refuses.
inline std::int64_t readAt(int fd, std::int64_t offset, void* buffer, std::int64_t count) {
  std::int64_t done = 0;
  while (done < count) {
    const ssize_t n = ::pread(fd, static_cast<char*>(buffer) + done,
                              static_cast<std::size_t>(count - done), offset + done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -1;
    if (n == 0) break;
    done += n;
  }
  return done;
}

class ByteReader {
 public:
  ByteReader(int fd, std::int64_t end) : fd_(fd), end_(end) {}

  // Shorter at the end of the file; empty when it cannot be read.
  std::string read(std::int64_t offset, std::int64_t count) const {
    std::string bytes;
    if (offset < 0 || offset >= end_) return bytes;
    bytes.resize(static_cast<std::size_t>(std::min(count, end_ - offset)));
    const std::int64_t got =
        readAt(fd_, offset, bytes.data(), static_cast<std::int64_t>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(std::max<std::int64_t>(got, 0)));
    return bytes;
  }

 private:
  int fd_;
  std::int64_t end_;
};

inline std::uint32_t littleEndian32(std::string_view bytes, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;)
    value = value << 8 | static_cast<std::uint8_t>(bytes[offset + i]);
  return value;
}

}  // namespace attacca::audio
