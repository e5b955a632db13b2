// Follows the waveform: the largest sample of all, and the range of every bin of a peaks file.
#pragma once

#include <cstdint>

#include "attacca/audio/peaks.h"

#include "samples.h"

namespace attacca::audio {

class WaveMeter {
 public:
  explicit WaveMeter(PeaksWriter* peaks) : peaks_(peaks) {}  // may be null
  void begin(int rate_hz);  // again when the rate changes; a running bin keeps its share of time
  void add(const Planes& planes);
  void finish();  // the last, incomplete bin

  float peak() const { return peak_; }

 private:
  void endBin();

  PeaksWriter* peaks_;
  std::int64_t rate_hz_ = 0;
  std::int64_t filled_ = 0;  // of the running bin, in 1 / (rate * bins a second) seconds
  bool bin_empty_ = true;
  Range bin_;
  float peak_ = 0;
};

}  // namespace attacca::audio
