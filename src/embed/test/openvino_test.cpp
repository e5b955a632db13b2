#include "attacca/embed/openvino.h"

#include <cmath>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/base/error.h"
#include "attacca/base/npy.h"
#include "attacca/base/openvino.h"
#include "attacca/base/testing/temp_folder.h"

namespace attacca::embed {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path kModels = fs::path(ATTACCA_SOURCE_DIR) / "src/embed/test/golden/onnx";

// tiny_onnx.py's wave model: 400 samples of any recording.
Manifest waveManifest(const std::string& layer, int dimension, OutputLayout output) {
  Manifest manifest;
  manifest.name = "tiny";
  manifest.front_end = WaveFrontEnd{.rate_hz = 1000};
  manifest.network = "onnx";
  manifest.layer = layer;
  manifest.dimension = dimension;
  manifest.output = output;
  manifest.clips = {.frames = 0, .hop = 200, .samples = 400};
  return manifest;
}

Manifest melManifest() {
  Manifest manifest;
  manifest.name = "tiny";
  manifest.front_end =
      MelFrontEnd{.rate_hz = 1000, .fft = 64, .window = 64, .hop = 50, .bands = 8, .high_hz = 500};
  manifest.network = "onnx";
  manifest.layer = "embedding";
  manifest.dimension = 4;
  manifest.clips = {.frames = 12, .hop = 600, .samples = 600};
  return manifest;
}

std::vector<float> ramp(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = static_cast<float>(std::sin(0.1 * static_cast<double>(i)));
  }
  return values;
}

class OpenVinoTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (openVinoLibrary(ATTACCA_TEST_OPENVINO)) openvino_ = OpenVino::open(ATTACCA_TEST_OPENVINO);
  }
  void SetUp() override {
    if (!openvino_) {
      GTEST_SKIP() << "OpenVINO is missing in " << ATTACCA_TEST_OPENVINO
                   << " (script/setup --openvino brings it)";
    }
  }

  static Representation load(const Manifest& manifest, const std::string& model) {
    return openvino_->load(manifest, openToRead(kModels / (model + ".onnx")).get());
  }

  static std::vector<float> run(const Representation& representation,
                                const std::vector<float>& clip) {
    std::vector<float> row(representation.network->dimension());
    Workspace workspace;
    representation.network->run(clip, row, {}, workspace);
    return row;
  }

  static void expectRefused(const Manifest& manifest, const std::string& model,
                            const std::string& because) {
    try {
      load(manifest, model);
      ADD_FAILURE() << model << " was taken";
    } catch (const Error& fault) {
      EXPECT_EQ(fault.fault(), Fault::refused) << fault.what();
      EXPECT_THAT(fault.problem(), HasSubstr(because));
    }
  }

  static inline std::shared_ptr<const OpenVino> openvino_;
};

std::vector<float> meanOverTime(const std::string& golden, bool time_last) {
  const FileBytes file = FileBytes::map(kModels / golden);
  const auto values = npyView<float>(file, golden);
  const std::size_t dimension = time_last ? values.rows : values.cols;
  std::vector<double> sums(dimension);
  for (std::size_t row = 0; row < values.rows; ++row) {
    for (std::size_t col = 0; col < values.cols; ++col) {
      sums[time_last ? row : col] += values.row(row)[col];
    }
  }
  const auto count = static_cast<double>(time_last ? values.cols : values.rows);
  std::vector<float> means;
  means.reserve(sums.size());
  for (const double sum : sums) means.push_back(static_cast<float>(sum / count));
  return means;
}

void expectNear(const std::vector<float>& ours, const std::vector<float>& expected) {
  ASSERT_EQ(ours.size(), expected.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    EXPECT_NEAR(ours[i], expected[i], 2e-6 * (1 + std::abs(expected[i]))) << i;
  }
}

TEST_F(OpenVinoTest, EveryLayerEqualsOnnxRuntime) {
  const auto first = waveManifest("hidden_0", 8, OutputLayout::time_first);
  expectNear(run(load(first, "wave"), ramp(400)), meanOverTime("wave_hidden_0.npy", false));
  const auto second = waveManifest("hidden_1", 6, OutputLayout::time_first);
  expectNear(run(load(second, "wave"), ramp(400)), meanOverTime("wave_hidden_1.npy", false));
  const auto features = waveManifest("features", 6, OutputLayout::time_last);
  expectNear(run(load(features, "wave"), ramp(400)), meanOverTime("wave_features.npy", true));
}

TEST_F(OpenVinoTest, LargeWeightsAreUsedWhereTheFileHasThem) {
  const auto manifest = waveManifest("row", 8, OutputLayout::row);
  expectNear(run(load(manifest, "large"), ramp(400)), meanOverTime("large_row.npy", false));
}

TEST_F(OpenVinoTest, AModelOfBatchesGetsOneClipAtATime) {
  expectNear(run(load(melManifest(), "mel"), ramp(96)), meanOverTime("mel_embedding.npy", false));
}

