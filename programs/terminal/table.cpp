#include "table.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

#include <utf8proc.h>

#include "attacca/base/text.h"

namespace attacca::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeastColumn = 8;  // a flexible column is not cut below

// Calls `each(length in bytes, columns)` for every character of valid UTF-8.
template <class Each>
void forEachCharacter(std::string_view text, Each each) {
  for (std::size_t at = 0; at < text.size();) {
    utf8proc_int32_t point = 0;
    const auto length = std::max<utf8proc_ssize_t>(
        1, utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                            static_cast<utf8proc_ssize_t>(text.size() - at), &point));
    const int columns = point < 0 ? 1 : utf8proc_charwidth(point);
    if (!each(static_cast<std::size_t>(length), static_cast<std::size_t>(std::max(columns, 0)))) {
      return;
    }
    at += static_cast<std::size_t>(length);
  }
}

std::size_t indentOf(std::string_view cell) {
  const std::size_t at = cell.find_first_not_of(' ');
  return at == std::string_view::npos ? 0 : at;
}

}  // namespace

std::size_t displayWidth(std::string_view text) {
  std::size_t width = 0;
  forEachCharacter(text, [&](std::size_t, std::size_t columns) {
    width += columns;
    return true;
  });
  return width;
}

std::string fitted(std::string_view text, std::size_t columns) {
  std::string clean = cleanText(text, text.size() * 3 + 1);
  if (displayWidth(clean) <= columns) return clean;
  std::size_t bytes = 0;
  std::size_t used = 1;  // the ellipsis
  forEachCharacter(clean, [&](std::size_t length, std::size_t width) {
    if (used + width > columns) return false;
    used += width;
    bytes += length;
    return true;
  });
  return clean.substr(0, bytes) + "…";
}

void Table::add(std::vector<std::string> row) {
  assert(row.size() == columns_.size());
  for (auto& cell : row) {
    cell = std::string(indentOf(cell), ' ') + cleanText(cell, cell.size() * 3 + 1);
  }
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::widths(std::size_t width) const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t widest = displayWidth(columns_[i].head);
    for (const auto& row : rows_) widest = std::max(widest, displayWidth(row[i]));
    widths.push_back(widest);
  }
  if (width == 0) return widths;
  const auto total = [&] {
    return std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1));
  };
  // The widest flexible column gives way until all fit.
  while (total() > width) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const bool may = columns_[i].flexible && widths[i] > kLeastColumn;
      if (may && (widest == nullptr || widths[i] > *widest)) widest = &widths[i];
    }
    if (widest == nullptr) break;
    --*widest;
  }
  return widths;
}

std::string Table::text(std::size_t width) const {
  const auto sizes = widths(width);
  std::string text;
  const auto line = [&](const auto& cell_of) {
    std::string row;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string_view whole = cell_of(i);
      const std::size_t indent = std::min(indentOf(whole), sizes[i]);
      const std::string cell = std::string(indent, ' ') + fitted(whole, sizes[i] - indent);
      const std::string space(sizes[i] - std::min(sizes[i], displayWidth(cell)), ' ');
      if (i > 0) row.append(kGap, ' ');
      row += columns_[i].align == Align::right ? space + cell : cell + space;
    }
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + "\n";
  };
  const bool headed = std::any_of(columns_.begin(), columns_.end(),
                                  [](const Column& column) { return !column.head.empty(); });
  if (headed) line([&](std::size_t i) { return std::string_view(columns_[i].head); });
  for (const auto& row : rows_) line([&](std::size_t i) { return std::string_view(row[i]); });
  return text;
}

}  // namespace attacca::cli
