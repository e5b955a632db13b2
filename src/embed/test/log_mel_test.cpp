#include "attacca/embed/log_mel.h"

#include <cmath>
#include <limits>
#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/base/error.h"
#include "attacca/base/npy.h"

#include "goldens.h"

namespace attacca::embed {
namespace {

const std::string kGoldens = std::string(ATTACCA_SOURCE_DIR) + "/src/embed/test/golden";

std::vector<float> hearInBlocks(std::span<const float> samples, std::size_t block,
                                Target target = Target::best,
                                const LogMelFrontEnd& front_end = LogMelFrontEnd()) {
  std::vector<float> frames;
  LogMel log_mel(
      front_end,
      [&](std::span<const float> frame) {
        frames.insert(frames.end(), frame.begin(), frame.end());
      },
      target);
  while (!samples.empty()) {
    const std::size_t count = std::min(block, samples.size());
    log_mel.hear(samples.first(count));
    samples = samples.subspan(count);
  }
  log_mel.finish();
  return frames;
}

std::vector<float> chirp(std::size_t count) {
  std::vector<float> samples(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) / 16000;
    samples[i] =
        static_cast<float>(0.4 * std::sin(t * (900 + 5000 * t)) + 0.05 * std::sin(19000 * t * t));
  }
  return samples;
}

// The definition, in double precision, by a plain Fourier transform.
std::vector<double> naiveLogMel(const std::vector<float>& samples) {
  const LogMelFrontEnd front_end;
  const std::vector<float> bank = melFilterBank(front_end);
  std::vector<double> result;
  for (std::size_t frame = 0; frame <= samples.size() / 256; ++frame) {
    std::vector<double> power(257);
    for (std::size_t k = 0; k < power.size(); ++k) {
      double re = 0;
      double im = 0;
      for (std::size_t n = 0; n < 512; ++n) {
        const std::size_t at = frame * 256 + n;
        if (at < 256 || at - 256 >= samples.size()) continue;
        const double turn = 2 * std::numbers::pi / 512;
        const double x = samples[at - 256] * (0.5 - 0.5 * std::cos(turn * static_cast<double>(n)));
        re += x * std::cos(turn * static_cast<double>(k * n % 512));
        im += x * std::sin(turn * static_cast<double>(k * n % 512));
      }
      power[k] = re * re + im * im;
    }
    for (std::size_t band = 0; band < 96; ++band) {
      double mel = 0;
      for (std::size_t k = 0; k < power.size(); ++k) mel += bank[band * 257 + k] * power[k];
      result.push_back(std::log10(10000 * mel + 1));
    }
  }
  return result;
}

std::string nameOf(const testing::TestParamInfo<Target>& target) {
  return std::string(targetName(target.param));
}

class LogMelOnEachTarget : public testing::TestWithParam<Target> {};
INSTANTIATE_TEST_SUITE_P(Kernels, LogMelOnEachTarget, testing::ValuesIn(supportedTargets()),
                         nameOf);

TEST_P(LogMelOnEachTarget, EqualsTheReference) {
  const test::LogMelDifference difference = test::compareLogMel(kGoldens, GetParam());
  EXPECT_TRUE(test::isGood(difference)) << difference.frames << " frames, ties "
                                        << difference.share_of_ties << ", " << difference.most_tie;
}

TEST_P(LogMelOnEachTarget, EqualsTheDefinition) {
  const std::vector<float> samples = chirp(5000);
  LogMelFrontEnd front_end;
  front_end.round_to_float16 = false;
  const std::vector<float> ours = hearInBlocks(samples, samples.size(), GetParam(), front_end);
  const std::vector<double> expected = naiveLogMel(samples);
  ASSERT_EQ(ours.size(), expected.size());
  for (std::size_t i = 0; i < ours.size(); ++i) ASSERT_NEAR(ours[i], expected[i], 2e-5) << i;
}

TEST_P(LogMelOnEachTarget, BlockSizesDoNotChangeAByte) {
  const std::vector<float> samples = chirp(20011);
  const std::vector<float> whole = hearInBlocks(samples, samples.size(), GetParam());
  for (const std::size_t block : {1, 7, 255, 256, 257, 2304, 4096}) {
    EXPECT_EQ(hearInBlocks(samples, block, GetParam()), whole) << block;
  }
}

TEST_P(LogMelOnEachTarget, StaysFiniteWhateverItIsFed) {
  std::vector<float> samples = chirp(4000);
  samples[100] = std::numeric_limits<float>::quiet_NaN();
  samples[1000] = std::numeric_limits<float>::infinity();
  samples[1500] = -1e38F;
  samples[2000] = std::numeric_limits<float>::denorm_min();
  for (const float value : hearInBlocks(samples, 512, GetParam())) {
    ASSERT_TRUE(std::isfinite(value));
    ASSERT_GE(value, 0.0F);
    ASSERT_LE(value, std::log10(10000 * 65504.0) + 1e-4);
  }
}

TEST(LogMel, FilterBankIsTheReferences) {
  const FileBytes file = FileBytes::map(kGoldens + "/mel_filterbank_96x257_f32.npy");
  const auto golden = npyView<float>(file, "mel filter bank");
  const std::vector<float> ours = melFilterBank(LogMelFrontEnd());
  ASSERT_EQ(ours.size(), golden.all().size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    EXPECT_NEAR(ours[i], golden.all()[i], 1e-9) << i;  // a last place or so
  }
}

TEST(LogMel, FramesAreOneMoreThanWholeHops) {
  for (const std::size_t count : {0, 1, 255, 256, 257, 2047, 2048, 2049, 47616}) {
    EXPECT_EQ(hearInBlocks(chirp(count), 1000).size(), 96 * (1 + count / 256)) << count;
  }
}

TEST(LogMel, SilenceIsZero) {
  EXPECT_THAT(hearInBlocks(std::vector<float>(3000), 3000), testing::Each(0.0F));
}

TEST(LogMel, CanBeUsedAgainAfterTheEnd) {
  std::vector<float> frames;
  LogMel log_mel(LogMelFrontEnd(), [&](std::span<const float> frame) {
    frames.insert(frames.end(), frame.begin(), frame.end());
  });
  const std::vector<float> samples = chirp(3000);
  log_mel.hear(samples);
  log_mel.finish();
  const std::vector<float> first = std::exchange(frames, {});
  log_mel.hear(samples);
  log_mel.finish();
  EXPECT_EQ(frames, first);
}

TEST(LogMel, FrontEndThatItCannotMakeIsRefused) {
  LogMelFrontEnd front_end;
  front_end.fft = 1024;
  EXPECT_THROW(LogMel(front_end, [](auto) {}), Error);
}

}  // namespace
}  // namespace attacca::embed
