#include "sqlite_connections.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "attacca/base/error.h"

#include "schema.h"
#include "sqlite_migration.h"

namespace attacca::store {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLongestWait{60};
constexpr std::chrono::milliseconds kLongestSleep{16};

fs::path beside(const fs::path& file, std::string_view suffix) {
  fs::path path = file;
  path += suffix;
  return path;
}

// Nothing is waiting in the log and nothing is half written, so the file alone is the database.
bool isWholeByItself(const fs::path& file) {
  const auto isEmpty = [&file](std::string_view suffix) {
    std::error_code absent;
    const auto size = fs::file_size(beside(file, suffix), absent);
    return absent || size == 0;
  };
  return isEmpty("-wal") && isEmpty("-journal");
}

bool mayWrite(const fs::path& file) {
  const fs::path folder = fs::absolute(file).parent_path();
  return ::access(file.c_str(), W_OK) == 0 && ::access(folder.c_str(), W_OK) == 0;
}

// A program that was killed while it made the database left a rollback journal, which a connection
// that only reads may not play back.
void rollBack(const fs::path& file) {
  const FileLock turn = lockForWriting(file);
  schemaVersionOf(*std::make_unique<Database>(file, Database::Access::write));
}

}  // namespace

FileLock lockForWriting(const fs::path& file) {
  const fs::path lock = beside(file, "-lock");
  const auto start = std::chrono::steady_clock::now();
  for (std::chrono::milliseconds sleep{1};; sleep = std::min(2 * sleep, kLongestSleep)) {
    if (auto held = FileLock::tryLock(lock)) return std::move(*held);
    if (std::chrono::steady_clock::now() - start > kLongestWait) {
      throw Error(Fault::busy,
                  fmt::format("another program has been writing to {} for {} seconds",
                              file.native(), kLongestWait.count()),
                  "try again when that has finished");
    }
    std::this_thread::sleep_for(sleep);
  }
}

std::unique_ptr<Database> openToRead(const fs::path& file) {
  std::error_code fault;
  if (!fs::exists(file, fault)) {
    throwSystemError("open", file.native(), fault ? fault.value() : ENOENT);
  }
  const auto open = [&file](bool as_immutable) {
    auto database = std::make_unique<Database>(file, Database::Access::read, as_immutable);
    schemaVersionOf(*database);
    return database;
  };
  try {
    return open(false);
  } catch (const Error& error) {
    if (error.fault() != Fault::io) throw;
  }
  if (mayWrite(file)) {
    rollBack(file);
    return open(false);
  }
  // In a folder that cannot be written to, SQLite cannot make the files it keeps beside one.
  if (!isWholeByItself(file)) {
    throw Error(
        Fault::io,
        fmt::format("{} was not closed cleanly and its folder cannot be written to", file.native()),
        "copy the archive to a place that can be written to");
  }
  return open(true);
}

SqliteConnections::SqliteConnections(fs::path file, OpenMode mode) : file_(std::move(file)) {
  std::error_code fault;
  if (!fs::exists(file_, fault)) {
    if (fault) throwSystemError("open", file_.native(), fault.value());
    if (mode == OpenMode::existing) {
      throw Error(Fault::notFound, fmt::format("there is no database {}", file_.native()),
                  "`attacca add FOLDER` makes an archive");
    }
    bringUpToDate();
  }
  reader_ = openToRead(file_);
  if (schemaVersionOf(*reader_) < currentSchemaVersion()) bringUpToDate();
}

SqliteConnections::~SqliteConnections() {
  if (!writer_) return;
  try {
    const auto turn = FileLock::tryLock(beside(file_, "-lock"));
    if (!turn) return;  // who holds it empties the log later
    sqlite3_busy_timeout(writer_->handle(), 0);
    sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                              nullptr);
  } catch (const Error&) {
    // Nothing is lost: the log holds what was written.
  }
}

Database& SqliteConnections::writer() {
  if (!writer_) {
    auto database = std::make_unique<Database>(file_, Database::Access::create);
    database->execute("PRAGMA journal_mode = WAL");
    database->execute("PRAGMA synchronous = FULL");
    writer_ = std::move(database);
  }
  return *writer_;
}

void SqliteConnections::bringUpToDate() {
  const std::lock_guard guard(writing_);
  const FileLock turn = lockForWriting(file_);
  migrate(writer(), schemaVersions());
  syncFolder(fs::absolute(file_).parent_path());
}

void SqliteConnections::overwrite(Database& source) {
  {
    const std::lock_guard guard(writing_);
    const FileLock turn = lockForWriting(file_);
    Database& database = writer();
    sqlite3_backup* copy = sqlite3_backup_init(database.handle(), "main", source.handle(), "main");
    if (copy == nullptr) database.fail(sqlite3_extended_errcode(database.handle()));
    sqlite3_backup_step(copy, -1);
    if (const int code = sqlite3_backup_finish(copy)) database.fail(code);
    sqlite3_wal_checkpoint_v2(database.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                              nullptr);
  }
  bringUpToDate();
}

}  // namespace attacca::store
