// Log-mel spectrograms in the terms of librosa and torchaudio, as most models other than MusicNN's
// want them: any FFT that is a power of two, HTK's or Slaney's mel scale, power or magnitude, edges
// mirrored or not, three kinds of logarithm, z-score.
//
// Follows librosa 0.10.2 (feature.melspectrogram, power_to_db) and torchaudio 0.13
// (transforms.MelSpectrogram, AmplitudeToDB). Computed in double precision. A sample that is not a
// number is heard as 0, and samples are held within +-1024.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "attacca/base/representation.h"

namespace attacca::embed {

// The filter bank: bands x (fft / 2 + 1), row-major.
std::vector<float> melFilterBank(const MelFrontEnd& front_end);

// Immutable, so any number of threads may share it.
class Mel {
 public:
  // Throws Fault::unsupported for an FFT that is not a power of two or a window longer than it.
  explicit Mel(const MelFrontEnd& front_end);
  ~Mel();
  Mel(Mel&&) noexcept;
  Mel& operator=(Mel&&) noexcept;

  std::size_t bands() const;
  // Frames that so many samples give.
  std::size_t frames(std::size_t samples) const;
  // All frames of a clip: frames(samples.size()) x bands(), row-major.
  std::vector<float> ofClip(std::span<const float> samples) const;

 private:
  friend class MelStream;
  struct State;
  std::unique_ptr<State> state_;
};

// The same of a recording as it comes. Memory does not grow. One thread at a time.
class MelStream {
 public:
  // Called with each frame (bands values) in order; the span is valid during the call only.
  using FrameSink = std::function<void(std::span<const float> frame)>;

  MelStream(const MelFrontEnd& front_end, FrameSink sink);

  void hear(std::span<const float> samples);  // blocks of any size
  void finish();                              // the frames at the end; it is then done

 private:
  void makeFrames();

  Mel mel_;
  FrameSink sink_;
  std::vector<float> samples_;  // from the next frame's first on
  std::size_t used_ = 0;        // of these
  bool started_ = false;        // what lies before the first sample is there
  std::vector<float> frame_;
};

}  // namespace attacca::embed
