#include "attacca/recommend/network.h"

#include <cstring>
#include <fstream>
#include <limits>
#include <random>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/base/error.h"

#include "networks.h"

namespace attacca::recommend {
namespace {

using testing::HasSubstr;

NetworkShape small() { return {NetworkKind::sasrec, ItemInput::content, 3, 4, 0, 1, 2, 5, 6}; }

std::vector<NetworkShape> oneOfEach() {
  std::vector<NetworkShape> shapes;
  for (const auto items : {ItemInput::content, ItemInput::ids}) {
    shapes.push_back({NetworkKind::bert4rec, items, 7, 6, 0, 2, 3, 8, 4});
    shapes.push_back({NetworkKind::sasrec, items, 7, 6, 0, 1, 2, 8, 4});
  }
  shapes.push_back({NetworkKind::shallow, ItemInput::content, 7, 5, 0});
  shapes.push_back({NetworkKind::contrastive, ItemInput::content, 7, 5, 9});
  return shapes;
}

std::string goldenBytes() {
  std::ifstream file(ATTACCA_SOURCE_DIR "/src/recommend/test/golden/networks/small.safetensors",
                     std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// The file with another header over the same data.
std::string withHeader(const std::string& bytes, const std::string& header) {
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  const std::string data = bytes.substr(8 + length);
  length = header.size();
  std::string result(8, '\0');
  std::memcpy(result.data(), &length, 8);
  return result + header + data;
}

std::string headerOf(const std::string& bytes) {
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  return bytes.substr(8, length);
}

std::string replaced(const std::string& bytes, const std::string& from, const std::string& to) {
  std::string header = headerOf(bytes);
  const auto at = header.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return withHeader(bytes, header.replace(at, from.size(), to));
}

void expectRefused(const std::string& bytes, Fault fault, const std::string& words) {
  try {
    readNetwork(bytes, "model.safetensors");
    FAIL() << "no Error where one should say: " << words;
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), fault) << error.what();
    EXPECT_THAT(error.problem(), HasSubstr("model.safetensors"));
    EXPECT_THAT(error.problem(), HasSubstr(words));
    EXPECT_FALSE(error.remedy().empty());
  }
}

TEST(NetworkFile, IsWhatItsDescriptionSaysToTheByte) {
  const std::string bytes = goldenBytes();
  const Network network = readNetwork(bytes, "golden");
  EXPECT_EQ(network.shape, small());
  // Counted on in eighths from -1/8 over all tensors in the order of their names.
  float next = -0.125F;
  for (const auto& [name, tensor] : network.tensors) {
    for (const float value : tensor.values) {
      EXPECT_EQ(value, next) << name;
      next += 0.125F;
    }
  }
  EXPECT_EQ(network.tensors.at("positions").shape, (std::vector<std::size_t>{6, 4}));
  EXPECT_EQ(networkBytes(network), bytes);
}

TEST(NetworkFile, KeepsEveryKindOfNetwork) {
  std::mt19937 random(1);
  for (const NetworkShape& shape : oneOfEach()) {
    const Network network = randomNetwork(shape, random);
    EXPECT_EQ(readNetwork(networkBytes(network), "x"), network) << nameOf(shape.kind);
  }
}

TEST(NetworkFile, CutAnywhereItIsRefused) {
  const std::string bytes = goldenBytes();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_THROW(readNetwork(std::string_view(bytes).substr(0, length), "x"), Error) << length;
  }
  expectRefused(bytes + '\0', Fault::corrupt, "holds more");
}

TEST(NetworkFile, HeaderLengthsThatCannotBeAreRefused) {
  for (const std::uint64_t length :
       {~std::uint64_t{0}, ~std::uint64_t{0} - 7, std::uint64_t{1} << 63, std::uint64_t{1} << 21}) {
    std::string bytes = goldenBytes();
    std::memcpy(bytes.data(), &length, 8);
    expectRefused(bytes, Fault::corrupt, "header of");
  }
}

TEST(NetworkFile, AHeaderThatIsNoneIsRefused) {
  const std::string bytes = goldenBytes();
  const std::string deep(500'000, '[');
  for (const std::string& header :
       {std::string(), std::string("[]"), std::string("null"), std::string("{"),
        std::string("{\"\xff\":1}"), deep, "{\"a\":" + deep + std::string(deep.size(), ']') + "}",
        std::string("{\"a\":{\"b\":[[1]]}}")}) {
    expectRefused(withHeader(bytes, header), Fault::corrupt, "header");
  }
  std::string twice = headerOf(bytes);
  twice.insert(1, "\"mask\":1,\"mask\":2,");
  expectRefused(withHeader(bytes, twice), Fault::corrupt, "header");
}

TEST(NetworkFile, WhatIsNotOursOrOfAnotherVersionIsRefused) {
  const std::string bytes = goldenBytes();
  expectRefused(withHeader(bytes, "{}"), Fault::unsupported, "no network");
  expectRefused(withHeader(bytes, "{\"__metadata__\":7}"), Fault::unsupported, "no network");
  expectRefused(replaced(bytes, "attacca network", "pt"), Fault::unsupported, "no network");
  expectRefused(replaced(bytes, R"("version":"1")", R"("version":"2")"), Fault::unsupported,
                "version \"2\"");
  expectRefused(replaced(bytes, "sasrec", "gru4rec"), Fault::unsupported, "gru4rec");
  expectRefused(replaced(bytes, R"("items":"content")", R"("items":"words")"), Fault::unsupported,
                "words");
}

TEST(NetworkFile, AShapeThatCannotBeIsRefused) {
  const std::string bytes = goldenBytes();
  for (const auto* text : {"", "-4", "4.0", " 4", "0x4", "99999999999999999999999"}) {
    expectRefused(replaced(bytes, R"("width":"4")", R"("width":")" + std::string(text) + '"'),
                  Fault::corrupt, "width");
  }
  expectRefused(replaced(bytes, R"("width":"4")", R"("width":4)"), Fault::corrupt, "width");
  expectRefused(replaced(bytes, R"("width":"4")", R"("width":"0")"), Fault::corrupt, "width");
  expectRefused(replaced(bytes, R"("width":"4")", R"("width":"18446744073709551615")"),
                Fault::corrupt, "width");
  expectRefused(replaced(bytes, R"("heads":"2")", R"("heads":"3")"), Fault::corrupt, "3 heads");
  expectRefused(replaced(bytes, R"("length":"6")", R"("length":"1")"), Fault::corrupt, "length");
  // Possible, but not what is in the file; nothing of that size is made.
  expectRefused(replaced(bytes, R"("width":"4")", R"("width":"16384")"), Fault::corrupt, "shape");
  expectRefused(replaced(bytes, R"("layers":"1")", R"("layers":"64")"), Fault::corrupt, "missing");
}

TEST(NetworkFile, TensorsThatAreNotAsTheShapeHasThemAreRefused) {
  const std::string bytes = goldenBytes();
  const std::string mean = R"("input.mean":{"dtype":"F32","shape":[3],"data_offsets":[0,12]})";
  const auto changed = [&](const std::string& entry) { return replaced(bytes, mean, entry); };
  expectRefused(changed(R"("other":{"dtype":"F32","shape":[3],"data_offsets":[0,12]})"),
                Fault::corrupt, "input.mean is missing");
  expectRefused(changed(mean + R"(,"other":{"dtype":"F32","shape":[0],"data_offsets":[0,0]})"),
                Fault::corrupt, "other");
  expectRefused(changed(R"("input.mean":[])"), Fault::corrupt, "input.mean");
  for (const auto* type : {R"("F16")", R"("I32")", R"("f32")", "32", "null"}) {
    expectRefused(changed(R"("input.mean":{"dtype":)" + std::string(type) +
                          R"(,"shape":[3],"data_offsets":[0,12]})"),
                  Fault::corrupt, "float32");
  }
  for (const auto* shape : {"[2]", "[3,1]", "[]", "3", "[-3]", "[3.0]", "[\"3\"]"}) {
    expectRefused(changed(R"("input.mean":{"dtype":"F32","shape":)" + std::string(shape) +
                          R"(,"data_offsets":[0,12]})"),
                  Fault::corrupt, "shape");
  }
  for (const auto* place :
       {"[0,8]", "[12,0]", "[0]", "[0,12,12]", "[-12,0]", "[18446744073709551604,0]",
        "[18446744073709551604,18446744073709551615]", "[99999999,100000011]", "[0,1.2e1]", "{}"}) {
    expectRefused(changed(R"("input.mean":{"dtype":"F32","shape":[3],"data_offsets":)" +
                          std::string(place) + "}"),
                  Fault::corrupt, "input.mean");
  }
  for (const auto* place : {"[12,24]", "[1,13]"}) {
    expectRefused(changed(R"("input.mean":{"dtype":"F32","shape":[3],"data_offsets":)" +
                          std::string(place) + "}"),
                  Fault::corrupt, "overlap");
  }
}

TEST(NetworkFile, ValuesThatAreNotFiniteAreRefused) {
  std::mt19937 random(2);
  for (const NetworkShape& shape : oneOfEach()) {
    const Network sound = randomNetwork(shape, random);
    for (const auto& [name, tensor] : sound.tensors) {
      for (const float bad :
           {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
            -std::numeric_limits<float>::infinity()}) {
        Network network = sound;
        network.tensors.at(name).values[random() % tensor.values.size()] = bad;
        expectRefused(networkBytes(network), Fault::corrupt, name);
      }
    }
  }
}

// Whatever is done to a file, it is read as a network of a possible shape, or refused.
TEST(NetworkFile, AnyBytesAreReadOrRefused) {
  std::mt19937 random(3);
  const std::string golden = goldenBytes();
  std::size_t read = 0;
  std::size_t refused = 0;
  for (int trial = 0; trial < 5000; ++trial) {
    std::string bytes = golden;
    const std::size_t reach = trial % 2 == 0 ? bytes.size() : 2100;  // mostly the header
    for (std::size_t i = 1 + random() % 3; i > 0; --i) {
      const std::size_t at = random() % std::min(reach, bytes.size());
      switch (random() % 4) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes.erase(at, 1 + random() % 8);
          break;
        case 2:
          bytes.insert(at, std::string(1 + random() % 8, "0[{\",9}]"[random() % 8]));
          break;
        default:
          bytes[at] = static_cast<char>(bytes[at] ^ 1 << random() % 8);
      }
    }
    try {
      const Network network = readNetwork(bytes, "x");
      for (const auto& [name, tensor] : network.tensors) {
        for (const float value : tensor.values) ASSERT_TRUE(std::isfinite(value)) << name;
      }
      EXPECT_EQ(emptyNetwork(network.shape).tensors.size(), network.tensors.size());
      ++read;
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(read, 100U);  // changed weights
  EXPECT_GT(refused, 1000U);
}

TEST(EmptyNetwork, HasItsShapesTensorsAllZero) {
  for (const NetworkShape& shape : oneOfEach()) {
    const Network network = emptyNetwork(shape);
    EXPECT_EQ(network.shape, shape);
    EXPECT_EQ(network.tensors.contains("item_bias"),
              shape.kind == NetworkKind::bert4rec && shape.items == ItemInput::ids);
    EXPECT_EQ(network.tensors.contains("items.bias"), shape.items == ItemInput::content);
    EXPECT_EQ(network.tensors.contains("input.mean"), shape.items == ItemInput::content);
    for (const auto& [name, tensor] : network.tensors) {
      for (const float value : tensor.values) EXPECT_EQ(value, 0) << name;
    }
  }
}

TEST(EmptyNetwork, OfAShapeThatCannotBeIsRefused) {
  const auto refused = [](const NetworkShape& shape, const std::string& words) {
    try {
      emptyNetwork(shape);
      FAIL() << "no Error about " << words;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::usage);
      EXPECT_THAT(error.problem(), HasSubstr(words));
    }
  };
  const auto with = [](std::size_t NetworkShape::*number, std::size_t value) {
    NetworkShape shape = small();
    shape.*number = value;
    return shape;
  };
  refused(with(&NetworkShape::heads, 3), "3 heads");
  refused(with(&NetworkShape::heads, 0), "heads");
  refused(with(&NetworkShape::length, 1), "length");
  refused(with(&NetworkShape::input, 0), "input");
  refused(with(&NetworkShape::width, 0), "width");
  refused(with(&NetworkShape::layers, 0), "layers");
  refused(with(&NetworkShape::feed_forward, 0), "feed_forward");
  refused(with(&NetworkShape::hidden, 8), "hidden");
  refused({NetworkKind::shallow, ItemInput::ids, 7, 5}, "not ids");
  refused({NetworkKind::contrastive, ItemInput::content, 7, 5, 0}, "hidden");
}

}  // namespace
}  // namespace attacca::recommend
