// One description of the database, from which the statements of every dialect are made.
//
// The description is the list of its versions, each a list of steps from the version before. A
// released version is never changed; a new one is added behind it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace attacca::store {

enum class ColumnType {
  id,         // primary key, given by the database, never given again
  reference,  // id of a row of Column::references
  integer,    // 64 bits
  real,       // 64 bits
  text,       // UTF-8, compared byte by byte
  bytes,      // compared byte by byte; paths are bytes
  flag,
  time,  // milliseconds since 1970
};

struct Column {
  std::string_view name;
  ColumnType type;
  bool nullable = false;
  std::string_view references = {};  // a table, for ColumnType::reference
};

struct Index {
  std::string_view name;
  std::vector<std::string_view> columns;
  bool unique = false;
};

struct Table {
  std::string_view name;
  std::vector<Column> columns;
  std::vector<std::string_view> primary_key = {};  // empty where a column is ColumnType::id
  std::vector<Index> indexes = {};
};

struct CreateTable {
  Table table;
};
// Rows that are there already get NULL, so the column must be nullable.
struct AddColumn {
  std::string_view table;
  Column column;
};
// The column of that name may be NULL from now on. `table` is what the table becomes; SQLite, which
// cannot change a column, makes it anew with the same rows.
struct AllowNull {
  Table table;
  std::string_view column;
};
struct DropIndex {
  std::string_view name;
};
struct CreateIndex {
  std::string_view table;
  Index index;
};
// A change of rows, in SQL that every dialect understands.
struct ChangeRows {
  std::string_view sql;
};
using Step = std::variant<CreateTable, AddColumn, AllowNull, CreateIndex, DropIndex, ChangeRows>;

struct SchemaVersion {
  int number = 0;
  std::vector<Step> steps;
};

// Version 1 first. The last is the one this program reads and writes.
std::span<const SchemaVersion> schemaVersions();
int currentSchemaVersion();

enum class Dialect { sqlite, postgresql };
// Statements, each without its final semicolon.
std::vector<std::string> statements(const Step& step, Dialect dialect);

}  // namespace attacca::store
