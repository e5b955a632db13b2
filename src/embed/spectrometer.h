// The one short-time Fourier transform that all built-in representations share.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "attacca/embed/target.h"

#include "kernels.h"

namespace attacca::embed {

constexpr int kFeatureRateHz = 16000;
constexpr std::size_t kFeatureHop = 500;
constexpr std::size_t kFramesPerSecond = kFeatureRateHz / kFeatureHop;

FeatureTables makeFeatureTables();

// Power spectra of centred frames (periodic Hann window, zeros beyond both ends), as librosa's
// stft(pad_mode="constant") has them; n samples give 1 + n / hop frames. A sample that is not a
// number is heard as 0, samples are held within +-1024. Memory does not grow. One thread at a time.
class Spectrometer {
 public:
  // power[bin * kFramesAtOnce + frame] of the next 1 to kFramesAtOnce frames; what lies beyond them
  // means nothing.
  using Sink = std::function<void(const float* power, std::size_t frames)>;

  Spectrometer(const FeatureTables& tables, const Kernels& kernels, Sink sink);
  void hear(std::span<const float> samples);
  // The frames that reach beyond the end.
  void finish();

 private:
  void makeBatch(std::size_t wanted);

  const FeatureTables& tables_;
  const Kernels& kernels_;
  Sink sink_;
  std::vector<float> samples_;  // what the next frame begins with
  std::vector<float> power_;
  std::vector<float> scratch_;
  std::size_t heard_ = 0;
  std::size_t frames_made_ = 0;
};

}  // namespace attacca::embed
