// Tables for people: aligned columns, by the width that characters take on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace attacca::cli {

// Columns of a terminal that the text takes.
std::size_t displayWidth(std::string_view text);
// Valid UTF-8 on one line, at most `columns` wide; a cut is shown as "…".
std::string fitted(std::string_view text, std::size_t columns);

class Table {
 public:
  enum class Align { left, right };
  struct Column {
    std::string head;
    Align align = Align::left;
    bool flexible = false;  // may be cut where the table is too wide
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  // A cell is indented by the spaces that it begins with.
  void add(std::vector<std::string> row);
  bool empty() const { return rows_.empty(); }
  // At most `width` columns wide where flexible columns allow it; 0: as wide as it comes.
  std::string text(std::size_t width) const;

 private:
  std::vector<std::size_t> widths(std::size_t width) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace attacca::cli
