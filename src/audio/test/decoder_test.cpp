#include "attacca/audio/decoder.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "attacca/base/npy.h"

#include "audio_test_support.h"

namespace attacca::audio {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr double kLargestDifference = 1e-6;  // of samples from -1 to 1

// The formula of tools/reference/librosa_load.py.
std::string chirpWav(std::uint32_t rate_hz, std::int64_t frames) {
  std::vector<std::int16_t> samples;
  for (std::int64_t n = 0; n < frames; ++n) {
    samples.push_back(static_cast<std::int16_t>(3 * n * n % 65536 - 32768));
    samples.push_back(static_cast<std::int16_t>(977 * n % 65536 - 32768));
  }
  return wavFile({.rate_hz = rate_hz}, asBytes(samples));
}

void expectEqualToLibrosa(const std::vector<float>& mono, std::string_view golden_name) {
  const FileBytes file = FileBytes::map(golden(golden_name));
  const auto expected = npyView<float>(file, golden_name).all();
  ASSERT_EQ(mono.size(), expected.size());
  double squares = 0;
  for (std::size_t i = 0; i < mono.size(); ++i) squares += std::pow(mono[i] - expected[i], 2);
  EXPECT_LE(std::sqrt(squares / static_cast<double>(mono.size())), 1e-5);
}

std::vector<std::int16_t> ramp(std::size_t count) {
  std::vector<std::int16_t> samples(count);
  for (std::size_t i = 0; i < count; ++i) samples[i] = static_cast<std::int16_t>(i * 37 % 20000);
  return samples;
}

TEST(Decoder, HearsEveryContainerAndCodec) {
  struct Expected {
    const char* name;
    const char* format;
    int rate_hz;
    int channels;
    double seconds;
    double tolerance;  // what codecs add that do not say how much: a frame or two
  };
  const Expected files[] = {
      {"tone.mp3", "mp3", 44100, 2, 2, 0.001},
      {"vbr.mp3", "mp3", 44100, 2, 2, 0.001},
      {"tone.ogg", "ogg vorbis", 44100, 2, 2, 0.001},
      {"tone.opus", "ogg opus", 48000, 2, 2, 0.001},
      {"flac.oga", "ogg flac", 8000, 2, 1, 0},
      {"tone.flac", "flac", 48000, 2, 0.6, 0},
      {"tone.m4a", "mp4 aac", 48000, 2, 2, 0.03},
      {"alac.m4a", "mp4 alac", 8000, 2, 1, 0},
      {"tone.aac", "aac", 44100, 2, 2, 0.06},
      {"tone.wav", "wav pcm", 8000, 1, 1, 0},
      {"tone.w64", "w64 pcm", 8000, 1, 1, 0},
      {"tone.aiff", "aiff pcm", 8000, 1, 1, 0},
      {"tone.caf", "caf pcm", 8000, 1, 1, 0},
      {"video.mp4", "mp4 aac", 48000, 2, 2, 0.03},
      {"video.avi", "avi mp3", 44100, 2, 2, 0.06},
      {"video.mpg", "mpeg mp2", 48000, 2, 2, 0.03},
      {"video.ts", "mpeg-ts aac", 48000, 2, 2, 0.06},
      {"video.webm", "matroska opus", 48000, 2, 2, 0.02},
      {"video.flv", "flv mp3", 44100, 2, 2, 0.06},
  };
  for (const auto& expected : files) {
    SCOPED_TRACE(expected.name);
    const HeardFile heard = hear(golden(expected.name));
    EXPECT_EQ(heard.format, expected.format);
    EXPECT_EQ(heard.rate_hz, expected.rate_hz);
    EXPECT_EQ(heard.channels, expected.channels);
    EXPECT_NEAR(heard.sound.duration.count(), expected.seconds, expected.tolerance + 1e-9);
    EXPECT_NEAR(static_cast<double>(heard.mono.size()), heard.sound.duration.count() * 16000, 1);
    EXPECT_THAT(heard.sound.notes, IsEmpty());
    EXPECT_GT(heard.sound.loudness.sample_peak, 0.25);
  }
}

TEST(Decoder, MonoOfA44kHzWavEqualsLibrosa) {
  const TempFolder folder;
  const HeardFile heard = hear(folder.write("chirp.wav", chirpWav(44100, 26460)));
  expectEqualToLibrosa(heard.mono, "chirp_16k.npy");
}

// From every usual rate to both rates of models. docs/decisions.md has the largest differences.
TEST(Decoder, EveryUsualRateComesToTheModelsRateAsLibrosaHasIt) {
  const TempFolder folder;
  for (const int source_hz : {16000, 22050, 24000, 44100, 48000}) {
    const std::string wav = chirpWav(static_cast<std::uint32_t>(source_hz), source_hz / 2);
    for (const int rate_hz : {16000, 24000}) {
      const std::string name = fmt::format("chirp_{}_{}.npy", source_hz, rate_hz);
      SCOPED_TRACE(name);
      const std::vector<float> mono = hear(folder.write("chirp.wav", wav), rate_hz).mono;
      // In floating point, as librosa has it: 12001 of 22050 Hz at 24 kHz.
      const double ratio = static_cast<double>(rate_hz) / source_hz;
      const int frames = source_hz / 2;
      ASSERT_EQ(mono.size(), static_cast<std::size_t>(std::ceil(frames * ratio)));
      // Both ends.
      const FileBytes file = FileBytes::map(golden(name));
      const auto expected = npyView<float>(file, name).all();
      double largest = 0;
      for (std::size_t i = 0; i < expected.size(); ++i) {
        const std::size_t at = i < expected.size() / 2 ? i : mono.size() - expected.size() + i;
        largest = std::max(largest, std::abs(static_cast<double>(mono[at]) - expected[i]));
      }
      RecordProperty(fmt::format("largest_{}_{}", source_hz, rate_hz),
                     fmt::format("{:.2g}", largest));
      EXPECT_LE(largest, kLargestDifference);
    }
  }
}

TEST(Decoder, MonoOfA48kHzFlacEqualsLibrosa) {
  expectEqualToLibrosa(hear(golden("tone.flac")).mono, "tone_flac_16k.npy");
}

TEST(Decoder, SamplesAtTheModelsRatePassUnchanged) {
  const TempFolder folder;
  const auto samples = ramp(16000);
  const auto heard =
      hear(folder.write("a.wav", wavFile({.rate_hz = 16000, .channels = 1}, asBytes(samples))));
  ASSERT_EQ(heard.mono.size(), samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    ASSERT_EQ(heard.mono[i], static_cast<float>(samples[i]) / 32768.0F) << i;
  }
}

TEST(Decoder, MonoIsTheMeanOfAllChannels) {
  const TempFolder folder;
  const auto samples = ramp(std::size_t{6} * 16000);
  const auto heard =
      hear(folder.write("six.wav", wavFile({.rate_hz = 16000, .channels = 6}, asBytes(samples))));
  ASSERT_EQ(heard.mono.size(), 16000U);
  for (std::size_t i = 0; i < heard.mono.size(); ++i) {
    double sum = 0;
    for (std::size_t c = 0; c < 6; ++c) sum += samples[6 * i + c];
    ASSERT_NEAR(heard.mono[i], sum / 6 / 32768, 1e-6) << i;
  }
}

TEST(Decoder, EverySampleWidthMeansTheSameSound) {
  const TempFolder folder;
  const std::size_t count = 8000;
  std::string wide[6];
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<std::int32_t>(i * 37 % 200) - 100;  // of 128
    append(wide[0], static_cast<std::uint32_t>(value + 128), 1);
    append(wide[1], static_cast<std::uint32_t>(value) << 8, 2);
    append(wide[2], static_cast<std::uint32_t>(value) << 16, 3);
    append(wide[3], static_cast<std::uint32_t>(value) << 24, 4);
    const auto real = static_cast<float>(value) / 128;
    wide[4] += asBytes(std::vector<float>{real});
    wide[5] += asBytes(std::vector<double>{real});
  }
  const std::uint16_t bits[] = {8, 16, 24, 32, 32, 64};
  const auto first = hear(folder.write("0.wav", wavFile({8000, 1, 8, 1, {}}, wide[0])), 8000).mono;
  for (std::size_t i = 1; i < 6; ++i) {
    const std::uint16_t tag = i < 4 ? 1 : 3;
    const auto mono =
        hear(folder.write("n.wav", wavFile({8000, 1, bits[i], tag, {}}, wide[i])), 8000).mono;
    EXPECT_EQ(mono, first) << i;
  }
}

