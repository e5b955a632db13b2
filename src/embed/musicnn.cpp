// MusicNN (Pons et al., "End-to-end learning for music audio tagging at scale", ISMIR 2018),
// reduced as reduce.h says.
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "attacca/base/error.h"

#include "network_parts.h"

namespace attacca::embed {
namespace {

constexpr std::size_t kMid = 64;
constexpr std::size_t kMidTaps = 7;
constexpr std::size_t kMidPad = kMidTaps / 2;
constexpr std::size_t kUnits = 200;
constexpr std::size_t kMostFrames = 4096;
// Zero rows around the input: what the timbral filters and the blocks of frames reach beyond.
constexpr std::size_t kInputPad = 4;

// Each filter's spectrum along the bands, conjugated (convolution layers correlate) and scaled by
// the inverse transform's factor.
std::vector<float> filterSpectra(std::span<const float> kernel, std::size_t filters,
                                 std::size_t width, std::size_t lanes) {
  std::vector<float> weights(roundUp(filters, lanes) * kSpectrumBins * kTimbralTaps * 2, 0.0F);
  std::vector<double> cosines(kMelBands);
  std::vector<double> sines(kMelBands);
  for (std::size_t i = 0; i < kMelBands; ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / double{kMelBands};
    cosines[i] = std::cos(angle);
    sines[i] = std::sin(angle);
  }
  for (std::size_t f = 0; f < filters; ++f) {
    for (std::size_t tap = 0; tap < kTimbralTaps; ++tap) {
      const float* taps = kernel.data() + (f * kTimbralTaps + tap) * width;
      for (std::size_t k = 0; k < kSpectrumBins; ++k) {
        double re = 0;
        double im = 0;
        for (std::size_t j = 0; j < width; ++j) {
          const std::size_t turn = k * j % kMelBands;
          re += taps[j] * cosines[turn];
          im += taps[j] * sines[turn];
        }
        const std::size_t at = ((f / lanes * kSpectrumBins + k) * kTimbralTaps + tap) * 2 * lanes;
        weights[at + f % lanes] = static_cast<float>(re / double{kMelBands});
        weights[at + lanes + f % lanes] = static_cast<float>(im / double{kMelBands});
      }
    }
  }
  return weights;
}

// A convolution over time of all channels of what it is given.
struct MidBlock {
  std::size_t inputs = 0;
  std::size_t channels = 0;
  std::size_t columns = 0;    // channels, in whole vectors
  std::vector<float> matrix;  // of 7 x inputs rows
  std::vector<float> start;   // frames x columns: edge biases of the taps inside
  ChannelAffine affine;
};

MidBlock readMidBlock(const Model& model, const std::string& name, std::size_t inputs,
                      std::size_t channels, std::size_t lanes) {
  MidBlock block;
  block.inputs = inputs;
  block.channels = channels;
  block.columns = roundUp(channels, lanes);
  const auto kernel = model.floats(name + "/kernel", {kMidTaps, inputs, channels});
  block.matrix = packMatrix(kernel.data(), kMidTaps * inputs, channels, lanes);
  block.affine = readAffine(model, name, channels, block.columns, false);
  const auto edge = model.floats(name + "/edge_bias", {kMidTaps, channels});
  const std::size_t frames = model.frames();
  block.start.assign(frames * block.columns, 0.0F);
  for (std::size_t t = 0; t < frames; ++t) {
    for (std::size_t c = 0; c < channels; ++c) {
      double sum = 0;
      for (std::size_t tap = 0; tap < kMidTaps; ++tap) {
        const bool inside = t + tap >= kMidPad && t + tap < frames + kMidPad;
        if (inside) sum += edge[tap * channels + c];
      }
      block.start[t * block.columns + c] = static_cast<float>(sum);
    }
  }
  return block;
}

class Musicnn final : public Network {
 public:
  Musicnn(const Model& model, const Kernels& kernels);

  std::size_t frames() const override { return frames_; }
  std::size_t bands() const override { return kMelBands; }
  std::size_t dimension() const override { return kUnits; }
  std::span<const std::string> tags() const override { return tags_.names(); }
  const Sha256Digest& model() const override { return digest_; }
  void run(std::span<const float> clip, std::span<float> embedding, std::span<float> tags,
           Workspace& workspace) const override;

