// Files and descriptors with owners. Every failure is an Error that names the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace attacca {

// Owns one descriptor.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) noexcept : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  ~UniqueFd() { reset(); }

  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  int release() noexcept { return std::exchange(fd_, -1); }
  void reset() noexcept;

 private:
  int fd_ = -1;
};

// A read-only mapping of a whole file, or bytes held in memory. Movable; the bytes do not move.
// A mapped file must not be truncated by others while it is mapped: Attacca never changes a
// published file in place.
class FileBytes {
 public:
  FileBytes() = default;
  static FileBytes map(const std::filesystem::path& path);
  static FileBytes map(int fd, std::string_view name);  // fd may be closed afterwards
  static FileBytes hold(std::string bytes);
  FileBytes(FileBytes&& other) noexcept;
  FileBytes& operator=(FileBytes&& other) noexcept;
  ~FileBytes();

  std::span<const std::byte> bytes() const noexcept;
  std::string_view text() const noexcept;
  std::size_t size() const noexcept { return size_; }
  // Gives the memory of a mapped file back; what is looked at again is read again.
  void release() const noexcept;

 private:
  void unmap() noexcept;
  const std::byte* mapped_ = nullptr;  // owned when not null
  std::size_t size_ = 0;
  std::string held_;
};

UniqueFd openToRead(const std::filesystem::path& path);  // O_CLOEXEC
// Follows no link in the last component, refuses anything but a regular file, never blocks (a FIFO
// is refused, not waited for).
UniqueFd openRegularFile(const std::filesystem::path& path);
std::string readFile(const std::filesystem::path& path);
void writeAll(int fd, std::span<const std::byte> bytes, std::string_view name);
void writeAll(int fd, std::string_view text, std::string_view name);
// The whole file or nothing, durable on return: a temporary file beside it, fsync, rename, fsync of
// the folder.
void writeFileAtomically(const std::filesystem::path& path, std::string_view content);
void syncFolder(const std::filesystem::path& folder);

// An advisory lock on a file (flock), released when the object or the process goes.
class FileLock {
 public:
  // nullopt when another process holds it.
  static std::optional<FileLock> tryLock(const std::filesystem::path& path);

 private:
  explicit FileLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace attacca
