#include "attacca/audio/peaks.h"

#include <cmath>

#include <fcntl.h>
#include <gmock/gmock.h>

#include "audio_test_support.h"

namespace attacca::audio {
namespace {

struct Written {
  Sound sound;
  std::string bytes;
};

Written writePeaks(const fs::path& recording) {
  const TempFolder folder;
  const fs::path path = folder.write("peaks", "");
  const UniqueFd file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  const UniqueFd fd = openToRead(recording);
  PeaksWriter writer(file.get());
  DecodePlan plan;
  plan.peaks = &writer;
  Written written{Recording(fd.get()).decode(plan), {}};
  written.bytes = readFile(path);
  return written;
}

Peaks parse(std::string_view bytes) { return readPeaks(std::as_bytes(std::span(bytes)), "x"); }

// 8 kHz, two channels: a bin is 160 frames.
std::string stairs(std::size_t frames) {
  std::vector<std::int16_t> samples;
  for (std::size_t i = 0; i < frames; ++i) {
    samples.push_back(static_cast<std::int16_t>(i / 160));
    samples.push_back(static_cast<std::int16_t>(-2 * static_cast<int>(i / 160)));
  }
  return wavFile({.rate_hz = 8000}, asBytes(samples));
}

TEST(Peaks, ABinHoldsTheLeastAndTheLargestSampleOfAllChannels) {
  const TempFolder folder;
  const auto written = writePeaks(folder.write("a.wav", stairs(160 * 100 + 7)));
  const Peaks peaks = parse(written.bytes);
  ASSERT_EQ(peaks.levels.size(), 4U);
  ASSERT_EQ(peaks.levels[0].size(), 101U);  // the last is short
  for (std::size_t i = 0; i < 101; ++i) {
    EXPECT_EQ(peaks.levels[0][i].largest, std::lround(static_cast<double>(i) * 32767 / 32768));
    EXPECT_EQ(peaks.levels[0][i].least, std::lround(-2.0 * static_cast<double>(i) * 32767 / 32768));
  }
}

TEST(Peaks, EachLevelSummarisesEightBinsOfTheFinerOne) {
  const TempFolder folder;
  // Longer than the writer's buffer.
  const Peaks peaks = parse(writePeaks(folder.write("a.wav", stairs(160 * 12345))).bytes);
  EXPECT_EQ(peaks.levels[0].size(), 12345U);
  for (std::size_t level = 1; level < peaks.levels.size(); ++level) {
    const auto& finer = peaks.levels[level - 1];
    const auto& bins = peaks.levels[level];
    ASSERT_EQ(bins.size(), (finer.size() + 7) / 8);
    for (std::size_t i = 0; i < bins.size(); ++i) {
      PeakBin expected = finer[8 * i];
      for (std::size_t j = 8 * i; j < std::min(finer.size(), 8 * i + 8); ++j) {
        expected = {std::min(expected.least, finer[j].least),
                    std::max(expected.largest, finer[j].largest)};
      }
      ASSERT_EQ(bins[i], expected) << level << " " << i;
    }
  }
}

TEST(Peaks, BinsKeepTimeAtRatesThatTheyDoNotDivide) {
  const TempFolder folder;
  const std::vector<std::int16_t> samples(11025 * 3, 1000);
  const auto written = writePeaks(
      folder.write("a.wav", wavFile({.rate_hz = 11025, .channels = 1}, asBytes(samples))));
  EXPECT_EQ(parse(written.bytes).levels[0].size(), 150U);
}

TEST(Peaks, TheFileHoldsDurationAndLoudness) {
  const auto written = writePeaks(golden("tone.ogg"));
  const Peaks peaks = parse(written.bytes);
  EXPECT_EQ(peaks.duration, written.sound.duration);
  EXPECT_EQ(peaks.loudness, written.sound.loudness);
  EXPECT_TRUE(peaks.loudness.integrated_lufs.has_value());
  EXPECT_FALSE(peaks.loudness.range_lu.has_value());  // two seconds are too short
}

TEST(Peaks, TheFormatIsTheGoldenFile) {
  // Made from the description alone, by tools/reference/audio_peaks.py, with made-up loudness.
  const std::string expected = readFile(golden("tone_wav.peaks"));
  const std::string bytes = writePeaks(golden("tone.wav")).bytes;
  EXPECT_EQ(bytes.substr(0, 40), expected.substr(0, 40));
  EXPECT_EQ(bytes.substr(64), expected.substr(64));
  const Peaks peaks = parse(expected);
  EXPECT_EQ(peaks.duration, Seconds(1));
  EXPECT_EQ(peaks.loudness, (Loudness{-23.5, std::nullopt, 0.625}));
}

TEST(Peaks, AFileThatIsNotWholeOrOfAnotherVersionIsRefused) {
  const std::string good = readFile(golden("tone_wav.peaks"));
  parse(good);
  const auto expectCorrupt = [](const std::string& bytes, std::string_view why) {
    try {
      parse(bytes);
      FAIL() << why;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::corrupt) << why;
    }
  };
  for (std::size_t length = 0; length < good.size(); length += 13) {
    expectCorrupt(good.substr(0, length), "cut");
  }
  expectCorrupt(good + '\0', "longer");
  for (const std::size_t at : {0, 8, 12, 16, 20, 24, 31}) {
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] + 1);
    expectCorrupt(changed, "changed at " + std::to_string(at));
  }
}

}  // namespace
}  // namespace attacca::audio
