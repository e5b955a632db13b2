// The VGG-like network of the musicnn package, reduced as reduce.h says. Only what reaches the last
// pooling's two positions is computed, a row at a time.
#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>

#include <fmt/format.h>

#include "attacca/base/error.h"

#include "network_parts.h"

namespace attacca::embed {
namespace {

constexpr std::size_t kLayers = 5;
constexpr std::size_t kChannels = 128;
constexpr std::size_t kTaps = 3;

struct Size {
  std::size_t rows = 0;  // time
  std::size_t cols = 0;  // bands
};

struct Pooling {
  Size window;
  Size stride;
};

constexpr std::array<Pooling, kLayers> kPoolings = {
    {{{4, 1}, {2, 2}}, {{2, 2}, {2, 2}}, {{2, 2}, {2, 2}}, {{2, 2}, {2, 2}}, {{4, 4}, {4, 4}}}};
constexpr Size kOut = {2, 1};

struct Layer {
  Size full;                    // of the convolution, were all of it computed
  Size pooled;                  // positions that are needed after pooling
  Size computed;                // convolution rows and columns from which they come
  std::size_t column_step = 1;  // from one computed column to the next
  Size window;                  // of the pooling, over computed columns
  Size stride;
  Size input;  // positions needed of what the convolution is given; zeros lie around them
  std::size_t inputs = 0;
  std::size_t channels = 0;
  std::size_t columns = 0;  // channels, in whole vectors
  std::vector<float> matrix;
  // Edge biases of the taps inside: for the first row, those between, the last row; each
  // computed.cols x columns.
  std::array<std::vector<float>, 3> start;
  ChannelAffine affine;

  std::size_t mapFloats() const { return (input.rows + 2) * (input.cols + 2) * inputs; }
};

void readStart(Layer& layer, std::span<const float> edge) {
  for (std::size_t place = 0; place < layer.start.size(); ++place) {
    std::vector<float>& start = layer.start[place];
    start.assign(layer.computed.cols * layer.columns, 0.0F);
    for (std::size_t x = 0; x < layer.computed.cols; ++x) {
      const std::size_t column = x * layer.column_step;
      for (std::size_t c = 0; c < layer.channels; ++c) {
        double sum = 0;
        for (std::size_t tap = 0; tap < kTaps * kTaps; ++tap) {
          const std::size_t dy = tap / kTaps;
          const std::size_t dx = tap % kTaps;
          const bool above = place == 0 && dy == 0;
          const bool below = place == 2 && dy == 2;
          const bool left = column == 0 && dx == 0;
          const bool right = column + 1 == layer.full.cols && dx == 2;
          if (!above && !below && !left && !right) sum += edge[tap * layer.channels + c];
        }
        start[x * layer.columns + c] = static_cast<float>(sum);
      }
    }
  }
}

class Vgg final : public Network {
 public:
  Vgg(const Model& model, const Kernels& kernels);

  std::size_t frames() const override { return frames_; }
  std::size_t bands() const override { return kMelBands; }
  std::size_t dimension() const override { return constants_.size(); }
  std::span<const std::string> tags() const override { return tags_.names(); }
  const Sha256Digest& model() const override { return digest_; }
  void run(std::span<const float> clip, std::span<float> embedding, std::span<float> tags,
           Workspace& workspace) const override;

 private:
  void planSizes();
  void runRow(const Layer& layer, const float* map, std::size_t row, float* out) const;
  void runLayer(const Layer& layer, const float* map, float* rows, float* out,
                std::size_t out_row_stride) const;