TEST(Decoder, OneDecodeServesSeveralRates) {
  const UniqueFd fd = openToRead(golden("tone.flac"));
  std::map<int, std::size_t> counts;
  DecodePlan plan;
  for (const int rate : {16000, 24000, 48000}) {
    plan.outputs.push_back({rate, [&, rate](auto block) { counts[rate] += block.size(); }});
  }
  Recording(fd.get()).decode(plan);
  EXPECT_THAT(counts, ElementsAre(std::pair(16000, 9600U), std::pair(24000, 14400U),
                                  std::pair(48000, 28800U)));
}

TEST(Decoder, DecodingAgainGivesTheSameSamples) {
  const UniqueFd fd = openToRead(golden("tone.ogg"));
  Recording recording(fd.get());
  std::vector<float> passes[2];
  for (auto& pass : passes) {
    DecodePlan plan;
    plan.outputs.push_back(
        {16000, [&](auto block) { pass.insert(pass.end(), block.begin(), block.end()); }});
    recording.decode(plan);
  }
  EXPECT_EQ(passes[0], passes[1]);
}

TEST(Decoder, ChainedOggStreamsAreHeardOneAfterAnother) {
  const TempFolder folder;
  const std::string one = readFile(golden("tone.ogg"));
  const HeardFile heard = hear(folder.write("chain.ogg", one + one + one));
  EXPECT_NEAR(heard.sound.duration.count(), 6, 0.02);
  EXPECT_THAT(heard.sound.notes, IsEmpty());
}

