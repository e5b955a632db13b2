// Blobs as files in a folder: the key is the path below it.
#pragma once

#include <filesystem>

#include "attacca/base/blob.h"

namespace attacca::store {

// What is being written lies in <root>/.tmp until it is committed. The folder is made with the
// first blob. Any thread; any number of processes.
class FolderBlobs final : public Blobs {
 public:
  explicit FolderBlobs(const std::filesystem::path& root);

  bool exists(std::string_view key) const override;
  FileBytes read(std::string_view key) const override;
  std::unique_ptr<BlobWriter> create(std::string_view key) override;
  void put(std::string_view key, std::string_view content) override;
  void remove(std::string_view key) override;
  std::vector<BlobInfo> list(std::string_view prefix) const override;

  // Removes what killed processes left unfinished, and returns how many files that were. Only for
  // the process that holds the archive's writer lock: it also ends what others are writing now.
  std::size_t removeUnfinished();

 private:
  std::filesystem::path pathOf(std::string_view key) const;

  const std::filesystem::path root_;
};

}  // namespace attacca::store
