#include "frames.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace attacca::index {
namespace {

constexpr double kMaxCode = 127;
// A value of so many times the root mean square of a sequence gets the largest code; few are
// larger.
constexpr double kWidestRms = 5;

std::int8_t codeOf(double value) {
  return static_cast<std::int8_t>(std::clamp(std::nearbyint(value), -kMaxCode, kMaxCode));
}

}  // namespace

void Frames::add(PartKind kind, const Fit& fit, MatrixView<float> rows) {
  columns = fit.columns(rows.cols);
  std::vector<float> values(rows.rows * columns);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    fit.apply(rows.row(i), {values.data() + i * columns, columns});
  }
  for (float& value : values) {
    if (!std::isfinite(value)) value = 0;
  }
  double scale = kMaxCode;
  if (kind == PartKind::sequence) {
    std::vector<double> mean(columns);
    for (std::size_t i = 0; i < values.size(); ++i) {
      mean[i % columns] += static_cast<double>(values[i]);
    }
    for (double& sum : mean) sum /= static_cast<double>(std::max<std::size_t>(rows.rows, 1));
    double squares = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double value = static_cast<double>(values[i]) - mean[i % columns];
      values[i] = static_cast<float>(value);
      squares += value * value;
    }
    const double rms =
        std::sqrt(squares / static_cast<double>(std::max<std::size_t>(values.size(), 1)));
    scale = rms > 0 ? kMaxCode / (kWidestRms * rms) : 0;
  }
  codes.reserve(codes.size() + values.size());
  for (const float value : values) codes.push_back(codeOf(scale * static_cast<double>(value)));
  offsets.push_back(offsets.back() + static_cast<std::int64_t>(rows.rows));
}

}  // namespace attacca::index
