// Where an archive keeps its files (DESIGN.md "Files"), and who may write to it.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>

#include "attacca/base/file.h"
#include "attacca/base/progress.h"

namespace attacca::app {

// Paths only; holds nothing open. Any thread.
class ArchiveFolder {
 public:
  explicit ArchiveFolder(const std::filesystem::path& root);

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path database() const { return root_ / "archive.db"; }
  std::filesystem::path blobs() const { return root_ / "blobs"; }
  std::filesystem::path representations() const { return root_ / "representations"; }
  std::filesystem::path models() const { return root_ / "models"; }  // trained recommenders
  std::filesystem::path recipes() const { return root_ / "recipes"; }
  std::filesystem::path configuration() const { return root_ / "attacca.toml"; }
  std::filesystem::path lockFile() const { return root_ / "lock"; }
  std::filesystem::path formatFile() const { return root_ / "FORMAT"; }

  bool exists() const;  // is an archive, of this format or another
  // Throws Fault::notFound when there is no archive, Fault::unsupported for a format of another
  // program version.
  void check() const;
  // Makes an empty archive where there is none. Throws Fault::usage for a folder that holds other
  // things, so that a slip of the keyboard never fills somebody's music folder with ours.
  void create() const;

 private:
  std::filesystem::path root_;
};

// The right to change an archive: one process at a time has it (add, remove, backup, restore).
// Readers and the listening log need none.
class WriterLock {
 public:
  // Waits for another holder, saying so once through `progress`. Throws Fault::cancelled.
  static WriterLock acquire(const ArchiveFolder& archive, Progress& progress,
                            const std::stop_token& stop);

 private:
  explicit WriterLock(FileLock lock) : lock_(std::move(lock)) {}
  FileLock lock_;
};

}  // namespace attacca::app
