#include "attacca/index/snapshot.h"

#include <algorithm>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "attacca/base/error.h"
#include "attacca/base/sha256.h"
#include "attacca/index/snapshot_keys.h"

#include "helpers.h"

namespace attacca::index {
namespace {

const std::string kFolder = "snapshots/mean-cosine/1/";

// A snapshot whose files may be replaced while its manifest stays true to them in size and sha256.
class DamagedSnapshot : public testing::Test {
 protected:
  void SetUp() override { madeUp(30, 8, Shape::random).publish(blobs_); }

  void replace(const std::string& name, const std::string& content) {
    blobs_.put(kFolder + name, content);
    editManifest([&](nlohmann::json& manifest) {
      for (auto& file : manifest["files"]) {
        if (file["name"] != name) continue;
        file["size"] = content.size();
        file["sha256"] = sha256(content).hex();
      }
    });
  }

  void editManifest(const std::function<void(nlohmann::json&)>& edit) {
    auto manifest = nlohmann::json::parse(blobs_.read(kFolder + "manifest.json").text());
    edit(manifest);
    blobs_.put(kFolder + "manifest.json", manifest.dump());
  }

  void expectRefused(const std::string& file, const std::string& why) {
    try {
      Snapshot::openCurrent(blobs_, "mean-cosine");
      ADD_FAILURE() << "opened although " << file << " is damaged";
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::corrupt);
      EXPECT_NE(error.problem().find(file), std::string::npos) << error.problem();
      EXPECT_NE(error.problem().find(why), std::string::npos) << error.problem();
      EXPECT_FALSE(error.remedy().empty());
    }
  }

  MemoryBlobs blobs_;
};

TEST(Snapshot, IsNotThereBeforeTheFirstPublication) {
  const MemoryBlobs blobs;
  EXPECT_EQ(Snapshot::openCurrent(blobs, "mean-cosine"), nullptr);
}

TEST(Snapshot, FindsRowsByIdAndNothingElse) {
  MemoryBlobs blobs;
  madeUp(50, 4, Shape::random).publish(blobs);  // ids 1, 3, 5, ..
  const auto snapshot = Snapshot::openCurrent(blobs, "mean-cosine");
  for (Row row = 0; row < 50; ++row) {
    EXPECT_EQ(snapshot->row({2 * row + 1}), row);
    EXPECT_EQ(snapshot->ids()[static_cast<std::size_t>(row)].value, 2 * row + 1);
    EXPECT_EQ(snapshot->row({2 * row}), std::nullopt);
    const Groups groups = snapshot->groups(row);
    EXPECT_EQ(groups.album.value, (2 * row + 1) / 3 + 1);
    EXPECT_EQ(groups.work.value, (2 * row + 1) % 5);
    EXPECT_EQ(groups.recording.value, 2 * row + 1);
    EXPECT_EQ(groups.performance, 2 * row % 7);
    EXPECT_EQ(groups.movement, 2 * row % 3);
  }
  EXPECT_EQ(snapshot->row({101}), std::nullopt);
}

TEST_F(DamagedSnapshot, IsRefusedWhenAnyFileIsMissingCutOffOrLonger) {
  const auto whole = allOf(blobs_, kFolder);
  ASSERT_EQ(whole.size(), 11U);
  for (const auto& [name, content] : whole) {
    blobs_.remove(kFolder + name);
    expectRefused(name, "is missing");
    if (name != "manifest.json") {
      blobs_.put(kFolder + name, content.substr(0, content.size() / 2));
      expectRefused(name, "bytes instead of");
      blobs_.put(kFolder + name, content + "x");
      expectRefused(name, "bytes instead of");
    }
    blobs_.put(kFolder + name, content);
  }
  EXPECT_NE(Snapshot::openCurrent(blobs_, "mean-cosine"), nullptr);
}

TEST_F(DamagedSnapshot, IsRefusedWhenItsFormatIsNotKnown) {
  for (const int format : {2, 4}) {
    editManifest([&](nlohmann::json& manifest) { manifest["format"] = format; });
    expectRefused("manifest.json", "has format " + std::to_string(format));
  }
}

TEST_F(DamagedSnapshot, IsRefusedWhenItsManifestMakesNoSense) {
  const std::string good(blobs_.read(kFolder + "manifest.json").text());
  for (const char* bad : {"", "[]", "{", "{\"format\": \"1\"}", "null", "\xff\xfe"}) {
    blobs_.put(kFolder + "manifest.json", bad);
    expectRefused("manifest.json", "");
  }
  const std::pair<const char*, nlohmann::json> edits[] = {
      {"version", 7},       {"version", "x"},
      {"version", 1.5},     {"format", -1},
      {"recipe", "other"},  {"tracks", -1},
      {"dimension", 1e300}, {"made", "in the past"},
      {"files", 5},         {"files", nlohmann::json::array()}};
  for (const auto& [field, value] : edits) {
    blobs_.put(kFolder + "manifest.json", good);
    editManifest(
        [&, name = field, content = value](nlohmann::json& json) { json[name] = content; });
    expectRefused("manifest.json", "");
  }
}

TEST_F(DamagedSnapshot, IsRefusedWhenSizesDisagree) {
  editManifest([](nlohmann::json& manifest) { manifest["tracks"] = 29; });
  expectRefused("ids.json", "30 ids instead of 29");
  editManifest([](nlohmann::json& manifest) {
    manifest["tracks"] = 30;
    manifest["dimension"] = 9;
  });
  expectRefused("vectors.npy", "30 x 8 elements instead of 30 x 9");
}

TEST_F(DamagedSnapshot, IsRefusedWhenItsIdsAreNotAscendingNumbers) {
  for (const char* bad :
       {"", "[", "]", "[1, 2", "[1, 2,]", "[1 2]", "[2, 1]", "[1, 1]", "[0]", "[-1]", "[1.5]",
        "[\"1\"]", "[1] x", "{\"ids\": [1]}", "[99999999999999999999]"}) {
    replace("ids.json", bad);
    expectRefused("ids.json", "");
  }
}

TEST_F(DamagedSnapshot, IsRefusedWhenAMatrixHasAnotherType) {
  const std::vector<std::int32_t> numbers(30 * 8);
  replace("vectors.npy", npyBytes<std::int32_t>({numbers.data(), 30, 8}));
  expectRefused("vectors.npy", "its elements are '<i4'");
}

TEST_F(DamagedSnapshot, NamesTheFileOfANeighbourThatIsNotARow) {
  for (const Row bad : {30, -2, 2'000'000'000}) {
    std::vector<Row> rows(30 * 29, 1);
    rows[29 * 4 + 7] = bad;
    replace("neighbours.npy", npyBytes<Row>({rows.data(), 30, 29}));
    const auto snapshot = Snapshot::openCurrent(blobs_, "mean-cosine");
    EXPECT_EQ(snapshot->neighbours(3).size(), 29U);
    try {
      static_cast<void>(snapshot->neighbours(4));
      ADD_FAILURE() << "neighbour " << bad << " of 30 rows was given out";
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::corrupt);
      EXPECT_NE(error.problem().find("neighbours.npy"), std::string::npos);
    }
    EXPECT_THROW(verifySnapshot(blobs_, "mean-cosine", 1), Error);
  }
}

TEST_F(DamagedSnapshot, IsFoundByVerifyWhereverOneBitHasFlipped) {
  EXPECT_NO_THROW(verifySnapshot(blobs_, "mean-cosine", 1));
  for (const auto& [name, content] : allOf(blobs_, kFolder)) {
    if (name == "manifest.json") continue;
    std::string flipped = content;
    flipped.back() = static_cast<char>(flipped.back() ^ 1);
    blobs_.put(kFolder + name, flipped);
    try {
      verifySnapshot(blobs_, "mean-cosine", 1);
      ADD_FAILURE() << name << " was not noticed";
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::corrupt);
      EXPECT_NE(error.problem().find(name), std::string::npos) << error.problem();
    }
    blobs_.put(kFolder + name, content);
  }
}

