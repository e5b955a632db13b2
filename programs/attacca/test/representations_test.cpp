// Several representations in one archive: what there is, what it takes, what may go.
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "attacca/base/file.h"
#include "attacca/base/openvino.h"

#include "run.h"

namespace attacca::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Representations : public testing::Test {
 protected:
  void SetUp() override {
    place_.makeMusic(3);
    const Ended ended = place_.run({"add", place_.music().native()});
    ASSERT_EQ(ended.code, 0) << ended.err;
  }
  nlohmann::json entry(const std::string& name) const {
    const auto list = place_.run({"representation", "list", "--json"}).json();
    for (const auto& one : list.at("representations")) {
      if (one.at("name") == name) return one;
    }
    ADD_FAILURE() << "no representation is called " << name;
    return {};
  }
  fs::path embeddings() const {
    return place_.archive() / "blobs/embeddings" / place_.representation();
  }

  Place place_;
};

TEST_F(Representations, SayInWordsWhatTheyLackAndWhatTheyTake) {
  const auto small = entry("small");
  EXPECT_EQ(small.at("state"), "ready");
  EXPECT_EQ(small.at("embeddings").at("recordings"), 3);
  std::uintmax_t bytes = 0;
  for (const auto& file : fs::directory_iterator(embeddings())) bytes += file.file_size();
  EXPECT_EQ(small.at("embeddings").at("bytes"), bytes);
  EXPECT_EQ(small.at("snapshots")[0], "mean-cosine+small");
  const auto missing = entry("mtt-vgg");
  EXPECT_EQ(missing.at("state"), "weights missing");
  EXPECT_THAT(missing.at("remedy").get<std::string>(),
              HasSubstr("attacca representation fetch mtt-vgg"));
  EXPECT_THAT(place_.run({"representation", "list"}).out, HasSubstr("mtt-vgg: `attacca"));
}

TEST_F(Representations, AreShownInFull) {
  const Ended shown = place_.run({"representation", "show", "small"});
  ASSERT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr(place_.representation()));
  EXPECT_THAT(shown.out, HasSubstr("Apache-2.0"));
  EXPECT_THAT(shown.out, HasSubstr("of 3 recordings"));
  const Ended unknown = place_.run({"representation", "show", "nonsense"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("msd-musicnn"));
}

TEST_F(Representations, AreVerifiedEachOnItsOwn) {
  EXPECT_EQ(place_.run({"representation", "verify", "small"}).code, 0);
  const fs::path victim = fs::directory_iterator(embeddings())->path();
  fs::resize_file(victim, 300);
  const Ended damaged = place_.run({"representation", "verify", "small", "--json"});
  EXPECT_EQ(damaged.code, 1);
  EXPECT_THAT(damaged.json().at("findings")[0].at("what").get<std::string>(),
              HasSubstr(victim.filename().native()));
  // Without an embedding nothing is damaged, but something is missing.
  fs::remove(victim);
  const Ended missing = place_.run({"representation", "verify", "small"});
  EXPECT_EQ(missing.code, 0);
  EXPECT_THAT(missing.out, HasSubstr("1 of 3 recordings have no embedding"));

  const fs::path model =
      place_.archive() / "representations" / place_.representation() / "model.bin";
  std::string bytes = readFile(model);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  std::ofstream(model, std::ios::binary) << bytes;
  EXPECT_EQ(place_.run({"representation", "verify"}).code, 1);
}

TEST_F(Representations, AreRemovedOnlyWhereNoListIsMadeFromThem) {
  const auto before = contents(embeddings());
  const Ended refused = place_.run({"representation", "remove", "small"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("mean-cosine"));
  EXPECT_EQ(contents(embeddings()), before);

  const fs::path folder = place_.archive() / "representations" / place_.representation();
  const fs::path aside = place_ / "aside";
  fs::copy(folder, aside, fs::copy_options::recursive);
  const Ended forced = place_.run({"representation", "remove", "small", "--force"});
  ASSERT_EQ(forced.code, 0) << forced.err;
  EXPECT_THAT(forced.out, HasSubstr("Nothing is lost"));
  EXPECT_FALSE(fs::exists(folder));
  EXPECT_THAT(contents(embeddings()), IsEmpty());
  // The lists go on as they are, and all of it comes back.
  EXPECT_THAT(place_.run({"similar", "1", "--json"}).json().at("tracks"), SizeIs(2));
  fs::copy(aside, folder, fs::copy_options::recursive);
  ASSERT_EQ(place_.run({"add", place_.music().native()}).code, 0);
  EXPECT_EQ(contents(embeddings()), before);
  EXPECT_EQ(place_.run({"verify"}).code, 0);
}

TEST_F(Representations, OfOldLeaveEmbeddingsThatCanGo) {
  const std::string old = "small@0123456789abcdef";
  fs::copy(embeddings(), embeddings().parent_path() / old, fs::copy_options::recursive);
  const Ended listed = place_.run({"representation", "list"});
  EXPECT_THAT(listed.out, HasSubstr(old));
  EXPECT_THAT(listed.out, HasSubstr("embeddings only"));
  EXPECT_THAT(place_.run({"doctor"}).out, HasSubstr(old));
  EXPECT_EQ(place_.run({"representation", "remove", "small"}).code, 2) << "which of the two?";
  EXPECT_EQ(place_.run({"representation", "remove", old}).code, 2) << "nothing computes them";
  EXPECT_EQ(place_.run({"representation", "remove", old, "--force"}).code, 0);
  EXPECT_THAT(contents(embeddings().parent_path() / old), IsEmpty());
  EXPECT_EQ(place_.run({"verify"}).code, 0);
}

// ---- Models that somebody brings

constexpr std::string_view kWave = R"(format = 1
name = "wave"
title = "A small ONNX model"
licence = "CC0-1.0"
credit = "Nobody"
pooling = "mean"
silence = "keep"

[front_end]
kind = "wave"
rate_hz = 16000
normalise = false

[model]
network = "onnx"
layer = "hidden_1"
dimension = 6
output = "time-first"

[clips]
samples = 8000
hop = 8000
choice = "all"
)";

