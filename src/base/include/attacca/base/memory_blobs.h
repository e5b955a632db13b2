// Blobs that live and die with the object: for tests, and for work that needs no disk.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "attacca/base/blob.h"

namespace attacca {

class MemoryBlobs final : public Blobs {
 public:
  bool exists(std::string_view key) const override;
  FileBytes read(std::string_view key) const override;
  std::unique_ptr<BlobWriter> create(std::string_view key) override;
  void put(std::string_view key, std::string_view content) override;
  void remove(std::string_view key) override;
  std::vector<BlobInfo> list(std::string_view prefix) const override;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> blobs_;
};

}  // namespace attacca
