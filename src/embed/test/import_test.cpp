// Packages, checkpoints and model files: read when whole, refused when not.
#include "attacca/embed/import.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/embed/model_file.h"
#include "attacca/embed/network.h"

#include "checkpoint.h"
#include "crc32c.h"
#include "zip_reader.h"

namespace attacca::embed {
namespace {

using testing::HasSubstr;

std::string import(const test::Package& package) {
  return importModel(FileBytes::hold(package.wheel), package.manifest);
}

template <class Work>
void expectFault(Fault fault, std::string_view text, const Work& work) {
  try {
    work();
    FAIL() << "was taken; expected: " << text;
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), fault) << error.what();
    EXPECT_THAT(error.what(), HasSubstr(std::string(text)));
  }
}

test::Tensors twoTensors() {
  return {{"a/kernel", {{2, 3}, {1, 2, 3, 4, 5, 6}}}, {"b", {{}, {7}}}};
}

TEST(Crc32c, HasTheKnownCheckValue) { EXPECT_EQ(crc32c("123456789"), 0xe3069283U); }

TEST(TensorBundle, GivesBackWhatWasWritten) {
  const test::Tensors tensors = test::randomMusicnn(3);
  const test::Checkpoint checkpoint = test::writeCheckpoint(tensors);
  const TensorBundle bundle(checkpoint.index, checkpoint.data);
  for (const auto& [name, tensor] : tensors) {
    if (name.ends_with("Adam")) {
      EXPECT_FALSE(bundle.tensors().contains(name));
    } else {
      const auto found = bundle.tensors().find(name);
      ASSERT_NE(found, bundle.tensors().end()) << name;
      EXPECT_EQ(found->second.shape, tensor.shape);
      EXPECT_EQ(found->second.values, tensor.values);
    }
  }
}

TEST(TensorBundle, EveryFlippedBitIsNoticed) {
  const test::Checkpoint good = test::writeCheckpoint(twoTensors());
  const TensorBundle expected(good.index, good.data);
  for (std::size_t i = 0; i < good.data.size(); ++i) {
    std::string data = good.data;
    data[i] ^= 4;
    EXPECT_THROW(TensorBundle(good.index, data), Error) << i;
  }
  int taken = 0;
  for (std::size_t i = 0; i < good.index.size(); ++i) {
    std::string index = good.index;
    index[i] ^= 4;
    try {
      const TensorBundle bundle(index, good.data);
      EXPECT_EQ(bundle.values("a/kernel", {2, 3}), expected.values("a/kernel", {2, 3})) << i;
      ++taken;
    } catch (const Error&) {
      continue;
    }
  }
  // Only the footer's padding, the unused meta index and its handle may differ unnoticed.
  EXPECT_LT(taken, 64);
}

TEST(TensorBundle, IndexCutAnywhereIsRefused) {
  const test::Checkpoint good = test::writeCheckpoint(twoTensors());
  for (std::size_t length = 0; length < good.index.size(); ++length) {
    EXPECT_THROW(TensorBundle(good.index.substr(0, length), good.data), Error) << length;
    EXPECT_THROW(TensorBundle(good.index.substr(good.index.size() - length), good.data), Error)
        << length;
  }
}

TEST(TensorBundle, DataCutAnywhereIsRefused) {
  const test::Checkpoint good = test::writeCheckpoint(twoTensors());
  for (std::size_t length = 0; length < good.data.size(); ++length) {
    EXPECT_THROW(TensorBundle(good.index, good.data.substr(0, length)), Error) << length;
  }
}

TEST(TensorBundle, AnotherShapeIsRefusedByName) {
  const test::Checkpoint good = test::writeCheckpoint(twoTensors());
  const TensorBundle bundle(good.index, good.data);
  expectFault(Fault::corrupt, "a/kernel", [&] { bundle.values("a/kernel", {3, 2}); });
  expectFault(Fault::corrupt, "missing", [&] { bundle.values("missing", {1}); });
}

TEST(Zip, MembersAreReadStoredAndDeflated) {
  const std::map<std::string, std::string> members = {{"a/x", std::string(5000, 'x') + "y"},
                                                      {"b", ""}};
  for (const bool deflated : {false, true}) {
    const std::string archive = test::writeZip(members, deflated);
    for (const auto& [name, content] : members)
      EXPECT_EQ(readZipMember(archive, name, 10000), content);
    expectFault(Fault::corrupt, "no file c", [&] { readZipMember(archive, "c", 10000); });
    expectFault(Fault::corrupt, "absurd size", [&] { readZipMember(archive, "a/x", 5000); });
  }
}

