#include "attacca/audio/fingerprinter.h"

#include <bit>
#include <cmath>
#include <numbers>
#include <sstream>

#include <gmock/gmock.h>

#include "audio_test_support.h"

namespace attacca::audio {
namespace {

using Items = std::vector<FingerprintItem>;

Items fingerprint(std::span<const float> mono, std::size_t block = 4096) {
  Fingerprinter fingerprinter;
  for (; !mono.empty(); mono = mono.subspan(std::min(block, mono.size()))) {
    fingerprinter.hear(mono.first(std::min(block, mono.size())));
  }
  return fingerprinter.finish();
}

double bitErrors(const Items& a, const Items& b) {
  const std::size_t count = std::min(a.size(), b.size());
  int errors = 0;
  for (std::size_t i = 0; i < count; ++i) errors += std::popcount(a[i] ^ b[i]);
  return errors / (32.0 * static_cast<double>(count));
}

// A tone that moves, never the same for long.
std::vector<float> melody(double seconds) {
  std::vector<float> mono(static_cast<std::size_t>(seconds * Fingerprinter::kRateHz));
  double phase = 0;
  for (std::size_t i = 0; i < mono.size(); ++i) {
    const double t = static_cast<double>(i) / Fingerprinter::kRateHz;
    phase += 2 * std::numbers::pi * (400 + 200 * std::sin(t) + 90 * std::sin(3.7 * t)) /
             Fingerprinter::kRateHz;
    mono[i] = static_cast<float>(0.5 * std::sin(phase));
  }
  return mono;
}

// fpcalc resamples in another way, so a bit may differ here and there.
TEST(Fingerprinter, HearsWhatFpcalcHears) {
  Items expected;
  std::istringstream lines(readFile(golden("melody.fingerprint")));
  for (FingerprintItem item = 0; lines >> item;) expected.push_back(item);
  ASSERT_EQ(expected.size(), 92U);
  const Items heard = fingerprint(hear(golden("melody.mp3")).mono);
  EXPECT_EQ(heard.size(), expected.size());
  EXPECT_LT(bitErrors(heard, expected), 0.02);
}

TEST(Fingerprinter, DoesNotDependOnHowTheSoundIsCutIntoBlocks) {
  const auto mono = melody(20);
  const Items whole = fingerprint(mono, mono.size());
  EXPECT_GT(whole.size(), 100U);
  EXPECT_EQ(fingerprint(mono, 4096), whole);
  EXPECT_EQ(fingerprint(mono, 77), whole);
}

TEST(Fingerprinter, IsNearlyTheSameForASofterSound) {
  const auto mono = melody(20);
  auto soft = mono;
  for (float& sample : soft) sample *= 0.1F;
  EXPECT_LT(bitErrors(fingerprint(mono), fingerprint(soft)), 0.02);
}

TEST(Fingerprinter, PassesOverWhatComesAfterAMinute) {
  auto mono = melody(61);
  const Items first = fingerprint(mono);
  EXPECT_LE(first.size(), kMostFingerprintItems);
  EXPECT_GT(first.size(), 450U);
  mono.resize(mono.size() * 2);
  EXPECT_EQ(fingerprint(mono), first);
}

TEST(Fingerprinter, ClipsWhatIsTooLoudAndFindsNothingInAMoment) {
  auto mono = melody(10);
  for (float& sample : mono) sample *= 1e5F;
  EXPECT_FALSE(fingerprint(mono).empty());
  EXPECT_TRUE(fingerprint(std::span(mono).first(Fingerprinter::kRateHz)).empty());
  EXPECT_TRUE(fingerprint({}).empty());
}

}  // namespace
}  // namespace attacca::audio
