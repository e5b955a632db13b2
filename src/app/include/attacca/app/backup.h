// One folder that holds everything of an archive but the recordings, and the way back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>

#include "attacca/app/archive_folder.h"
#include "attacca/base/progress.h"

namespace attacca::app {

struct BackupReport {
  std::size_t files = 0;
  std::uint64_t bytes = 0;
};

// Writes a consistent copy of the database to a new file.
using CopyDatabase = std::function<void(const std::filesystem::path& to)>;

// Copies the archive into the new folder `to`, which appears whole or not at all, with a SHA256SUMS
// that `sha256sum -c` understands too. The recordings themselves stay where they are. The caller
// holds the writer lock. Throws Fault::usage when `to` is there already, Fault::cancelled.
BackupReport backupArchive(const ArchiveFolder& archive, const CopyDatabase& copy_database,
                           const std::filesystem::path& to, Progress& progress,
                           std::stop_token stop);

struct RestoreReport {
  std::size_t files = 0;
  std::uint64_t bytes = 0;
  std::filesystem::path kept_aside;  // where the archive that was there is now; may be empty
};

// Puts the backup `from` in the place of `archive`. Every checksum is verified before anything
// changes; what was there is kept beside it under another name. Throws Fault::corrupt naming the
// first file that is not as it was, Fault::notFound when `from` is no backup.
RestoreReport restoreArchive(const ArchiveFolder& archive, const std::filesystem::path& from,
                             Progress& progress, std::stop_token stop);

}  // namespace attacca::app
