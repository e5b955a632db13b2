#include "attacca/embed/clip_input.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include <fmt/format.h>

#include "attacca/base/error.h"

namespace attacca::embed {

void normaliseClip(std::span<float> samples, std::size_t sounding, double epsilon) {
  const auto sound = samples.first(sounding);
  double sum = 0;
  for (const float sample : sound) sum += sample;
  const auto count = static_cast<double>(std::max<std::size_t>(sounding, 1));
  const double mean = sum / count;
  double squares = 0;
  for (const float sample : sound) squares += (sample - mean) * (sample - mean);
  const double deviation = std::sqrt(squares / count + epsilon);
  // Without an epsilon a silent clip has no deviation: it stays silent.
  const double scale = deviation > 0 ? 1 / deviation : 0;
  for (float& sample : sound) sample = static_cast<float>((sample - mean) * scale);
  std::fill(samples.begin() + static_cast<std::ptrdiff_t>(sounding), samples.end(), 0.0F);
}

ClipInput::ClipInput(const Manifest& manifest)
    : front_end_(manifest.front_end),
      length_(static_cast<std::size_t>(manifest.clips.samples > 0 ? manifest.clips.samples
                                                                  : manifest.clips.frames)),
      frames_(static_cast<std::size_t>(manifest.clips.frames)) {
  assert(length_ > 0);
  const auto* mel = std::get_if<MelFrontEnd>(&front_end_);
  if (mel == nullptr || !mel->by_clip) return;
  mel_ = std::make_unique<Mel>(*mel);
  if (mel_->frames(length_) < frames_) {
    throw Error(Fault::refused,
                fmt::format("a clip of {} samples gives {} frames, not {}, to {}", length_,
                            mel_->frames(length_), frames_, manifest.name),
                "correct clips.frames or clips.samples in its manifest");
  }
}

std::span<const float> ClipInput::prepare(std::span<const float> clip, std::size_t sounding) {
  if (mel_) {
    prepared_ = mel_->ofClip(clip);
    return std::span(prepared_).first(frames_ * mel_->bands());
  }
  const auto* wave = std::get_if<WaveFrontEnd>(&front_end_);
  if (wave == nullptr || !wave->normalise) return clip;
  prepared_.assign(clip.begin(), clip.end());
  normaliseClip(prepared_, sounding, wave->epsilon);
  return prepared_;
}

}  // namespace attacca::embed
