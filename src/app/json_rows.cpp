#include "json_rows.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "attacca/base/error.h"

namespace attacca::app {
namespace {

using Json = nlohmann::ordered_json;

// Finds where values begin and end, and on which line, without understanding them.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool atEnd() const { return at_ == text_.size(); }
  char now() const { return atEnd() ? '\0' : text_[at_]; }
  std::int64_t line() const { return line_; }
  void skipSpace() {
    while (!atEnd() && (now() == ' ' || now() == '\t' || now() == '\r' || now() == '\n')) step();
  }
  // Whether that character comes next, after white space; it is passed then.
  bool pass(char c) {
    skipSpace();
    if (now() != c || atEnd()) return false;
    step();
    return true;
  }
  // A whole value: up to its last bracket, quotation mark or letter. nullopt: the text ends first.
  std::optional<std::string_view> value() {
    const std::size_t begin = at_;
    if (now() == '"') {
      if (!string()) return std::nullopt;
      return text_.substr(begin, at_ - begin);
    }
    int depth = 0;
    while (!atEnd()) {
      const char c = now();
      if (c == '"') {
        if (!string()) return std::nullopt;
        continue;
      }
      if (depth == 0 && (c == ',' || c == ']' || c == '}' || c == '\n')) break;
      if (c == '[' || c == '{') ++depth;
      if (c == ']' || c == '}') --depth;
      step();
      if (depth == 0 && (c == ']' || c == '}')) break;
    }
    if (depth > 0) return std::nullopt;
    return text_.substr(begin, at_ - begin);
  }

 private:
  void step() {
    if (text_[at_] == '\n') ++line_;
    ++at_;
  }
  bool string() {
    step();
    while (!atEnd() && now() != '"') {
      if (now() == '\\') step();
      if (!atEnd()) step();
    }
    if (atEnd()) return false;
    step();
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
};

// NaN and Infinity are no JSON, but some programs write them for missing numbers.
std::string withoutNaN(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (bool inside = false; !text.empty();) {
    if (inside && text.front() == '\\' && text.size() > 1) {
      result.append(text.substr(0, 2));
      text.remove_prefix(2);
      continue;
    }
    if (text.front() == '"') inside = !inside;
    bool replaced = false;
    for (const std::string_view word : {"NaN", "-Infinity", "Infinity"}) {
      if (inside || !text.starts_with(word)) continue;
      result += "null";
      text.remove_prefix(word.size());
      replaced = true;
      break;
    }
    if (replaced) continue;
    result += text.front();
    text.remove_prefix(1);
  }
  return result;
}

std::string textOf(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return {};
  if (value.is_number_float()) {
    const double number = value.get<double>();
    constexpr double kExact = 9e15;
    // 12.0 is how tables with missing numbers have 12.
    if (std::abs(number) < kExact && number == std::floor(number)) {
      return std::to_string(static_cast<std::int64_t>(number));
    }
  }
  if (value.is_array()) {
    std::string joined;
    for (const Json& one : value) {
      const std::string text = textOf(one);
      if (!text.empty()) joined += (joined.empty() ? "" : ";") + text;
    }
    return joined;
  }
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

TableRow rowOf(std::optional<std::string_view> text, std::int64_t line) {
  TableRow row;
  row.line = line;
  if (!text) {
    row.fault = "the file ends before it does";
    return row;
  }
  if (text->empty() || text->front() != '{') {
    row.fault = fmt::format("it is no object but {}", text->substr(0, 40));
    return row;
  }
  try {
    const Json object = Json::parse(withoutNaN(*text));
    for (const auto& [key, value] : object.items()) row.cells.emplace_back(key, textOf(value));
  } catch (const nlohmann::json::exception&) {
    row.fault = "it is not valid JSON";
  }
  return row;
}

[[noreturn]] void wrongShape(std::string_view name, std::int64_t line, std::string_view what) {
  throw Error(Fault::refused, fmt::format("{}, line {}: {}", name, line, what),
              "expected is a list of objects, one a track: [{\"title\": ...}, ...]");
}

// At a '['.
std::vector<TableRow> readList(Scanner& scanner, std::string_view name) {
  std::vector<TableRow> rows;
  scanner.pass('[');
  if (scanner.pass(']')) return rows;
  while (true) {
    scanner.skipSpace();
    const std::int64_t line = scanner.line();
    rows.push_back(rowOf(scanner.value(), line));
    if (scanner.atEnd() && !rows.back().fault.empty()) return rows;
    if (scanner.pass(',')) {
      if (scanner.pass(']')) return rows;  // a comma too many harms nobody
      continue;
    }
    if (scanner.pass(']')) return rows;
    scanner.skipSpace();
    if (scanner.atEnd()) {
      rows.push_back({scanner.line(), {}, "the file ends in the middle of the list"});
      return rows;
    }
    wrongShape(name, scanner.line(), "a comma or a closing bracket is missing");
  }
}

// At a '{': an object that holds lists.
Table readObject(Scanner& scanner, std::string_view name) {
  Table table;
  bool found = false;
  scanner.pass('{');
  while (!scanner.pass('}')) {
    scanner.skipSpace();
    const auto key = scanner.value();
    if (!key || key->empty() || key->front() != '"' || !scanner.pass(':')) {
      wrongShape(name, scanner.line(), "a name and a colon are missing");
    }
    scanner.skipSpace();
    const bool albums = *key == "\"albums\"";
    if (scanner.now() == '[' && (albums || *key == "\"tracks\"")) {
      (albums ? table.albums : table.rows) = readList(scanner, name);
      found = found || !albums;
    } else if (!scanner.value()) {
      wrongShape(name, scanner.line(), "the file ends in the middle of it");
    }
    scanner.pass(',');
    scanner.skipSpace();
    if (scanner.atEnd()) break;
  }
  if (!found) wrongShape(name, 1, "it is one object without a list \"tracks\"");
  return table;
}

}  // namespace

Table readJson(std::string_view text, std::string_view name) {
  Scanner scanner(text);
  scanner.skipSpace();
  Table table;
  if (scanner.now() == '[') {
    table.rows = readList(scanner, name);
    scanner.skipSpace();
    if (!scanner.atEnd()) wrongShape(name, scanner.line(), "something follows the list");
  } else {
    Scanner first = scanner;
    const std::int64_t line = first.line();
    auto row = rowOf(first.value(), line);
    first.skipSpace();
    if (first.now() != '{') {
      table = readObject(scanner, name);
    } else {  // one object a line
      table.rows.push_back(std::move(row));
      while (!first.atEnd()) {
        const std::int64_t begin = first.line();
        table.rows.push_back(rowOf(first.value(), begin));
        first.pass(',');
        first.skipSpace();
      }
    }
  }
  std::unordered_set<std::string> seen;
  for (const auto& row : table.rows) {
    for (const auto& [column, value] : row.cells) {
      if (seen.insert(column).second) table.columns.push_back(column);
    }
  }
  return table;
}

}  // namespace attacca::app
