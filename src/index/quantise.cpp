#include "quantise.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "score_kernels.h"

namespace attacca::index {
namespace {

constexpr int kMaxCode = 127;

float roundedUp(double value) {
  const auto nearest = static_cast<float>(value);
  return std::nextafter(nearest, std::numeric_limits<float>::infinity());
}

}  // namespace

std::size_t codeStride(std::size_t dimension) {
  return (dimension + kCodeBlock - 1) / kCodeBlock * kCodeBlock;
}

std::vector<float> meanVector(MatrixView<float> vectors) {
  std::vector<double> sums(vectors.cols);
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    const auto row = vectors.row(i);
    for (std::size_t j = 0; j < sums.size(); ++j) sums[j] += static_cast<double>(row[j]);
  }
  std::vector<float> mean(vectors.cols);
  if (vectors.rows == 0) return mean;
  for (std::size_t j = 0; j < sums.size(); ++j) {
    mean[j] = static_cast<float>(sums[j] / static_cast<double>(vectors.rows));
  }
  return mean;
}

Codes quantise(MatrixView<float> vectors, std::span<const float> centre) {
  const std::size_t stride = codeStride(vectors.cols);
  Codes result;
  result.codes.resize(vectors.rows * stride);
  result.bounds.resize(vectors.rows);
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    const auto row = vectors.row(i);
    float largest = 0;
    for (std::size_t j = 0; j < row.size(); ++j) {
      largest = std::max(largest, std::abs(row[j] - centre[j]));
    }
    const float scale = largest / kMaxCode;
    const float inverse = scale > 0 ? 1 / scale : 0;
    std::int8_t* codes = result.codes.data() + i * stride;
    double rest = 0;
    for (std::size_t j = 0; j < row.size(); ++j) {
      const float code = std::clamp(std::nearbyint((row[j] - centre[j]) * inverse),
                                    -static_cast<float>(kMaxCode), static_cast<float>(kMaxCode));
      codes[j] = static_cast<std::int8_t>(code);
      const double left = static_cast<double>(row[j]) - static_cast<double>(centre[j]) -
                          static_cast<double>(scale) * static_cast<double>(code);
      rest += left * left;
    }
    result.bounds[i] = {scale, roundedUp(std::sqrt(rest))};
  }
  return result;
}

QuantisedQuery quantiseQuery(std::span<const float> query, std::span<const float> centre) {
  const std::size_t stride = codeStride(query.size());
  QuantisedQuery result;
  result.words.resize(stride);
  float largest = 0;
  double norm = 0;
  double base = 0;
  for (std::size_t j = 0; j < query.size(); ++j) {
    largest = std::max(largest, std::abs(query[j]));
    norm += static_cast<double>(query[j]) * static_cast<double>(query[j]);
    base += static_cast<double>(query[j]) * static_cast<double>(centre[j]);
  }
  // No sum of products may overflow 31 bits.
  const double fits =
      2147483647.0 / (kMaxCode * static_cast<double>(std::max<std::size_t>(stride, 1)));
  const auto max_word = static_cast<float>(std::floor(std::min(32767.0, fits)));
  result.scale = largest / max_word;
  const float inverse = result.scale > 0 ? 1 / result.scale : 0;
  double rest = 0;
  for (std::size_t j = 0; j < query.size(); ++j) {
    const float word = std::clamp(std::nearbyint(query[j] * inverse), -max_word, max_word);
    result.words[j] = static_cast<std::int16_t>(word);
    const double left = static_cast<double>(query[j]) -
                        static_cast<double>(result.scale) * static_cast<double>(word);
    rest += left * left;
  }
  result.base = static_cast<float>(base);
  result.norm = roundedUp(std::sqrt(norm));
  // The codes of a row stand for a vector of length at most 4: a row and the centre are at most 1
  // (and some rounding) long, and rounding to codes at most doubles a length. A float32 dot product
  // of n elements is off by at most n / (1 - n eps) eps, and the bounds' own arithmetic by a few
  // eps of numbers below 8.
  constexpr double kEpsilon = 0x1p-24;
  const auto terms = static_cast<double>(query.size() + 64);
  result.slack = roundedUp(4.1 * std::sqrt(rest) + 1.01 * terms * kEpsilon);
  return result;
}

}  // namespace attacca::index
