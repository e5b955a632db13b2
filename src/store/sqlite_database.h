// SQLite with owners and exceptions; the only header of Attacca that knows its C interface.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <sqlite3.h>

#include "attacca/base/id.h"

namespace attacca::store {

// Bound as a BLOB, where a string_view is bound as TEXT.
struct BytesView {
  std::string_view bytes;
};

struct StatementEnd {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, StatementEnd>;

class Database;

// A statement while it runs, its parameters bound; ready for its next use when this goes.
class Query {
 public:
  Query(Query&& other) noexcept
      : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)) {}
  Query& operator=(Query&&) = delete;
  ~Query();

  bool step();  // false: no more rows
  void run();   // to the end, for statements whose rows do not matter

  // Columns count from 0.
  bool isNull(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  bool flag(int column) const { return integer(column) != 0; }
  std::string text(int column) const;  // of TEXT or BLOB
  std::optional<int> optionalInteger(int column) const;
  std::optional<double> optionalReal(int column) const;

 private:
  friend class Database;
  Query(Database& database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}

  void bind(int at, std::int64_t value);
  void bind(int at, int value) { bind(at, std::int64_t{value}); }
  void bind(int at, bool value) { bind(at, std::int64_t{value}); }
  void bind(int at, double value);
  void bind(int at, std::string_view text);
  void bind(int at, const std::string& text) { bind(at, std::string_view(text)); }
  void bind(int at, BytesView value);
  void bind(int at, std::nullopt_t);
  template <class Tag>
  void bind(int at, Id<Tag> id) {
    bind(at, id.value);
  }
  template <class Value>
  void bind(int at, const std::optional<Value>& value) {
    if (value) {
      bind(at, *value);
    } else {
      bind(at, std::nullopt);
    }
  }

  template <class Value>
  void bindNext(int& at, const Value& value) {
    bind(++at, value);
  }
  void bindNext(int& at, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) bind(++at, text);
  }

  Database& database_;
  sqlite3_stmt* statement_;
  bool borrows_ = false;  // texts and bytes are not copied
};

// One connection. One thread at a time.
class Database {
 public:
  enum class Access { read, write, create };

  // `as_immutable` reads a file that nobody changes, without locks and without files beside it.
  Database(const std::filesystem::path& file, Access access, bool as_immutable = false);

  // Binds the values in order, a list of texts one after the other. A statement is prepared once
  // and kept, so the same text must not be used again while its Query is alive.
  template <class... Values>
  Query query(std::string_view sql, const Values&... values) {
    Query query(*this, prepared(sql));
    [[maybe_unused]] int at = 0;
    (query.bindNext(at, values), ...);
    return query;
  }
  template <class... Values>
  void run(std::string_view sql, const Values&... values) {
    Query query(*this, prepared(sql));
    query.borrows_ = true;  // the values outlive the statement's run
    [[maybe_unused]] int at = 0;
    (query.bindNext(at, values), ...);
    query.run();
  }
  // The first column of the first row; 0 without a row.
  template <class... Values>
  std::int64_t integer(std::string_view sql, const Values&... values) {
    Query rows = query(sql, values...);
    return rows.step() ? rows.integer(0) : 0;
  }
  void execute(const std::string& sql);  // not kept

  std::int64_t changes() const { return sqlite3_changes64(handle_.get()); }
  std::int64_t lastId() const { return sqlite3_last_insert_rowid(handle_.get()); }
  bool inTransaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }
  sqlite3* handle() const { return handle_.get(); }
  const std::filesystem::path& file() const { return file_; }

  [[noreturn]] void fail(int code) const;  // throws the Error that a result code means

 private:
  struct End {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };

  sqlite3_stmt* prepared(std::string_view sql);

  std::filesystem::path file_;
  std::unique_ptr<sqlite3, End> handle_;
  std::unordered_map<std::string, StatementHandle, TextHash, std::equal_to<>> statements_;
  struct Recent {
    std::string_view sql;  // of statements_
    sqlite3_stmt* statement = nullptr;
  };
  std::unordered_map<const char*, Recent> recent_;  // by where the text stood
};

// Rolled back unless committed.
class Transaction {
 public:
  enum class Kind { read, write };

  Transaction(Database& database, Kind kind);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Database& database_;
};

}  // namespace attacca::store
