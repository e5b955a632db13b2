// The log-mel front end, as the MusicNN family was trained with it: power spectrum of centred
// frames (periodic Hann window, zeros beyond both ends of the recording), Slaney mel bands with
// Slaney norm, rounding to float16, log10(log_scale x + 1).
//
// Follows librosa 0.10.2's melspectrogram and musicnn 0.1.0's batch_data (Pons and Serra, 2019).
// Unlike them it stays finite: a sample that is not a number is heard as 0, samples are held within
// +-1024, and mel power within the range of float16.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "attacca/base/representation.h"
#include "attacca/embed/target.h"

namespace attacca::embed {

struct LogMelTables;

// The mel filter bank: bands x (fft / 2 + 1), row-major.
std::vector<float> melFilterBank(const LogMelFrontEnd& front_end);

// Makes frames out of samples as they come. Memory does not grow. One thread at a time.
class LogMel {
 public:
  // Called with each frame (bands values) in order; the span is valid during the call only.
  using FrameSink = std::function<void(std::span<const float> frame)>;

  // Throws Fault::unsupported for a front end whose fft is not 512 or whose bands exceed 256.
  LogMel(const LogMelFrontEnd& front_end, FrameSink sink, Target target = Target::best);
  ~LogMel();
  LogMel(LogMel&&) noexcept;
  LogMel& operator=(LogMel&&) noexcept;

  // Mono samples at the front end's rate, in blocks of any size; full scale is 1.
  void hear(std::span<const float> samples);
  // The frames that reach beyond the end. Then starts anew. n samples give 1 + n / hop frames.
  void finish();

  std::size_t samplesHeard() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace attacca::embed
