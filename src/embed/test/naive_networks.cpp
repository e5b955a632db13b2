// The whole networks, unreduced, in double precision, as plainly as they can be written.
#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include "checkpoint.h"

namespace attacca::embed::test {
namespace {

constexpr std::size_t kBands = 96;

// rows x cols x channels, row-major.
struct Map {
  std::size_t rows = 0;
  std::size_t cols = 0;
  std::size_t channels = 0;
  std::vector<double> values;

  Map(std::size_t r, std::size_t c, std::size_t n, double value = 0)
      : rows(r), cols(c), channels(n), values(r * c * n, value) {}
  double& at(std::size_t r, std::size_t c, std::size_t n) {
    return values[(r * cols + c) * channels + n];
  }
  double at(std::size_t r, std::size_t c, std::size_t n) const {
    return values[(r * cols + c) * channels + n];
  }
};

class Weights {
 public:
  explicit Weights(const Tensors& tensors) : tensors_(&tensors) {}

  const Tensor& operator[](const std::string& name) const { return tensors_->find(name)->second; }

  void batchNorm(Map& map, const std::string& name) const {
    const auto& gamma = (*this)[name + "/gamma"].values;
    const auto& beta = (*this)[name + "/beta"].values;
    const auto& mean = (*this)[name + "/moving_mean"].values;
    const auto& variance = (*this)[name + "/moving_variance"].values;
    for (std::size_t i = 0; i < map.values.size(); ++i) {
      const std::size_t c = i % map.channels;
      map.values[i] =
          gamma[c] * (map.values[i] - mean[c]) / std::sqrt(variance[c] + 1e-3) + beta[c];
    }
  }

  // Zeros before the first row and column; outside is zero. Then ReLU and batch normalisation.
  Map convolve(const Map& in, const std::string& conv, const std::string& norm, std::size_t top,
               std::size_t left, std::size_t rows, std::size_t cols) const {
    const Tensor& kernel = (*this)[conv + "/kernel"];
    const auto& bias = (*this)[conv + "/bias"].values;
    const std::size_t outputs = kernel.shape[3];
    Map out(rows, cols, outputs);
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < cols; ++c) {
        double* sums = &out.at(r, c, 0);
        std::copy(bias.begin(), bias.end(), sums);
        for (std::size_t i = 0; i < kernel.shape[0]; ++i) {
          if (r + i < top || r + i >= in.rows + top) continue;
          for (std::size_t j = 0; j < kernel.shape[1]; ++j) {
            if (c + j < left || c + j >= in.cols + left) continue;
            const double* from = &in.values[((r + i - top) * in.cols + c + j - left) * in.channels];
            const float* weight = &kernel.values[(i * kernel.shape[1] + j) * in.channels * outputs];
            for (std::size_t k = 0; k < in.channels; ++k) {
              for (std::size_t o = 0; o < outputs; ++o)
                sums[o] += from[k] * weight[k * outputs + o];
            }
          }
        }
        for (std::size_t o = 0; o < outputs; ++o) sums[o] = std::max(sums[o], 0.0);
      }
    }
    batchNorm(out, norm);
    return out;
  }

  std::vector<double> dense(const std::vector<double>& in, const std::string& name) const {
    const Tensor& kernel = (*this)[name + "/kernel"];
    const auto& bias = (*this)[name + "/bias"].values;
    std::vector<double> out(bias.begin(), bias.end());
    for (std::size_t i = 0; i < in.size(); ++i) {
      for (std::size_t o = 0; o < out.size(); ++o)
        out[o] += in[i] * kernel.values[i * out.size() + o];
    }
    return out;
  }

 private:
  const Tensors* tensors_;
};

Map maxPool(const Map& in, std::size_t height, std::size_t width, std::size_t down,
            std::size_t right) {
  Map out((in.rows - height) / down + 1, (in.cols - width) / right + 1, in.channels, -1e300);
  for (std::size_t r = 0; r < out.rows; ++r) {
    for (std::size_t c = 0; c < out.cols; ++c) {
      for (std::size_t n = 0; n < in.channels; ++n) {
        for (std::size_t i = 0; i < height; ++i) {
          for (std::size_t j = 0; j < width; ++j) {
            out.at(r, c, n) = std::max(out.at(r, c, n), in.at(r * down + i, c * right + j, n));
          }
        }
      }
    }
  }
  return out;
}

