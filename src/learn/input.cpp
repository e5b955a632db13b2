#include "input.h"

#include <cmath>
#include <vector>

namespace attacca::learn {

ContentInput standardised(const recommend::TrainingData& data) {
  const std::size_t columns = data.embeddings.cols;
  std::vector<char> heard(data.items);
  for (const auto& rows : data.histories) {
    for (const index::Row row : rows) heard[static_cast<std::size_t>(row)] = 1;
  }
  std::vector<double> mean(columns);
  std::vector<double> spread(columns);
  double count = 0;
  // Two passes: exact where a column's mean is far from 0.
  for (std::size_t i = 0; i < data.items; ++i) {
    if (heard[i] == 0) continue;
    ++count;
    const auto row = data.embeddings.row(i);
    for (std::size_t c = 0; c < columns; ++c) mean[c] += static_cast<double>(row[c]);
  }
  for (double& value : mean) value /= count;
  for (std::size_t i = 0; i < data.items; ++i) {
    if (heard[i] == 0) continue;
    const auto row = data.embeddings.row(i);
    for (std::size_t c = 0; c < columns; ++c) {
      const double off = static_cast<double>(row[c]) - mean[c];
      spread[c] += off * off;
    }
  }
  ContentInput input;
  const auto n = static_cast<std::int64_t>(columns);
  input.mean = torch::empty({n}, torch::kFloat32);
  input.scale = torch::empty({n}, torch::kFloat32);
  for (std::size_t c = 0; c < columns; ++c) {
    const double deviation = std::sqrt(spread[c] / count);
    // What a constant column of float32s has by rounding is no spread.
    const bool constant = deviation <= 1e-6 * std::abs(mean[c]) || deviation < 1e-30;
    input.mean.data_ptr<float>()[c] = static_cast<float>(mean[c]);
    input.scale.data_ptr<float>()[c] = constant ? 0 : static_cast<float>(1 / deviation);
  }
  input.rows = torch::empty({static_cast<std::int64_t>(data.items), n}, torch::kFloat32);
  const float* means = input.mean.data_ptr<float>();
  const float* scales = input.scale.data_ptr<float>();
  float* out = input.rows.data_ptr<float>();
  for (std::size_t i = 0; i < data.items; ++i) {
    const auto row = data.embeddings.row(i);
    for (std::size_t c = 0; c < columns; ++c)
      out[i * columns + c] = scales[c] * (row[c] - means[c]);
  }
  return input;
}

}  // namespace attacca::learn
