#include "aspect_columns.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "attacca/base/aspects.h"

namespace attacca::index {

AspectColumns::AspectColumns(std::span<const std::string> names) : columns_(names.size()) {
  const auto find = [&](std::string_view name) -> std::optional<std::size_t> {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names.begin());
  };
  for (const AspectRule& rule : kAspectRules) {
    const auto at = find(rule.name);
    if (!at) continue;
    Column& column = columns_[*at];
    column.confidence = find(rule.confidence);
    if (column.confidence) columns_[*column.confidence].is_confidence = true;
    if (rule.steps == 0) continue;
    column.angle = 2 * std::numbers::pi * rule.stride / rule.steps;
    column.sine = names.size() + circles_++;
  }
}

std::vector<float> AspectColumns::widen(std::span<const float> row) const {
  assert(columns_.empty() || columns_.size() == row.size());
  std::vector<float> wide(row.begin(), row.end());
  wide.resize(widened(row.size()));
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!columns_[i].is_confidence) continue;
    bool known = std::isfinite(row[i]);
    for (std::size_t k = 0; k < columns_.size(); ++k) {
      if (columns_[k].confidence == i) known &= std::isfinite(row[k]);
    }
    wide[i] = known ? std::clamp(row[i], 0.0F, 1.0F) : 0.0F;
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = columns_[i];
    const float sure = column.confidence ? wide[*column.confidence] : 1.0F;
    if (column.angle != 0) {
      const double angle = column.angle * static_cast<double>(row[i]);
      wide[i] = sure == 0 ? 0.0F : static_cast<float>(sure * std::cos(angle));
      wide[column.sine] = sure == 0 ? 0.0F : static_cast<float>(sure * std::sin(angle));
    } else if (column.confidence) {
      wide[i] = sure == 0 ? 0.0F : sure * row[i];
    }
  }
  return wide;
}

bool AspectColumns::isConfidence(std::size_t column) const {
  return column < columns_.size() && columns_[column].is_confidence;
}

std::vector<FittedColumn> AspectColumns::fitted(std::size_t column) const {
  if (column >= columns_.size()) return {{column, std::nullopt}};
  const Column& known = columns_[column];
  std::vector<FittedColumn> result{{column, known.confidence}};
  if (known.angle != 0) result.push_back({known.sine, known.confidence});
  return result;
}

}  // namespace attacca::index
