#include "rhythm.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace attacca::embed {
namespace {

constexpr std::size_t kBefore = 3;  // frames in the mean around a frame
constexpr std::size_t kAfter = 3;

constexpr double kUsualBpm = 120;
constexpr double kFastestBpm = 320;

double bpmOf(double lag) { return 60.0 * static_cast<double>(kFramesPerSecond) / lag; }

}  // namespace

float OnsetStrength::next(const float* decibels, std::size_t frame) {
  float sum = 0;
  for (std::size_t band = 0; band < kFeatureBands; ++band) {
    const float now = decibels[band * kFramesAtOnce + frame];
    sum += std::max(0.0F, now - before_[band]);
    before_[band] = now;
  }
  if (first_) sum = 0;
  first_ = false;
  return sum / static_cast<float>(kFeatureBands);
}

void OnsetCounter::add(float strength) {
  recent_.push_back(strength);
  if (recent_.size() - judged_ > kAfter) {
    judge(judged_++);
    if (judged_ > kBefore) {
      recent_.pop_front();
      --judged_;
    }
  }
}

void OnsetCounter::judge(std::size_t at) {
  const float strength = recent_[at];
  if (at > 0 && recent_[at - 1] > strength) return;
  if (at + 1 < recent_.size() && recent_[at + 1] > strength) return;
  const std::size_t begin = at > kBefore ? at - kBefore : 0;
  const std::size_t end = std::min(recent_.size(), at + kAfter + 1);
  double sum = 0;
  for (std::size_t i = begin; i < end; ++i) sum += recent_[i];
  if (strength >= sum / static_cast<double>(end - begin) + double{kLeastOnset}) ++onsets_;
}

void OnsetCounter::finish() {
  for (; judged_ < recent_.size(); ++judged_) judge(judged_);
}

Tempogram::Tempogram() : sums_(kLags, 0.0) {
  for (std::size_t i = 0; i < kLags; ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / double{kLags};
    window_.push_back(static_cast<float>(0.5 - 0.5 * std::cos(angle)));
  }
}

void Tempogram::add(float strength) {
  recent_.push_back(strength);
  if (recent_.size() < kLags) return;
  takeWindow();
  recent_.erase(recent_.begin(), recent_.begin() + std::ptrdiff_t{kFramesPerSecond});
}

void Tempogram::takeWindow() {
  std::array<float, kLags> weighted{};
  for (std::size_t i = 0; i < kLags; ++i) weighted[i] = window_[i] * recent_[i];
  std::array<float, kLags> sums{};
  // Lag by lag side by side, which a compiler can put into vectors without reordering any sum.
  for (std::size_t i = 0; i < kLags; ++i) {
    const float own = weighted[i];
    const float* later = weighted.data() + i;
    const std::size_t lags = kLags - i;
    for (std::size_t lag = 0; lag < lags; ++lag) sums[lag] += own * later[lag];
  }
  ++windows_;
  if (!(sums[0] > std::numeric_limits<float>::min())) return;
  for (std::size_t lag = 0; lag < kLags; ++lag) sums_[lag] += double{sums[lag]} / sums[0];
}

Tempo Tempogram::finish() {
  if (windows_ == 0) {
    recent_.resize(kLags, 0.0F);
    takeWindow();
  }
  for (double& sum : sums_) sum /= static_cast<double>(windows_);
  if (!(sums_[0] > 0)) return {};
  std::size_t best = 0;
  double best_score = -std::numeric_limits<double>::infinity();
  for (std::size_t lag = 1; lag < kLags; ++lag) {
    const double bpm = bpmOf(static_cast<double>(lag));
    if (bpm >= kFastestBpm) continue;
    const double octaves = std::log2(bpm / kUsualBpm);
    const double score = std::log1p(1e6 * sums_[lag]) - 0.5 * octaves * octaves;
    if (score > best_score) {
      best = lag;
      best_score = score;
    }
  }
  double lag = static_cast<double>(best);
  if (best + 1 < kLags) {
    const double low = sums_[best - 1];
    const double high = sums_[best + 1];
    const double curve = 2 * sums_[best] - low - high;
    if (sums_[best] >= low && sums_[best] >= high && curve > 0) lag += (high - low) / 2 / curve;
  }
  const auto end = sums_.begin() + static_cast<std::ptrdiff_t>(best) + 1;
  const double valley = *std::min_element(sums_.begin() + 1, end) / sums_[0];
  const double peak = sums_[best] / sums_[0];
  return {bpmOf(lag), valley < 1 ? std::clamp((peak - valley) / (1 - valley), 0.0, 1.0) : 0};
}

}  // namespace attacca::embed
