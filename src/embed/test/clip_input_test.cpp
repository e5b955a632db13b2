#include "attacca/embed/clip_input.h"

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>

#include "attacca/base/error.h"
#include "attacca/base/npy.h"

namespace attacca::embed {
namespace {

// As tools/reference/mel_reference.py has it: 2000 samples, 0.1 added, continued to 2500.
TEST(NormaliseClip, EqualsHuggingFacesFeatureExtractor) {
  const std::filesystem::path golden =
      std::filesystem::path(ATTACCA_SOURCE_DIR) / "src/embed/test/golden";
  const std::string wav = readFile(golden / "synth_10s_16k_s16.wav");
  std::vector<float> clip(2500);
  for (std::size_t i = 0; i < 2000; ++i) {
    const auto low = static_cast<unsigned char>(wav[44 + 2 * i]);
    const auto high = static_cast<signed char>(wav[45 + 2 * i]);
    clip[i] = static_cast<float>(high * 256 + low) / 32768.0F + 0.1F;
  }
  normaliseClip(clip, 2000, 1e-7);
  const FileBytes file = FileBytes::map(golden / "front_ends/wave_normalised.npy");
  const std::span<const float> expected = npyView<float>(file, "golden").all();
  ASSERT_EQ(expected.size(), clip.size());
  double most = 0;
  for (std::size_t i = 0; i < clip.size(); ++i) {
    most = std::max(most, std::abs(double{clip[i]} - double{expected[i]}));
  }
  EXPECT_LT(most, 2e-6);
}

TEST(NormaliseClip, SilenceStaysSilent) {
  for (const double epsilon : {1e-7, 0.0}) {
    std::vector<float> clip(100, 0.0F);
    normaliseClip(clip, 100, epsilon);
    EXPECT_EQ(clip, std::vector<float>(100, 0.0F));
  }
}

TEST(ClipInput, AMelOfEachClipGivesAsManyFramesAsTheManifestSays) {
  Manifest manifest;
  manifest.front_end = MelFrontEnd{.fft = 256, .window = 256, .hop = 100, .bands = 8};
  manifest.clips = {.frames = 10, .hop = 1000, .samples = 1000};
  ClipInput input(manifest);
  EXPECT_EQ(input.length(), 1000U);
  EXPECT_EQ(input.prepare(std::vector<float>(1000), 1000).size(), 80U);
  manifest.clips.frames = 12;
  EXPECT_THROW(ClipInput{manifest}, Error);
}

}  // namespace
}  // namespace attacca::embed
