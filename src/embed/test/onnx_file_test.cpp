#include "attacca/embed/onnx_file.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"

namespace attacca::embed {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string tiny(const std::string& name) {
  return readFile(std::filesystem::path(ATTACCA_SOURCE_DIR) / "src/embed/test/golden/onnx" /
                  (name + ".onnx"));
}

std::span<const std::byte> bytes(const std::string& file) { return std::as_bytes(std::span(file)); }

TEST(OnnxFile, InputsAndOutputsAreRead) {
  const OnnxFile wave = readOnnx(bytes(tiny("wave")));
  ASSERT_EQ(wave.inputs.size(), 1U);
  EXPECT_EQ(wave.inputs[0].name, "wave");
  EXPECT_THAT(wave.inputs[0].shape, ElementsAre(-1, -1));
  ASSERT_EQ(wave.outputs.size(), 3U);
  EXPECT_EQ(wave.outputs[1].name, "hidden_1");
  EXPECT_THAT(wave.outputs[1].shape, ElementsAre(-1, -1, 6));
  EXPECT_THAT(readOnnx(bytes(tiny("mel"))).inputs[0].shape, ElementsAre(64, 12, 8));
}

TEST(OnnxFile, ASlimFileHasOneOutputAndPointsAtItsLargeWeights) {
  const std::string file = tiny("wave");
  const std::string slim = slimOnnx(bytes(file), "hidden_1");
  const OnnxFile kept = readOnnx(bytes(slim));  // these weights are small: they came along
  ASSERT_EQ(kept.outputs.size(), 1U);
  EXPECT_EQ(kept.outputs[0].name, "hidden_1");
  EXPECT_EQ(kept.inputs[0].name, "wave");
  const std::string large = tiny("large");
  EXPECT_LT(slimOnnx(bytes(large), "row").size(), large.size() / 10);
}

TEST(OnnxFile, ALayerThatIsNotThereIsRefusedWithThoseThatAre) {
  const std::string file = tiny("wave");
  try {
    slimOnnx(bytes(file), "hidden_9");
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::refused);
    EXPECT_THAT(fault.problem(), HasSubstr("hidden_9"));
    EXPECT_THAT(fault.remedy(), HasSubstr("hidden_0, hidden_1, features"));
  }
}

TEST(OnnxFile, WeightsInOtherFilesAreRefused) {
  try {
    readOnnx(bytes(tiny("external")));
    FAIL();
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::refused);
    EXPECT_THAT(fault.problem(), HasSubstr("other files"));
  }
}

// Cut inside its last field, which is not the graph, a file may still be read; never more.
TEST(OnnxFile, ACutFileIsCorruptAndNeverReadBeyondItsEnd) {
  const std::string whole = tiny("wave");
  for (std::size_t size = 0; size < whole.size() - 10; ++size) {
    const std::string cut = whole.substr(0, size);
    EXPECT_THROW(readOnnx(bytes(cut)), Error) << size;
  }
}

TEST(OnnxFile, AnyByteMayBeWrongWithoutHarm) {
  const std::string whole = tiny("wave");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char value : {'\x00', '\x7f', '\xff'}) {
      std::string broken = whole;
      broken[at] = value;
      try {
        readOnnx(bytes(broken));
        slimOnnx(bytes(broken), "hidden_1");
      } catch (const Error&) {
        continue;
      }
    }
  }
}

}  // namespace
}  // namespace attacca::embed