TEST_F(DamagedSnapshot, IsRefusedWhenCurrentNamesNoVersion) {
  for (const char* bad : {"", "x", "1x", "0", "-1", "1\n\n", "99999999999999999999"}) {
    blobs_.put("snapshots/mean-cosine/CURRENT", bad);
    expectRefused("CURRENT", "");
  }
}

TEST(SnapshotKeys, AreThoseThatHaveACurrentVersion) {
  MemoryBlobs blobs;
  EXPECT_TRUE(snapshotKeys(blobs).empty());
  const MadeUp made = madeUp(10, 4, Shape::random);
  for (const char* key : {"similar", "mean-cosine+mfcc", "mean-cosine"}) {
    for (int round = 0; round < 2; ++round) {
      publishSnapshot(blobs, key, "m@1", std::span(made.tracks).first(9U + round),
                      {made.vectors.data(), 9U + round, 4}, UnixTime{});
    }
  }
  blobs.put("snapshots/unfinished/1/ids.json", "[]");
  blobs.put("snapshots/CURRENT", "1");
  const std::vector<std::string> all{"mean-cosine", "mean-cosine+mfcc", "similar"};
  auto keys = snapshotKeys(blobs);
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(keys, all);
  removeSnapshots(blobs, "mean-cosine");
  EXPECT_EQ(Snapshot::openCurrent(blobs, "mean-cosine"), nullptr);
  EXPECT_NE(Snapshot::openCurrent(blobs, "mean-cosine+mfcc"), nullptr);
  EXPECT_TRUE(blobs.list("snapshots/mean-cosine/").empty());
  EXPECT_EQ(snapshotKeys(blobs).size(), 2U);
  removeSnapshots(blobs, "mean-cosine");
}

TEST(Snapshot, RecipesThatAreNotPlainNamesAreRefused) {
  const MemoryBlobs blobs;
  for (const char* bad : {"", "..", "a/b", "a b"}) {
    EXPECT_THROW(Snapshot::openCurrent(blobs, bad), Error) << bad;
  }
}

}  // namespace
}  // namespace attacca::index
