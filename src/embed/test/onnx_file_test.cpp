#include "attacca/embed/onnx_file.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

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

std::string varint(std::uint64_t value) {
  std::string text;
  for (; value > 0x7f; value >>= 7) text += static_cast<char>((value & 0x7f) | 0x80);
  return text + static_cast<char>(value);
}

// A field that holds a message or a text.
std::string field(std::uint64_t number, const std::string& content) {
  return varint(number << 3 | 2) + varint(content.size()) + content;
}

// A tensor whose data are said to be in another file. Numbers of fields: onnx.proto.
std::string tensorElsewhere() {
  return field(8, "w") + field(13, field(1, "location") + field(2, "/etc/passwd")) +
         varint(14 << 3) + varint(1);
}

std::string refusalOf(const std::string& file) {
  try {
    readOnnx(bytes(file));
  } catch (const Error& fault) {
    EXPECT_EQ(fault.fault(), Fault::refused) << fault.what();
    return fault.problem();
  }
  return "it was read";
}

// Readers merge several graphs into one, weights of all of them included.
TEST(OnnxFile, AFileWithTwoGraphsIsRefused) {
  const std::string good = tiny("wave");
  const std::string bad = field(7, field(5, tensorElsewhere()));
  for (const std::string& file : {bad + good, good + bad, good + field(7, "")}) {
    EXPECT_THAT(refusalOf(file), HasSubstr("2 graphs"));
    EXPECT_THROW(slimOnnx(bytes(file), "hidden_1"), Error);
  }
}

TEST(OnnxFile, WeightsInOtherFilesAreFoundWhereverTensorsMayBe) {
  const std::string tensor = tensorElsewhere();
  const std::string node = field(5, field(5, tensor));  // an attribute's tensor
  const std::string graph = field(5, tensor);
  const auto attribute = [](std::uint64_t number, const std::string& content) {
    return field(7, field(1, field(5, field(number, content))));
  };
  const std::vector<std::pair<const char*, std::string>> graphs{
      {"initializer", field(7, graph)},
      {"sparse values", field(7, field(15, field(1, tensor)))},
      {"sparse indices", field(7, field(15, field(2, tensor)))},
      {"attribute", attribute(5, tensor)},
      {"attribute's list", attribute(10, tensor)},
      {"subgraph", attribute(6, graph)},
      {"list of subgraphs", attribute(11, graph)},
      {"subgraph of a subgraph", attribute(6, field(1, field(5, field(6, graph))))},
      {"sparse attribute", attribute(22, field(1, tensor))},
      {"list of sparse attributes", attribute(23, field(1, tensor))},
  };
  for (const auto& [where, file] : graphs) {
    EXPECT_THAT(refusalOf(file), HasSubstr("other files")) << where;
  }
  const std::string good = tiny("wave");
  const std::vector<std::pair<const char*, std::string>> beside{
      {"function's node", field(25, field(7, node))},
      {"function's default attribute", field(25, field(11, field(5, tensor)))},
      {"training", field(20, field(1, graph))},
  };
  for (const auto& [where, more] : beside) {
    EXPECT_THAT(refusalOf(good + more), HasSubstr("other files")) << where;
    EXPECT_THAT(refusalOf(more + good), HasSubstr("other files")) << where;
  }
}

TEST(OnnxFile, AFieldThatNobodyKnowsIsRefused) {
  EXPECT_THAT(refusalOf(tiny("wave") + field(900, "x")), HasSubstr("field 900"));
  // 7, and bits that a reader of 32 bits does not see.
  const std::string hidden = varint((7 << 3 | 2) | 1ULL << 32) + varint(1) + "x";
  EXPECT_THROW(readOnnx(bytes(tiny("wave") + hidden)), Error);
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