TEST_F(OpenVinoTest, BandsFirstIsTheSameClipTurned) {
  Manifest turned = melManifest();
  auto& front_end = std::get<MelFrontEnd>(turned.front_end);
  front_end.bands = 12;
  turned.clips = {.frames = 8, .hop = 600, .samples = 600};
  turned.input = InputLayout::time_last;
  std::vector<float> clip(96);
  const std::vector<float> values = ramp(96);
  for (std::size_t t = 0; t < 8; ++t) {
    for (std::size_t b = 0; b < 12; ++b) clip[t * 12 + b] = values[b * 8 + t];
  }
  expectNear(run(load(turned, "mel"), clip), meanOverTime("mel_embedding.npy", false));
}

TEST_F(OpenVinoTest, LayersOfOneFileAreNetworksOfTheirOwn) {
  const auto first = load(waveManifest("hidden_1", 6, OutputLayout::time_first), "wave");
  const auto second = load(waveManifest("features", 6, OutputLayout::time_last), "wave");
  EXPECT_NE(first.network->model(), second.network->model());
}

TEST_F(OpenVinoTest, ARecordingIsHeardInClipsThatOverlap) {
  Manifest manifest = waveManifest("hidden_1", 6, OutputLayout::time_first);
  const Representation representation = load(manifest, "wave");
  std::vector<std::vector<float>> rows;
  Listener listener({{representation, [&](std::span<const float> row, auto) {
                        rows.emplace_back(row.begin(), row.end());
                      }}});
  const std::vector<float> sound = ramp(1100);
  listener.hear(std::span(sound).first(450));
  listener.hear(std::span(sound).subspan(450));
  EXPECT_EQ(listener.finish({})[0].clips, 4);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[3], run(representation, {sound.begin() + 600, sound.begin() + 1000}));
}

TEST_F(OpenVinoTest, AShortRecordingIsContinuedWithSilenceAfterItWasNormalised) {
  Manifest manifest = waveManifest("hidden_1", 6, OutputLayout::time_first);
  manifest.front_end = WaveFrontEnd{.rate_hz = 600, .normalise = true};
  const Representation representation = load(manifest, "wave");
  std::vector<float> row;
  Listener listener({{representation, [&](std::span<const float> values, auto) {
                        row.assign(values.begin(), values.end());
                      }}});
  std::vector<float> sound = ramp(310);
  listener.hear(sound);
  const Embedded embedded = listener.finish({})[0];
  EXPECT_EQ(embedded.clips, 1);
  EXPECT_THAT(embedded.note.value_or(""), HasSubstr("continued with silence"));
  double mean = 0;
  for (const float sample : sound) mean += sample / 310.0;
  double variance = 0;
  for (const float sample : sound) variance += (sample - mean) * (sample - mean) / 310;
  for (float& sample : sound) {
    sample = static_cast<float>((sample - mean) / std::sqrt(variance + 1e-7));
  }
  sound.resize(400);
  expectNear(row, run(representation, sound));
}

TEST_F(OpenVinoTest, FilesThatDoNotFitTheirManifestAreRefusedWithTheReason) {
  const auto good = waveManifest("hidden_0", 8, OutputLayout::time_first);
  expectRefused(waveManifest("hidden_9", 8, OutputLayout::time_first), "wave", "hidden_9");
  expectRefused(waveManifest("hidden_0", 7, OutputLayout::time_first), "wave", "8");
  expectRefused(waveManifest("hidden_0", 8, OutputLayout::row), "wave", "hidden_0");
  expectRefused(waveManifest("hidden_0", 8, OutputLayout::time_last), "wave", "hidden_0");
  expectRefused(waveManifest("row", 400, OutputLayout::row), "two_inputs", "2 inputs");
  expectRefused(waveManifest("row", 400, OutputLayout::row), "external", "other files");
  expectRefused(waveManifest("row", 400, OutputLayout::row), "nan", "not numbers");
  expectRefused(waveManifest("row", 400, OutputLayout::row), "constant", "the same");
  expectRefused(waveManifest("row", 400, OutputLayout::row), "unknown_operator", "Divine");
  Manifest other = waveManifest("row", 400, OutputLayout::row);
  other.clips.samples = 500;
  expectRefused(other, "constant", "500");
  Manifest mel = melManifest();
  mel.clips.frames = 11;
  expectRefused(mel, "mel", "11 x 8");
}

TEST_F(OpenVinoTest, ACutFileIsCorrupt) {
  const test::TempFolder folder;
  const std::string whole = readFile(kModels / "wave.onnx");
  writeFileAtomically(folder / "cut.onnx", whole.substr(0, whole.size() / 2));
  try {
    openvino_->load(waveManifest("hidden_0", 8, OutputLayout::time_first),
                    openToRead(folder / "cut.onnx").get());
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::corrupt) << fault.what();
  }
}

TEST(OpenVino, WhereItIsNotThereOneSentenceSaysSo) {
  const test::TempFolder folder;
  try {
    OpenVino::open(folder / "nothing");
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::unsupported);
    EXPECT_THAT(fault.problem(), HasSubstr("not installed"));
  }
}

}  // namespace
}  // namespace attacca::embed
