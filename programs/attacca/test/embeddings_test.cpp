// Embeddings out of an archive and into it, as files that numpy reads.
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <sstream>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "attacca/base/file.h"
#include "attacca/base/npy.h"
#include "attacca/base/pooling.h"

#include "run.h"

namespace attacca::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::vector<std::string> linesOf(const fs::path& file) {
  std::istringstream text(readFile(file));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

void write(const fs::path& file, std::string_view content) {
  std::ofstream(file, std::ios::binary) << content;
}

constexpr std::string_view kOurs = R"(format = 1
name = "ours"
title = "What a model of ours hears"
licence = "CC0-1.0"
credit = "Nobody"
pooling = "mean"
silence = "keep"

[model]
network = "external"
dimension = 3
version = 1
)";

class Embeddings : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    place_ = new Place;
    place_->makeMusic(5);
    const Ended ended = place_->run({"add", place_->music().native()});
    ASSERT_EQ(ended.code, 0) << ended.err;
  }
  static void TearDownTestSuite() {
    delete place_;
    place_ = nullptr;
  }

  static std::vector<std::string> hashes() {
    std::vector<std::string> all;
    const auto listed = place_->run({"tracks", "--json"}).json();
    for (const auto& track : listed.at("tracks")) all.push_back(track.at("audio_hash"));
    return all;
  }
  static fs::path blobs(const Place& place) { return place.archive() / "blobs/embeddings"; }

  // Imports a matrix of three columns as "ours".
  static Ended import(const std::vector<float>& numbers, const std::string& ids,
                      const std::vector<std::string>& more = {}) {
    write(*place_ / "x.npy", npyBytes<float>({numbers.data(), numbers.size() / 3, 3}));
    write(*place_ / "x.csv", ids);
    write(*place_ / "ours.toml", kOurs);
    std::vector<std::string> arguments{"embeddings",
                                       "import",
                                       (*place_ / "x.npy").native(),
                                       "--ids",
                                       (*place_ / "x.csv").native(),
                                       "--representation",
                                       "ours",
                                       "--manifest",
                                       (*place_ / "ours.toml").native(),
                                       "--accept-licence",
                                       "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return place_->run(arguments);
  }
  // The reasons by row.
  static std::map<std::int64_t, std::string> refused(const Ended& ended) {
    std::map<std::int64_t, std::string> rows;
    const auto json = ended.json();
    for (const auto& row : json.at("refused")) rows[row.at("row")] = row.at("reason");
    return rows;
  }
  void TearDown() override { place_->run({"representation", "remove", "ours", "--force"}); }

  static Place* place_;
};

Place* Embeddings::place_ = nullptr;

TEST_F(Embeddings, AnExportIsTheMeansOfAllTracksWithTheirIds) {
  const fs::path out = *place_ / "means";
  const auto report = place_->run({"embeddings", "export", "--output", out.native(), "--json"});
  ASSERT_EQ(report.code, 0) << report.err;
  EXPECT_EQ(report.json().at("rows"), 5);
  const FileBytes file = FileBytes::map(out / "embeddings.npy");
  const auto matrix = npyView<float>(file, "embeddings.npy");
  ASSERT_EQ(matrix.rows, 5U);
  ASSERT_EQ(matrix.cols, 200U);
  const auto ids = linesOf(out / "ids.csv");
  const auto known = hashes();
  ASSERT_THAT(ids, SizeIs(6));
  EXPECT_EQ(ids[0], "audio_hash,track_id,catalogue_id");
  for (std::size_t i = 0; i < known.size(); ++i) {
    EXPECT_EQ(ids[i + 1], fmt::format("{},{},", known[i], i + 1));
    const FileBytes kept =
        FileBytes::map(blobs(*place_) / place_->representation() / (known[i] + ".npy"));
    EXPECT_THAT(meanRows(npyView<float>(kept, "kept")), testing::ElementsAreArray(matrix.row(i)));
  }
  const auto provenance = nlohmann::json::parse(readFile(out / "provenance.json"));
  EXPECT_EQ(provenance.at("representation"), place_->representation());
  EXPECT_EQ(provenance.at("rows_are"), "tracks");
  EXPECT_EQ(provenance.at("licence"), "Apache-2.0");

  // Once is enough: what is there is not written over.
  EXPECT_EQ(place_->run({"embeddings", "export", "--output", out.native()}).code, 2);
}

