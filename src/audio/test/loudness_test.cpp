#include "loudness.h"

#include <cmath>
#include <memory>
#include <numbers>
#include <random>

#include <ebur128.h>
#include <gtest/gtest.h>

namespace attacca::audio {
namespace {

// Interleaved samples of music-like noise whose level wanders, for the range.
std::vector<float> wanderingNoise(int rate_hz, int channels, double seconds) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> noise(-1, 1);
  std::vector<float> samples;
  const auto frames = static_cast<std::size_t>(seconds * rate_hz);
  float smooth = 0;
  for (std::size_t i = 0; i < frames; ++i) {
    const double t = static_cast<double>(i) / rate_hz;
    const double level = std::pow(10, (-20 - 15 * std::sin(2 * std::numbers::pi * t / 17)) / 20);
    for (int c = 0; c < channels; ++c) {
      smooth += 0.3F * (noise(random) - smooth);
      samples.push_back(static_cast<float>(level) * (c % 2 == 0 ? smooth : noise(random)));
    }
  }
  return samples;
}

struct Measured {
  std::optional<double> lufs;
  std::optional<double> range;
};

Measured measure(const std::vector<float>& samples, int rate_hz, int channels) {
  AVChannelLayout layout{};
  av_channel_layout_default(&layout, channels);
  LoudnessMeter meter;
  meter.begin(rate_hz, channelWeights(layout));
  const std::size_t frames = samples.size() / static_cast<std::size_t>(channels);
  std::vector<std::vector<float>> planes(static_cast<std::size_t>(channels));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    planes[i % planes.size()].push_back(samples[i]);
  }
  constexpr std::size_t kBlock = 1023;
  for (std::size_t first = 0; first < frames; first += kBlock) {
    std::vector<const float*> pointers;
    pointers.reserve(planes.size());
    for (const auto& plane : planes) pointers.push_back(plane.data() + first);
    meter.add({pointers, std::min(kBlock, frames - first)});
  }
  return {meter.integratedLufs(), meter.rangeLu()};
}

TEST(Loudness, EqualsLibebur128AtEveryRateAndChannelCount) {
  struct Case {
    int rate_hz;
    int channels;
  };
  for (const auto& [rate_hz, channels] : {Case{44100, 2}, Case{48000, 2}, Case{48000, 1},
                                          Case{22050, 1}, Case{96000, 2}, Case{48000, 6}}) {
    SCOPED_TRACE(std::to_string(rate_hz) + " Hz, " + std::to_string(channels) + " channels");
    const auto samples = wanderingNoise(rate_hz, channels, 40);
    const Measured ours = measure(samples, rate_hz, channels);

    ebur128_state* state =
        ebur128_init(static_cast<unsigned>(channels), static_cast<unsigned long>(rate_hz),
                     EBUR128_MODE_I | EBUR128_MODE_LRA);
    ebur128_add_frames_float(state, samples.data(),
                             samples.size() / static_cast<std::size_t>(channels));
    double lufs = 0;
    double range = 0;
    ebur128_loudness_global(state, &lufs);
    ebur128_loudness_range(state, &range);
    ebur128_destroy(&state);

    // A single block at the gate, which the histogram knows to 0.01 LU, is worth so much here.
    EXPECT_NEAR(ours.lufs.value(), lufs, 0.03);
    EXPECT_NEAR(ours.range.value(), range, 0.05);
    EXPECT_GT(range, 5);
  }
}

TEST(Loudness, AFullScaleToneOf997HzInOneChannelIsMinus3LUFS) {
  // The calibration of ITU-R BS.1770-4.
  std::vector<float> tone(10 * 48000);
  for (std::size_t i = 0; i < tone.size(); ++i) {
    const double turns = 997 * static_cast<double>(i) / 48000;
    tone[i] = static_cast<float>(std::sin(2 * std::numbers::pi * turns));
  }
  EXPECT_NEAR(measure(tone, 48000, 1).lufs.value(), -3.01, 0.01);
}

TEST(Loudness, QuietPassagesDoNotCount) {
  auto samples = wanderingNoise(48000, 1, 20);
  const double loud = measure(samples, 48000, 1).lufs.value();
  samples.resize(samples.size() * 2, 0.0F);
  EXPECT_NEAR(measure(samples, 48000, 1).lufs.value(), loud, 0.1);
}

TEST(Loudness, IsNotDefinedForSilenceOrLessThanABlock) {
  EXPECT_EQ(measure(std::vector<float>(480000), 48000, 1).lufs, std::nullopt);
  EXPECT_EQ(measure(wanderingNoise(48000, 1, 0.3), 48000, 1).lufs, std::nullopt);
  const Measured two_seconds = measure(wanderingNoise(48000, 1, 2), 48000, 1);
  EXPECT_TRUE(two_seconds.lufs.has_value());
  EXPECT_EQ(two_seconds.range, std::nullopt);
}

}  // namespace
}  // namespace attacca::audio
