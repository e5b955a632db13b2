// What a network is given of a clip: the clip as it was cut from the recording's frames or samples,
// or what the front end makes of it where it works clip by clip.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "attacca/base/representation.h"
#include "attacca/embed/mel.h"

namespace attacca::embed {

// (x - mean) / sqrt(variance + epsilon) over the first `sounding` samples, as Hugging Face's
// Wav2Vec2FeatureExtractor does it with an attention mask; 0 for the rest.
void normaliseClip(std::span<float> samples, std::size_t sounding, double epsilon);

// One thread at a time.
class ClipInput {
 public:
  explicit ClipInput(const Manifest& manifest);

  // Frames of the recording's stream (samples, where the front end works clip by clip) in a clip.
  std::size_t length() const { return length_; }
  // `clip` has length() frames, the first `sounding` of which are not padding. The result is
  // `clip` itself or lives until the next call.
  std::span<const float> prepare(std::span<const float> clip, std::size_t sounding);

 private:
  FrontEnd front_end_;
  std::size_t length_ = 0;
  std::size_t frames_ = 0;  // that the network is given of a mel clip
  std::unique_ptr<Mel> mel_;
  std::vector<float> prepared_;
};

}  // namespace attacca::embed