TEST_F(Embeddings, ClipsGoFromOneArchiveIntoAnotherByteForByte) {
  const fs::path out = *place_ / "clips";
  ASSERT_EQ(place_->run({"embeddings", "export", "--clips", "--output", out.native()}).code, 0);
  EXPECT_EQ(linesOf(out / "ids.csv")[0], "audio_hash,track_id,catalogue_id,clip");

  const Place other;
  other.makeMusic(5);
  ASSERT_EQ(other.run({"add", other.music().native()}).code, 0);
  const auto computed = contents(blobs(other));
  fs::remove_all(blobs(other));
  const std::vector<std::string> import{"embeddings",
                                        "import",
                                        (out / "embeddings.npy").native(),
                                        "--ids",
                                        (out / "ids.csv").native(),
                                        "--representation",
                                        "small",
                                        "--json"};
  // Numbers of a model say nothing without the version that made them.
  EXPECT_THAT(other.run(import).err, HasSubstr("provenance.json"));
  auto with = import;
  with.insert(with.end(), {"--manifest", (out / "provenance.json").native()});
  const Ended first = other.run(with);
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(first.json().at("added"), 5);
  EXPECT_EQ(contents(blobs(other)), computed);
  const auto again = other.run(with).json();
  EXPECT_EQ(again.at("added"), 0);
  EXPECT_EQ(again.at("known"), 5);
  EXPECT_EQ(other.run({"add", other.music().native(), "--json"}).json().at("heard"), 0);
}

TEST_F(Embeddings, NeedTheirLicenceAcceptedOnce) {
  write(*place_ / "one.npy", npyBytes<float>({std::vector<float>{1, 2, 3}.data(), 1, 3}));
  write(*place_ / "one.csv", "track_id\n1\n");
  write(*place_ / "ours.toml", kOurs);
  std::vector<std::string> arguments{"embeddings",
                                     "import",
                                     (*place_ / "one.npy").native(),
                                     "--ids",
                                     (*place_ / "one.csv").native(),
                                     "--representation",
                                     "ours",
                                     "--manifest",
                                     (*place_ / "ours.toml").native()};
  const Ended unread = place_->run(arguments);
  EXPECT_EQ(unread.code, 2);
  EXPECT_THAT(unread.err, HasSubstr("What a model of ours hears is licensed under CC0-1.0"));
  EXPECT_THAT(unread.err, HasSubstr("--accept-licence"));
  EXPECT_THAT(place_->run({"representation", "list"}).out, Not(HasSubstr("of ours")));
  arguments.emplace_back("--accept-licence");
  EXPECT_EQ(place_->run(arguments).code, 0);
  arguments.pop_back();
  EXPECT_EQ(place_->run(arguments).code, 0);
}

// What is kept of a model is a row for each clip, at known times.
TEST_F(Embeddings, MeansOfTracksDoNotPassForClips) {
  const fs::path out = *place_ / "pooled";
  ASSERT_EQ(place_->run({"embeddings", "export", "--output", out.native()}).code, 0);
  const auto kept = contents(blobs(*place_));
  const auto import = [&](const fs::path& ids) {
    return place_->run({"embeddings", "import", (out / "embeddings.npy").native(), "--ids",
                        ids.native(), "--representation", "small", "--manifest",
                        (out / "provenance.json").native(), "--replace"});
  };
  const Ended means = import(out / "ids.csv");
  EXPECT_EQ(means.code, 1);
  EXPECT_THAT(means.err, HasSubstr("the rows are of tracks"));
  EXPECT_THAT(means.err, HasSubstr("--clips"));

  // Said to be clips, they need the numbers of clips.
  std::string provenance = readFile(out / "provenance.json");
  const std::string said = R"("rows_are": "tracks")";
  ASSERT_NE(provenance.find(said), std::string::npos);
  provenance.replace(provenance.find(said), said.size(), R"("rows_are": "clips")");
  write(out / "provenance.json", provenance);
  EXPECT_THAT(import(out / "ids.csv").err, HasSubstr("are not numbered as clips"));
  EXPECT_EQ(contents(blobs(*place_)), kept);
}

