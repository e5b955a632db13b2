// Tables as text: comma-separated values (RFC 4180), and the like.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace attacca {

struct CsvRow {
  std::int64_t line = 0;  // where it begins, from 1
  std::vector<std::string> fields;
  bool unterminated = false;  // a quote that nothing closes swallowed the rest of the text
};

// Reads rows one after the other; empty lines are passed over. `text` outlives the reader.
class CsvReader {
 public:
  // With `quotes`, a field that begins with a quotation mark ends with one.
  explicit CsvReader(std::string_view text, char separator = ',', bool quotes = true);
  std::optional<CsvRow> next();
  std::size_t position() const { return at_; }

 private:
  std::string field(bool& unterminated);
  bool atLineEnd() const;
  void skipLineEnd();

  std::string_view text_;
  char separator_;
  bool quotes_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
};

}  // namespace attacca
