#include "attacca/base/pooling.h"

#include <algorithm>

namespace attacca {

std::vector<float> meanRows(MatrixView<float> clips) {
  std::vector<double> sums(clips.cols, 0.0);
  for (std::size_t i = 0; i < clips.rows; ++i) {
    const auto row = clips.row(i);
    for (std::size_t j = 0; j < row.size(); ++j) sums[j] += row[j];
  }
  const auto count = static_cast<double>(std::max<std::size_t>(clips.rows, 1));
  std::vector<float> mean(clips.cols);
  std::transform(sums.begin(), sums.end(), mean.begin(),
                 [&](double sum) { return static_cast<float>(sum / count); });
  return mean;
}

}  // namespace attacca
