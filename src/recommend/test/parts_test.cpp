// Recommending from snapshots of several parts, and passages.
#include <cmath>

#include "attacca/base/error.h"
#include "attacca/index/balance.h"

#include "helpers.h"

namespace attacca::recommend {
namespace {

constexpr std::size_t kColumns = 5;

// Tracks of "sound" (a row a second; the pooled part) that are a tune (the ordered part), too.
struct Tunes {
  std::vector<index::SnapshotTrack> tracks;
  std::vector<std::vector<float>> rows;

  void add(index::Groups groups, std::vector<float> tune) {
    const auto id = static_cast<std::int64_t>(tracks.size()) + 1;
    if (!groups.recording) groups.recording = {id};
    tracks.push_back({{id}, groups, "{}"});
    rows.push_back(std::move(tune));
  }
  void addRandom(std::mt19937& random, std::size_t seconds = 40) {
    add({{static_cast<std::int64_t>(tracks.size()) + 1}, {0}, {0}},
        randomVector(random, seconds * kColumns));
  }

  std::shared_ptr<const index::Snapshot> snapshot(
      index::Answers answers = index::Answers::tracks) const {
    index::Recipe recipe{"tunes", "Tunes", "What?", answers, {}};
    recipe.parts.resize(2);
    recipe.parts[0].representation = recipe.parts[1].representation = "sound";
    recipe.parts[1].kind = index::PartKind::sequence;
    recipe.parts[1].shingle_s = 5;
    const index::RowSource source{
        "sound", "sound@1", kColumns, 1, {}, [this](std::size_t track) {
          index::TrackRows result;
          result.rows = {rows[track].data(), rows[track].size() / kColumns, kColumns};
          return result;
        }};
    MemoryBlobs blobs;
    publishSnapshot(blobs, "tunes", recipe, tracks, {&source, 1}, UnixTime{});
    return index::Snapshot::openCurrent(blobs, "tunes");
  }
};

// 260 tracks: more than are stored as neighbours.
Tunes manyTunes() {
  std::mt19937 random(3);
  Tunes tunes;
  for (int i = 0; i < 260; ++i) tunes.addRandom(random, 20);
  return tunes;
}

float scoreOf(const index::Snapshot& snapshot, TrackId a, TrackId b) {
  const index::Row other = *snapshot.row(b);
  float score = 0;
  snapshot.scores(*snapshot.row(a), {&other, 1}, {&score, 1});
  return score;
}

TEST(PartsSimilar, ListsNeighboursByTheirScoreAndEstimatesTheRest) {
  const auto snapshot = manyTunes().snapshot();
  const RecommendationService service(snapshot);
  Policies policies;
  policies.limit = 250;
  const Answer answer = service.recommendSimilar({7}, policies);
  expectWellFormed(answer, *snapshot, policies);
  ASSERT_EQ(answer.list.size(), 250U);
  for (std::size_t i = 0; i < answer.list.size(); ++i) {
    const Recommendation& item = answer.list[i];
    EXPECT_NE(item.track, TrackId{7});
    if (i > 0) {
      EXPECT_LE(item.score, answer.list[i - 1].score);
    }
    if (i < index::kStoredNeighbours) {
      EXPECT_EQ(item.score, static_cast<double>(scoreOf(*snapshot, {7}, item.track)));
    }
  }
}

// A list of all tracks by turned weights is in the order of their exact scores, far beyond the
// stored neighbours.
TEST(PartsBalanced, ListsAllTracksByTheirTurnedScores) {
  const auto snapshot = manyTunes().snapshot();
  const RecommendationService service(snapshot);
  Policies policies;
  policies.limit = 259;
  policies.raw = true;
  for (const double sound : {0.0, 0.5, 1.0}) {
    const Answer answer = service.recommendBalanced({7}, sound, policies, 2);
    expectWellFormed(answer, *snapshot, policies);
    ASSERT_EQ(answer.list.size(), 259U);
    const auto scores = index::balancedScores(*snapshot, *snapshot->row({7}), sound);
    for (const Recommendation& item : answer.list) {
      EXPECT_EQ(item.score,
                static_cast<double>(scores[static_cast<std::size_t>(*snapshot->row(item.track))]));
    }
  }
  // The recipe's own balance: what the stored neighbours say.
  policies.limit = 20;
  const Answer turned = service.recommendBalanced({7}, 0.5, policies);
  const Answer own = service.recommendSimilar({7}, policies);
  for (std::size_t i = 0; i < own.list.size(); ++i) {
    EXPECT_NEAR(turned.list[i].score, own.list[i].score, 2e-5);
  }
}

TEST(PartsBalanced, SoundAloneIsByTheVectorsAndMusicAloneIsNot) {
  // 2 has the rows of 1 in another order: the same sound, other music.
  std::mt19937 random(5);
  Tunes tunes;
  for (int i = 0; i < 20; ++i) tunes.addRandom(random);
  auto& rows = tunes.rows[1];
  rows.clear();
  for (std::size_t i = 40; i-- > 0;) {
    const std::size_t from = (i * 7 % 40) * kColumns;
    rows.insert(rows.end(), tunes.rows[0].begin() + static_cast<std::ptrdiff_t>(from),
                tunes.rows[0].begin() + static_cast<std::ptrdiff_t>(from + kColumns));
  }
  const auto snapshot = tunes.snapshot();
  const RecommendationService service(snapshot);
  Policies policies;
  policies.raw = true;
  const Answer sound = service.recommendBalanced({1}, 1, policies);
  EXPECT_EQ(sound.list.front().track, TrackId{2});
  EXPECT_NEAR(sound.list.front().score, 1, 1e-5);
  const Answer music = service.recommendBalanced({1}, 0, policies);
  EXPECT_LT(music.list.front().score, 0.9);
}

TEST(PartsBalanced, KeepsThePoliciesAndItsErrors) {
  Tunes tunes = manyTunes();
  for (auto& track : tunes.tracks) track.groups.album = {1 + track.id.value % 3};
  const auto snapshot = tunes.snapshot();
  const RecommendationService service(snapshot);
  Policies policies;
  policies.limit = 6;
  const Answer answer = service.recommendBalanced({7}, 0.3, policies);
  expectWellFormed(answer, *snapshot, policies);
  EXPECT_EQ(answer.list.size(), 6U);  // two of each album
  EXPECT_THROW(service.recommendBalanced({999}, 0.3, policies), Error);
  const auto passages = tunes.snapshot(index::Answers::passages);
  EXPECT_THROW(RecommendationService(passages).recommendBalanced({7}, 0.3, policies), Error);
}

TEST(PartsListener, ReasonsAreTheScoresOfWhatWasHeard) {
  const auto snapshot = manyTunes().snapshot();
  const RecommendationService service(snapshot);
  const UnixTime now{std::chrono::hours(24 * 365 * 50)};
  const std::vector<HeardTrack> history{{{5}, now, 1}, {{90}, now, 1}};
  for (const std::size_t limit : {std::size_t{10}, std::size_t{255}}) {
    Policies policies;
    policies.limit = limit;
    const Answer answer = service.recommendForUser(history, now, policies);
    expectWellFormed(answer, *snapshot, policies);
    ASSERT_EQ(answer.list.size(), limit);
    for (const Recommendation& item : answer.list) {
      for (const Reason& reason : item.reasons) {
        EXPECT_EQ(reason.value, static_cast<double>(scoreOf(*snapshot, item.track, reason.track)));
      }
    }
  }
}

TEST(PartsListener, NewOnesGetTypicalTracks) {
  const auto snapshot = manyTunes().snapshot();
  const Answer answer = RecommendationService(snapshot).recommendForUser({}, {}, {});
  expectWellFormed(answer, *snapshot, {});
  EXPECT_EQ(answer.list.size(), 10U);
}

class PassageAnswer : public testing::Test {
 protected:
  void SetUp() override {
    std::mt19937 random(5);
    for (int i = 0; i < 12; ++i) tunes_.addRandom(random);
    // Seconds 10 to 20 of track 1 also in the tracks 4 and 9, and again in 1 and 4.
    for (const auto& [track, at] : {std::pair(4, 25), {4, 5}, {9, 12}, {1, 28}}) {
      auto& to = tunes_.rows[static_cast<std::size_t>(track - 1)];
      const auto& from = tunes_.rows[0];
      std::copy_n(from.begin() + 10 * kColumns, 10 * kColumns,
                  to.begin() + at * static_cast<std::ptrdiff_t>(kColumns));
    }
    // The recording of track 9 on another album, and one of the same work and album as the seed.
    tunes_.add({{77}, {0}, {9}}, tunes_.rows[8]);
    tunes_.tracks[0].groups.work = tunes_.tracks[3].groups.work = {5};
    tunes_.tracks[0].groups.album = tunes_.tracks[3].groups.album = {50};
  }

