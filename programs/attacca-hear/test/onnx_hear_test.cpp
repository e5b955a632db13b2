// ONNX models in the real attacca-hear, behind its wall.

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/app/check_model.h"
#include "attacca/app/hear_pool.h"
#include "attacca/base/error.h"
#include "attacca/base/npy.h"
#include "attacca/base/openvino.h"
#include "attacca/base/testing/temp_folder.h"

namespace attacca {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path kGolden = fs::path(ATTACCA_SOURCE_DIR) / "src/embed/test/golden";

Manifest waveManifest(const std::string& layer, int dimension, OutputLayout output) {
  Manifest manifest;
  manifest.name = "tiny";
  manifest.title = "A tiny model";
  manifest.licence = "CC0-1.0";
  manifest.credit = "nobody";
  manifest.pooling = "mean";
  manifest.silence = "keep";
  manifest.front_end = WaveFrontEnd{.rate_hz = 16000};
  manifest.network = "onnx";
  manifest.layer = layer;
  manifest.dimension = dimension;
  manifest.output = output;
  manifest.clips = {.frames = 0, .hop = 400, .samples = 400};
  return manifest;
}

class OnnxHearTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!openVinoLibrary(ATTACCA_TEST_OPENVINO)) {
      GTEST_SKIP() << "OpenVINO is missing in " << ATTACCA_TEST_OPENVINO
                   << " (script/setup --openvino brings it)";
    }
  }

  static fs::path model(const std::string& name) { return kGolden / "onnx" / (name + ".onnx"); }

  UniqueFd output(const std::string& name) const {
    return UniqueFd(::open((folder_ / name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  }

  static Error refusal(const Manifest& manifest, const fs::path& file) {
    try {
      app::checkModel(ATTACCA_HEAR, {}, ATTACCA_TEST_OPENVINO, manifest, file);
    } catch (const Error& fault) {
      return fault;
    }
    return {Fault::usage, "it was taken"};
  }

  test::TempFolder folder_;
};

TEST_F(OnnxHearTest, SeveralModelsHearARecordingInOneDecodeToTheSameBytesEachTime) {
  app::HearPool pool(ATTACCA_HEAR, {},
                     {{waveManifest("hidden_0", 8, OutputLayout::time_first), model("wave")},
                      {waveManifest("features", 6, OutputLayout::time_last), model("wave")}},
                     ATTACCA_TEST_OPENVINO);
  const UniqueFd recording = openToRead(kGolden / "synth_10s_16k_s16.wav");
  const auto hear = [&](const std::string& name) {
    const UniqueFd first = output(name + "-first");
    const UniqueFd second = output(name + "-second");
    const Heard heard =
        pool.hear(recording.get(), {"a.wav", {0, 1}, false}, std::array{first.get(), second.get()});
    EXPECT_THAT(heard.clips, testing::ElementsAre(400, 400));
    return readFile(folder_ / (name + "-first")) + readFile(folder_ / (name + "-second"));
  };
  const std::string once = hear("once");
  EXPECT_EQ(hear("again"), once);
  const FileBytes file = FileBytes::map(folder_ / "once-second");
  EXPECT_EQ(npyView<float>(file, "once").cols, 6U);
  // A process with models still does what any other does.
  EXPECT_EQ(pool.identify(recording.get(), "a.wav").rate_hz, 16000);
}

TEST_F(OnnxHearTest, AGoodModelIsTaken) {
  EXPECT_EQ(refusal(waveManifest("hidden_1", 6, OutputLayout::time_first), model("wave")).problem(),
            "it was taken");
}

TEST_F(OnnxHearTest, BadModelsAreRefusedWithTheReason) {
  const Manifest good = waveManifest("hidden_0", 8, OutputLayout::time_first);
  writeFileAtomically(folder_ / "cut.onnx", readFile(model("wave")).substr(0, 700));
  const Error cut = refusal(good, folder_ / "cut.onnx");
  EXPECT_EQ(cut.fault(), Fault::refused);
  EXPECT_THAT(cut.problem(), HasSubstr("cut.onnx"));
  EXPECT_THAT(cut.problem(), HasSubstr("not a whole ONNX file"));

  const Error layer = refusal(waveManifest("hidden_9", 8, OutputLayout::time_first), model("wave"));
  EXPECT_THAT(layer.problem(), HasSubstr("hidden_9"));
  EXPECT_THAT(layer.remedy(), HasSubstr("hidden_0, hidden_1, features"));

  const Manifest row = waveManifest("row", 400, OutputLayout::row);
  EXPECT_THAT(refusal(row, model("external")).problem(), HasSubstr("other files"));
  EXPECT_THAT(refusal(row, model("nan")).problem(), HasSubstr("not numbers"));
  EXPECT_THAT(refusal(row, model("two_inputs")).problem(), HasSubstr("2 inputs"));

  Manifest other = good;
  other.origin.sha256 = std::string(64, '0');
  EXPECT_THAT(refusal(other, model("wave")).problem(), HasSubstr("not the file"));
}

TEST_F(OnnxHearTest, AModelThatNeedsMoreMemoryThanThereIsIsRefusedBeforeItStarts) {
  Manifest manifest = waveManifest("hidden_0", 8, OutputLayout::time_first);
  manifest.memory_mb = 1 << 24;
  const Error fault = refusal(manifest, model("wave"));
  EXPECT_EQ(fault.fault(), Fault::unsupported);
  EXPECT_THAT(fault.problem(), HasSubstr("of memory"));
}

TEST(OnnxHear, WhereOpenVinoIsMissingItIsSaid) {
  const test::TempFolder folder;
  try {
    app::checkModel(ATTACCA_HEAR, {}, folder / "nothing",
                    waveManifest("hidden_0", 8, OutputLayout::time_first),
                    kGolden / "onnx/wave.onnx");
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::unsupported);
    EXPECT_THAT(fault.problem(), HasSubstr("not installed"));
  }
}

}  // namespace
}  // namespace attacca
