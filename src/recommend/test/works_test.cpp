// Lists that know what a work is.
#include <thread>

#include "attacca/base/error.h"

#include "helpers.h"

namespace attacca::recommend {
namespace {

using Ids = std::vector<std::int64_t>;

// Ten works that sound alike, in three movements each, every work performed on two albums. Work w
// on album a is performance 2w + a - 2 and has the tracks 100w + 10a + 1, 2, 3.
class TwoOfEach : public testing::Test {
 protected:
  TwoOfEach() {
    std::mt19937 random(31);
    const std::vector<float> here = randomVector(random);
    for (std::int64_t work = 1; work <= 10; ++work) {
      const std::vector<float> there = near(here, 0.3F, random);
      for (std::int64_t album = 1; album <= 2; ++album) {
        for (std::int64_t movement = 1; movement <= 3; ++movement) {
          const std::int64_t id = 100 * work + 10 * album + movement;
          archive_.add(id, {{id / 10}, {work}, {id}, 2 * work + album - 2, movement},
                       near(there, 0.1F, random));
        }
      }
    }
    snapshot_ = archive_.snapshot();
    policies_.limit = 5;
  }

  RecommendationService service() const { return RecommendationService(snapshot_); }

  static Ids idsOf(const std::vector<TrackId>& tracks) {
    Ids ids;
    for (const TrackId track : tracks) ids.push_back(track.value);
    return ids;
  }

  MadeUpArchive archive_;
  std::shared_ptr<const index::Snapshot> snapshot_;
  Policies policies_;
};

TEST_F(TwoOfEach, ASeedsWorkIsNotSimilarToItself) {
  const Answer answer = service().recommendSimilar({112}, policies_);
  EXPECT_EQ(answer.list.size(), 5U);
  for (const std::int64_t id : recommend::idsOf(answer)) EXPECT_GE(id, 200);
  policies_.raw = true;
  EXPECT_LT(service().recommendSimilar({112}, policies_).list.front().track.value, 200);
}

TEST_F(TwoOfEach, ASeedsWorkDoesNotComeHoweverShortTheList) {
  policies_.limit = 100;
  const Answer answer = service().recommendSimilar({112}, policies_);
  EXPECT_EQ(answer.list.size(), 54U);
  EXPECT_TRUE(hasNote(answer,
                      "only 54 of 100 tracks, as there is nothing else to suggest but the "
                      "same work"));
  for (const std::int64_t id : recommend::idsOf(answer)) EXPECT_GE(id, 200);
}

TEST_F(TwoOfEach, OtherMovementsOfTheSeedComeWhenAskedFor) {
  policies_.same_work = true;
  policies_.limit = 1;
  const std::int64_t first = service().recommendSimilar({112}, policies_).list.front().track.value;
  EXPECT_TRUE(first == 111 || first == 113) << first;
}

TEST_F(TwoOfEach, OtherPerformancesOfTheSeedAreOneEntryWhereGrouped) {
  policies_.other_performances = OtherPerformances::grouped;
  policies_.per_work = 3;
  policies_.limit = 100;
  const Answer answer = service().recommendSimilar({112}, policies_);
  EXPECT_EQ(answer.list.size(), 10U);
  expectWellFormed(answer, *snapshot_, policies_);
  const Recommendation& first = answer.list.front();
  EXPECT_EQ(first.track.value / 10, 12);  // the other performance, never this one
  EXPECT_TRUE(first.others.empty()) << "the seed's own performance is no news";
  const Recommendation& second = answer.list[1];
  ASSERT_EQ(second.others.size(), 1U);
  const std::int64_t other = second.track.value / 10 % 10 == 1 ? 2 : 1;
  const std::int64_t start = second.track.value / 100 * 100 + 10 * other;
  EXPECT_EQ(idsOf(second.others.front().tracks), (Ids{start + 1, start + 2, start + 3}));
}

TEST_F(TwoOfEach, WholeWorksCountAsOneEntryAndKeepTheirMovementsInOrder) {
  policies_.whole_works = true;
  const Answer plain = [&] {
    Policies tracks = policies_;
    tracks.whole_works = false;
    return service().recommendSimilar({112}, tracks);
  }();
  const Answer answer = service().recommendSimilar({112}, policies_);
  EXPECT_EQ(recommend::idsOf(answer), recommend::idsOf(plain));
  for (std::size_t i = 0; i < answer.list.size(); ++i) {
    const Recommendation& item = answer.list[i];
    const std::int64_t start = item.track.value / 10 * 10;
    EXPECT_EQ(idsOf(item.movements), (Ids{start + 1, start + 2, start + 3}));
    EXPECT_EQ(item.score, plain.list[i].score);
    EXPECT_EQ(item.reasons.front().track.value, 112);
    EXPECT_TRUE(plain.list[i].movements.empty());
  }
}

TEST_F(TwoOfEach, AWholeWorkComesOnceAndItsSecondPerformanceOnlyToFillTheList) {
  policies_.whole_works = true;
  policies_.limit = 12;
  const Answer answer = service().recommendSimilar({112}, policies_);
  EXPECT_EQ(answer.list.size(), 12U);
  expectWellFormed(answer, *snapshot_, policies_);
  EXPECT_TRUE(hasNote(answer, "up to 2 performances of one work instead of 1"));
}

TEST_F(TwoOfEach, ListenersGetWorksThatTheyDoNotKnow) {
  const std::vector<HeardTrack> heard = {{{112}, {}, 1}, {{213}, {}, 1}, {{311}, {}, 0}};
  const Answer answer = service().recommendForUser(heard, UnixTime{}, policies_);
  EXPECT_EQ(answer.list.size(), 5U);
  for (const std::int64_t id : recommend::idsOf(answer)) EXPECT_GE(id, 400);
  EXPECT_FALSE(hasNote(answer, "knows"));
  policies_.same_work = true;
  policies_.other_performances = OtherPerformances::grouped;
  const Ids all = recommend::idsOf(service().recommendForUser(heard, UnixTime{}, policies_));
  EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](std::int64_t id) { return id < 400; }));
}

