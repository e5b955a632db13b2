// What is fitted on an archive's own rows: how a row of a representation becomes a row of a part.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "attacca/base/npy.h"

namespace attacca::index {

// out[j] = sum over k of axes[j][k] (row[k] - mean[k]).
class Fit {
 public:
  Fit() = default;  // leaves rows as they are
  // `table` is (1 + out) x in: the mean, then the axes.
  explicit Fit(MatrixView<float> table)
      : table_(table.all().begin(), table.all().end()), in_(table.cols) {}
  Fit(std::vector<float> table, std::size_t in) : table_(std::move(table)), in_(in) {}

  bool identity() const { return table_.empty(); }
  std::size_t columns(std::size_t in) const { return identity() ? in : table_.size() / in_ - 1; }
  MatrixView<float> table() const {
    return {table_.data(), in_ == 0 ? 0 : table_.size() / in_, in_};
  }

  // `out` has columns(row.size()) elements. What is not finite counts as the mean. Sums are in
  // double precision in one order.
  void apply(std::span<const float> row, std::span<float> out) const;

 private:
  std::vector<float> table_;
  std::size_t in_ = 0;
};

// Principal axes of `rows` (finite; more of them than columns), each divided by the root of its
// variance, shrunk as recipe.h says. The eigenvectors' last bits depend on machine and build; what
// follows from a stored fit does not.
Fit fitWhitening(MatrixView<float> rows, std::size_t dimensions, double shrinkage);

struct FittedColumn {
  std::size_t column = 0;
  // Of a column that holds c v: the column that holds c, how sure v is.
  std::optional<std::size_t> confidence;
};

// Of each of `columns`, in their order: its value minus the mean of all rows, divided by the
// standard deviation; with a confidence c, mean and deviation of v are weighed by it, and the
// result is c (v - mean) / deviation, so that what is not known at all counts as the mean. A column
// that is the same in all rows becomes 0. What is not finite is left out.
Fit fitColumns(MatrixView<float> rows, std::span<const FittedColumn> columns);

}  // namespace attacca::index
