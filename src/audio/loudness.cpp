#include "loudness.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "clones.h"

namespace attacca::audio {
namespace {

constexpr double kAbsoluteGate = -70;  // LUFS
constexpr double kMostLoud = 130;  // LUFS; kMostSample of SampleReader is 120 dB over full scale
constexpr double kBinsPerLu = 100;
constexpr int kBlockSteps = 4;
constexpr int kShortTermSteps = 30;
constexpr int kShortTermHop = 10;
constexpr double kNothing = 1e-30;  // filter states below it are set to 0: denormals are slow

double loudnessOf(double power) { return -0.691 + 10 * std::log10(power); }
double powerOf(double lufs) { return std::pow(10, (lufs + 0.691) / 10); }

ATTACCA_CLONES void filterPair(const KWeighting& weighting, const float* left, const float* right,
                               std::size_t count, ChannelPair& pair) {
  const auto [b0, c1, c2, a1, a2] = weighting.shelf;
  const auto [d0, e1, e2, f1, f2] = weighting.pass;
  auto [x1, s0, s1, y1, t0, t1, sum] = pair;
  for (std::size_t i = 0; i < count; ++i) {
    const Double2 x = {left[i], right[i]};
    const Double2 y = b0 * x + s0;
    const Double2 s = ((c1 * x + c2 * x1) - a2 * s1) - a1 * s0;
    x1 = x;
    s1 = s0;
    s0 = s;
    const Double2 z = d0 * y + t0;
    const Double2 t = ((e1 * y + e2 * y1) - f2 * t1) - f1 * t0;
    y1 = y;
    t1 = t0;
    t0 = t;
    sum += z * z;
  }
  for (auto* state : {&s0, &s1, &t0, &t1}) {
    for (int lane = 0; lane < 2; ++lane) {
      if (std::fabs((*state)[lane]) < kNothing) (*state)[lane] = 0;
    }
  }
  pair = {x1, s0, s1, y1, t0, t1, sum};
}

}  // namespace

std::vector<double> channelWeights(const AVChannelLayout& layout) {
  std::vector<double> weights;
  for (int i = 0; i < layout.nb_channels; ++i) {
    switch (av_channel_layout_channel_from_index(&layout, static_cast<unsigned>(i))) {
      case AV_CHAN_LOW_FREQUENCY:
      case AV_CHAN_LOW_FREQUENCY_2:
        weights.push_back(0);
        break;
      case AV_CHAN_BACK_LEFT:
      case AV_CHAN_BACK_RIGHT:
      case AV_CHAN_SIDE_LEFT:
      case AV_CHAN_SIDE_RIGHT:
        weights.push_back(1.41);
        break;
      default:
        weights.push_back(1);
        break;
    }
  }
  return weights;
}

PowerHistogram::PowerHistogram()
    : bins_(static_cast<std::size_t>((kMostLoud - kAbsoluteGate) * kBinsPerLu) + 1) {}

void PowerHistogram::add(double power) {
  if (!(power > powerOf(kAbsoluteGate))) return;
  const auto bin = static_cast<std::size_t>((loudnessOf(power) - kAbsoluteGate) * kBinsPerLu);
  auto& [count, sum] = bins_[std::min(bin, bins_.size() - 1)];
  ++count;
  sum += power;
  ++count_;
  sum_ += power;
}

std::size_t PowerHistogram::firstBin(double gate_lu) const {
  const double gate = loudnessOf(sum_ / static_cast<double>(count_)) + gate_lu;
  return static_cast<std::size_t>(std::max(0.0, (gate - kAbsoluteGate) * kBinsPerLu));
}

std::optional<double> PowerHistogram::gatedMean(double gate_lu) const {
  if (count_ == 0) return std::nullopt;
  Bin all;
  for (auto i = firstBin(gate_lu); i < bins_.size(); ++i) {
    all.count += bins_[i].count;
    all.sum += bins_[i].sum;
  }
  return all.sum / static_cast<double>(all.count);
}

std::optional<double> PowerHistogram::range(double gate_lu) const {
  if (count_ == 0) return std::nullopt;
  const auto first = firstBin(gate_lu);
  std::uint64_t gated = 0;
  for (auto i = first; i < bins_.size(); ++i) gated += bins_[i].count;
  const auto percentile = [&](double fraction) {
    const auto rank =
        static_cast<std::uint64_t>(std::llround(static_cast<double>(gated - 1) * fraction));
    std::uint64_t seen = 0;
    for (auto i = first; i < bins_.size(); ++i) {
      seen += bins_[i].count;
      if (seen > rank) return loudnessOf(bins_[i].sum / static_cast<double>(bins_[i].count));
    }
    return kAbsoluteGate;
  };
  return percentile(0.95) - percentile(0.10);
}

Biquad Biquad::of(double b0, double b1, double b2, double a1, double a2) {
  return {b0, b1 - a1 * b0, b2 - a2 * b0, a1, a2};
}

void LoudnessMeter::begin(int rate_hz, std::vector<double> channel_weights) {
  assert(rate_hz > 0);
  step_frames_ = std::max(1, (rate_hz + 5) / 10);
  left_ = step_frames_;
  weights_ = std::move(channel_weights);
  pairs_.assign((weights_.size() + 1) / 2, {});

  // The two filters of BS.1770-4 for any rate: the analogue prototypes that its 48 kHz coefficients
  // come from (B. De Man, "Evaluation of implementations of the EBU R128 loudness measurement",
  // AES 145, 2018), by the bilinear transform.
  {
    const double k = std::tan(std::numbers::pi * 1681.974450955533 / rate_hz);
    constexpr double kQ = 0.7071752369554196;
    const double high = std::pow(10, 3.999843853973347 / 20);
    const double band = std::pow(high, 0.4996667741545416);
    const double a0 = 1 + k / kQ + k * k;
    weighting_.shelf = Biquad::of((high + band * k / kQ + k * k) / a0, 2 * (k * k - high) / a0,
                                  (high - band * k / kQ + k * k) / a0, 2 * (k * k - 1) / a0,
                                  (1 - k / kQ + k * k) / a0);
  }
  const double k = std::tan(std::numbers::pi * 38.13547087602444 / rate_hz);
  constexpr double kQ = 0.5003270373238773;
  const double a0 = 1 + k / kQ + k * k;
  weighting_.pass = Biquad::of(1, -2, 1, 2 * (k * k - 1) / a0, (1 - k / kQ + k * k) / a0);
}

void LoudnessMeter::add(const Planes& planes) {
  assert(planes.channels.size() == weights_.size());
  for (std::size_t done = 0; done < planes.frames;) {
    const auto count = std::min(planes.frames - done, static_cast<std::size_t>(left_));
    filter(planes, done, count);
    done += count;
    left_ -= static_cast<int>(count);
    if (left_ == 0) endStep();
  }
}

void LoudnessMeter::filter(const Planes& planes, std::size_t first, std::size_t count) {
  for (std::size_t p = 0; p < pairs_.size(); ++p) {
    const float* left = planes.channels[2 * p] + first;
    const bool alone = 2 * p + 1 == planes.channels.size();
    const float* right = alone ? left : planes.channels[2 * p + 1] + first;
    filterPair(weighting_, left, right, count, pairs_[p]);
  }
}

void LoudnessMeter::endStep() {
  double power = 0;
  for (std::size_t c = 0; c < weights_.size(); ++c) {
    power += weights_[c] * pairs_[c / 2].sum[c % 2];
  }
  for (auto& pair : pairs_) pair.sum = Double2{};
  left_ = step_frames_;

  const auto meanOfLast = [&](int steps) {
    double total = 0;
    for (int i = 0; i < steps; ++i) {
      total += steps_[static_cast<std::size_t>((step_count_ - 1 - i) % kShortTermSteps)];
    }
    return total / steps;
  };
  steps_[static_cast<std::size_t>(step_count_ % kShortTermSteps)] = power / step_frames_;
  ++step_count_;
  if (step_count_ >= kBlockSteps) blocks_.add(meanOfLast(kBlockSteps));
  if (step_count_ >= kShortTermSteps && (step_count_ - kShortTermSteps) % kShortTermHop == 0) {
    short_term_.add(meanOfLast(kShortTermSteps));
  }
}

std::optional<double> LoudnessMeter::integratedLufs() const {
  const auto power = blocks_.gatedMean(-10);
  return power ? std::optional(loudnessOf(*power)) : std::nullopt;
}

std::optional<double> LoudnessMeter::rangeLu() const { return short_term_.range(-20); }

}  // namespace attacca::audio