class BroughtModel : public testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(manifest()) << kWave;
    place_.makeMusic(3);
  }
  fs::path manifest() const { return place_ / "wave.toml"; }
  Ended add(const fs::path& model, bool accept = true) const {
    std::vector<std::string> arguments{
        "representation",    "add",        model.native(),       "--manifest",
        manifest().native(), "--openvino", ATTACCA_TEST_OPENVINO};
    if (accept) arguments.emplace_back("--accept-licence");
    return place_.run(arguments);
  }
  static fs::path golden(const std::string& name) { return fs::path(ATTACCA_ONNX_MODELS) / name; }
  static bool engine() { return openVinoLibrary(ATTACCA_TEST_OPENVINO).has_value(); }

  Place place_;
};

TEST_F(BroughtModel, NeedsItsLicenceAcceptedAndAManifest) {
  const Ended unread = add(golden("wave.onnx"), false);
  EXPECT_EQ(unread.code, 2);
  EXPECT_THAT(unread.err, HasSubstr("CC0-1.0"));
  EXPECT_THAT(unread.err, HasSubstr("--accept-licence"));
  const Ended unknown = place_.run({"representation", "add", golden("wave.onnx").native()});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.err, HasSubstr("--manifest"));
  std::ofstream(manifest()) << "format = 1\n";
  EXPECT_THAT(add(golden("wave.onnx")).err, HasSubstr("wave.toml: "));
}

TEST_F(BroughtModel, HearsTheArchiveOnceItIsChecked) {
  if (!engine()) GTEST_SKIP() << "OpenVINO is missing (script/setup --openvino brings it)";
  const Ended added = add(golden("wave.onnx"));
  ASSERT_EQ(added.code, 0) << added.err;
  // Its licence was accepted.
  EXPECT_THAT(add(golden("wave.onnx"), false).out, HasSubstr("was here already"));
  ASSERT_EQ(place_.run({"add", place_.music().native()}).code, 0);
  const Ended heard = place_.run(
      {"embed", "--all", "--representation", "small,wave", "--openvino", ATTACCA_TEST_OPENVINO});
  ASSERT_EQ(heard.code, 0) << heard.err;
  EXPECT_THAT(
      place_.run({"similar", "1", "--representation", "wave", "--json"}).json().at("tracks"),
      SizeIs(2));
  EXPECT_THAT(place_.run({"representation", "show", "wave"}).out, HasSubstr("of 3 recordings"));
}

TEST_F(BroughtModel, IsRefusedWithTheReasonAndLeavesNothing) {
  if (!engine()) GTEST_SKIP() << "OpenVINO is missing (script/setup --openvino brings it)";
  const fs::path cut = place_ / "cut.onnx";
  const std::string whole = readFile(golden("wave.onnx"));
  std::ofstream(cut, std::ios::binary) << whole.substr(0, whole.size() / 2);
  for (const auto& model :
       {cut, golden("external.onnx"), golden("nan.onnx"), golden("two_inputs.onnx"),
        golden("unknown_operator.onnx"), golden("mel.onnx")}) {
    const Ended ended = add(model);
    EXPECT_EQ(ended.code, 1) << model;
    EXPECT_THAT(ended.err, HasSubstr(model.filename().native())) << model;
  }
  EXPECT_THAT(place_.run({"representation", "list"}).out, testing::Not(HasSubstr("wave")));
  for (const auto& entry : fs::directory_iterator(place_.archive() / "representations")) {
    EXPECT_THAT(entry.path().filename().native(), testing::StartsWith("small@"));
  }
}

}  // namespace
}  // namespace attacca::test
