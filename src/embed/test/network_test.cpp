// The networks: reduction and kernels against the whole network in double precision, and the
// official weights against what the reference gives.
#include "attacca/embed/network.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/base/error.h"
#include "attacca/embed/import.h"

#include "checkpoint.h"
#include "goldens.h"

namespace attacca::embed {
namespace {

const std::string kGoldens = std::string(ATTACCA_SOURCE_DIR) + "/src/embed/test/golden";

std::optional<std::filesystem::path> officialWheel() {
  const char* folder = std::getenv("ATTACCA_TEST_WEIGHTS");
  std::filesystem::path path =
      std::filesystem::path(folder != nullptr ? folder : ATTACCA_TEST_WEIGHTS) /
      shippedManifest("msd-musicnn").source.file;
  if (!std::filesystem::exists(path)) return std::nullopt;
  return path;
}

std::vector<float> someClip(std::size_t frames) {
  std::vector<float> clip(frames * 96);
  for (std::size_t i = 0; i < clip.size(); ++i) {
    clip[i] = static_cast<float>(2 + 2 * std::sin(0.37 * static_cast<double>(i)) *
                                         std::cos(0.0013 * static_cast<double>(i * (i % 89))));
  }
  return clip;
}

void expectNear(std::span<const float> ours, const std::vector<double>& expected,
                double tolerance) {
  ASSERT_EQ(ours.size(), expected.size());
  double most = 0;
  double scale = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    most = std::max(most, std::abs(ours[i] - expected[i]));
    scale = std::max(scale, std::abs(expected[i]));
  }
  EXPECT_GT(scale, 0.1);
  EXPECT_LE(most, tolerance * scale);
}

std::string nameOf(const testing::TestParamInfo<Target>& info) {
  return std::string(targetName(info.param));
}

class OnEachTarget : public testing::TestWithParam<Target> {};
INSTANTIATE_TEST_SUITE_P(Kernels, OnEachTarget, testing::ValuesIn(supportedTargets()), nameOf);

TEST_P(OnEachTarget, ReducedMusicnnEqualsTheWholeNetwork) {
  for (const int frames : {1, 6, 37}) {
    const auto seed = static_cast<unsigned>(frames);
    const test::Package package = test::makePackage("musicnn", frames, seed);
    const Model model(
        FileBytes::hold(importModel(FileBytes::hold(package.wheel), package.manifest)), "m");
    ASSERT_LT(model.dimension("timbral38/kernel", 0), 60U);  // most filters are gone
    const auto network = makeNetwork(model, GetParam());
    const std::vector<float> clip = someClip(network->frames());
    const test::Outputs expected = test::naiveMusicnn(test::randomMusicnn(seed), clip);
    std::vector<float> embedding(network->dimension());
    std::vector<float> tags(network->tags().size());
    Workspace workspace;
    network->run(clip, embedding, tags, workspace);
    SCOPED_TRACE(frames);
    expectNear(embedding, expected.embedding, 2e-5);
    expectNear(tags, expected.tags, 2e-5);
  }
}

TEST_P(OnEachTarget, ReducedVggEqualsTheWholeNetwork) {
  const test::Package package = test::makePackage("vgg", 187, 5);
  const Model model(FileBytes::hold(importModel(FileBytes::hold(package.wheel), package.manifest)),
                    "m");
  const auto network = makeNetwork(model, GetParam());
  const std::vector<float> clip = someClip(network->frames());
  static const test::Outputs expected = test::naiveVgg(test::randomVgg(5), clip);
  std::vector<float> embedding(network->dimension());
  std::vector<float> tags(network->tags().size());
  Workspace workspace;
  network->run(clip, embedding, tags, workspace);
  expectNear(embedding, expected.embedding, 2e-5);
  expectNear(tags, expected.tags, 2e-5);
}

TEST_P(OnEachTarget, ResultsAreTheSameBytesWhereverTheMemoryLies) {
  const test::Package package = test::makePackage("musicnn", 21, 2);
  const Model model(FileBytes::hold(importModel(FileBytes::hold(package.wheel), package.manifest)),
                    "m");
  const auto network = makeNetwork(model, GetParam());
  const std::vector<float> clip = someClip(21);
  std::vector<std::vector<float>> results;
  for (std::size_t shift = 0; shift < 5; ++shift) {
    std::vector<float> shifted(shift);
    shifted.insert(shifted.end(), clip.begin(), clip.end());
    std::vector<float> embedding(shift + network->dimension());
    Workspace workspace;
    // What an earlier clip left behind must not matter either.
    for (float& value : workspace.floats(1000 * shift + 10)) value = 1e30F;
    network->run(std::span(shifted).subspan(shift), std::span(embedding).subspan(shift), {},
                 workspace);
    results.emplace_back(embedding.begin() + static_cast<std::ptrdiff_t>(shift), embedding.end());
    EXPECT_EQ(results.back(), results.front());
  }
}

TEST_P(OnEachTarget, OfficialModelsGiveWhatTheReferenceGives) {
  const auto wheel = officialWheel();
  if (!wheel)
    GTEST_SKIP() << "MusicNN's official weights are not here; script/setup --all fetches them";
  const FileBytes package = FileBytes::map(*wheel);
  for (const test::ModelName& name : test::kModelNames) {
    const std::string model = importModel(package, shippedManifest(name.manifest));
    const auto network =
        makeNetwork(Model::open(FileBytes::hold(model), name.manifest), GetParam());
    const test::ModelDifference difference = test::compareModel(kGoldens, name, *network);
    EXPECT_TRUE(test::isGood(difference.embedding))
        << name.manifest << ' ' << difference.embedding.most << ' '
        << difference.embedding.least_cosine;
    EXPECT_TRUE(test::isGood(difference.tags)) << name.manifest << ' ' << difference.tags.most;
  }
}

TEST(Network, TagsHaveTheNamesOfTheirDataSet) {
  const test::Package package = test::makePackage("musicnn", 21, 2);
  const Model model(FileBytes::hold(importModel(FileBytes::hold(package.wheel), package.manifest)),
                    "m");
  const auto network = makeNetwork(model);
  ASSERT_EQ(network->tags().size(), 50U);
  EXPECT_EQ(network->tags().front(), "rock");
  EXPECT_EQ(network->tags().back(), "happy");
}

TEST(Network, VggRefusesClipsThatItsLayersDoNotFit) {
  const test::Package package = test::makePackage("vgg", 50, 5);
  const Model model(FileBytes::hold(importModel(FileBytes::hold(package.wheel), package.manifest)),
                    "m");
  EXPECT_THROW(makeNetwork(model), Error);
}

TEST(Network, TargetThatTheProcessorLacksIsRefusedByName) {
  const auto targets = supportedTargets();
  for (const Target target : {Target::ssse3, Target::avx2, Target::avx512, Target::neon}) {
    if (std::find(targets.begin(), targets.end(), target) != targets.end()) continue;
    try {
      resolveTarget(target);
      FAIL() << targetName(target);
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::unsupported);
      EXPECT_THAT(error.problem(), testing::HasSubstr(std::string(targetName(target))));
    }
  }
}

}  // namespace
}  // namespace attacca::embed
