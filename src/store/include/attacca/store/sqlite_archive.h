// The catalogue and the listening log in one SQLite file.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "attacca/archive/catalogue.h"

namespace attacca::store {

enum class OpenMode {
  existing,  // throws Fault::notFound where there is no database
  create,    // makes an empty one there; its folder must exist
};

// Opens the database, in well under a millisecond; brings one of an older version up to date. Any
// thread. Other processes may have the same file open: readers never wait for writers, a writer
// waits for another's transaction. A database on a medium that cannot be written to can be read.
// Throws Fault::corrupt for a file that is not an archive, Fault::unsupported for one that a newer
// Attacca made.
class SqliteArchive {
 public:
  SqliteArchive(std::filesystem::path file, OpenMode mode);
  ~SqliteArchive();

  archive::Catalogue& catalogue();
  const archive::Catalogue& catalogue() const;
  archive::ListeningLog& log();
  const archive::ListeningLog& log() const;

  // Writes the database as it is now to a file of its own, whole or not at all, while others read
  // and write. Replaces a file that is there.
  void backup(const std::filesystem::path& to) const;

  // Faults of the file and of what it says, one sentence each; empty when all is well.
  std::vector<std::string> check() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Makes the database what the backup `from` holds, in one transaction: who has it open sees the old
// or the new, and a crash leaves one of them. A damaged database is set aside as
// "<database>.damaged" first. Throws Fault::corrupt or Fault::unsupported, changing nothing, when
// `from` cannot be used.
void restoreDatabase(const std::filesystem::path& database, const std::filesystem::path& from);

}  // namespace attacca::store
