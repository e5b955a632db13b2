#include "table_rows.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/csv.h"
#include "attacca/base/error.h"
#include "attacca/base/text.h"

#include "json_rows.h"

namespace attacca::app {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

void appendUtf8(std::string& text, unsigned code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | code >> 6);
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xE0 | code >> 12);
    text += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// Windows-1252 is Latin-1 with letters in the place of control characters, as files that call
// themselves Latin-1 have it.
std::string fromWindows1252(std::string_view bytes) {
  static constexpr std::array<unsigned, 32> kHigh = {
      0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (const char byte : bytes) {
    const auto code = static_cast<unsigned char>(byte);
    appendUtf8(text, code >= 0x80 && code < 0xA0 ? kHigh[code - 0x80] : code);
  }
  return text;
}

char separatorOf(std::string_view text) {
  const std::string_view head = text.substr(0, text.find_first_of("\r\n"));
  const auto count = [&](char c) { return std::count(head.begin(), head.end(), c); };
  if (count('\t') > count(',') && count('\t') >= count(';')) return '\t';
  return count(';') > count(',') ? ';' : ',';
}

Table readCsv(std::string_view text, std::string_view name) {
  Table table;
  CsvReader reader(text, separatorOf(text));
  const auto header = reader.next();
  if (!header) throw Error(Fault::refused, fmt::format("{} is empty", name));
  std::set<std::string> seen;
  for (std::size_t i = 0; i < header->fields.size(); ++i) {
    std::string column = cleanText(header->fields[i], 256);
    if (column.empty()) column = fmt::format("column {}", i + 1);
    if (!seen.insert(foldText(column)).second) {
      throw Error(
          Fault::refused,
          fmt::format("{}, line {}: there are two columns \"{}\"", name, header->line, column),
          "give each a name of its own");
    }
    table.columns.push_back(std::move(column));
  }
  while (auto read = reader.next()) {
    TableRow row;
    row.line = read->line;
    // What a spreadsheet leaves behind the last column.
    while (read->fields.size() > table.columns.size() && read->fields.back().empty()) {
      read->fields.pop_back();
    }
    const bool blank = std::all_of(read->fields.begin(), read->fields.end(),
                                   [](const auto& field) { return field.empty(); });
    if (blank) continue;
    if (read->unterminated) {
      row.fault = "a quotation mark is never closed";
    } else if (read->fields.size() != table.columns.size()) {
      row.fault = fmt::format("it has {} fields, the first line has {}", read->fields.size(),
                              table.columns.size());
    } else {
      for (std::size_t i = 0; i < read->fields.size(); ++i) {
        row.cells.emplace_back(table.columns[i], std::move(read->fields[i]));
      }
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

Table readTable(std::string text, std::string_view name) {
  std::vector<std::string> notes;
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    throw Error(Fault::refused, fmt::format("{} is in UTF-16", name), "save it as UTF-8");
  }
  if (text.find('\0') != std::string::npos) {
    throw Error(Fault::refused, fmt::format("{} is no text", name),
                "give a JSON or a CSV file; a spreadsheet can save one");
  }
  if (text.starts_with(kMark)) text.erase(0, kMark.size());
  if (!isValidUtf8(text)) {
    text = fromWindows1252(text);
    notes.push_back(fmt::format("{} is not UTF-8; it was read as Windows-1252 (Latin-1)", name));
  }
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) throw Error(Fault::refused, fmt::format("{} is empty", name));
  const bool json = text[first] == '[' || text[first] == '{';
  Table table = json ? readJson(text, name) : readCsv(text, name);
  table.notes = std::move(notes);
  return table;
}

}  // namespace attacca::app
