// Where large immutable things are kept: peaks, embeddings, snapshots, copied recordings.
//
// A key is a relative path of plain components, e.g. "embeddings/msd-musicnn@1f00/ab12.npy". A blob
// is visible whole or not at all, and durable once committed. All functions may be called from any
// thread; one BlobWriter belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/base/file.h"

namespace attacca {

class BlobWriter {
 public:
  virtual ~BlobWriter() = default;  // what was not committed is gone
  // A descriptor open for writing at the end of what was written; a hear process may be given it.
  virtual int descriptor() const = 0;
  virtual void write(std::span<const std::byte> bytes) = 0;
  virtual void commit() = 0;  // at most once; replaces a blob of the same key
};

struct BlobInfo {
  std::string key;
  std::uint64_t size = 0;  // bytes
};

class Blobs {
 public:
  virtual ~Blobs() = default;
  virtual bool exists(std::string_view key) const = 0;
  virtual FileBytes read(std::string_view key) const = 0;  // throws Fault::notFound
  virtual std::unique_ptr<BlobWriter> create(std::string_view key) = 0;
  virtual void put(std::string_view key, std::string_view content) = 0;   // create, write, commit
  virtual void remove(std::string_view key) = 0;                          // absent is fine
  virtual std::vector<BlobInfo> list(std::string_view prefix) const = 0;  // sorted by key
};

// Throws Fault::usage for a key with empty, "." or ".." components, a leading "/", or odd bytes.
void checkBlobKey(std::string_view key);

}  // namespace attacca
