// Makes the acoustic fingerprint of a recording's beginning while it is decoded.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "attacca/base/acoustic_fingerprint.h"

namespace attacca::audio {

// By Chromaprint, whose Fourier transform is libavcodec's. Memory does not grow with the
// recording: what comes after kFingerprintLength is passed over. One thread.
class Fingerprinter {
 public:
  static constexpr int kRateHz = 16000;  // what hear() is given: a model's rate, so it costs little

  Fingerprinter();
  ~Fingerprinter();

  void hear(std::span<const float> mono);  // 1.0 = full scale; louder samples are clipped
  // Nothing may be heard afterwards.
  std::vector<FingerprintItem> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace attacca::audio
