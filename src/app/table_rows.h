// Rows of a table in a file, whatever kind of file it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/archive/row_reader.h"

namespace attacca::app {

struct TableRow {
  std::int64_t line = 0;  // where it begins, from 1
  archive::Cells cells;
  std::string fault;  // why it cannot be used; "" where it can
};

struct Table {
  std::vector<TableRow> rows;
  std::vector<TableRow> albums;  // of a JSON object that has both
  std::vector<std::string> columns;
  std::vector<std::string> notes;  // about the file as a whole
};

// `text` is the whole file: JSON (a list of objects, an object with a list "tracks", or one object
// a line) or CSV (separated by commas, semicolons or tabs, as the first line tells), in UTF-8 with
// or without a byte order mark; text that is not UTF-8 is read as Windows-1252, and a note says so.
// Throws Fault::refused, naming `name` and the line, for what is neither.
Table readTable(std::string text, std::string_view name);

}  // namespace attacca::app
