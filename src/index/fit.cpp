#include "fit.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include <Eigen/Core>
#include <Eigen/Eigenvalues>

namespace attacca::index {
namespace {

// Directions in which hardly anything varies are noise of rounding: their variance counts as at
// least this part of the average.
constexpr double kLeastVariance = 1e-7;

}  // namespace

void Fit::apply(std::span<const float> row, std::span<float> out) const {
  if (identity()) {
    std::copy(row.begin(), row.end(), out.begin());
    return;
  }
  assert(row.size() == in_ && out.size() == columns(in_));
  const float* const mean = table_.data();
  for (std::size_t j = 0; j < out.size(); ++j) {
    const float* const axis = table_.data() + (j + 1) * in_;
    double sum = 0;
    for (std::size_t k = 0; k < in_; ++k) {
      if (!std::isfinite(row[k])) continue;
      sum += static_cast<double>(axis[k]) *
             (static_cast<double>(row[k]) - static_cast<double>(mean[k]));
    }
    out[j] = static_cast<float>(sum);
  }
}

Fit fitWhitening(MatrixView<float> rows, std::size_t dimensions, double shrinkage) {
  const std::size_t in = rows.cols;
  assert(rows.rows > in && dimensions <= in);
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto size = static_cast<Eigen::Index>(in);
  Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(size);
  Matrix covariance = Matrix::Zero(size, size);
  constexpr std::size_t kBlock = 1024;
  using Floats = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto block = [&](std::size_t begin) -> Matrix {
    const std::size_t count = std::min(kBlock, rows.rows - begin);
    return Eigen::Map<const Floats>(rows.row(begin).data(), static_cast<Eigen::Index>(count), size)
        .cast<double>();
  };
  for (std::size_t begin = 0; begin < rows.rows; begin += kBlock) {
    mean += block(begin).colwise().sum();
  }
  mean /= static_cast<double>(rows.rows);
  for (std::size_t begin = 0; begin < rows.rows; begin += kBlock) {
    const Matrix centred = block(begin).rowwise() - mean;
    covariance.selfadjointView<Eigen::Lower>().rankUpdate(centred.transpose());
  }
  covariance /= static_cast<double>(rows.rows - 1);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(
      Eigen::MatrixXd(covariance.selfadjointView<Eigen::Lower>()));
  const auto& variances = solver.eigenvalues();  // ascending
  const double average = std::max(variances.sum(), 0.0) / static_cast<double>(in);

  std::vector<float> table((1 + dimensions) * in);
  for (std::size_t k = 0; k < in; ++k) {
    table[k] = static_cast<float>(mean(static_cast<Eigen::Index>(k)));
  }
  for (std::size_t j = 0; j < dimensions; ++j) {
    const Eigen::Index at = size - 1 - static_cast<Eigen::Index>(j);
    const double variance = std::max((1 - shrinkage) * variances(at) + shrinkage * average,
                                     std::max(kLeastVariance * average, 1e-30));
    const auto axis = solver.eigenvectors().col(at);
    // An axis and its opposite are as good: the largest element is positive.
    Eigen::Index largest = 0;
    axis.cwiseAbs().maxCoeff(&largest);
    const double scale = (axis(largest) < 0 ? -1 : 1) / std::sqrt(variance);
    for (std::size_t k = 0; k < in; ++k) {
      table[(j + 1) * in + k] = static_cast<float>(scale * axis(static_cast<Eigen::Index>(k)));
    }
  }
  return {std::move(table), in};
}

Fit fitColumns(MatrixView<float> rows, std::span<const FittedColumn> columns) {
  const std::size_t in = rows.cols;
  std::vector<float> table((1 + columns.size()) * in);
  for (std::size_t j = 0; j < columns.size(); ++j) {
    const auto& [column, confidence] = columns[j];
    const auto each = [&](const auto& use) {
      for (std::size_t i = 0; i < rows.rows; ++i) {
        const auto value = static_cast<double>(rows.row(i)[column]);
        const double weight = confidence ? static_cast<double>(rows.row(i)[*confidence]) : 1;
        if (std::isfinite(value) && weight > 0) use(value / weight, weight);
      }
    };
    double sum = 0;
    double squares = 0;
    double weights = 0;
    each([&](double value, double weight) {
      sum += weight * value;
      weights += weight;
    });
    const double mean = weights > 0 ? sum / weights : 0;
    each([&](double value, double weight) { squares += weight * (value - mean) * (value - mean); });
    const double deviation = weights > 0 ? std::sqrt(squares / weights) : 0;
    const bool varies = deviation > 1e-6 * std::max(1.0, std::abs(mean));
    float* const axis = table.data() + (j + 1) * in;
    axis[column] = varies ? static_cast<float>(1 / deviation) : 0.0F;
    if (confidence) {
      axis[*confidence] = varies ? static_cast<float>(-mean / deviation) : 0.0F;
    } else {
      table[column] = static_cast<float>(mean);
    }
  }
  return {std::move(table), in};
}

}  // namespace attacca::index
