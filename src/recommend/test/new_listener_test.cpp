#include <set>

#include "helpers.h"

namespace attacca::recommend {
namespace {

TEST(NewListener, GetsTracksThatStandForTheArchive) {
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

    // By the definition, with every track compared with every other.
    std::vector<double> covered(tracks);
    std::vector<index::Row> chosen;
    for (const Recommendation& item : answer.list) {
      index::Row best = -1;
      double best_worth = -1;
      std::vector<double> best_nearness;
      for (index::Row row = 0; row < static_cast<index::Row>(tracks); ++row) {
        if (std::find(chosen.begin(), chosen.end(), row) != chosen.end()) continue;
        double worth = 0;
        std::vector<double> nearness(tracks);
        const auto neighbours = snapshot->neighbours(row);
        for (std::size_t i = 0; i < neighbours.size(); ++i) {
          const auto other = static_cast<std::size_t>(neighbours[i]);
          const double mean = static_cast<double>(snapshot->centrality(neighbours[i]));
          nearness[other] =
              (static_cast<double>(snapshot->neighbourScores(row)[i]) - mean) / (1 - mean);
          worth += std::max(0.0, nearness[other] - covered[other]);
        }
        if (worth > best_worth) {
          best = row;
          best_worth = worth;
          best_nearness = nearness;
        }
      }
      ASSERT_EQ(item.track, snapshot->ids()[static_cast<std::size_t>(best)])
          << "rank " << item.rank;
      EXPECT_NEAR(item.score,
                  best_worth / static_cast<double>(std::max<std::size_t>(tracks - 1, 1)), 1e-12);
      EXPECT_EQ(item.reasons.size(), chosen.empty() ? 1U : 2U);
      EXPECT_EQ(item.reasons.back().kind, ReasonKind::central);
      EXPECT_EQ(item.reasons.front().kind,
                chosen.empty() ? ReasonKind::central : ReasonKind::diverse);
      for (std::size_t t = 0; t < tracks; ++t) covered[t] = std::max(covered[t], best_nearness[t]);
      covered[static_cast<std::size_t>(best)] = 1;
      chosen.push_back(best);
    }
    EXPECT_EQ(chosen.size(), std::min<std::size_t>(tracks, 15));
  }
}

TEST(NewListener, GetsOneTrackOfEachCornerBeforeAnOutlier) {
  // Three groups of twenty, and a track that sounds like no other.
  std::mt19937 random(12);
  MadeUpArchive archive;
  std::int64_t id = 0;
  for (int group = 0; group < 3; ++group) {
    const std::vector<float> here = randomVector(random);
    for (int i = 0; i < 20; ++i) archive.add(++id, near(here, 0.2F, random));
  }
  archive.add(++id, randomVector(random));
  const auto snapshot = archive.snapshot();
  Policies policies;
  policies.limit = 3;
  const Answer answer = RecommendationService(snapshot).recommendForUser({}, UnixTime{}, policies);
  std::set<std::int64_t> groups;
  for (const std::int64_t track : idsOf(answer)) groups.insert((track - 1) / 20);
  EXPECT_EQ(groups, (std::set<std::int64_t>{0, 1, 2}));
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