 private:
  void readFront(const Model& model);
  // Frames in memory around which there is room for the convolutions' padding.
  std::size_t paddedFrames() const { return frames_ + 2 * kMidPad; }
  void runMid(const MidBlock& block, const float* in, float* raw, float* out) const;

  const Kernels* kernels_;
  Sha256Digest digest_;
  std::size_t frames_;
  float input_scale_ = 0;
  float input_shift_ = 0;
  RealFft fft_{kMelBands / 2};
  std::vector<TimbralTables> timbral_;
  std::vector<TemporalTables> temporal_;
  std::size_t front_ = 0;  // channels
  std::vector<std::int32_t> first_positions_;
  MidBlock mid1_;
  MidBlock mid2_;
  MidBlock mid3_;
  std::size_t pooled_ = 0;  // channels
  std::vector<float> dense_;
  ChannelAffine dense_affine_;
  TagLayer tags_;
};

Musicnn::Musicnn(const Model& model, const Kernels& kernels)
    : kernels_(&kernels),
      digest_(model.digest()),
      frames_(model.frames()),
      tags_(model, kUnits, kernels) {
  if (frames_ == 0 || frames_ > kMostFrames) {
    throw Error(Fault::unsupported, fmt::format("clips of {} frames are not supported", frames_));
  }
  const auto input = model.floats("input", {2});
  input_scale_ = input[0];
  input_shift_ = input[1];
  readFront(model);

  const auto positions = model.integers("mid1/positions");
  first_positions_.assign(positions.begin(), positions.end());
  for (const std::int32_t p : first_positions_) {
    if (p < 0 || p >= std::int32_t{kMid}) {
      throw Error(Fault::corrupt, "the model file has a channel out of range");
    }
  }
  const std::size_t first = first_positions_.size();
  const std::size_t lanes = kernels.lanes;
  mid1_ = readMidBlock(model, "mid1", front_, first, lanes);
  mid2_ = readMidBlock(model, "mid2", first, kMid, lanes);
  mid3_ = readMidBlock(model, "mid3", kMid, kMid, lanes);

  pooled_ = front_ + first + 2 * kMid;
  const auto dense = model.floats("dense/kernel", {2 * pooled_, kUnits});
  dense_ = packMatrix(dense.data(), 2 * pooled_, kUnits, lanes);
  dense_affine_ = readAffine(model, "dense", kUnits, kUnits, false);
}

void Musicnn::readFront(const Model& model) {
  const std::size_t lanes = kernels_->lanes;
  for (const std::size_t width : {38, 67}) {
    const std::string name = fmt::format("timbral{}", width);
    const auto kernel = model.floats(name + "/kernel", {Model::kAny, kTimbralTaps, width});
    TimbralTables tables;
    tables.filters = model.dimension(name + "/kernel", 0);
    tables.positions = kMelBands - width + 1;
    tables.weights = filterSpectra(kernel, tables.filters, width, lanes);
    tables.affine = readAffine(model, name, tables.filters, roundUp(tables.filters, lanes), true);
    front_ += tables.filters;
    timbral_.push_back(std::move(tables));
  }
  for (const std::size_t taps : {128, 64, 32}) {
    const std::string name = fmt::format("temporal{}", taps);
    const auto kernel = model.floats(name + "/kernel", {Model::kAny, taps});
    TemporalTables tables;
    tables.filters = model.dimension(name + "/kernel", 0);
    tables.taps = taps;
    tables.weights.assign(kernel.begin(), kernel.end());
    tables.affine = readAffine(model, name, tables.filters, tables.filters, true);
    front_ += tables.filters;
    temporal_.push_back(std::move(tables));
  }
}

// `in` begins kMidPad zero rows before the first frame; `out` gets frames_ rows of block.channels.
void Musicnn::runMid(const MidBlock& block, const float* in, float* raw, float* out) const {
  Product product;
  product.in = &in;
  product.segments = 1;
  product.length = kMidTaps * block.inputs;
  product.step = block.inputs;
  product.matrix = block.matrix.data();
  product.rows = frames_;
  product.columns = block.columns;
  product.start = block.start.data();
  product.start_stride = block.columns;
  product.out = raw;
  kernels_->product(product);
  kernels_->reluAffine(block.affine, raw, block.columns, frames_, block.channels, out,
                       block.channels);
}

void Musicnn::run(std::span<const float> clip, std::span<float> embedding, std::span<float> tags,
                  Workspace& workspace) const {
  assert(clip.size() == frames_ * kMelBands && embedding.size() == kUnits);
  const std::size_t lanes = kernels_->lanes;
  const std::size_t first = first_positions_.size();
  const std::size_t spectrum_stride = roundUp(frames_, kTimbralBlock) + 2 * kMidPad;
  const std::size_t input_rows = roundUp(spectrum_stride, lanes) + 2 * kInputPad;
  // Those whose padding must be zero come first.
  const std::size_t sizes[] = {input_rows * kMelBands,
                               paddedFrames() * front_,
                               paddedFrames() * first,
                               paddedFrames() * kMid,
                               2 * kSpectrumBins * spectrum_stride,
                               frames_ * kMid,
                               frames_ * std::max(mid1_.columns, mid2_.columns),
                               2 * pooled_,
                               roundUp(kUnits, lanes),
                               tags_.scratchFloats(),
                               kScratchFloats};
  std::size_t total = 0;
  for (const std::size_t size : sizes) total += roundUp(size, 16);
  Slices slices(workspace.floats(total).data());
  float* input = slices.take(sizes[0]);
  float* front = slices.take(sizes[1]);
  float* m1 = slices.take(sizes[2]);
  float* m2 = slices.take(sizes[3]);
  float* spectra = slices.take(sizes[4]);
  float* m3 = slices.take(sizes[5]);
  float* raw = slices.take(sizes[6]);
  float* pooled = slices.take(sizes[7]);
  float* units = slices.take(sizes[8]);
  float* tag_scratch = slices.take(sizes[9]);
  float* scratch = slices.take(sizes[10]);
  std::fill(input, spectra, 0.0F);

  float* rows = input + kInputPad * kMelBands;
  for (std::size_t i = 0; i < clip.size(); ++i) rows[i] = input_scale_ * clip[i] + input_shift_;

  float* front_rows = front + kMidPad * front_;
  float* channel = front_rows;
  kernels_->spectra(fft_, rows - kMidPad * kMelBands, spectrum_stride, spectra, spectrum_stride,
                    scratch);
  for (const TimbralTables& tables : timbral_) {
    kernels_->timbral(tables, fft_, spectra, spectrum_stride, frames_, channel, front_, scratch);
    channel += tables.filters;
  }
  for (const TemporalTables& tables : temporal_) {
    kernels_->temporal(tables, rows, frames_, channel, front_);
    channel += tables.filters;
  }

  float* m1_rows = m1 + kMidPad * first;
  float* m2_rows = m2 + kMidPad * kMid;
  runMid(mid1_, front, raw, m1_rows);
  runMid(mid2_, m1, raw, m2_rows);
  for (std::size_t t = 0; t < frames_; ++t) {
    for (std::size_t i = 0; i < first; ++i) {
      m2_rows[t * kMid + static_cast<std::size_t>(first_positions_[i])] += m1_rows[t * first + i];
    }
  }
  runMid(mid3_, m2, raw, m3);
  for (std::size_t i = 0; i < frames_ * kMid; ++i) m3[i] += m2_rows[i];

  float* maxima = pooled;
  const auto pool = [&](const float* values, std::size_t channels) {
    kernels_->maxAndMean(values, channels, frames_, channels, maxima, maxima + pooled_);
    maxima += channels;
  };
  pool(front_rows, front_);
  pool(m1_rows, first);
  pool(m2_rows, kMid);
  pool(m3, kMid);

  const float* pooled_in = pooled;
  Product product;
  product.in = &pooled_in;
  product.segments = 1;
  product.length = 2 * pooled_;
  product.matrix = dense_.data();
  product.rows = 1;
  product.columns = roundUp(kUnits, lanes);
  product.out = units;
  kernels_->product(product);
  kernels_->reluAffine(dense_affine_, units, 0, 1, kUnits, embedding.data(), 0);
  if (!tags.empty()) tags_.run(embedding.data(), tags, tag_scratch);
}

}  // namespace

std::shared_ptr<const Network> makeMusicnn(const Model& model, const Kernels& kernels) {
  return std::make_shared<Musicnn>(model, kernels);
}

}  // namespace attacca::embed
