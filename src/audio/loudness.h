// Loudness and its range as EBU R128 defines them, in constant memory.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "samples.h"

namespace attacca::audio {

// How much a channel counts (ITU-R BS.1770-4): 1, 1.41 behind the listener, 0 for the subwoofer.
std::vector<double> channelWeights(const AVChannelLayout& layout);

// Counts powers in steps of 0.01 LU, with their exact sum, so that gates need no list of all
// blocks.
class PowerHistogram {
 public:
  PowerHistogram();
  void add(double power);  // below the absolute gate it is ignored
  // Mean of the powers that are at least `gate_lu` below the mean of all; nullopt when there are
  // none.
  std::optional<double> gatedMean(double gate_lu) const;
  // Loudness range (EBU Tech 3342): 10th to 95th percentile above the gate.
  std::optional<double> range(double gate_lu) const;

 private:
  std::size_t firstBin(double gate_lu) const;
  struct Bin {
    std::uint64_t count = 0;
    double sum = 0;
  };
  std::vector<Bin> bins_;
  std::uint64_t count_ = 0;
  double sum_ = 0;
};

using Double2 = double __attribute__((vector_size(16)));

// One second-order filter: y[n] = b0 x[n] + s[n], s[n+1] = c1 x[n] + c2 x[n-1] - a1 s[n] - a2
// s[n-1]. From one sample to the next only one product lies on the way, in the usual forms three.
struct Biquad {
  double b0, c1, c2, a1, a2;
  static Biquad of(double b0, double b1, double b2, double a1, double a2);
};

struct KWeighting {
  Biquad shelf, pass;
};

// Two channels side by side.
struct ChannelPair {
  Double2 shelf_in{}, shelf0{}, shelf1{};
  Double2 pass_in{}, pass0{}, pass1{};
  Double2 sum{};  // of squares in the running 100 ms
};

// ITU-R BS.1770-4: K-weighting, 400 ms blocks every 100 ms, gates at -70 LUFS and -10 LU; range
// from 3 s blocks every second (EBU Tech 3342), gate at -20 LU. An own filter, in constant
// memory and with two channels a step; tests hold it to libebur128's results.
class LoudnessMeter {
 public:
  // Again when rate or channels change: the filters start anew, what was measured stays.
  void begin(int rate_hz, std::vector<double> channel_weights);
  void add(const Planes& planes);

  std::optional<double> integratedLufs() const;
  std::optional<double> rangeLu() const;

 private:
  void filter(const Planes& planes, std::size_t first, std::size_t count);
  void endStep();

  int step_frames_ = 0;  // 100 ms
  int left_ = 0;         // of the running step
  KWeighting weighting_{};
  std::vector<double> weights_;
  std::vector<ChannelPair> pairs_;
  std::array<double, 30> steps_{};  // power of the last 30 steps, a ring
  std::int64_t step_count_ = 0;
  PowerHistogram blocks_;
  PowerHistogram short_term_;
};

}  // namespace attacca::audio
