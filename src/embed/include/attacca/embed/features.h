// The built-in representations: numbers that need no model, read off one short-time Fourier
// transform (16 kHz, 2048 samples, a hop of 500: 32 frames a second).
//
//   mfcc     a row a second, 40 numbers: mean, then standard deviation, of 20 coefficients
//   chroma   a row each half second, 12 numbers of length 1: which notes sound, C first
//   aspects  a row for the recording (base/aspects.h)
//
// Each number's definition, and how near it comes to librosa 0.10.2: docs/representations.md.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "attacca/base/hearing.h"
#include "attacca/embed/target.h"

namespace attacca::embed {

// Hears one recording. Always finite: a sample that is not a number is heard as 0, silence has its
// own values. A tail shorter than a row is dropped; a recording shorter than a row gives one row of
// what there is, without zeros added. Memory does not grow with the recording (3 MB). One thread at
// a time.
class Features {
 public:
  static constexpr int kRateHz = 16000;
  using RowSink = std::function<void(std::span<const float> row)>;
  // Who gets the rows, in order of time. What nobody wants is not computed.
  struct Sinks {
    RowSink mfcc;
    RowSink chroma;
    RowSink aspects;
  };

  explicit Features(Sinks sinks, Target target = Target::best);
  ~Features();
  Features(Features&&) noexcept;
  Features& operator=(Features&&) noexcept;

  // Mono samples at kRateHz, in blocks of any size; full scale is 1.
  void hear(std::span<const float> samples);
  // The rows that reach to the end. `loudness` is of the recording, for aspects. Call it once.
  void finish(const Loudness& loudness);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace attacca::embed
