// For tests: blobs that fail, or end the process, at the operation a test chooses.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "attacca/base/blob.h"

namespace attacca::store {

// Called before each operation ("exists", "read", "create", "write", "commit", "put", "remove",
// "list") with its number, from 0, and the key or prefix. What it throws is what the operation
// throws. Any thread may call it.
using BeforeOperation =
    std::function<void(std::size_t number, std::string_view operation, std::string_view key)>;

// Throws Fault::io at operation `number`, and at all after it if `ever_after`, as a full disk does.
BeforeOperation failAt(std::size_t number, bool ever_after = false);
// Ends the process by SIGKILL at operation `number`.
BeforeOperation killAt(std::size_t number);

// Passes everything to `inner`, which outlives it. Any thread.
class FaultyBlobs final : public Blobs {
 public:
  FaultyBlobs(Blobs& inner, BeforeOperation before);
  ~FaultyBlobs() override;

  std::size_t operations() const;  // so far

  bool exists(std::string_view key) const override;
  FileBytes read(std::string_view key) const override;
  std::unique_ptr<BlobWriter> create(std::string_view key) override;
  void put(std::string_view key, std::string_view content) override;
  void remove(std::string_view key) override;
  std::vector<BlobInfo> list(std::string_view prefix) const override;

 private:
  class Counter;
  class Writer;

  Blobs& inner_;
  std::shared_ptr<Counter> counter_;  // its writers may outlive the decorator
};

}  // namespace attacca::store
