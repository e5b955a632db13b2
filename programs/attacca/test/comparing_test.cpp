// Several representations side by side: lists by one or several of them, the controls, and what
// lists are made from while recordings are heard anew.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "attacca/base/file.h"
#include "attacca/base/npy.h"
#include "attacca/base/pooling.h"

#include "run.h"
#include "small_model.h"

namespace attacca::test {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::SizeIs;

constexpr int kTracks = 6;

// Ids in the order of a list without caps, with their scores.
using Ranking = std::vector<std::pair<std::int64_t, double>>;

Ranking rankingOf(const nlohmann::json& list) {
  Ranking ranking;
  for (const auto& track : list.at("tracks")) {
    ranking.emplace_back(track.at("id"), track.at("score"));
  }
  return ranking;
}

class Comparing : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    place_ = new Place;
    other_ = installSmallModel(place_->archive(), "other", 2);
    place_->makeMusic(kTracks);
    const Ended ended =
        place_->run({"add", place_->music().native(), "--representation", "small,other"});
    ASSERT_EQ(ended.code, 0) << ended.err;
  }
  static void TearDownTestSuite() {
    delete place_;
    place_ = nullptr;
  }
  static Ended similar(int track, const std::string& representation) {
    return place_->run({"similar", std::to_string(track), "--raw", "--json", "--limit", "99",
                        "--representation", representation});
  }
  static Ranking ranking(int track, const std::string& representation) {
    const Ended ended = similar(track, representation);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.code == 0 ? rankingOf(ended.json()) : Ranking{};
  }
  // The mean embedding of each track.
  static std::vector<std::vector<float>> means(const std::string& version) {
    std::vector<std::vector<float>> all;
    const auto listed = place_->run({"tracks", "--json"}).json();
    for (const auto& track : listed.at("tracks")) {
      const std::string hash = track.at("audio_hash");
      const FileBytes file =
          FileBytes::map(place_->archive() / "blobs/embeddings" / version / (hash + ".npy"));
      all.push_back(meanRows(npyView<float>(file, hash)));
    }
    return all;
  }
  static double cosine(const std::vector<float>& a, const std::vector<float>& b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      ab += static_cast<double>(a[i]) * b[i];
      aa += static_cast<double>(a[i]) * a[i];
      bb += static_cast<double>(b[i]) * b[i];
    }
    return ab / std::sqrt(aa * bb);
  }
  // The scores of every list, each sorted; the lists sorted.
  static std::vector<std::vector<double>> allScores(const std::string& representation) {
    std::vector<std::vector<double>> all;
    for (int track = 1; track <= kTracks; ++track) {
      auto& scores = all.emplace_back();
      for (const auto& [id, score] : ranking(track, representation)) scores.push_back(score);
      std::sort(scores.begin(), scores.end());
    }
    std::sort(all.begin(), all.end());
    return all;
  }

  static Place* place_;
  static std::string other_;
};

Place* Comparing::place_ = nullptr;
std::string Comparing::other_;

TEST_F(Comparing, AnyRepresentationThatWasHeardMakesLists) {
  const auto embeddings = means(other_);
  const Ended first = similar(1, "other");
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_THAT(first.err, HasSubstr("6 tracks are comparable by mean-cosine+other from now on"));
  const Ranking list = rankingOf(first.json());
  ASSERT_THAT(list, SizeIs(kTracks - 1));
  for (const auto& [id, score] : list) {
    EXPECT_NEAR(score, cosine(embeddings[0], embeddings[static_cast<std::size_t>(id) - 1]), 1e-5);
  }
  EXPECT_TRUE(std::is_sorted(list.begin(), list.end(),
                             [](const auto& a, const auto& b) { return a.second > b.second; }));
  const Ended again = similar(1, "other");
  EXPECT_EQ(again.err, "");
  EXPECT_EQ(again.out, first.out);
  // What the lists are made from anyhow.
  EXPECT_EQ(ranking(1, "small"),
            rankingOf(place_->run({"similar", "1", "--raw", "--json", "--limit", "99"}).json()));
}

TEST_F(Comparing, EachWayHasListsOfItsOwn) {
  const Place place;
  installSmallModel(place.archive(), "other", 2);
  place.makeMusic(kTracks);
  const std::string music = place.music().native();
  const std::vector<std::string> similar{"similar", "1", "--json"};
  ASSERT_EQ(place.run({"add", music}).code, 0);
  const Ended before = place.run(similar);
  ASSERT_EQ(before.code, 0) << before.err;
  ASSERT_EQ(place.run({"embed", "--all", "--representation", "other"}).code, 0);
  ASSERT_EQ(place.run({"add", music, "--recipe", "mean-cosine", "--representation", "other"}).code,
            0);
  EXPECT_EQ(place.run(similar).out, before.out);
  const auto snapshots = place.archive() / "blobs/snapshots";
  EXPECT_TRUE(fs::exists(snapshots / "mean-cosine+small/CURRENT"));
  EXPECT_TRUE(fs::exists(snapshots / "mean-cosine+other/CURRENT"));
  const Ended judged = place.run({"quality", "--all", "--json"});
  ASSERT_EQ(judged.code, 0) << judged.err;
  EXPECT_THAT(judged.json(), SizeIs(2));
}

