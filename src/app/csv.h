// Comma-separated values, RFC 4180.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace attacca::app {

struct CsvRow {
  std::int64_t line = 0;  // where it begins, from 1
  std::vector<std::string> fields;
  bool unterminated = false;  // a quote that nothing closes swallowed the rest of the text
};

// Reads rows one after the other; empty lines are passed over. `text` outlives the reader.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text, char separator = ',');
  std::optional<CsvRow> next();
  std::size_t position() const { return at_; }

 private:
  std::string field(bool& unterminated);
  bool atLineEnd() const;
  void skipLineEnd();

  std::string_view text_;
  char separator_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
};

}  // namespace attacca::app
