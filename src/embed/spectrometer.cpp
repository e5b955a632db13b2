#include "spectrometer.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "attacca/embed/log_mel.h"

#include "mel_scale.h"

namespace attacca::embed {
namespace {

constexpr std::size_t kBatchSamples = (kFramesAtOnce - 1) * kFeatureHop + kFeatureFft;

}  // namespace

FeatureTables makeFeatureTables() {
  FeatureTables tables;
  tables.hop = kFeatureHop;
  tables.bin_hz = static_cast<float>(double{kFeatureRateHz} / double{kFeatureFft});
  for (std::size_t n = 0; n < kFeatureFft; ++n) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(n) / double{kFeatureFft};
    tables.window.push_back(static_cast<float>(0.5 - 0.5 * std::cos(angle)));
  }
  LogMelFrontEnd mel;
  mel.rate_hz = kFeatureRateHz;
  mel.fft = kFeatureFft;
  mel.bands = kFeatureBands;
  mel.low_hz = 0;
  mel.high_hz = kFeatureRateHz / 2.0;
  const std::vector<float> bank = melFilterBank(mel);
  for (std::size_t band = 0; band < kFeatureBands; ++band) {
    const float* row = bank.data() + band * kFeatureBins;
    const float* end = row + kFeatureBins;
    const auto nonzero = [](float weight) { return weight != 0; };
    const float* first = std::find_if(row, end, nonzero);
    const float* last = std::find_if_not(first, end, nonzero);
    tables.first_bin.push_back(static_cast<std::uint32_t>(first - row));
    tables.bins.push_back(static_cast<std::uint32_t>(last - first));
    tables.weights.insert(tables.weights.end(), first, last);
  }
  // The orthonormal DCT of type II.
  for (std::size_t c = 0; c < kCepstra; ++c) {
    const double scale = std::sqrt((c == 0 ? 1.0 : 2.0) / double{kFeatureBands});
    for (std::size_t band = 0; band < kFeatureBands; ++band) {
      const double angle = std::numbers::pi * static_cast<double>(c) *
                           (2 * static_cast<double>(band) + 1) / (2 * double{kFeatureBands});
      tables.cosines.push_back(static_cast<float>(scale * std::cos(angle)));
    }
  }
  return tables;
}

Spectrometer::Spectrometer(const FeatureTables& tables, const Kernels& kernels, Sink sink)
    : tables_(tables),
      kernels_(kernels),
      sink_(std::move(sink)),
      samples_(kFeatureFft / 2, 0.0F),
      power_(kFeatureBins * kFramesAtOnce),
      scratch_(kFeatureScratchFloats) {}

void Spectrometer::makeBatch(std::size_t wanted) {
  kernels_.powerSpectra(tables_, samples_.data(), power_.data(), scratch_.data());
  frames_made_ += wanted;
  sink_(power_.data(), wanted);
  samples_.erase(samples_.begin(),
                 samples_.begin() + static_cast<std::ptrdiff_t>(kFramesAtOnce * kFeatureHop));
}

void Spectrometer::hear(std::span<const float> samples) {
  heard_ += samples.size();
  while (!samples.empty()) {
    const std::size_t count = std::min(samples.size(), kBatchSamples - samples_.size());
    for (const float sample : samples.first(count)) samples_.push_back(heldSample(sample));
    samples = samples.subspan(count);
    if (samples_.size() == kBatchSamples) makeBatch(kFramesAtOnce);
  }
}

void Spectrometer::finish() {
  const std::size_t total = 1 + heard_ / kFeatureHop;
  while (frames_made_ < total) {
    samples_.resize(kBatchSamples, 0.0F);
    makeBatch(std::min(kFramesAtOnce, total - frames_made_));
  }
}

}  // namespace attacca::embed
