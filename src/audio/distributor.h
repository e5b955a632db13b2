// Gives decoded frames to everyone who listens: the meters and the mono outputs.
#pragma once

#include <map>
#include <vector>

#include "attacca/audio/decoder.h"

#include "loudness.h"
#include "resampler.h"
#include "samples.h"
#include "wave_meter.h"

namespace attacca::audio {

class Distributor {
 public:
  explicit Distributor(const DecodePlan& plan);  // the plan must outlive the distributor

  // Whether a frame can be used at all: libav may hand out frames without rate or channels.
  static bool accepts(const AVFrame& frame);
  void add(const AVFrame& frame);
  void finish();  // nothing may be added afterwards

  Seconds duration() const;
  Loudness loudness() const;
  std::int64_t samples() const { return samples_; }  // of all channels
  std::int64_t unusable() const { return reader_.unusable(); }

 private:
  void begin(const AVFrame& frame);
  void endFormat();

  const DecodePlan& plan_;
  std::map<int, Resampler::Take> takes_;  // by rate: each rate is resampled once
  int rate_hz_ = 0;
  int channels_ = 0;
  std::int64_t frames_ = 0;  // since the rate last changed
  double seconds_before_ = 0;
  double next_progress_ = 1;
  std::int64_t samples_ = 0;
  SampleReader reader_;
  LoudnessMeter loudness_;
  WaveMeter wave_;
  std::vector<Resampler> resamplers_;
  std::vector<float> mono_;
};

}  // namespace attacca::audio