TEST_F(Comparing, WhatIsNotThereIsSaidWithWhatIs) {
  const Place place;
  installSmallModel(place.archive(), "other", 2);
  place.makeMusic(2);
  ASSERT_EQ(place.run({"add", place.music().native(), "--representation", "other"}).code, 0);
  const Ended usual = place.run({"similar", "1"});
  EXPECT_EQ(usual.code, 1);
  EXPECT_THAT(usual.err, HasSubstr("by mean-cosine+small yet, but by mean-cosine+other"));
  EXPECT_THAT(usual.err, HasSubstr("`attacca embed --all`"));
  ASSERT_EQ(place.run({"embed", "--all"}).code, 0);
  EXPECT_EQ(place.run({"similar", "1"}).code, 0);
}

TEST_F(Comparing, ARecipeGoesWithARepresentationWhereItLeavesOneOpen) {
  const Ended both = place_->run({"similar", "1", "--recipe", "mean-cosine", "--representation",
                                  "other", "--raw", "--json", "--limit", "99"});
  ASSERT_EQ(both.code, 0) << both.err;
  EXPECT_EQ(rankingOf(both.json()), ranking(1, "other"));
  const Ended closed =
      place_->run({"similar", "1", "--recipe", "performances", "--representation", "other"});
  EXPECT_EQ(closed.code, 2);
  EXPECT_THAT(closed.err, HasSubstr("performances says itself what it compares by: mfcc, chroma"));
}

TEST_F(Comparing, PassagesAreFoundByTheRecipeForThem) {
  const Place place;
  place.makeMusic(2);
  ASSERT_EQ(
      place.run({"add", place.music().native(), "--representation", "small,mfcc,chroma"}).code, 0);
  const Ended found = place.run({"similar", "1", "--from", "0:00", "--to", "0:02", "--json"});
  ASSERT_EQ(found.code, 0) << found.err;
  EXPECT_THAT(found.json().at("tracks"), SizeIs(1));
  EXPECT_TRUE(fs::exists(place.archive() / "blobs/snapshots/passage/CURRENT"));
  const Ended without_order =
      place.run({"similar", "1", "--from", "0:00", "--recipe", "mean-cosine"});
  EXPECT_EQ(without_order.code, 2);
  EXPECT_THAT(without_order.err, HasSubstr("mean-cosine knows no order"));
}

TEST_F(Comparing, SeveralAreFusedByTheirWeights) {
  const auto small = means(place_->representation());
  const auto other = means(other_);
  // Cosines are standardised by how widely they spread before they are added up.
  const auto spread = [](const std::vector<std::vector<float>>& vectors) {
    std::vector<double> cosines;
    for (std::size_t a = 0; a < vectors.size(); ++a) {
      for (std::size_t b = 0; b < a; ++b) cosines.push_back(cosine(vectors[a], vectors[b]));
    }
    double mean = 0;
    for (const double x : cosines) mean += x / static_cast<double>(cosines.size());
    double square = 0;
    for (const double x : cosines) square += (x - mean) * (x - mean);
    return std::sqrt(square / static_cast<double>(cosines.size()));
  };
  const double small_share = 2 / spread(small);
  const double other_share = 1 / spread(other);
  for (int track = 1; track <= kTracks; ++track) {
    const auto seed = static_cast<std::size_t>(track) - 1;
    const Ranking list = ranking(track, "small:2+other");
    ASSERT_THAT(list, SizeIs(kTracks - 1));
    for (const auto& [id, score] : list) {
      const auto row = static_cast<std::size_t>(id) - 1;
      const double expected = (small_share * cosine(small[seed], small[row]) +
                               other_share * cosine(other[seed], other[row])) /
                              (small_share + other_share);
      EXPECT_NEAR(score, expected, 2e-3);
    }
    EXPECT_EQ(ranking(track, "other+small:2"), list);
  }
}

TEST_F(Comparing, ShuffledIsTheSameNumbersUnderOtherNames) {
  const auto original = allScores("small");
  const auto shuffled = allScores("shuffled:small");
  ASSERT_EQ(shuffled.size(), original.size());
  for (std::size_t i = 0; i < original.size(); ++i) {
    EXPECT_THAT(shuffled[i], testing::Pointwise(testing::DoubleNear(1e-6), original[i]));
  }
  int same = 0;
  for (int track = 1; track <= kTracks; ++track) {
    if (ranking(track, "small") == ranking(track, "shuffled:small")) ++same;
  }
  EXPECT_LT(same, kTracks);
}

