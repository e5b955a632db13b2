#include "attacca/base/csv.h"

namespace attacca {

CsvReader::CsvReader(std::string_view text, char separator, bool quotes)
    : text_(text), separator_(separator), quotes_(quotes) {
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
}

std::optional<CsvRow> CsvReader::next() {
  while (at_ < text_.size() && atLineEnd()) skipLineEnd();
  if (at_ == text_.size()) return std::nullopt;
  CsvRow row;
  row.line = line_;
  while (true) {
    row.fields.push_back(field(row.unterminated));
    if (at_ == text_.size()) break;
    if (atLineEnd()) {
      skipLineEnd();
      break;
    }
    ++at_;  // the separator
  }
  return row;
}

std::string CsvReader::field(bool& unterminated) {
  std::string value;
  bool quoted = false;
  if (quotes_ && at_ < text_.size() && text_[at_] == '"') {
    quoted = true;
    ++at_;
  }
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (quoted) {
      ++at_;
      if (c == '\n') ++line_;
      if (c != '"') {
        value += c;
      } else if (at_ < text_.size() && text_[at_] == '"') {
        value += '"';
        ++at_;
      } else {
        quoted = false;  // what follows up to the comma is taken as it is
      }
      continue;
    }
    if (c == separator_ || atLineEnd()) return value;
    value += c;
    ++at_;
  }
  unterminated = unterminated || quoted;
  return value;
}

bool CsvReader::atLineEnd() const { return text_[at_] == '\n' || text_[at_] == '\r'; }

void CsvReader::skipLineEnd() {
  if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
  ++at_;
  ++line_;
}

}  // namespace attacca