TEST_F(Embeddings, WhatWasComputedElsewhereHasNoOrderToCompare) {
  std::vector<float> numbers;
  std::string ids = "track_id,clip\n";
  for (int track = 1; track <= 5; ++track) {
    for (int clip = 0; clip < 20; ++clip) {
      numbers.insert(numbers.end(), {static_cast<float>(track), static_cast<float>(clip), 1});
      ids += fmt::format("{},{}\n", track, clip);
    }
  }
  ASSERT_EQ(import(numbers, ids).code, 0);
  fs::create_directories(place_->archive() / "recipes");
  write(place_->archive() / "recipes/ordered.toml", R"(format = 1
name = "ordered"
title = "In order"
question = "What goes on like this?"
answers = "tracks"
[[part]]
kind = "pooled"
weight = 1
[[part]]
kind = "sequence"
weight = 1
shingle_s = 6
)");
  const Ended ended =
      place_->run({"similar", "1", "--recipe", "ordered", "--representation", "ours"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("ours does not say when its rows sound"));
  EXPECT_THAT(ended.err, HasSubstr("pooled part"));
  EXPECT_EQ(place_->run({"similar", "1", "--representation", "ours"}).code, 0);
  fs::remove_all(place_->archive() / "recipes");
}

TEST_F(Embeddings, APartIsTakenAndTheRestLater) {
  const auto hash = hashes();
  const auto report =
      import({1, 0, 0, 0, 1, 0}, fmt::format("audio_hash\n{}\n{}\n", hash[0], hash[1]));
  ASSERT_EQ(report.code, 0) << report.err;
  EXPECT_EQ(report.json().at("added"), 2);
  const auto listed = place_->run({"representation", "list", "--json"}).json();
  for (const auto& entry : listed.at("representations")) {
    if (entry.at("name") != "ours") continue;
    EXPECT_EQ(entry.at("state"), "imported");
    EXPECT_EQ(entry.at("embeddings").at("recordings"), 2);
    EXPECT_GT(entry.at("embeddings").at("bytes"), 0);
  }
  // By the ids of this archive's tracks, and now it is known what "ours" is.
  write(*place_ / "y.npy", npyBytes<float>({std::vector<float>{0, 0, 1}.data(), 1, 3}));
  write(*place_ / "y.csv", "track_id\n3\n");
  const Ended later =
      place_->run({"embeddings", "import", (*place_ / "y.npy").native(), "--ids",
                   (*place_ / "y.csv").native(), "--representation", "ours", "--json"});
  ASSERT_EQ(later.code, 0) << later.err;
  EXPECT_EQ(later.json().at("added"), 1);
  EXPECT_EQ(place_->run({"representation", "verify", "ours"}).code, 0);
}

TEST_F(Embeddings, RowsThatCannotBeUsedAreNamedAndTheOthersGoIn) {
  const auto hash = hashes();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::string nobody(64, 'a');
  const auto report = import(
      {1, 0, 0, 0, nan, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1},
      fmt::format("audio_hash,track_id\n{},\n{},\n{},\n,77\n,4\n", hash[0], hash[1], nobody));
  EXPECT_EQ(report.code, 3);
  EXPECT_EQ(report.json().at("added"), 2);
  const auto rows = refused(report);
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_THAT(rows.at(1), HasSubstr("number 1 of it is nan"));
  EXPECT_THAT(rows.at(2), HasSubstr(nobody));
  EXPECT_THAT(rows.at(3), HasSubstr("no track here has the id 77"));
}

TEST_F(Embeddings, AWrongDimensionIsRefusedAsAWhole) {
  write(*place_ / "wide.npy", npyBytes<float>({std::vector<float>(8).data(), 2, 4}));
  write(*place_ / "wide.csv", "track_id\n1\n2\n");
  write(*place_ / "ours.toml", kOurs);
  const Ended ended =
      place_->run({"embeddings", "import", (*place_ / "wide.npy").native(), "--ids",
                   (*place_ / "wide.csv").native(), "--representation", "ours", "--manifest",
                   (*place_ / "ours.toml").native(), "--accept-licence"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("have 4 numbers, those of ours have 3"));
  EXPECT_THAT(ended.out, IsEmpty());
}

TEST_F(Embeddings, IdsThatDoNotFitTheRowsAreRefusedAsAWhole) {
  EXPECT_THAT(import({1, 0, 0, 0, 1, 0}, "track_id\n1\n").err, HasSubstr("from row 1 on"));
  EXPECT_THAT(import({1, 0, 0}, "1\n").err, HasSubstr("line 1 names no column of ids"));
  EXPECT_THAT(import({1, 0, 0}, "track_id\n\"1\n").err, HasSubstr("never closed"));
}

TEST_F(Embeddings, TwoRowsOfOneRecordingNeedToBeClips) {
  const auto report = import({1, 0, 0, 0, 1, 0, 1, 0, 0}, "track_id\n1\n1\n2\n");
  EXPECT_EQ(report.code, 3);
  EXPECT_EQ(report.json().at("added"), 1);
  EXPECT_THAT(refused(report).at(1), HasSubstr("a column \"clip\" tells clips apart"));

  // Said twice is said once.
  EXPECT_EQ(import({0, 1, 1, 0, 1, 1}, "track_id\n3\n3\n").json().at("added"), 1);
}

TEST_F(Embeddings, ClipsAreTakenInTheirOrderAndOnlyWithoutGaps) {
  const auto report =
      import({0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 2}, "track_id,clip\n1,1\n1,0\n2,0\n2,2\n");
  EXPECT_EQ(report.code, 3);
  EXPECT_EQ(report.json().at("added"), 1);
  EXPECT_THAT(refused(report).at(3), HasSubstr("clip 1 of its recording is missing"));
  EXPECT_EQ(refused(report).count(2), 1U) << "a recording is taken whole";
  for (const auto& entry : fs::directory_iterator(blobs(*place_))) {
    if (!entry.path().filename().native().starts_with("ours@")) continue;
    const FileBytes file = FileBytes::map(entry.path() / (hashes()[0] + ".npy"));
    EXPECT_THAT(npyView<float>(file, "ours").all(), ElementsAre(1, 0, 0, 0, 1, 0));
  }
}

TEST_F(Embeddings, AnotherEmbeddingOfTheSameRecordingHasToBeWanted) {
  ASSERT_EQ(import({1, 0, 0}, "track_id\n1\n").code, 0);
  const auto other = import({0, 1, 0}, "track_id\n1\n");
  EXPECT_EQ(other.code, 3);
  EXPECT_THAT(refused(other).at(0), HasSubstr("--replace"));
  EXPECT_EQ(import({0, 1, 0}, "track_id\n1\n", {"--replace"}).json().at("replaced"), 1);
}

TEST_F(Embeddings, WhatNobodyDescribedIsRefused) {
  write(*place_ / "z.npy", npyBytes<float>({std::vector<float>{1, 2, 3}.data(), 1, 3}));
  write(*place_ / "z.csv", "track_id\n1\n");
  const Ended ended = place_->run({"embeddings", "import", (*place_ / "z.npy").native(), "--ids",
                                   (*place_ / "z.csv").native(), "--representation", "mystery"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("--manifest"));
  EXPECT_THAT(place_->run({"representation", "list"}).out, Not(HasSubstr("mystery")));
}

TEST_F(Embeddings, WhatIsImportedHearsNothing) {
  ASSERT_EQ(import({1, 0, 0}, "track_id\n1\n").code, 0);
  const Ended ended = place_->run({"add", "--representation", "ours", place_->music().native()});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("not heard with it"));
}

TEST_F(Embeddings, KilledAtAnyMomentAnImportEndsWithTheSameBytes) {
  std::vector<float> numbers;
  std::string ids = "track_id\n";
  for (int i = 1; i <= 5; ++i) {
    numbers.insert(numbers.end(), {static_cast<float>(i), 0, 1});
    ids += fmt::format("{}\n", i);
  }
  ASSERT_EQ(import(numbers, ids).code, 0);
  const auto expected = contents(blobs(*place_));
  for (int round = 0; round < 10; ++round) {
    TearDown();
    {
      const auto running =
          place_->start({"embeddings", "import", (*place_ / "x.npy").native(), "--ids",
                         (*place_ / "x.csv").native(), "--representation", "ours", "--manifest",
                         (*place_ / "ours.toml").native(), "--accept-licence"});
      ASSERT_TRUE(eventually([&] {
        return running->ended() ||
               contents(blobs(*place_)).size() + 5 - static_cast<std::size_t>(round % 5) >
                   expected.size();
      }));
      running->signal(SIGKILL);
    }
    ASSERT_EQ(import(numbers, ids).code, 0);
    EXPECT_EQ(contents(blobs(*place_)), expected);
  }
}

}  // namespace
}  // namespace attacca::test
