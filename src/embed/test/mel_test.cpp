#include "attacca/embed/mel.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <numbers>

#include <gtest/gtest.h>

#include "attacca/base/error.h"
#include "attacca/base/npy.h"

#include "fourier.h"

namespace attacca::embed {
namespace {

const std::filesystem::path kGolden =
    std::filesystem::path(ATTACCA_SOURCE_DIR) / "src/embed/test/golden";

// The first second of the golden signal: 16 bits after a header of 44 bytes.
std::vector<float> signal() {
  const std::string file = readFile(kGolden / "synth_10s_16k_s16.wav");
  std::vector<float> samples;
  for (std::size_t i = 0; i < 16000; ++i) {
    const auto low = static_cast<unsigned char>(file[44 + 2 * i]);
    const auto high = static_cast<signed char>(file[45 + 2 * i]);
    samples.push_back(static_cast<float>(high * 256 + low) / 32768.0F);
  }
  return samples;
}

// Largest difference from the reference's frames, of which there may be fewer.
double difference(const MelFrontEnd& front_end, const std::string& golden) {
  const FileBytes file = FileBytes::map(kGolden / "front_ends" / golden);
  const auto expected = npyView<float>(file, golden);
  const Mel mel(front_end);
  const std::vector<float> samples = signal();
  const std::vector<float> frames = mel.ofClip(samples);
  EXPECT_EQ(expected.cols, mel.bands());
  EXPECT_GE(mel.frames(samples.size()), expected.rows);
  double most = 0;
  for (std::size_t row = 0; row < expected.rows; ++row) {
    for (std::size_t band = 0; band < expected.cols; ++band) {
      const double d = frames[row * mel.bands() + band] - expected.row(row)[band];
      most = std::max(most, std::abs(d));
    }
  }
  return most;
}

MelFrontEnd librosaDecibel() {
  return {.rate_hz = 16000,
          .fft = 1024,
          .window = 1024,
          .hop = 400,
          .bands = 40,
          .high_hz = 8000,
          .scale = MelScale::slaney,
          .norm = MelNorm::slaney,
          .top_db = 60};
}

MelFrontEnd librosaNatural() {
  return {.rate_hz = 16000,
          .fft = 512,
          .window = 400,
          .hop = 320,
          .bands = 32,
          .low_hz = 60,
          .high_hz = 7600,
          .spectrum = Spectrum::magnitude,
          .edges = MelEdges::zeros,
          .logarithm = MelLogarithm::natural,
          .floor = 1e-5};
}

MelFrontEnd librosaOnePlus() {
  return {.rate_hz = 16000,
          .fft = 512,
          .window = 512,
          .hop = 256,
          .bands = 24,
          .high_hz = 8000,
          .norm = MelNorm::slaney,
          .edges = MelEdges::none,
          .logarithm = MelLogarithm::one_plus,
          .log_scale = 10000};
}

MelFrontEnd torchaudioDecibel() { return {.bands = 64, .mean = 6.768, .deviation = 18.418}; }

TEST(Mel, EqualsLibrosa) {
  EXPECT_LT(difference(librosaDecibel(), "librosa_decibel.npy"), 1e-5);
  EXPECT_LT(difference(librosaNatural(), "librosa_natural.npy"), 2e-6);
  EXPECT_LT(difference(librosaOnePlus(), "librosa_one_plus.npy"), 2e-6);
}

TEST(Mel, EqualsTorchaudio) {
  EXPECT_LT(difference(torchaudioDecibel(), "torchaudio_decibel.npy"), 4e-5);
}

TEST(Mel, ARecordingInBlocksGivesTheFramesOfTheWhole) {
  const std::vector<float> samples = signal();
  for (MelFrontEnd front_end : {librosaDecibel(), librosaNatural(), librosaOnePlus()}) {
    front_end.top_db = 0;
    // The last: too short for a mirrored edge while it is heard.
    for (const std::size_t count : {std::size_t{16000}, std::size_t{5121}, std::size_t{300}}) {
      const auto sound = std::span(samples).first(count);
      const std::vector<float> expected = Mel(front_end).ofClip(sound);
      for (const std::size_t block : {std::size_t{1}, std::size_t{333}, std::size_t{16000}}) {
        std::vector<float> frames;
        MelStream stream(front_end, [&](std::span<const float> frame) {
          frames.insert(frames.end(), frame.begin(), frame.end());
        });
        for (std::size_t at = 0; at < count; at += block) {
          stream.hear(sound.subspan(at, std::min(block, count - at)));
        }
        stream.finish();
        EXPECT_EQ(frames, expected) << count << ' ' << block;
      }
    }
  }
}

TEST(Mel, SilenceAndBrokenSamplesGiveNumbers) {
  for (const MelFrontEnd& front_end :
       {librosaDecibel(), librosaNatural(), librosaOnePlus(), torchaudioDecibel()}) {
    std::vector<float> samples(4096);
    samples[2000] = std::numeric_limits<float>::quiet_NaN();
    samples[3000] = std::numeric_limits<float>::infinity();
    for (const float value : Mel(front_end).ofClip(samples)) ASSERT_TRUE(std::isfinite(value));
    for (const float value : Mel(front_end).ofClip({})) ASSERT_TRUE(std::isfinite(value));
  }
}

TEST(Mel, AFrontEndThatItDoesNotHaveIsRefused) {
  EXPECT_THROW(Mel(MelFrontEnd{.fft = 1000}), Error);
  EXPECT_THROW(Mel(MelFrontEnd{.fft = 1024, .window = 2048}), Error);
  EXPECT_THROW(Mel(MelFrontEnd{.hop = 4096}), Error);
}

TEST(Fourier, EqualsTheSumsItStandsFor) {
  for (const std::size_t size : {4U, 16U, 64U}) {
    std::vector<double> frame(size);
    for (std::size_t i = 0; i < size; ++i) frame[i] = std::sin(3.7 * static_cast<double>(i * i));
    std::vector<double> bins(size / 2 + 1);
    std::vector<double> work = frame;
    Fourier(size).power(work, bins);
    for (std::size_t k = 0; k < bins.size(); ++k) {
      double re = 0;
      double im = 0;
      for (std::size_t n = 0; n < size; ++n) {
        const double angle =
            2 * std::numbers::pi * static_cast<double>(k * n) / static_cast<double>(size);
        re += frame[n] * std::cos(angle);
        im -= frame[n] * std::sin(angle);
      }
      EXPECT_NEAR(bins[k], re * re + im * im, 1e-10) << size << ' ' << k;
    }
  }
}

}  // namespace
}  // namespace attacca::embed