TEST(Decoder, ARateThatChangesMidwayIsFollowed) {
  const TempFolder folder;
  const HeardFile heard =
      hear(folder.write("joined.mp3", readFile(golden("tone.mp3")) + readFile(golden("low.mp3"))));
  EXPECT_NEAR(heard.sound.duration.count(), 4, 0.2);
  EXPECT_NEAR(static_cast<double>(heard.mono.size()), heard.sound.duration.count() * 16000, 2);
}

TEST(Decoder, ProgressIsToldAboutOnceASecondOfMusic) {
  const TempFolder folder;
  const UniqueFd fd = openToRead(
      folder.write("long.wav", wavFile({.rate_hz = 8000, .channels = 1}, asBytes(ramp(80000)))));
  std::vector<double> told;
  DecodePlan plan;
  plan.progress = [&](Seconds heard) { told.push_back(heard.count()); };
  Recording(fd.get()).decode(plan);
  EXPECT_THAT(told.size(), testing::AllOf(testing::Ge(8U), testing::Le(10U)));
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
}

TEST(Decoder, StopsWhenAsked) {
  const UniqueFd fd = openToRead(golden("tone.flac"));
  std::stop_source source;
  DecodePlan plan;
  plan.stop = source.get_token();
  std::size_t samples = 0;
  plan.outputs.push_back({48000, [&](auto block) {
                            samples += block.size();
                            source.request_stop();
                          }});
  try {
    Recording(fd.get()).decode(plan);
    FAIL() << "it went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::cancelled);
  }
  EXPECT_LT(samples, 28800U);
}

TEST(Decoder, AReceiversExceptionPassesThrough) {
  const UniqueFd fd = openToRead(golden("tone.flac"));
  DecodePlan plan;
  plan.outputs.push_back({16000, [](auto) { throw std::runtime_error("disk full"); }});
  EXPECT_THROW(Recording(fd.get()).decode(plan), std::runtime_error);
}

}  // namespace
}  // namespace attacca::audio