TEST_F(Comparing, RandomHearsNothingAndIsTheSameEverywhere) {
  const Ranking list = ranking(1, "random");
  ASSERT_THAT(list, SizeIs(kTracks - 1));
  // Directions of 200 dimensions have nothing in common: the deviation is 0.07.
  for (const auto& [id, score] : list) EXPECT_LT(std::abs(score), 0.35);
  const Place elsewhere;
  elsewhere.makeMusic(kTracks);
  ASSERT_EQ(elsewhere.run({"add", elsewhere.music().native()}).code, 0);
  EXPECT_EQ(rankingOf(elsewhere
                          .run({"similar", "1", "--raw", "--json", "--limit", "99",
                                "--representation", "random"})
                          .json()),
            list);
}

TEST_F(Comparing, WhatMakesNoSenseIsSaid) {
  EXPECT_EQ(similar(1, "").code, 0);
  EXPECT_EQ(similar(1, "small+small").code, 2);
  EXPECT_EQ(similar(1, "small:0").code, 2);
  EXPECT_EQ(similar(1, "small:x").code, 2);
  EXPECT_EQ(similar(1, "shuffled:random").code, 2);
  EXPECT_EQ(similar(1, "+").code, 2);
  EXPECT_EQ(similar(1, "nonsense").code, 1);
  const Ended missing = similar(1, "mtt-vgg");
  EXPECT_EQ(missing.code, 1);
  EXPECT_THAT(missing.err, HasSubstr("representation fetch mtt-vgg"));
}

TEST_F(Comparing, WhatWasAskedForOnceFollowsTheArchive) {
  const Place place;
  installSmallModel(place.archive(), "other", 2);
  place.makeMusic(2);
  const std::vector<std::string> add{"add", place.music().native(), "--representation",
                                     "small,other"};
  ASSERT_EQ(place.run(add).code, 0);
  const std::vector<std::string> similar{"similar",          "1",    "--raw", "--json",
                                         "--representation", "other"};
  EXPECT_THAT(rankingOf(place.run(similar).json()), SizeIs(1));
  place.makeMusic(4);
  ASSERT_EQ(place.run(add).code, 0);
  EXPECT_THAT(rankingOf(place.run(similar).json()), SizeIs(3));
  ASSERT_EQ(place.run({"remove", "2"}).code, 0);
  EXPECT_THAT(rankingOf(place.run(similar).json()), SizeIs(2));

  // One that was heard without it is left out, and that is said.
  writeWav(place.music() / "05.wav", 4, 5, {"Piece 5", "Pieces for Tests", "Nobody"});
  ASSERT_EQ(place.run({"add", place.music().native()}).code, 0);
  const auto list = place.run(similar).json();
  EXPECT_THAT(rankingOf(list), SizeIs(2));
  EXPECT_THAT(list.at("notes").get<std::vector<std::string>>(),
              Contains(HasSubstr("1 track cannot be compared by other")));
  ASSERT_EQ(place.run({"embed", "--all", "--representation", "small,other"}).code, 0);
  EXPECT_THAT(rankingOf(place.run(similar).json()), SizeIs(3));
}

// ---- Another version takes its turn

class AnotherVersion : public testing::Test {
 protected:
  void SetUp() override {
    place_.makeMusic(kTracks);
    ASSERT_EQ(place_.run({"add", place_.music().native()}).code, 0);
    next_ = installSmallModel(place_.archive(), "small", 7);
    std::ofstream(place_.archive() / "representations/small.current") << next_ << "\n";
  }
  nlohmann::json snapshot() const { return place_.run({"status", "--json"}).json().at("snapshot"); }
  std::size_t heard() const {
    return contents(place_.archive() / "blobs/embeddings" / next_).size();
  }

  Place place_;
  std::string next_;
};

TEST_F(AnotherVersion, TakesItsTurnOnceAllOfItIsThere) {
  const std::string before = place_.run({"similar", "1", "--json"}).out;
  const Ended part = place_.run({"add", (place_.music() / "01.wav").native()});
  ASSERT_EQ(part.code, 0) << part.err;
  EXPECT_EQ(heard(), 1U);
  EXPECT_THAT(part.err, HasSubstr("5 recordings are not heard anew yet"));
  EXPECT_EQ(snapshot().at("representation"), place_.representation());
  EXPECT_EQ(place_.run({"similar", "1", "--json"}).out, before);
  // What leaves the archive leaves the lists meanwhile.
  ASSERT_EQ(place_.run({"remove", "2"}).code, 0);
  EXPECT_EQ(snapshot().at("tracks"), kTracks - 1);
  EXPECT_EQ(snapshot().at("representation"), place_.representation());

  ASSERT_EQ(place_.run({"embed", "--all"}).code, 0);
  EXPECT_EQ(snapshot().at("representation"), next_);
  EXPECT_EQ(snapshot().at("tracks"), kTracks - 1);
  EXPECT_EQ(place_.run({"verify"}).code, 0);
}