std::vector<double> sigmoid(std::vector<double> values) {
  for (double& value : values) value = 1 / (1 + std::exp(-value));
  return values;
}

Map inputMap(const std::vector<float>& clip) {
  Map map(clip.size() / kBands, kBands, 1);
  std::copy(clip.begin(), clip.end(), map.values.begin());
  return map;
}

// Turns frames x 1 x channels into frames x channels x 1, as the mid-end sees it.
Map turned(Map map) {
  std::swap(map.cols, map.channels);
  return map;
}

void append(Map& all, const Map& more) {
  Map joined(all.rows, all.cols, all.channels + more.channels);
  for (std::size_t r = 0; r < all.rows; ++r) {
    for (std::size_t n = 0; n < all.channels; ++n) joined.at(r, 0, n) = all.at(r, 0, n);
    for (std::size_t n = 0; n < more.channels; ++n)
      joined.at(r, 0, all.channels + n) = more.at(r, 0, n);
  }
  all = std::move(joined);
}

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  // The standard's distributions differ between libraries, so the numbers are made here.
  double uniform() { return engine_() / 4294967296.0; }
  double spread(double width) { return width * (2 * uniform() - 1); }
  bool chance(double probability) { return uniform() < probability; }

 private:
  std::mt19937 engine_;
};

std::size_t product(const std::vector<std::size_t>& shape) {
  std::size_t count = 1;
  for (const std::size_t dimension : shape) count *= dimension;
  return count;
}

void addBatchNorm(Tensors& tensors, Dice& dice, const std::string& name, std::size_t channels) {
  Tensor gamma{{channels}, {}};
  Tensor beta = gamma;
  Tensor mean = gamma;
  Tensor variance = gamma;
  for (std::size_t c = 0; c < channels; ++c) {
    const double scale = 0.5 + dice.uniform();
    gamma.values.push_back(static_cast<float>(channels > 1 && dice.chance(0.3) ? -scale : scale));
    beta.values.push_back(static_cast<float>(dice.spread(0.5)));
    mean.values.push_back(static_cast<float>(dice.spread(0.5)));
    variance.values.push_back(static_cast<float>(0.5 + dice.uniform()));
  }
  tensors[name + "/gamma"] = gamma;
  tensors[name + "/beta"] = beta;
  tensors[name + "/moving_mean"] = mean;
  tensors[name + "/moving_variance"] = variance;
  tensors[name + "/gamma/Adam"] = gamma;  // what the optimiser left is to be ignored
}

void addLayer(Tensors& tensors, Dice& dice, const std::string& name, std::vector<std::size_t> shape,
              double dead) {
  const std::size_t outputs = shape.back();
  const std::size_t inputs = product(shape) / outputs;
  const double width = std::sqrt(6.0 / static_cast<double>(inputs));
  std::vector<double> widths(outputs);
  for (double& w : widths) w = dice.chance(dead) ? 1e-14 : width;
  Tensor kernel{std::move(shape), {}};
  Tensor bias{{outputs}, {}};
  for (std::size_t i = 0; i < inputs * outputs; ++i) {
    kernel.values.push_back(static_cast<float>(dice.spread(widths[i % outputs])));
  }
  for (std::size_t o = 0; o < outputs; ++o)
    bias.values.push_back(static_cast<float>(dice.spread(0.5)));
  tensors[name + "/kernel"] = kernel;
  tensors[name + "/bias"] = bias;
}

}  // namespace

Tensors randomMusicnn(unsigned seed) {
  Dice dice(seed);
  Tensors tensors;
  addBatchNorm(tensors, dice, "batch_normalization", 1);
  const auto block = [&](const std::string& conv, const std::string& norm,
                         const std::vector<std::size_t>& shape, double dead) {
    addLayer(tensors, dice, conv, shape, dead);
    addBatchNorm(tensors, dice, norm, shape.back());
  };
  block("conv2d", "batch_normalization_1", {7, 38, 1, 204}, 0.9);
  block("conv2d_1", "batch_normalization_2", {7, 67, 1, 204}, 0.95);
  block("conv2d_2", "batch_normalization_3", {128, 1, 1, 51}, 0.8);
  block("conv2d_3", "batch_normalization_4", {64, 1, 1, 51}, 0.8);
  block("conv2d_4", "batch_normalization_5", {32, 1, 1, 51}, 0.8);
  block("conv2d_5", "batch_normalization_6", {7, 561, 1, 64}, 0.5);
  block("conv2d_6", "batch_normalization_7", {7, 64, 1, 64}, 0.2);
  block("conv2d_7", "batch_normalization_8", {7, 64, 1, 64}, 0.1);
  addBatchNorm(tensors, dice, "batch_normalization_9", 1506);
  block("dense", "batch_normalization_10", {1506, 200}, 0.1);
  addLayer(tensors, dice, "dense_1", {200, 50}, 0);
  return tensors;
}

