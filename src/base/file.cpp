#include "attacca/base/file.h"

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attacca/base/error.h"

namespace attacca {

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = other.release();
  }
  return *this;
}

void UniqueFd::reset() noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

FileBytes FileBytes::map(const std::filesystem::path& path) {
  const UniqueFd fd = openToRead(path);
  return map(fd.get(), path.native());
}

FileBytes FileBytes::map(int fd, std::string_view name) {
  struct stat info;
  if (::fstat(fd, &info) != 0) throwErrno("read", name);
  FileBytes file;
  file.size_ = static_cast<std::size_t>(info.st_size);
  if (file.size_ == 0) return file;
  void* address = ::mmap(nullptr, file.size_, PROT_READ, MAP_PRIVATE, fd, 0);
  if (address == MAP_FAILED) throwErrno("map", name);
  file.mapped_ = static_cast<const std::byte*>(address);
  return file;
}

FileBytes FileBytes::hold(std::string bytes) {
  FileBytes file;
  file.held_ = std::move(bytes);
  file.size_ = file.held_.size();
  return file;
}

FileBytes::FileBytes(FileBytes&& other) noexcept
    : mapped_(std::exchange(other.mapped_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      held_(std::move(other.held_)) {}

FileBytes& FileBytes::operator=(FileBytes&& other) noexcept {
  if (this != &other) {
    unmap();
    mapped_ = std::exchange(other.mapped_, nullptr);
    size_ = std::exchange(other.size_, 0);
    held_ = std::move(other.held_);
  }
  return *this;
}

FileBytes::~FileBytes() { unmap(); }

void FileBytes::release() const noexcept {
  if (mapped_ != nullptr) ::madvise(const_cast<std::byte*>(mapped_), size_, MADV_DONTNEED);
}

void FileBytes::unmap() noexcept {
  if (mapped_ != nullptr) ::munmap(const_cast<std::byte*>(mapped_), size_);
  mapped_ = nullptr;
}

std::span<const std::byte> FileBytes::bytes() const noexcept {
  if (mapped_ != nullptr) return {mapped_, size_};
  return std::as_bytes(std::span(held_));
}

std::string_view FileBytes::text() const noexcept {
  const auto all = bytes();
  return {reinterpret_cast<const char*>(all.data()), all.size()};
}

UniqueFd openToRead(const std::filesystem::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) throwErrno("open", path.native());
  return fd;
}

UniqueFd openRegularFile(const std::filesystem::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  if (!fd) throwErrno("open", path.native());
  struct stat info;
  if (::fstat(fd.get(), &info) != 0) throwErrno("open", path.native());
  if (!S_ISREG(info.st_mode)) {
    throw Error(Fault::refused, fmt::format("{} is not a regular file", path.native()));
  }
  return fd;
}

std::string readFile(const std::filesystem::path& path) {
  const UniqueFd fd = openToRead(path);
  std::string content;
  char buffer[65536];
  while (true) {
    const ssize_t count = ::read(fd.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throwErrno("read", path.native());
    if (count == 0) return content;
    content.append(buffer, static_cast<std::size_t>(count));
  }
}

void writeAll(int fd, std::span<const std::byte> bytes, std::string_view name) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throwErrno("write", name);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void writeAll(int fd, std::string_view text, std::string_view name) {
  writeAll(fd, std::as_bytes(std::span(text)), name);
}

void writeFileAtomically(const std::filesystem::path& path, std::string_view content) {
  std::string temporary = path.native() + ".tmp-XXXXXX";
  UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) throwErrno("write", path.native());
  try {
    writeAll(fd.get(), content, path.native());
    if (::fchmod(fd.get(), 0644) != 0 || ::fsync(fd.get()) != 0) throwErrno("write", path.native());
    if (::rename(temporary.c_str(), path.c_str()) != 0) throwErrno("write", path.native());
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  syncFolder(path.parent_path().empty() ? std::filesystem::path(".") : path.parent_path());
}

void syncFolder(const std::filesystem::path& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) throwErrno("sync", folder.native());
}

std::optional<FileLock> FileLock::tryLock(const std::filesystem::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd) throwErrno("open", path.native());
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return std::nullopt;
    throwErrno("lock", path.native());
  }
  return FileLock(std::move(fd));
}

}  // namespace attacca
