#include "attacca/store/sqlite_archive.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "attacca/base/error.h"

#include "sqlite_catalogue.h"
#include "sqlite_connections.h"
#include "sqlite_log.h"
#include "sqlite_migration.h"

namespace attacca::store {
namespace {

namespace fs = std::filesystem;

fs::path with(const fs::path& file, std::string_view suffix) {
  fs::path path = file;
  path += suffix;
  return path;
}

void addProblems(Database& database, std::vector<std::string>& problems) {
  Query faults = database.query("PRAGMA integrity_check(20)");
  while (faults.step()) {
    if (const std::string fault = faults.text(0); fault != "ok") problems.push_back(fault);
  }
  Query orphans = database.query("PRAGMA foreign_key_check");
  while (orphans.step() && problems.size() < 40) {
    problems.push_back(fmt::format("row {} of {} names a row of {} that is not there",
                                   orphans.integer(1), orphans.text(0), orphans.text(2)));
  }
  Query stale = database.query(
      "SELECT id FROM tracks WHERE offline = EXISTS (SELECT 1 FROM places "
      "WHERE track_id = tracks.id AND places.offline = 0) LIMIT 20");
  while (stale.step()) {
    problems.push_back(
        fmt::format("track {} does not know whether its files are there", stale.integer(0)));
  }
}

// Throws Fault::corrupt for a backup that cannot be trusted.
void checkBackup(Database& backup) {
  if (schemaVersionOf(backup) == 0) {
    throw Error(Fault::corrupt, fmt::format("{} holds no archive", backup.file().native()));
  }
  Query faults = backup.query("PRAGMA integrity_check(1)");
  if (!faults.step() || faults.text(0) != "ok") {
    throw Error(Fault::corrupt,
                fmt::format("{} is damaged and was not restored", backup.file().native()),
                "restore another backup");
  }
}

}  // namespace

struct SqliteArchive::State {
  State(fs::path file, OpenMode mode)
      : connections(std::move(file), mode), catalogue(connections), log(connections) {}

  SqliteConnections connections;
  SqliteCatalogue catalogue;
  SqliteLog log;
};

SqliteArchive::SqliteArchive(fs::path file, OpenMode mode)
    : state_(std::make_unique<State>(std::move(file), mode)) {}
SqliteArchive::~SqliteArchive() = default;

archive::Catalogue& SqliteArchive::catalogue() { return state_->catalogue; }
const archive::Catalogue& SqliteArchive::catalogue() const { return state_->catalogue; }
archive::ListeningLog& SqliteArchive::log() { return state_->log; }
const archive::ListeningLog& SqliteArchive::log() const { return state_->log; }

void SqliteArchive::backup(const fs::path& to) const {
  // A connection of its own, so that nobody waits for it.
  const auto source = openToRead(state_->connections.file());
  const fs::path unfinished = with(to, ".unfinished");
  std::error_code ignored;
  fs::remove(unfinished, ignored);
  try {
    source->run("VACUUM INTO ?", fs::absolute(unfinished).native());
    const UniqueFd copy(::open(unfinished.c_str(), O_RDONLY | O_CLOEXEC));
    if (!copy || ::fsync(copy.get()) != 0) throwErrno("write", to.native());
    if (::rename(unfinished.c_str(), to.c_str()) != 0) throwErrno("write", to.native());
  } catch (...) {
    fs::remove(unfinished, ignored);
    throw;
  }
  syncFolder(fs::absolute(to).parent_path());
}

std::vector<std::string> SqliteArchive::check() const {
  std::vector<std::string> problems;
  try {
    const auto database = openToRead(state_->connections.file());
    addProblems(*database, problems);
  } catch (const Error& error) {
    if (error.fault() != Fault::corrupt) throw;
    problems.push_back(error.problem());
  }
  return problems;
}

void restoreDatabase(const fs::path& database, const fs::path& from) {
  const auto backup = openToRead(from);
  checkBackup(*backup);
  try {
    SqliteConnections(database, OpenMode::create).overwrite(*backup);
  } catch (const Error& error) {
    if (error.fault() != Fault::corrupt) throw;
    for (const std::string_view suffix : {"-wal", "-shm", ""}) {
      const fs::path part = with(database, suffix);
      if (::rename(part.c_str(), with(database, ".damaged").concat(suffix).c_str()) != 0 &&
          errno != ENOENT) {
        throwErrno("set aside", part.native());
      }
    }
    SqliteConnections(database, OpenMode::create).overwrite(*backup);
  }
}

}  // namespace attacca::store
