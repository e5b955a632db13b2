// The named numbers of a part of kind aspects, as they are compared.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fit.h"

namespace attacca::index {

// A row is widened before it is fitted, as kAspectRules (attacca/base/aspects.h) says of its
// columns' names:
// - a number v with a confidence c, from 0 to 1, becomes c v;
// - a number v on a circle of n steps becomes c cos a at its place and c sin a at the row's end,
//   a being 2 pi stride v / n, and c 1 where it has no confidence;
// - a confidence stays, but is 0 where it, or a number that it is of, is not finite;
// - everything else stays.
class AspectColumns {
 public:
  // Without names, rows stay as they are.
  explicit AspectColumns(std::span<const std::string> names);

  std::size_t widened(std::size_t in) const { return in + circles_; }
  std::vector<float> widen(std::span<const float> row) const;

  // It says how sure others are, and is none to be compared.
  bool isConfidence(std::size_t column) const;
  // The columns of a widened row that a column of the row is compared by.
  std::vector<FittedColumn> fitted(std::size_t column) const;

 private:
  struct Column {
    std::optional<std::size_t> confidence;
    double angle = 0;      // of a step, on a circle
    std::size_t sine = 0;  // where it stands in a widened row, on a circle
    bool is_confidence = false;
  };
  std::vector<Column> columns_;
  std::size_t circles_ = 0;
};

}  // namespace attacca::index
