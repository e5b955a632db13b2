// Onsets and tempo, in constant memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "kernels.h"
#include "spectrometer.h"

namespace attacca::embed {

// How much louder a frame is than the one before, in decibels: the mean over the mel bands, of
// those that became louder. librosa 0.10.2's onset_strength of the bands' decibels (center=False).
class OnsetStrength {
 public:
  // The next frame, as melDecibels lays it out. 0 for the first.
  float next(const float* decibels, std::size_t frame);

 private:
  std::array<float, kFeatureBands> before_{};
  bool first_ = true;
};

// Counts onsets: librosa's peak_pick(pre_max=1, post_max=2, pre_avg=3, post_avg=4,
// delta=kLeastOnset, wait=1), where librosa's onset_detect has a delta relative to the largest
// strength of the whole recording.
class OnsetCounter {
 public:
  void add(float strength);
  void finish();
  std::int64_t onsets() const { return onsets_; }

 private:
  void judge(std::size_t at);  // position in recent_

  std::deque<float> recent_;
  std::size_t judged_ = 0;  // of recent_
  std::int64_t onsets_ = 0;
};

constexpr float kLeastOnset = 0.3F;  // dB above the mean around

struct Tempo {
  double bpm = 0;         // 0: none was found
  double confidence = 0;  // 0..1: how far the periodicity stands out
};

// From onset strengths to a tempo: the mean of local autocorrelations (P. Grosche and others,
// "Cyclic tempogram", ICASSP 2010), windows of 8 s every second, each scaled to 1 at lag 0, and the
// peak that a log-normal preference for 120 bpm chooses. librosa 0.10.2's tempogram(center=False),
// every 32nd column, and feature.tempo; the peak is refined by a parabola. A recording of less than
// 8 s is continued with zeros.
class Tempogram {
 public:
  static constexpr std::size_t kLags = 8 * kFramesPerSecond;

  Tempogram();
  void add(float strength);
  Tempo finish();
  std::span<const double> mean() const { return sums_; }  // after finish()

 private:
  void takeWindow();

  std::vector<float> window_;
  std::vector<float> recent_;
  std::vector<double> sums_;
  std::int64_t windows_ = 0;
};

}  // namespace attacca::embed