  Tunes tunes_;
};

TEST_F(PassageAnswer, NamesTracksWithAllTheirPlaces) {
  const auto snapshot = tunes_.snapshot(index::Answers::passages);
  const RecommendationService service(snapshot);
  Policies policies;
  policies.limit = 2;
  const Answer answer = service.recommendPassage({1}, {Seconds(10), Seconds(20)}, policies);
  EXPECT_EQ(answer.strategy, "passage");
  ASSERT_EQ(answer.list.size(), 2U);
  std::vector<std::int64_t> ids = idsOf(answer);
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(ids, (std::vector<std::int64_t>{4, 9}));
  for (const Recommendation& item : answer.list) {
    ASSERT_FALSE(item.reasons.empty());
    EXPECT_EQ(item.reasons[0].kind, ReasonKind::passage);
    EXPECT_EQ(item.reasons[0].track, TrackId{1});
    EXPECT_GT(item.score, 0.8);
    if (item.track == TrackId{4}) {
      ASSERT_GE(item.places.size(), 2U);
      EXPECT_NEAR(item.places[0].from.count() + item.places[1].from.count(), 30, 1e-9);
    } else {
      EXPECT_EQ(item.places[0], (Region{Seconds(12), Seconds(22)}));
    }
  }
}

TEST_F(PassageAnswer, HoldsTheSeedItselfOnlyOnRequest) {
  const RecommendationService service(tunes_.snapshot(index::Answers::passages));
  Policies policies;
  policies.limit = 3;
  EXPECT_EQ(std::ranges::count(
                idsOf(service.recommendPassage({1}, {Seconds(10), Seconds(20)}, policies)), 1),
            0);
  policies.same_work = true;
  const Answer answer = service.recommendPassage({1}, {Seconds(10), Seconds(20)}, policies);
  const auto own = std::find_if(answer.list.begin(), answer.list.end(),
                                [](const Recommendation& item) { return item.track.value == 1; });
  ASSERT_NE(own, answer.list.end());
  EXPECT_EQ(own->places[0], (Region{Seconds(28), Seconds(38)}));
}

TEST_F(PassageAnswer, IsRefusedWhereItMakesNoSense) {
  const RecommendationService service(tunes_.snapshot(index::Answers::passages));
  EXPECT_THROW(service.recommendPassage({999}, {Seconds(1), Seconds(9)}, {}), Error);
  EXPECT_THROW(service.recommendPassage({1}, {Seconds(9), Seconds(1)}, {}), Error);
  std::mt19937 random(1);
  MadeUpArchive plain;
  for (int i = 1; i < 9; ++i) plain.add(i, randomVector(random));
  try {
    RecommendationService(plain.snapshot()).recommendPassage({1}, {Seconds(1), Seconds(9)}, {});
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::unsupported);
  }
}

}  // namespace
}  // namespace attacca::recommend
