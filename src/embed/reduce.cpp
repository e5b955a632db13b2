#include "reduce.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "attacca/embed/model_file.h"

namespace attacca::embed {
namespace {

using Doubles = std::vector<double>;
using Positions = std::vector<std::int32_t>;

constexpr double kBatchNormEpsilon = 1e-3;
constexpr double kConstantBelow = 1e-7;
constexpr std::size_t kBands = 96;

struct Affine {
  Doubles scale;
  Doubles shift;
};

Affine batchNorm(const TensorBundle& bundle, const std::string& name, std::size_t channels) {
  const auto& gamma = bundle.values(name + "/gamma", {channels});
  const auto& beta = bundle.values(name + "/beta", {channels});
  const auto& mean = bundle.values(name + "/moving_mean", {channels});
  const auto& variance = bundle.values(name + "/moving_variance", {channels});
  Affine affine{Doubles(channels), Doubles(channels)};
  for (std::size_t c = 0; c < channels; ++c) {
    affine.scale[c] = gamma[c] / std::sqrt(double{variance[c]} + kBatchNormEpsilon);
    affine.shift[c] = beta[c] - mean[c] * affine.scale[c];
  }
  return affine;
}

void write(ModelWriter& writer, const std::string& name, std::vector<std::size_t> shape,
           const Doubles& values) {
  writer.floats(name, std::move(shape), std::vector<float>(values.begin(), values.end()));
}

Doubles pick(const Doubles& values, const Positions& positions) {
  Doubles picked;
  for (const std::int32_t p : positions) picked.push_back(values[static_cast<std::size_t>(p)]);
  return picked;
}

// A convolution (taps x inputs x channels, row-major), ReLU and batch normalisation.
struct Block {
  std::size_t taps = 0;
  std::size_t inputs = 0;
  std::size_t channels = 0;
  Doubles kernel;
  Doubles bias;
  Affine affine;
  Positions live;     // channels that are not constant
  Doubles constants;  // of every channel that is

  double weight(std::size_t tap, std::size_t input, std::size_t channel) const {
    return kernel[(tap * inputs + input) * channels + channel];
  }
};

Block readBlock(const TensorBundle& bundle, const std::string& conv, const std::string& norm,
                std::initializer_list<std::size_t> shape, std::size_t inputs) {
  Block block;
  const auto& kernel = bundle.values(conv + "/kernel", shape);
  block.channels = *(shape.end() - 1);
  block.inputs = inputs;
  block.taps = kernel.size() / (block.channels * inputs);
  block.kernel.assign(kernel.begin(), kernel.end());
  const auto& bias = bundle.values(conv + "/bias", {block.channels});
  block.bias.assign(bias.begin(), bias.end());
  block.affine = batchNorm(bundle, norm, block.channels);
  block.constants.assign(block.channels, 0.0);
  for (std::size_t c = 0; c < block.channels; ++c) {
    double magnitude = 0;
    for (std::size_t i = c; i < kernel.size(); i += block.channels)
      magnitude += std::abs(kernel[i]);
    if (magnitude * std::abs(block.affine.scale[c]) < kConstantBelow) {
      block.constants[c] =
          block.affine.scale[c] * std::max(block.bias[c], 0.0) + block.affine.shift[c];
    } else {
      block.live.push_back(static_cast<std::int32_t>(c));
    }
  }
  return block;
}

Positions allOf(std::size_t count) {
  Positions all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = static_cast<std::int32_t>(i);
  return all;
}

// The channels of several blocks side by side, as the next layer sees them.
struct Inputs {
  Positions live;
  Doubles constants;  // zero for those that are live

