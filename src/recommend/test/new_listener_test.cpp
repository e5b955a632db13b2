#include "helpers.h"

namespace attacca::recommend {
namespace {

TEST(NewListener, GetsTheMostCentralTrackAndThenTheMostDiverseOfTheCentral) {
  std::mt19937 random(9);
  for (int trial = 0; trial < 30; ++trial) {
    const std::size_t tracks = 1 + random() % 120;
    const auto snapshot = randomArchive(random, tracks).snapshot();
    Policies policies;
    policies.raw = true;
    policies.limit = 15;
    const Answer answer =
        RecommendationService(snapshot).recommendForUser({}, UnixTime{}, policies);
    EXPECT_EQ(answer.strategy, "central");
    EXPECT_TRUE(hasNote(answer, "nothing heard yet"));
    expectWellFormed(answer, *snapshot, policies);

    std::vector<index::Row> chosen;
    for (const Recommendation& item : answer.list) {
      index::Row best = -1;
      float best_worth = -INFINITY;
      for (index::Row row = 0; row < static_cast<index::Row>(tracks); ++row) {
        if (std::find(chosen.begin(), chosen.end(), row) != chosen.end()) continue;
        std::vector<float> cosines(chosen.size());
        snapshot->scores(row, chosen, cosines);
        float worth = snapshot->centrality(row);
        for (const float cosine : cosines)
          worth = std::min(worth, snapshot->centrality(row) - cosine);
        if (worth > best_worth) {
          best = row;
          best_worth = worth;
        }
      }
      ASSERT_EQ(item.track, snapshot->ids()[static_cast<std::size_t>(best)])
          << "rank " << item.rank;
      EXPECT_EQ(item.score, static_cast<double>(best_worth));
      EXPECT_EQ(item.reasons.size(), chosen.empty() ? 1U : 2U);
      EXPECT_EQ(item.reasons.back().kind, ReasonKind::central);
      EXPECT_EQ(item.reasons.front().kind,
                chosen.empty() ? ReasonKind::central : ReasonKind::diverse);
      chosen.push_back(best);
    }
    EXPECT_EQ(chosen.size(), std::min<std::size_t>(tracks, 15));
  }
}

TEST(NewListener, GetsTracksOfDifferentAlbums) {
  std::mt19937 random(10);
  MadeUpArchive archive;
  for (std::int64_t id = 1; id <= 200; ++id) {
    archive.add(id, {{id % 7}, {0}, {id}}, randomVector(random));
  }
  const auto snapshot = archive.snapshot();
  const Answer answer = RecommendationService(snapshot).recommendForUser({}, UnixTime{}, {});
  expectWellFormed(answer, *snapshot, {});
  EXPECT_EQ(answer.list.size(), 10U);
  EXPECT_FALSE(hasNote(answer, "of one album"));
}

TEST(NewListener, IsWhoeverSkippedEverythingOrHeardWhatIsNotThere) {
  std::mt19937 random(11);
  MadeUpArchive archive;
  for (std::int64_t id = 1; id <= 30; ++id) archive.add(id, randomVector(random));
  const RecommendationService service(archive.snapshot());
  const std::vector<HeardTrack> history = {
      {{3}, {}, 0.1}, {{4}, {}, 0}, {{5}, {}, NAN}, {{99}, {}, 1}};
  const Answer answer = service.recommendForUser(history, UnixTime{}, {});
  EXPECT_EQ(answer.strategy, "central");
  EXPECT_TRUE(hasNote(answer, "nothing heard that says what pleases"));
  EXPECT_TRUE(hasNote(answer, "1 of 4 plays are of tracks that cannot be compared"));
  for (const std::int64_t id : idsOf(answer))
    EXPECT_TRUE(id < 3 || id > 5) << "a skipped track again";
}

TEST(NewListener, NeverGetsSilence) {
  MadeUpArchive archive;
  archive.add(1, {0, 0});
  archive.add(2, {1, 0});
  archive.add(3, {-1, 0});
  const RecommendationService service(archive.snapshot());
  EXPECT_EQ(idsOf(service.recommendForUser({}, UnixTime{}, {})), (std::vector<std::int64_t>{2, 3}));
}

TEST(NewListener, OfATinyArchiveGetsAllOfIt) {
  for (std::int64_t tracks = 0; tracks <= 3; ++tracks) {
    MadeUpArchive archive;
    archive.dimension = 2;
    for (std::int64_t id = 1; id <= tracks; ++id) archive.add(id, {1, static_cast<float>(id)});
    const auto snapshot = archive.snapshot();
    const Answer answer = RecommendationService(snapshot).recommendForUser({}, UnixTime{}, {});
    EXPECT_EQ(answer.list.size(), static_cast<std::size_t>(tracks));
    expectWellFormed(answer, *snapshot, {});
  }
}

}  // namespace
}  // namespace attacca::recommend