Tensors randomVgg(unsigned seed) {
  Dice dice(seed);
  Tensors tensors;
  addBatchNorm(tensors, dice, "batch_normalization", 1);
  for (const std::string layer : {"1", "2", "3", "4", "5"}) {
    const std::size_t inputs = layer == "1" ? 1 : 128;
    addLayer(tensors, dice, layer + "CNN", {3, 3, inputs, 128}, 0.6);
    addBatchNorm(tensors, dice, "batch_normalization_" + layer, 128);
  }
  addLayer(tensors, dice, "dense", {256, 50}, 0);
  return tensors;
}

Outputs naiveMusicnn(const Tensors& tensors, const std::vector<float>& clip) {
  const Weights weights(tensors);
  Map input = inputMap(clip);
  weights.batchNorm(input, "batch_normalization");
  const std::size_t frames = input.rows;

  Map front(frames, 1, 0);
  const auto over_bands = [](const Map& map) { return maxPool(map, 1, map.cols, 1, 1); };
  append(front,
         over_bands(weights.convolve(input, "conv2d", "batch_normalization_1", 3, 0, frames, 59)));
  append(front, over_bands(weights.convolve(input, "conv2d_1", "batch_normalization_2", 3, 0,
                                            frames, 30)));
  append(front, over_bands(weights.convolve(input, "conv2d_2", "batch_normalization_3", 63, 0,
                                            frames, 96)));
  append(front, over_bands(weights.convolve(input, "conv2d_3", "batch_normalization_4", 31, 0,
                                            frames, 96)));
  append(front, over_bands(weights.convolve(input, "conv2d_4", "batch_normalization_5", 15, 0,
                                            frames, 96)));

  const Map m1 =
      weights.convolve(turned(front), "conv2d_5", "batch_normalization_6", 3, 0, frames, 1);
  Map m2 = weights.convolve(turned(m1), "conv2d_6", "batch_normalization_7", 3, 0, frames, 1);
  for (std::size_t i = 0; i < m2.values.size(); ++i) m2.values[i] += m1.values[i];
  Map m3 = weights.convolve(turned(m2), "conv2d_7", "batch_normalization_8", 3, 0, frames, 1);
  for (std::size_t i = 0; i < m3.values.size(); ++i) m3.values[i] += m2.values[i];
  Map all = front;
  append(all, m1);
  append(all, m2);
  append(all, m3);

  Map pooled(1, 1, 2 * all.channels);
  for (std::size_t n = 0; n < all.channels; ++n) {
    double most = all.at(0, 0, n);
    double sum = 0;
    for (std::size_t t = 0; t < frames; ++t) {
      most = std::max(most, all.at(t, 0, n));
      sum += all.at(t, 0, n);
    }
    pooled.at(0, 0, 2 * n) = most;
    pooled.at(0, 0, 2 * n + 1) = sum / static_cast<double>(frames);
  }
  weights.batchNorm(pooled, "batch_normalization_9");
  Map units(1, 1, 200);
  units.values = weights.dense(pooled.values, "dense");
  for (double& value : units.values) value = std::max(value, 0.0);
  weights.batchNorm(units, "batch_normalization_10");
  return {units.values, sigmoid(weights.dense(units.values, "dense_1"))};
}

Outputs naiveVgg(const Tensors& tensors, const std::vector<float>& clip) {
  const Weights weights(tensors);
  Map map = inputMap(clip);
  weights.batchNorm(map, "batch_normalization");
  for (const std::string layer : {"1", "2", "3", "4", "5"}) {
    map = weights.convolve(map, layer + "CNN", "batch_normalization_" + layer, 1, 1, map.rows,
                           map.cols);
    if (layer == "1")
      map = maxPool(map, 4, 1, 2, 2);
    else if (layer == "5")
      map = maxPool(map, 4, 4, 4, 4);
    else
      map = maxPool(map, 2, 2, 2, 2);
  }
  return {map.values, sigmoid(weights.dense(map.values, "dense"))};
}

}  // namespace attacca::embed::test