  void append(const Block& block) {
    const auto first = static_cast<std::int32_t>(constants.size());
    for (const std::int32_t c : block.live) live.push_back(first + c);
    constants.insert(constants.end(), block.constants.begin(), block.constants.end());
  }
};

double sign(const Block& block, std::size_t channel) {
  return block.affine.scale[channel] < 0 ? -1.0 : 1.0;
}

void writeAffine(ModelWriter& writer, const std::string& name, const Block& block,
                 const Positions& channels) {
  const std::vector<std::size_t> shape = {channels.size()};
  write(writer, name + "/bias", shape, pick(block.bias, channels));
  write(writer, name + "/scale", shape, pick(block.affine.scale, channels));
  write(writer, name + "/shift", shape, pick(block.affine.shift, channels));
}

// A block over the raw input whose maximum over bands follows. Filters first.
void writeFrontBlock(ModelWriter& writer, const std::string& name, const Block& block,
                     std::vector<std::size_t> kernel_shape) {
  Doubles kernel;
  for (const std::int32_t live : block.live) {
    const auto c = static_cast<std::size_t>(live);
    for (std::size_t tap = 0; tap < block.taps; ++tap) {
      kernel.push_back(sign(block, c) * block.weight(tap, 0, c));
    }
  }
  kernel_shape.insert(kernel_shape.begin(), block.live.size());
  write(writer, name + "/kernel", std::move(kernel_shape), kernel);
  writeAffine(writer, name, block, block.live);
}

// A block over other blocks. `tap_shape` multiplies to block.taps. Kernels are negated where a
// maximum follows and the scale is negative.
void writeBlock(ModelWriter& writer, const std::string& name, const Block& block,
                const Positions& channels, const Inputs& inputs, bool maximum_follows,
                std::vector<std::size_t> tap_shape) {
  Doubles kernel;
  Doubles edge_bias;
  for (std::size_t tap = 0; tap < block.taps; ++tap) {
    const auto factor = [&](std::size_t c) { return maximum_follows ? sign(block, c) : 1.0; };
    for (const std::int32_t input : inputs.live) {
      for (const std::int32_t channel : channels) {
        const auto c = static_cast<std::size_t>(channel);
        kernel.push_back(factor(c) * block.weight(tap, static_cast<std::size_t>(input), c));
      }
    }
    for (const std::int32_t channel : channels) {
      const auto c = static_cast<std::size_t>(channel);
      double sum = 0;
      for (std::size_t i = 0; i < inputs.constants.size(); ++i) {
        sum += block.weight(tap, i, c) * inputs.constants[i];
      }
      edge_bias.push_back(factor(c) * sum);
    }
  }
  std::vector<std::size_t> shape = tap_shape;
  shape.insert(shape.end(), {inputs.live.size(), channels.size()});
  write(writer, name + "/kernel", std::move(shape), kernel);
  tap_shape.push_back(channels.size());
  write(writer, name + "/edge_bias", std::move(tap_shape), edge_bias);
  writeAffine(writer, name, block, channels);
}

void writeInput(ModelWriter& writer, const TensorBundle& bundle) {
  const Affine input = batchNorm(bundle, "batch_normalization", 1);
  write(writer, "input", {2}, {input.scale[0], input.shift[0]});
}

void writeTags(ModelWriter& writer, const TensorBundle& bundle, const std::string& layer,
               std::size_t inputs, std::string_view names) {
  const std::size_t tags =
      1 + static_cast<std::size_t>(std::count(names.begin(), names.end(), '\n'));
  writer.floats("tags/kernel", {inputs, tags}, bundle.values(layer + "/kernel", {inputs, tags}));
  writer.floats("tags/bias", {tags}, bundle.values(layer + "/bias", {tags}));
  writer.text("tags/names", names);
}

// The layer after the pooling over time: maxima and means of all channels, interleaved, through
// batch normalisation into 200 units.
void writeDense(ModelWriter& writer, const TensorBundle& bundle, const Inputs& pooled) {
  constexpr std::size_t kUnits = 200;
  const std::size_t channels = pooled.constants.size();
  const std::size_t rows = 2 * channels;
  const auto& weights = bundle.values("dense/kernel", {rows, kUnits});
  const auto& own_bias = bundle.values("dense/bias", {kUnits});
  const Affine norm = batchNorm(bundle, "batch_normalization_9", rows);

  Doubles kernel;
  for (std::size_t half = 0; half < 2; ++half) {  // maxima, means
    for (const std::int32_t channel : pooled.live) {
      const std::size_t row = 2 * static_cast<std::size_t>(channel) + half;
      for (std::size_t u = 0; u < kUnits; ++u) {
        kernel.push_back(norm.scale[row] * weights[row * kUnits + u]);
      }
    }
  }
  Doubles bias(own_bias.begin(), own_bias.end());
  for (std::size_t row = 0; row < rows; ++row) {
    const double constant = norm.scale[row] * pooled.constants[row / 2] + norm.shift[row];
    for (std::size_t u = 0; u < kUnits; ++u) bias[u] += constant * weights[row * kUnits + u];
  }
  const Affine affine = batchNorm(bundle, "batch_normalization_10", kUnits);
  write(writer, "dense/kernel", {2 * pooled.live.size(), kUnits}, kernel);
  write(writer, "dense/bias", {kUnits}, bias);
  write(writer, "dense/scale", {kUnits}, affine.scale);
  write(writer, "dense/shift", {kUnits}, affine.shift);
}

}  // namespace

std::string reduceMusicnn(const TensorBundle& bundle, std::size_t frames,
                          std::string_view tag_names) {
  constexpr std::size_t kTimbral = 204;
  constexpr std::size_t kTemporal = 51;
  constexpr std::size_t kMid = 64;
  ModelWriter writer("musicnn", frames, kBands);
  writeInput(writer, bundle);

  Inputs front;
  const auto front_block = [&](const std::string& name, std::size_t number, std::size_t height,
                               std::size_t width, std::size_t channels) {
    const std::string conv = number == 0 ? "conv2d" : fmt::format("conv2d_{}", number);
    const Block block = readBlock(bundle, conv, fmt::format("batch_normalization_{}", number + 1),
                                  {height, width, 1, channels}, 1);
    std::vector<std::size_t> shape = {height};
    if (width > 1) shape.push_back(width);
    writeFrontBlock(writer, name, block, std::move(shape));
    front.append(block);
  };
  front_block("timbral38", 0, 7, 38, kTimbral);
  front_block("timbral67", 1, 7, 67, kTimbral);
  front_block("temporal128", 2, 128, 1, kTemporal);
  front_block("temporal64", 3, 64, 1, kTemporal);
  front_block("temporal32", 4, 32, 1, kTemporal);

  const Block mid1 = readBlock(bundle, "conv2d_5", "batch_normalization_6",
                               {7, front.constants.size(), 1, kMid}, front.constants.size());
  writeBlock(writer, "mid1", mid1, mid1.live, front, false, {7});
  writer.integers("mid1/positions", mid1.live);

  // The output of mid2 and mid3 is a sum with what they were given, so all of it is kept.
  Inputs first;
  first.append(mid1);
  Block mid2 = readBlock(bundle, "conv2d_6", "batch_normalization_7", {7, kMid, 1, kMid}, kMid);
  for (std::size_t c = 0; c < kMid; ++c) mid2.affine.shift[c] += mid1.constants[c];
  writeBlock(writer, "mid2", mid2, allOf(kMid), first, false, {7});

  const Inputs second{allOf(kMid), Doubles(kMid, 0.0)};
  const Block mid3 =
      readBlock(bundle, "conv2d_7", "batch_normalization_8", {7, kMid, 1, kMid}, kMid);
  writeBlock(writer, "mid3", mid3, allOf(kMid), second, false, {7});

  Inputs pooled = front;
  pooled.append(mid1);
  for (int block = 0; block < 2; ++block) {
    for (std::size_t c = 0; c < kMid; ++c) {
      pooled.live.push_back(static_cast<std::int32_t>(pooled.constants.size()));
      pooled.constants.push_back(0.0);
    }
  }
  writeDense(writer, bundle, pooled);
  writeTags(writer, bundle, "dense_1", 200, tag_names);
  return writer.bytes();
}

std::string reduceVgg(const TensorBundle& bundle, std::size_t frames, std::string_view tag_names) {
  constexpr std::size_t kChannels = 128;
  constexpr std::size_t kLayers = 5;
  constexpr std::size_t kPositions = 2;  // that are left after the last pooling
  ModelWriter writer("vgg", frames, kBands);
  writeInput(writer, bundle);
  Inputs inputs{{0}, {0.0}};
  for (std::size_t layer = 1; layer <= kLayers; ++layer) {
    const std::size_t before = inputs.constants.size();
    const Block block =
        readBlock(bundle, fmt::format("{}CNN", layer), fmt::format("batch_normalization_{}", layer),
                  {3, 3, before, kChannels}, before);
    writeBlock(writer, fmt::format("conv{}", layer), block, block.live, inputs, true, {3, 3});
    inputs = {};
    inputs.append(block);
  }
  writer.integers("pool5/positions", inputs.live);
  write(writer, "pool5/constants", {kChannels}, inputs.constants);
  writeTags(writer, bundle, "dense", kPositions * kChannels, tag_names);
  return writer.bytes();
}

}  // namespace attacca::embed