  const Kernels* kernels_;
  Sha256Digest digest_;
  std::size_t frames_;
  float input_scale_ = 0;
  float input_shift_ = 0;
  std::array<Layer, kLayers> layers_;
  std::vector<std::int32_t> positions_;
  std::vector<float> constants_;  // the embedding, but for the channels that are not constant
  TagLayer tags_;
};

Vgg::Vgg(const Model& model, const Kernels& kernels)
    : kernels_(&kernels),
      digest_(model.digest()),
      frames_(model.frames()),
      tags_(model, kOut.rows * kOut.cols * kChannels, kernels) {
  const auto input = model.floats("input", {2});
  input_scale_ = input[0];
  input_shift_ = input[1];
  planSizes();
  std::size_t inputs = 1;
  for (std::size_t i = 0; i < kLayers; ++i) {
    Layer& layer = layers_[i];
    const std::string name = fmt::format("conv{}", i + 1);
    const auto kernel = model.floats(name + "/kernel", {kTaps, kTaps, inputs, Model::kAny});
    layer.inputs = inputs;
    layer.channels = model.dimension(name + "/kernel", 3);
    layer.columns = roundUp(layer.channels, kernels.lanes);
    layer.matrix = packMatrix(kernel.data(), kTaps * kTaps * inputs, layer.channels, kernels.lanes);
    layer.affine = readAffine(model, name, layer.channels, layer.columns, true);
    readStart(layer, model.floats(name + "/edge_bias", {kTaps, kTaps, layer.channels}));
    inputs = layer.channels;
  }
  const auto positions = model.integers("pool5/positions");
  positions_.assign(positions.begin(), positions.end());
  const bool fit = positions_.size() == inputs &&
                   std::all_of(positions_.begin(), positions_.end(), [](std::int32_t p) {
                     return p >= 0 && p < std::int32_t{kChannels};
                   });
  if (!fit) throw Error(Fault::corrupt, "the model file has a channel out of range");
  const auto constants = model.floats("pool5/constants", {kChannels});
  for (std::size_t i = 0; i < kOut.rows * kOut.cols; ++i) {
    constants_.insert(constants_.end(), constants.begin(), constants.end());
  }
}

void Vgg::planSizes() {
  Size size = {frames_, kMelBands};
  for (std::size_t i = 0; i < kLayers; ++i) {
    const Pooling& pooling = kPoolings[i];
    layers_[i].full = size;
    size.rows = size.rows < pooling.window.rows
                    ? 0
                    : (size.rows - pooling.window.rows) / pooling.stride.rows + 1;
    size.cols = (size.cols - pooling.window.cols) / pooling.stride.cols + 1;
    if (size.rows == 0) break;
  }
  if (size.rows != kOut.rows || size.cols != kOut.cols) {
    throw Error(Fault::unsupported,
                fmt::format("clips of {} frames do not fit this network", frames_));
  }
  Size needed = kOut;
  for (std::size_t i = kLayers; i-- > 0;) {
    Layer& layer = layers_[i];
    const Pooling& pooling = kPoolings[i];
    layer.pooled = needed;
    layer.window = pooling.window;
    layer.stride = pooling.stride;
    layer.computed.rows = (needed.rows - 1) * pooling.stride.rows + pooling.window.rows;
    layer.computed.cols = (needed.cols - 1) * pooling.stride.cols + pooling.window.cols;
    layer.input.rows = std::min(layer.full.rows, layer.computed.rows + 1);
    layer.input.cols = std::min(layer.full.cols, layer.computed.cols + 1);
    if (pooling.window.cols == 1) {  // columns that pooling skips are not computed
      layer.column_step = pooling.stride.cols;
      layer.stride.cols = 1;
      layer.computed.cols = needed.cols;
    }
    needed = layer.input;
  }
}

void Vgg::runRow(const Layer& layer, const float* map, std::size_t row, float* out) const {
  const std::size_t row_floats = (layer.input.cols + 2) * layer.inputs;
  const float* in[kTaps];
  for (std::size_t dy = 0; dy < kTaps; ++dy) in[dy] = map + (row + dy) * row_floats;
  const std::size_t place = row == 0 ? 0 : row + 1 == layer.full.rows ? 2 : 1;
  Product product;
  product.in = in;
  product.segments = kTaps;
  product.length = kTaps * layer.inputs;
  product.step = layer.column_step * layer.inputs;
  product.matrix = layer.matrix.data();
  product.rows = layer.computed.cols;
  product.columns = layer.columns;
  product.start = layer.start[place].data();
  product.start_stride = layer.columns;
  product.out = out;
  kernels_->product(product);
}

// `rows` has room for the pooling window's rows and two more.
void Vgg::runLayer(const Layer& layer, const float* map, float* rows, float* out,
                   std::size_t out_row_stride) const {
  const std::size_t row_floats = layer.computed.cols * layer.columns;
  const std::size_t window = layer.window.rows;
  float* most = rows + window * row_floats;
  float* pooled = most + row_floats;
  std::size_t next = 0;  // the first convolution row that is not there yet
  for (std::size_t r = 0; r < layer.pooled.rows; ++r) {
    const std::size_t first = r * layer.stride.rows;
    for (; next < first + window; ++next) {
      runRow(layer, map, next, rows + next % window * row_floats);
    }
    std::copy_n(rows + first % window * row_floats, row_floats, most);
    for (std::size_t y = first + 1; y < first + window; ++y) {
      kernels_->maxInto(rows + y % window * row_floats, row_floats, most);
    }
    for (std::size_t c = 0; c < layer.pooled.cols; ++c) {
      const float* from = most + c * layer.stride.cols * layer.columns;
      float* to = pooled + c * layer.columns;
      std::copy_n(from, layer.columns, to);
      for (std::size_t x = 1; x < layer.window.cols; ++x) {
        kernels_->maxInto(from + x * layer.columns, layer.columns, to);
      }
    }
    kernels_->reluAffine(layer.affine, pooled, layer.columns, layer.pooled.cols, layer.channels,
                         out + r * out_row_stride, layer.channels);
  }
}

void Vgg::run(std::span<const float> clip, std::span<float> embedding, std::span<float> tags,
              Workspace& workspace) const {
  assert(clip.size() == frames_ * kMelBands && embedding.size() == constants_.size());
  std::size_t map_floats = 0;
  std::size_t rows_floats = 0;
  for (const Layer& layer : layers_) {
    map_floats = std::max(map_floats, roundUp(layer.mapFloats(), 16));
    rows_floats =
        std::max(rows_floats, (layer.window.rows + 2) * layer.computed.cols * layer.columns);
  }
  const std::size_t last = kOut.rows * kOut.cols * positions_.size();
  map_floats = std::max(map_floats, roundUp(last, 16));
  Slices slices(
      workspace.floats(2 * map_floats + roundUp(rows_floats, 16) + tags_.scratchFloats()).data());
  float* map = slices.take(map_floats);
  float* next = slices.take(map_floats);
  float* rows = slices.take(rows_floats);
  float* tag_scratch = slices.take(tags_.scratchFloats());

  const Size& input = layers_[0].input;
  std::fill_n(map, layers_[0].mapFloats(), 0.0F);
  for (std::size_t t = 0; t < input.rows; ++t) {
    float* row = map + (t + 1) * (input.cols + 2) + 1;
    for (std::size_t b = 0; b < input.cols; ++b) {
      row[b] = input_scale_ * clip[t * kMelBands + b] + input_shift_;
    }
  }
  for (std::size_t i = 0; i + 1 < kLayers; ++i) {
    const Layer& after = layers_[i + 1];
    const std::size_t row_stride = (after.input.cols + 2) * after.inputs;
    std::fill_n(next, after.mapFloats(), 0.0F);
    runLayer(layers_[i], map, rows, next + row_stride + after.inputs, row_stride);
    std::swap(map, next);
  }
  runLayer(layers_.back(), map, rows, next, positions_.size());

  std::copy(constants_.begin(), constants_.end(), embedding.begin());
  for (std::size_t row = 0; row < kOut.rows; ++row) {
    for (std::size_t i = 0; i < positions_.size(); ++i) {
      embedding[row * kChannels + static_cast<std::size_t>(positions_[i])] =
          next[row * positions_.size() + i];
    }
  }
  if (!tags.empty()) tags_.run(embedding.data(), tags, tag_scratch);
}

}  // namespace

std::shared_ptr<const Network> makeVgg(const Model& model, const Kernels& kernels) {
  return std::make_shared<Vgg>(model, kernels);
}

}  // namespace attacca::embed