TEST_F(TwoOfEach, ListenersGetWorksThatTheyKnowOnlyWhereTheListWouldFallShort) {
  policies_.limit = 9;
  const std::vector<HeardTrack> heard = {{{112}, {}, 1}, {{213}, {}, 1}};
  const Answer answer = service().recommendForUser(heard, UnixTime{}, policies_);
  EXPECT_EQ(answer.list.size(), 9U);
  const auto ids = recommend::idsOf(answer);
  const auto known = std::ranges::count_if(ids, [](std::int64_t id) { return id < 300; });
  EXPECT_GE(known, 1);
  EXPECT_TRUE(hasNote(
      answer, "works that the listener knows are among them (" + std::to_string(known) + " of 9)"));
  for (const std::int64_t id : ids) EXPECT_TRUE(id != 112 && id != 213);
}

TEST_F(TwoOfEach, HeardWorksComeAgainWithHeardTracks) {
  policies_.allow_heard = true;
  policies_.limit = 1;
  const std::vector<HeardTrack> heard = {{{112}, {}, 1}};
  EXPECT_LT(service().recommendForUser(heard, UnixTime{}, policies_).list.front().track.value, 200);
}

TEST_F(TwoOfEach, AVectorsWorkIsKnownWhereItIsSaid) {
  const auto row = snapshot_->vector(*snapshot_->row({112}));
  policies_.limit = 1;
  EXPECT_EQ(service().recommendSimilar(row, policies_).list.front().track.value, 112);
  EXPECT_GE(service().recommendSimilar(row, policies_, {1}).list.front().track.value, 200);
  policies_.same_work = true;
  EXPECT_EQ(service().recommendSimilar(row, policies_, {1}).list.front().track.value, 112);
}

TEST_F(TwoOfEach, ANewListenerGetsWholeWorksToo) {
  policies_.whole_works = true;
  policies_.other_performances = OtherPerformances::grouped;
  policies_.limit = 20;
  const Answer answer = service().recommendForUser({}, UnixTime{}, policies_);
  EXPECT_EQ(answer.list.size(), 10U);
  expectWellFormed(answer, *snapshot_, policies_);
  for (const Recommendation& item : answer.list) EXPECT_EQ(item.others.size(), 1U);
}

