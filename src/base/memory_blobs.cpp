#include "attacca/base/memory_blobs.h"

#include <cassert>
#include <utility>

#include <fmt/format.h>
#include <sys/mman.h>

#include "attacca/base/error.h"

namespace attacca {
namespace {

// Collects in an anonymous file, so that it has a descriptor like any other writer.
class MemoryWriter final : public BlobWriter {
 public:
  MemoryWriter(MemoryBlobs& blobs, std::string key)
      : blobs_(blobs), key_(std::move(key)), fd_(::memfd_create("blob", MFD_CLOEXEC)) {
    if (!fd_) throwErrno("create", key_);
  }

  int descriptor() const override { return fd_.get(); }
  void write(std::span<const std::byte> bytes) override { writeAll(fd_.get(), bytes, key_); }
  void commit() override {
    assert(!committed_);
    committed_ = true;
    blobs_.put(key_, FileBytes::map(fd_.get(), key_).text());
  }

 private:
  MemoryBlobs& blobs_;
  std::string key_;
  UniqueFd fd_;
  bool committed_ = false;
};

}  // namespace

bool MemoryBlobs::exists(std::string_view key) const {
  checkBlobKey(key);
  const std::lock_guard lock(mutex_);
  return blobs_.find(key) != blobs_.end();
}

FileBytes MemoryBlobs::read(std::string_view key) const {
  checkBlobKey(key);
  const std::lock_guard lock(mutex_);
  const auto found = blobs_.find(key);
  if (found == blobs_.end()) throw Error(Fault::notFound, fmt::format("there is no blob {}", key));
  return FileBytes::hold(found->second);
}

std::unique_ptr<BlobWriter> MemoryBlobs::create(std::string_view key) {
  checkBlobKey(key);
  return std::make_unique<MemoryWriter>(*this, std::string(key));
}

void MemoryBlobs::put(std::string_view key, std::string_view content) {
  checkBlobKey(key);
  const std::lock_guard lock(mutex_);
  blobs_.insert_or_assign(std::string(key), std::string(content));
}

void MemoryBlobs::remove(std::string_view key) {
  checkBlobKey(key);
  const std::lock_guard lock(mutex_);
  if (const auto found = blobs_.find(key); found != blobs_.end()) blobs_.erase(found);
}

std::vector<BlobInfo> MemoryBlobs::list(std::string_view prefix) const {
  const std::lock_guard lock(mutex_);
  std::vector<BlobInfo> found;
  for (auto at = blobs_.lower_bound(prefix); at != blobs_.end(); ++at) {
    if (!at->first.starts_with(prefix)) break;
    found.push_back({at->first, at->second.size()});
  }
  return found;
}

}  // namespace attacca
