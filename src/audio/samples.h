// Decoded frames as planes of float, whatever the decoder gives.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "av.h"

namespace attacca::audio {

// Some samples of every channel, 1.0 = full scale.
struct Planes {
  std::span<const float* const> channels;
  std::size_t frames = 0;
};

// Converts a decoded frame piece by piece. Values that are not numbers, or absurd ones (beyond
// kMostSample), become 0 and are counted.
class SampleReader {
 public:
  static constexpr std::size_t kPiece = 4096;  // frames
  static constexpr float kMostSample = 1e6F;

  // Whether libav's format is one that read() knows.
  static bool knows(AVSampleFormat format);
  // Samples [first, first + count) of the frame, count <= kPiece. Valid until the next call.
  Planes read(const AVFrame& frame, std::size_t first, std::size_t count);
  std::int64_t unusable() const { return unusable_; }  // samples, of all channels

 private:
  float* own(std::size_t channel);
  void replaceUnusable(std::size_t channel, std::size_t count);

  std::vector<std::vector<float>> own_;
  std::vector<const float*> planes_;
  std::int64_t unusable_ = 0;
};

// The mean of the channels, into `mono` (frames long).
void meanOfChannels(const Planes& planes, std::span<float> mono);

struct Range {
  float least = 0;
  float largest = 0;
};
// Over all channels of frames [first, first + count), count > 0.
Range rangeOf(const Planes& planes, std::size_t first, std::size_t count);

}  // namespace attacca::audio