TEST_F(TwoOfEach, TheFacadeKnowsTheOtherPerformancesOfATrackAndOfAWork) {
  const auto all = service().performances({3});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(idsOf(all[0].tracks), (Ids{311, 312, 313}));
  EXPECT_EQ(idsOf(all[1].tracks), (Ids{321, 322, 323}));
  EXPECT_EQ(service().otherPerformances({322}), (std::vector<Performance>{all[0]}));
  EXPECT_TRUE(service().performances({99}).empty());
  EXPECT_TRUE(service().performances({}).empty());
  EXPECT_THROW(service().otherPerformances({1}), Error);
}

TEST(Works, OnAnotherAlbumAreNoOtherPerformanceWhereTheRecordingsAreTheSame) {
  // A performance in three movements, its re-issue, and one that is another.
  std::mt19937 random(35);
  MadeUpArchive archive;
  const std::vector<float> here = randomVector(random);
  for (std::int64_t movement = 1; movement <= 3; ++movement) {
    for (std::int64_t performance = 1; performance <= 3; ++performance) {
      const std::int64_t recording = performance == 3 ? 3 + movement : movement;
      archive.add(10 * performance + movement,
                  {{performance}, {1}, {recording}, performance, movement},
                  near(here, 0.1F, random));
    }
  }
  const RecommendationService service(archive.snapshot());
  const auto others = service.otherPerformances({12});
  ASSERT_EQ(others.size(), 1U);
  EXPECT_EQ(others.front().tracks.front(), TrackId{31});
  Policies policies;
  policies.other_performances = OtherPerformances::grouped;
  const Answer answer = service.recommendSimilar({12}, policies);
  ASSERT_EQ(answer.list.size(), 1U);
  EXPECT_GT(answer.list.front().track.value, 30);
  EXPECT_TRUE(answer.list.front().others.empty());
}

TEST(Works, ThatAreNotKnownDoNoHarm) {
  std::mt19937 random(32);
  MadeUpArchive archive;
  for (std::int64_t id = 1; id <= 40; ++id) archive.add(id, randomVector(random));
  const auto snapshot = archive.snapshot();
  const RecommendationService service(snapshot);
  Policies policies;
  policies.whole_works = true;
  policies.other_performances = OtherPerformances::grouped;
  const std::vector<HeardTrack> heard = {{{5}, {}, 1}};
  EXPECT_EQ(idsOf(service.recommendSimilar({5}, policies)),
            idsOf(service.recommendSimilar({5}, {})));
  EXPECT_EQ(idsOf(service.recommendForUser(heard, UnixTime{}, policies)),
            idsOf(service.recommendForUser(heard, UnixTime{}, {})));
  for (const Recommendation& item : service.recommendSimilar({5}, policies).list) {
    EXPECT_TRUE(item.movements.empty() && item.others.empty());
  }
  EXPECT_TRUE(service.otherPerformances({5}).empty());
}

TEST(Works, WithoutPerformancesAreTracksOfTheirOwn) {
  std::mt19937 random(33);
  MadeUpArchive archive;
  for (std::int64_t id = 1; id <= 12; ++id) {
    archive.add(id, {{id}, {id / 2 + 1}, {id}}, randomVector(random));
  }
  const RecommendationService service(archive.snapshot());
  Policies policies;
  policies.whole_works = true;
  policies.other_performances = OtherPerformances::grouped;
  const Answer answer = service.recommendSimilar({5}, policies);
  for (const Recommendation& item : answer.list) {
    EXPECT_NE(item.track.value, 4) << "the seed's work";
    EXPECT_TRUE(item.movements.empty());
  }
  EXPECT_EQ(service.otherPerformances({5}), (std::vector<Performance>{{WorkId{3}, {TrackId{4}}}}));
}

TEST(Works, AreIndexedOnceByWhicheverThreadAsksFirst) {
  std::mt19937 random(34);
  const auto snapshot = randomArchive(random, 60).snapshot();
  const RecommendationService service(snapshot);
  Policies policies;
  policies.whole_works = true;
  const Answer expected =
      RecommendationService(snapshot).recommendForUser({}, UnixTime{}, policies);
  std::vector<Ids> seen(8);
  {
    std::vector<std::jthread> threads;
    threads.reserve(seen.size());
    for (Ids& ids : seen) {
      threads.emplace_back(
          [&] { ids = idsOf(service.recommendForUser({}, UnixTime{}, policies)); });
    }
  }
  for (const Ids& ids : seen) EXPECT_EQ(ids, idsOf(expected));
}

}  // namespace
}  // namespace attacca::recommend
