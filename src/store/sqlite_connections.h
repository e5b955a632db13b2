// The connections of one archive's database, and who may write and checkpoint when.
//
// Readers never wait: WAL mode, and a connection of their own. Writers take turns, in this process
// by a mutex and among processes by a lock on the file "<database>-lock"; only who holds both
// writes or checkpoints. That is stricter than SQLite asks for, and on purpose: before 3.51.3 a
// checkpoint beside another connection's commit can damage the database (the "WAL-reset bug"), and
// Debian 12 has 3.40.1. So SQLite's checkpoint at close is off as well, and the files "-wal" and
// "-shm" stay; they are emptied when a writer closes, so that the database file alone is whole
// then.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <type_traits>

#include "attacca/base/file.h"
#include "attacca/store/sqlite_archive.h"

#include "sqlite_database.h"

namespace attacca::store {

// A connection that reads, also where nothing can be written.
std::unique_ptr<Database> openToRead(const std::filesystem::path& file);

// The right to write and checkpoint. Throws Fault::busy after waiting for it in vain.
FileLock lockForWriting(const std::filesystem::path& file);

// Any thread.
class SqliteConnections {
 public:
  SqliteConnections(std::filesystem::path file, OpenMode mode);
  ~SqliteConnections();

  const std::filesystem::path& file() const { return file_; }

  // Calls `use(Database&)` in a transaction that sees one state of the database.
  template <class Use>
  auto read(Use use) const {
    const std::lock_guard guard(reading_);
    Transaction transaction(*reader_, Transaction::Kind::read);
    return use(*reader_);
  }
  // Calls `use(Database&)` in a transaction; what it did is durable on return, or undone if it
  // threw.
  template <class Use>
  auto write(Use use) {
    const std::lock_guard guard(writing_);
    const FileLock turn = lockForWriting(file_);
    Database& database = writer();
    Transaction transaction(database, Transaction::Kind::write);
    if constexpr (std::is_void_v<decltype(use(database))>) {
      use(database);
      transaction.commit();
    } else {
      auto result = use(database);
      transaction.commit();
      return result;
    }
  }
  // The same, but nothing of it is kept.
  template <class Use>
  auto tryOut(Use use) {
    const std::lock_guard guard(writing_);
    const FileLock turn = lockForWriting(file_);
    Database& database = writer();
    Transaction transaction(database, Transaction::Kind::write);
    return use(database);
  }
  // Makes the writer's database equal to `source`, in one transaction.
  void overwrite(Database& source);

 private:
  Database& writer();  // opened when first needed
  void bringUpToDate();

  const std::filesystem::path file_;
  mutable std::mutex reading_;
  std::unique_ptr<Database> reader_;
  std::mutex writing_;
  std::unique_ptr<Database> writer_;
};

}  // namespace attacca::store
