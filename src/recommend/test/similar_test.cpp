#include "attacca/base/error.h"

#include "helpers.h"

namespace attacca::recommend {
namespace {

TEST(Similar, RawIsTheOrderOfCosinesWithoutTheSeed) {
  std::mt19937 random(1);
  for (const std::size_t tracks : {5, 60, 260}) {
    const auto snapshot = randomArchive(random, tracks).snapshot();
    const RecommendationService service(snapshot);
    Policies policies;
    policies.raw = true;
    policies.limit = 240;
    const auto rows = static_cast<index::Row>(tracks);
    for (index::Row seed = 0; seed < rows; seed += 1 + rows / 9) {
      std::vector<index::Row> others;
      for (index::Row row = 0; row < rows; ++row) {
        if (row != seed) others.push_back(row);
      }
      std::vector<float> cosines(others.size());
      snapshot->scores(seed, others, cosines);
      std::stable_sort(others.begin(), others.end(), [&](index::Row a, index::Row b) {
        return cosines[static_cast<std::size_t>(a - (a > seed ? 1 : 0))] >
               cosines[static_cast<std::size_t>(b - (b > seed ? 1 : 0))];
      });
      others.resize(std::min<std::size_t>(others.size(), policies.limit));
      std::vector<std::int64_t> expected;
      expected.reserve(others.size());
      for (const index::Row row : others) expected.push_back(3 * row + 2);
      const TrackId id{3 * seed + 2};
      const Answer answer = service.recommendSimilar(id, policies);
      EXPECT_EQ(idsOf(answer), expected);
      EXPECT_EQ(answer.strategy, "knn");
      expectWellFormed(answer, *snapshot, policies);
      for (const Recommendation& item : answer.list) {
        ASSERT_EQ(item.reasons.size(), 1U);
        EXPECT_EQ(item.reasons[0].kind, ReasonKind::similarTo);
        EXPECT_EQ(item.reasons[0].track, id);
        EXPECT_EQ(item.reasons[0].value, item.score);
      }
    }
  }
}

TEST(Similar, OrdersEqualScoresByTrack) {
  MadeUpArchive archive;
  for (const std::int64_t id : {9, 4, 7, 2, 11}) archive.add(id, {1, 2, 3});
  const RecommendationService service(archive.snapshot());
  EXPECT_EQ(idsOf(service.recommendSimilar({7}, {})), (std::vector<std::int64_t>{2, 4, 9, 11}));
}

TEST(Similar, LeavesOutOtherTracksOfTheSeedsRecordingUnlessRaw) {
  MadeUpArchive archive;
  archive.add(1, {{1}, {0}, {50}}, {1, 0});
  archive.add(2, {{2}, {0}, {50}}, {1, 0});  // the same sound on another album
  archive.add(3, {{3}, {0}, {51}}, {1, 1});
  const RecommendationService service(archive.snapshot());
  EXPECT_EQ(idsOf(service.recommendSimilar({1}, {})), (std::vector<std::int64_t>{3}));
  Policies raw;
  raw.raw = true;
  EXPECT_EQ(idsOf(service.recommendSimilar({1}, raw)), (std::vector<std::int64_t>{2, 3}));
}

TEST(Similar, LooksBeyondTheStoredNeighboursBeforeItRelaxesACap) {
  // More tracks of the seed's album sound like it than are stored; others come near, less so; the
  // rest, far away, keeps the average low.
  std::mt19937 random(2);
  MadeUpArchive archive;
  const std::vector<float> here = randomVector(random);
  for (std::int64_t id = 1; id <= 300; ++id) {
    archive.add(id, {{1}, {0}, {id}}, near(here, 0.05F, random));
  }
  for (std::int64_t id = 301; id <= 320; ++id) archive.add(id, near(here, 0.4F, random));
  for (std::int64_t id = 321; id <= 700; ++id) archive.add(id, randomVector(random));
  const auto snapshot = archive.snapshot();
  const RecommendationService service(snapshot);
  const Answer answer = service.recommendSimilar({5}, {});
  expectWellFormed(answer, *snapshot, {});
  ASSERT_EQ(answer.list.size(), 10U);
  EXPECT_TRUE(answer.notes.empty());
  EXPECT_EQ(
      std::ranges::count_if(answer.list, [](const auto& item) { return item.track.value <= 300; }),
      2);
}

TEST(Similar, RefusesASeedThatIsNotThere) {
  MadeUpArchive archive;
  archive.add(1, {1, 0});
  const RecommendationService service(archive.snapshot());
  for (const std::int64_t id : {0, 2, -1}) {
    try {
      service.recommendSimilar({id}, {});
      ADD_FAILURE() << "track " << id << " was answered";
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::notFound);
      EXPECT_NE(error.problem().find(std::to_string(id)), std::string::npos);
    }
  }
}

TEST(Similar, HasNothingToSayAboutSilence) {
  MadeUpArchive archive;
  archive.add(1, {0, 0});
  archive.add(2, {1, 0});
  const RecommendationService service(archive.snapshot());
  const Answer answer = service.recommendSimilar({1}, {});
  EXPECT_TRUE(answer.list.empty());
  EXPECT_TRUE(hasNote(answer, "silent"));
}

TEST(Similar, SaysThatTinyArchivesHaveNoMore) {
  for (std::int64_t tracks = 1; tracks <= 3; ++tracks) {
    MadeUpArchive archive;
    for (std::int64_t id = 1; id <= tracks; ++id) archive.add(id, {1, static_cast<float>(id)});
    const auto snapshot = archive.snapshot();
    const Answer answer = RecommendationService(snapshot).recommendSimilar({1}, {});
    EXPECT_EQ(answer.list.size(), static_cast<std::size_t>(tracks - 1));
    EXPECT_EQ(hasNote(answer, "there is nothing to suggest"), tracks == 1);
    EXPECT_EQ(hasNote(answer, "only " + std::to_string(tracks - 1) + " of 10 tracks"), tracks > 1);
    expectWellFormed(answer, *snapshot, {});
  }
}

TEST(SimilarToAVector, IsTheOrderOfCosines) {
  std::mt19937 random(3);
  const auto snapshot = randomArchive(random, 300).snapshot();
  const RecommendationService service(snapshot);
  const auto search = index::makeExactSearch(snapshot);
  Policies policies;
  policies.raw = true;
  for (const std::size_t limit : {1, 10, 80, 300, 400}) {
    policies.limit = limit;
    const std::vector<float> query = randomVector(random);
    const Answer answer = service.recommendSimilar(query, policies);
    const auto hits = search->nearest(query, limit);
    ASSERT_EQ(answer.list.size(), hits.size());
    for (std::size_t i = 0; i < hits.size(); ++i) {
      EXPECT_EQ(answer.list[i].track, snapshot->ids()[static_cast<std::size_t>(hits[i].row)]);
      EXPECT_EQ(answer.list[i].score, static_cast<double>(hits[i].score));
    }
    expectWellFormed(answer, *snapshot, policies);
  }
}

TEST(SimilarToAVector, RefusesOneThatPointsNowhere) {
  MadeUpArchive archive;
  archive.add(1, {1, 0});
  const RecommendationService service(archive.snapshot());
  for (const std::vector<float>& query : {std::vector<float>{0, 0}, {1, NAN}, {1}, {}}) {
    try {
      service.recommendSimilar(query, {});
      ADD_FAILURE() << "a vector of " << query.size() << " elements was answered";
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::usage);
    }
  }
}

TEST(SimilarToAVector, FindsNothingInAnEmptyArchive) {
  MadeUpArchive archive;
  archive.dimension = 2;
  const Answer answer =
      RecommendationService(archive.snapshot()).recommendSimilar(std::vector<float>{1, 0}, {});
  EXPECT_TRUE(answer.list.empty());
  EXPECT_TRUE(hasNote(answer, "there is nothing to suggest"));
}

}  // namespace
}  // namespace attacca::recommend