TEST(AnotherVersionOfALongRecording, LeavesListsAsTheyAreWhileItIsHeard) {
  const Place place;
  place.makeMusic(2);
  writeLongWav(place.music() / "99.wav", 1800);  // long enough to be stopped in
  ASSERT_EQ(place.run({"add", place.music().native()}).code, 0);
  const std::string next = installSmallModel(place.archive(), "small", 7);
  std::ofstream(place.archive() / "representations/small.current") << next << "\n";
  const auto made_from = [&] {
    return place.run({"status", "--json"}).json().at("snapshot").at("representation");
  };
  const std::string before = place.run({"similar", "1", "--json"}).out;
  const auto running = place.start({"embed", "--all", "--jobs", "1"});
  ASSERT_TRUE(eventually([&] {
    return !contents(place.archive() / "blobs/embeddings" / next).empty();
  })) << running->errSoFar();
  running->signal(SIGSTOP);
  EXPECT_EQ(place.run({"similar", "1", "--json"}).out, before);
  EXPECT_EQ(made_from(), place.representation());
  running->signal(SIGCONT);
  const Ended ended = running->wait();
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(made_from(), next);
}

TEST_F(AnotherVersion, IsNeverMixedWithTheOneBeforeWhereverItIsKilled) {
  std::mt19937 random(20261124);
  const auto start = std::chrono::steady_clock::now();
  {
    const Place trial;
    trial.makeMusic(kTracks);
    ASSERT_EQ(trial.run({"add", trial.music().native()}).code, 0);
  }
  const auto length = std::chrono::steady_clock::now() - start;
  int hit = 0;
  constexpr int kRounds = 8;
  for (int round = 1; round <= kRounds; ++round) {
    {
      const auto running = place_.start({"embed", "--all", "--jobs", "1"});
      // Early at first: one that comes too late leaves nothing to kill in the rounds after it.
      const double part = static_cast<double>(round) / kRounds;
      std::this_thread::sleep_for(length * std::uniform_real_distribution<>(0, part)(random));
      if (!running->ended()) ++hit;
      running->signal(SIGKILL);
      running->wait();
    }
    const auto now = snapshot();
    EXPECT_EQ(now.at("tracks"), kTracks);
    EXPECT_EQ(now.at("representation"), heard() < kTracks ? place_.representation()
                                        : now.at("representation") == next_
                                            ? next_
                                            : place_.representation());
    EXPECT_EQ(place_.run({"similar", "1", "--json"}).code, 0);
  }
  EXPECT_GT(hit, 0) << "no kill came in time";
  ASSERT_EQ(place_.run({"embed", "--all"}).code, 0);
  EXPECT_EQ(snapshot().at("representation"), next_);

  const Place fresh;
  fs::remove_all(fresh.archive() / "representations" / fresh.representation());
  installSmallModel(fresh.archive(), "small", 7);
  fresh.makeMusic(kTracks);
  ASSERT_EQ(fresh.run({"add", fresh.music().native()}).code, 0);
  EXPECT_EQ(contents(place_.archive() / "blobs/embeddings" / next_),
            contents(fresh.archive() / "blobs/embeddings" / next_));
}

TEST(EmbedAll, HearsOnlyWhatIsMissingAndNothingNew) {
  const Place place;
  installSmallModel(place.archive(), "other", 2);
  place.makeMusic(3);
  ASSERT_EQ(place.run({"add", place.music().native()}).code, 0);
  writeWav(place.music() / "new.wav", 4, 9, {"New", "", ""});
  fs::remove(place.music() / "03.wav");
  const Ended ended = place.run({"embed", "--all", "--representation", "small,other", "--json"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.json().at("heard"), 2);
  EXPECT_EQ(ended.json().at("gone"), 1);
  const auto again = place.run({"embed", "--all", "--representation", "small,other", "--json"});
  EXPECT_EQ(again.json().at("heard"), 0);
  EXPECT_EQ(again.json().at("unchanged"), 2);
  EXPECT_EQ(place.run({"embed"}).code, 2);
  EXPECT_EQ(place.run({"embed", "--all", "x.wav"}).code, 2);
}

}  // namespace
}  // namespace attacca::test
