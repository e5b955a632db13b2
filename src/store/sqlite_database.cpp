#include "sqlite_database.h"

#include <cassert>
#include <cerrno>
#include <new>

#include <fmt/format.h>

#include "attacca/base/error.h"

namespace attacca::store {
namespace {

constexpr int kBusyTimeoutMs = 10'000;

// The path as a URI: everything but plain characters escaped, since a path may hold any byte.
std::string immutableUri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '.' || c == '-' || c == '_';
    if (plain) {
      uri += c;
    } else {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return uri + "?immutable=1";
}

std::string_view viewOf(const void* data, int size) {
  return data == nullptr ? std::string_view()
                         : std::string_view(static_cast<const char*>(data), std::size_t(size));
}

}  // namespace

Query::~Query() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Query::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_.fail(code);
  return false;
}

void Query::run() {
  while (step()) {
  }
}

bool Query::isNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double Query::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string Query::text(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  return std::string(viewOf(data, sqlite3_column_bytes(statement_, column)));
}

std::optional<int> Query::optionalInteger(int column) const {
  if (isNull(column)) return std::nullopt;
  return static_cast<int>(integer(column));
}

std::optional<double> Query::optionalReal(int column) const {
  if (isNull(column)) return std::nullopt;
  return real(column);
}

void Query::bind(int at, std::int64_t value) {
  if (const int code = sqlite3_bind_int64(statement_, at, value)) database_.fail(code);
}

void Query::bind(int at, double value) {
  if (const int code = sqlite3_bind_double(statement_, at, value)) database_.fail(code);
}

void Query::bind(int at, std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  if (const int code =
          sqlite3_bind_text64(statement_, at, data, text.size(),
                              borrows_ ? SQLITE_STATIC : SQLITE_TRANSIENT, SQLITE_UTF8)) {
    database_.fail(code);
  }
}

void Query::bind(int at, BytesView value) {
  const char* data = value.bytes.data() == nullptr ? "" : value.bytes.data();
  if (const int code = sqlite3_bind_blob64(statement_, at, data, value.bytes.size(),
                                           borrows_ ? SQLITE_STATIC : SQLITE_TRANSIENT)) {
    database_.fail(code);
  }
}

void Query::bind(int at, std::nullopt_t) {
  if (const int code = sqlite3_bind_null(statement_, at)) database_.fail(code);
}

Database::Database(const std::filesystem::path& file, Access access, bool as_immutable)
    : file_(file) {
  // How much memory SQLite takes, which nobody asks, it counts under a lock at every allocation.
  // Takes effect before its first use only.
  static const int kUncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(kUncounted);
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= access == Access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  if (access == Access::create) flags |= SQLITE_OPEN_CREATE;
  if (as_immutable) flags |= SQLITE_OPEN_URI;
  // A relative path that begins with "file:" would be taken for a URI in builds that ask for that.
  std::string name = std::filesystem::absolute(file).native();
  if (as_immutable) name = immutableUri(name);
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail(code);
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // sqlite_connections.h says who checkpoints.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void Database::execute(const std::string& sql) {
  if (const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr)) {
    fail(code);
  }
}

sqlite3_stmt* Database::prepared(std::string_view sql) {
  // Nearly always it is the same text in the same place as before.
  Recent& recent = recent_[sql.data()];
  if (recent.sql == sql && recent.statement != nullptr) {
    assert(sqlite3_stmt_busy(recent.statement) == 0);
    return recent.statement;
  }
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) fail(code);
    found = statements_.emplace(std::string(sql), StatementHandle(statement)).first;
  }
  assert(sqlite3_stmt_busy(found->second.get()) == 0);
  recent = {found->first, found->second.get()};
  return found->second.get();
}

void Database::fail(int code) const {
  const std::string message =
      handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_.get());
  const std::string& file = file_.native();
  const int system = handle_ == nullptr ? 0 : sqlite3_system_errno(handle_.get());
  switch (code & 0xff) {
    case SQLITE_NOMEM:
      throw std::bad_alloc();
    case SQLITE_FULL:
      throw Error(Fault::io, fmt::format("cannot write {}: the disk is full", file),
                  "free some space and run it again");
    case SQLITE_IOERR:
      if (system != 0) throwSystemError("use", file, system);
      throw Error(Fault::io, fmt::format("cannot use {}: {}", file, message));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Error(Fault::busy, fmt::format("{} is in use by another program", file),
                  "try again when that has finished");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      throw Error(Fault::corrupt, fmt::format("{} is damaged: {}", file, message),
                  "`attacca restore` brings a backup back");
    case SQLITE_READONLY:
      throw Error(Fault::io, fmt::format("cannot write to {}: it may only be read", file),
                  "check who owns it and its folder, and whether they may be written to");
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      // ENOENT may be about a file beside it.
      if (system != 0 && system != ENOENT) throwSystemError("open", file, system);
      throw Error(Fault::io, fmt::format("cannot open {}: {}", file, message),
                  "check who owns it and its folder, and whether they may be written to");
    default:
      throw Error(Fault::io, fmt::format("cannot use {}: {}", file, message));
  }
}

Transaction::Transaction(Database& database, Kind kind) : database_(database) {
  assert(!database.inTransaction());
  database_.run(kind == Kind::read ? "BEGIN" : "BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  // SQLite rolls back by itself after some faults, such as a full disk.
  if (!database_.inTransaction()) return;
  sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() { database_.run("COMMIT"); }

}  // namespace attacca::store
