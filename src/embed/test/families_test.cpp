// Every family of official models at a tiny size with random weights: front end and engine against
// what their authors' code gave for the same samples (tools/reference/families.py).
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/base/file.h"
#include "attacca/base/npy.h"
#include "attacca/base/openvino.h"
#include "attacca/base/representation.h"
#include "attacca/base/sha256.h"
#include "attacca/embed/embedder.h"
#include "attacca/embed/mel.h"
#include "attacca/embed/openvino.h"

#include "goldens.h"

namespace attacca::embed {
namespace {

constexpr std::size_t kClips = 3;  // of each layer in the goldens
constexpr double kLeastCosine = 0.99999;

struct Family {
  std::string name;
  std::vector<std::string> layers;  // in the order of the goldens
};

const std::vector<std::string> kHidden{"layer_0", "layer_1", "layer_2"};
const std::vector<Family> kFamilies{
    {"mert-95m", kHidden},
    {"mert-330m", kHidden},
    {"music2vec", kHidden},
    {"encodecmae-base", {"layer_1", "layer_2", "final"}},
    {"musicfm", kHidden},
    {"muq", kHidden},
    {"discogs-effnet", {"embeddings"}},
};

std::string goldenFolder() { return std::string(ATTACCA_SOURCE_DIR) + "/src/embed/test/golden"; }

std::string fileOf(const Family& family, const std::string& extension) {
  return goldenFolder() + "/families/" + family.name + extension;
}

Manifest tinyManifest(const Family& family) {
  const std::string file = fileOf(family, ".toml");
  return Manifest::parse(readFile(file), file);
}

double cosine(std::span<const float> a, std::span<const float> b) {
  double both = 0;
  double of_a = 0;
  double of_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both += static_cast<double>(a[i]) * b[i];
    of_a += static_cast<double>(a[i]) * a[i];
    of_b += static_cast<double>(b[i]) * b[i];
  }
  return both / std::sqrt(of_a * of_b);
}

std::vector<std::vector<float>> hear(const Representation& representation,
                                     std::span<const float> samples) {
  std::vector<std::vector<float>> rows;
  Listener listener({{representation, [&](std::span<const float> row, auto) {
                        rows.emplace_back(row.begin(), row.end());
                      }}});
  constexpr std::size_t kBlock = 1000;
  for (std::size_t from = 0; from < samples.size(); from += kBlock) {
    listener.hear(samples.subspan(from, std::min(kBlock, samples.size() - from)));
  }
  listener.finish(AudioHash{sha256("families")});
  return rows;
}

class Families : public testing::TestWithParam<Family> {};

TEST_P(Families, EqualTheirAuthorsCodeInEveryLayer) {
  if (!openVinoLibrary(ATTACCA_TEST_OPENVINO)) {
    GTEST_SKIP() << "OpenVINO is not there (script/setup --openvino brings it)";
  }
  const auto openvino = OpenVino::open(ATTACCA_TEST_OPENVINO);
  const std::vector<float> samples = test::goldenSamples(goldenFolder());
  const FileBytes file = FileBytes::map(fileOf(GetParam(), ".npy"));
  const auto golden = npyView<float>(file, GetParam().name);
  Manifest manifest = tinyManifest(GetParam());
  ASSERT_EQ(golden.rows, GetParam().layers.size() * kClips);

  for (std::size_t layer = 0; layer < GetParam().layers.size(); ++layer) {
    manifest.layer = GetParam().layers[layer];
    const UniqueFd model = openToRead(fileOf(GetParam(), ".onnx"));
    const auto rows = hear(openvino->load(manifest, model.get()), samples);
    ASSERT_GE(rows.size(), kClips);
    for (std::size_t clip = 0; clip < kClips; ++clip) {
      EXPECT_GE(cosine(rows[clip], golden.row(layer * kClips + clip)), kLeastCosine)
          << manifest.layer << ", clip " << clip;
    }
  }
}

// So that a clip or a layer taken for another would be seen.
TEST_P(Families, GoldensOfOtherClipsAndLayersAreFurtherAway) {
  const FileBytes file = FileBytes::map(fileOf(GetParam(), ".npy"));
  const auto golden = npyView<float>(file, GetParam().name);
  for (std::size_t a = 0; a < golden.rows; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      EXPECT_LT(cosine(golden.row(a), golden.row(b)), kLeastCosine) << a << " and " << b;
    }
  }
}

// What is small here is the network and its clips; the shipped manifest's front end is what was
// compared.
TEST_P(Families, HaveTheFrontEndThatIsShipped) {
  const Manifest tiny = tinyManifest(GetParam());
  const Manifest& shipped = shippedManifest(GetParam().name);
  EXPECT_EQ(tiny.front_end, shipped.front_end);
  EXPECT_EQ(tiny.input, shipped.input);
  EXPECT_EQ(tiny.output, shipped.output);
}

INSTANTIATE_TEST_SUITE_P(Official, Families, testing::ValuesIn(kFamilies), [](const auto& tested) {
  std::string name = tested.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

// Essentia computes in 32 bits: where hardly anything sounds, its logarithms are off by up to
// 0.004. A periodic window would be off by 0.06.
TEST(OfficialManifests, DiscogsEffnetHearsEssentiasMelSpectrum) {
  const FileBytes file = FileBytes::map(goldenFolder() + "/families/discogs-effnet-mel.npy");
  const auto golden = npyView<float>(file, "discogs-effnet-mel.npy");
  const std::vector<float> samples = test::goldenSamples(goldenFolder());
  const Mel mel(std::get<MelFrontEnd>(shippedManifest("discogs-effnet").front_end));
  const std::vector<float> frames = mel.ofClip(samples);
  ASSERT_EQ(mel.frames(samples.size()), 626U);
  double most = 0;
  for (std::size_t i = 0; i < golden.rows * golden.cols; ++i) {
    most = std::max(most, std::abs(static_cast<double>(frames[i]) - golden.all()[i]));
  }
  EXPECT_LT(most, 0.005);
}

TEST(OfficialManifests, SayHowTheirWeightsAreToBeHad) {
  for (const auto& manifest : shippedManifests()) {
    if (!isOnnx(manifest)) continue;
    EXPECT_EQ(manifest.origin.command, "models/export/all.sh " + manifest.name);
    EXPECT_THAT(manifest.origin.page, testing::StartsWith("https://")) << manifest.name;
  }
}

TEST(OfficialManifests, HearEachModelAtItsOwnRateAndLength) {
  const auto rateAndLength = [](const char* name) {
    const Manifest& manifest = shippedManifest(name);
    return std::pair(rateHz(manifest), clipLength(manifest).count());
  };
  EXPECT_EQ(rateAndLength("mert-95m"), std::pair(24000, 5.0));
  EXPECT_EQ(rateAndLength("mert-330m"), std::pair(24000, 5.0));
  EXPECT_EQ(rateAndLength("music2vec"), std::pair(16000, 30.0));
  EXPECT_EQ(rateAndLength("encodecmae-base"), std::pair(24000, 4.0));
  EXPECT_EQ(rateAndLength("encodecmae-large"), std::pair(24000, 4.0));
  EXPECT_EQ(rateAndLength("musicfm"), std::pair(24000, 30.0));
  EXPECT_EQ(rateAndLength("muq"), std::pair(24000, 30.0));
  EXPECT_EQ(shippedManifest("mert-330m").front_end, FrontEnd(WaveFrontEnd{24000, false, 1e-7}));
  EXPECT_EQ(shippedManifest("mert-95m").front_end, FrontEnd(WaveFrontEnd{24000, true, 1e-7}));
}

}  // namespace
}  // namespace attacca::embed