TEST(Zip, NoDamageIsTakenForContent) {
  for (const bool deflated : {false, true}) {
    const std::string content =
        "some content that is long enough to be deflated, deflated, deflated";
    const std::string good = test::writeZip({{"member", content}}, deflated);
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const int flip : {1, 0x80, 0xff}) {
        std::string archive = good;
        archive[i] = static_cast<char>(archive[i] ^ flip);
        try {
          EXPECT_EQ(readZipMember(archive, "member", 1000), content) << i;
        } catch (const Error&) {
          continue;
        }
      }
    }
    for (std::size_t length = 0; length < good.size(); ++length) {
      EXPECT_THROW(readZipMember(good.substr(0, length), "member", 1000), Error) << length;
    }
  }
}

TEST(Import, GivesTheSameBytesEachTime) {
  const test::Package package = test::makePackage("musicnn", 187, 1);
  const std::string model = import(package);
  EXPECT_EQ(import(package), model);
  EXPECT_LT(model.size(), package.wheel.size());
}

TEST(Import, WorksFromDescriptorToDescriptor) {
  const test::Package package = test::makePackage("vgg", 187, 1);
  char wheel_name[] = "/tmp/attacca-import-XXXXXX";
  char model_name[] = "/tmp/attacca-import-XXXXXX";
  const UniqueFd wheel(::mkstemp(wheel_name));
  const UniqueFd model(::mkstemp(model_name));
  ::unlink(wheel_name);
  ::unlink(model_name);
  writeAll(wheel.get(), package.wheel, "wheel");
  importModel(wheel.get(), model.get(), package.manifest);
  EXPECT_EQ(FileBytes::map(model.get(), "model").text(), import(package));
}

TEST(Import, PackageThatIsNotTheAuthorsIsRefused) {
  test::Package package = test::makePackage("musicnn", 187, 1);
  package.wheel[1000] ^= 1;
  expectFault(Fault::refused, package.manifest.source.file, [&] { import(package); });
}

TEST(Import, PackageWithoutTheModelIsRefused) {
  test::Package package = test::makePackage("musicnn", 187, 1);
  package.manifest.source.member = "musicnn/MSD_other";
  expectFault(Fault::corrupt, "musicnn/MSD_other/.index", [&] { import(package); });
}

TEST(Import, CheckpointOfAnotherNetworkIsRefused) {
  test::Package package = test::makePackage("vgg", 187, 1);
  package.manifest.network = "musicnn";
  expectFault(Fault::corrupt, "conv2d/kernel", [&] { import(package); });
}

class ModelFile : public testing::Test {
 protected:
  static std::string make() {
    ModelWriter writer("tiny", 3, 2);
    const std::vector<float> values = {1, 2, 3, 4, 5, 6};
    const std::vector<std::int32_t> numbers = {7, 8};
    writer.floats("values", {3, 2}, values);
    writer.integers("numbers", numbers);
    writer.text("names", "a\nb");
    return writer.bytes();
  }
  static Model open(std::string bytes) {
    return Model::open(FileBytes::hold(std::move(bytes)), "m");
  }
};

TEST_F(ModelFile, GivesBackWhatWasWritten) {
  const Model model = open(make());
  EXPECT_EQ(model.network(), "tiny");
  EXPECT_EQ(model.frames(), 3U);
  EXPECT_EQ(model.bands(), 2U);
  EXPECT_THAT(model.floats("values", {3, Model::kAny}), testing::ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(model.integers("numbers"), testing::ElementsAre(7, 8));
  EXPECT_EQ(model.text("names"), "a\nb");
  EXPECT_EQ(model.sections().size(), 3U);
}

TEST_F(ModelFile, WrongSectionsAreRefusedByName) {
  const Model model = open(make());
  expectFault(Fault::corrupt, "values", [&] { model.floats("values", {2, 3}); });
  expectFault(Fault::corrupt, "numbers", [&] { model.floats("numbers", {2}); });
  expectFault(Fault::corrupt, "absent", [&] { model.text("absent"); });
}

TEST_F(ModelFile, CutAnywhereIsRefused) {
  const std::string good = make();
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_THROW(open(good.substr(0, length)), Error) << length;
  }
}

TEST_F(ModelFile, EveryFlippedBitIsNoticed) {
  const std::string good = make();
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bytes = good;
    bytes[i] = static_cast<char>(bytes[i] ^ 0x80);
    EXPECT_THROW(open(bytes), Error) << i;
    // The structure alone must stay inside the file too.
    try {
      const Model model(FileBytes::hold(bytes), "m");
      for (const Model::Section& section : model.sections())
        EXPECT_LE(section.bytes.size(), bytes.size());
    } catch (const Error&) {
      continue;
    }
  }
}

TEST_F(ModelFile, AnotherVersionIsRefusedWithAReason) {
  std::string bytes = make();
  bytes[16] = 2;
  expectFault(Fault::unsupported, "format 2", [&] { open(bytes); });
}

TEST_F(ModelFile, NetworkThatIsNotKnownIsRefused) {
  ModelWriter writer("tiny", 3, 96);
  const Model model = open(writer.bytes());
  expectFault(Fault::unsupported, "tiny", [&] { makeNetwork(model); });
}

}  // namespace
}  // namespace attacca::embed
