// Each yardstick on an archive where the right answer is plain.
#include <gmock/gmock.h>

#include "attacca/base/error.h"

#include "strategies_helpers.h"

namespace attacca::recommend {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Tracks = std::vector<std::int64_t>;

TEST(Popularity, CountsListenersThenPlaysThenIds) {
  const World world{plainSnapshot(9), logOf({{5, 5, 5, 5, 1}, {3, 4}, {4, 3, 2}, {7, 7}}), {}};
  const Answer answer = world.ask("popularity", {});
  EXPECT_THAT(idsOf(answer), ElementsAre(3, 4, 5, 7, 1, 2));
  EXPECT_EQ(answer.list[0].reasons[0].kind, ReasonKind::popular);
  EXPECT_EQ(answer.list[0].reasons[0].value, 2);
  EXPECT_EQ(answer.list[2].reasons[0].value, 1);
  EXPECT_THAT(idsOf(world.ask("popularity", historyOf({4, 7}))), ElementsAre(3, 5, 1, 2));
}

TEST(Random, IsDrawnAnewForAnotherSeedAndHistory) {
  const World world{plainSnapshot(300), {}, {}};
  const Listener nobody = makeListener(*world.snapshot, {}, kNow);
  const auto scores = world.make("random", 1).strategy->scores(nobody).of;
  EXPECT_EQ(scores, world.make("random", 1).strategy->scores(nobody).of);
  EXPECT_NE(scores, world.make("random", 2).strategy->scores(nobody).of);
  EXPECT_NE(scores, world.scores("random", historyOf({8})).of);
  EXPECT_NE(world.scores("random", historyOf({7})).of, world.scores("random", historyOf({8})).of);
  // Evenly between 0 and 1: in 300 draws a mean outside of this has a chance of 1 in 10,000.
  double sum = 0;
  for (const double score : scores) sum += score;
  EXPECT_NEAR(sum / 300, 0.5, 0.065);
}

TEST(PersonalPopularity, RepeatsWhatIsPlayedMostLately) {
  const World world{plainSnapshot(9), {}, {}};
  std::vector<HeardTrack> history;
  for (int i = 0; i < 10; ++i) history.push_back({{1}, hoursAgo(24 * 365), 1});
  for (int i = 0; i < 3; ++i) history.push_back({{2}, hoursAgo(24), 1});
  for (int i = 0; i < 2; ++i) history.push_back({{3}, hoursAgo(1), 1});
  history.push_back({{4}, hoursAgo(1), 0.1});
  const Answer answer = world.ask("personal-popularity", history);
  EXPECT_THAT(idsOf(answer), ElementsAre(2, 3, 1));
  EXPECT_EQ(answer.list[0].reasons[0].kind, ReasonKind::played);
  EXPECT_EQ(answer.list[0].reasons[0].value, 3);
  EXPECT_TRUE(hasNote(answer, "only 3 of 10"));
}

TEST(ItemKnn, TakesTheFirstTwoHundredOfEqualNeighbours) {
  Tracks all(260);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i) + 1;
  const World world{plainSnapshot(260), logOf({all}), {}};
  const auto scores = world.scores("item-knn", historyOf({50})).of;
  EXPECT_EQ(scores[0], 1);
  EXPECT_EQ(scores[49], 0);  // itself
  EXPECT_EQ(scores[200], 1);
  EXPECT_EQ(scores[201], 0);
}

TEST(Together, ReasonsAreWhatWasHeardWithIt) {
  const World world{plainSnapshot(8), logOf({{1, 2, 3}, {1, 2, 3}, {2, 4}, {5, 6}, {6, 5}}), {}};
  for (const char* name : {"item-knn", "ease"}) {
    const Answer answer = world.ask(name, historyOf({1, 2, 7}));
    EXPECT_THAT(idsOf(answer), ElementsAre(3, 4)) << name;
    ASSERT_EQ(answer.list[0].reasons.size(), 2U) << name;
    EXPECT_EQ(answer.list[0].reasons[0].kind, ReasonKind::heardTogether);
    EXPECT_EQ(answer.list[0].reasons[0].track, TrackId{1}) << name;
    EXPECT_EQ(answer.list[0].reasons[1].track, TrackId{2}) << name;
  }
}

TEST(Together, AListenerLikeNobodyGetsTypicalTracks) {
  // The log holds the listener's own plays.
  const World world{plainSnapshot(20), logOf({{1, 2, 3}, {8, 9}}), {}};
  for (const char* name : {"item-knn", "ease"}) {
    const Answer answer = world.ask(name, historyOf({1, 2, 3}));
    EXPECT_EQ(answer.strategy, "central");
    EXPECT_TRUE(hasNote(answer, "nobody heard what this listener heard and something else"));
  }
}

TEST(Ease, MoreTracksThanItCanCompareAreRefused) {
  Tracks all(kEaseTracks + 1);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i) + 1;
  World world{plainSnapshot(all.size()), logOf({all}), {}};
  try {
    world.make("ease");
    FAIL() << "no Error";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::refused);
    EXPECT_THAT(error.problem(), HasSubstr("8001"));
    EXPECT_THAT(error.remedy(), HasSubstr("item-knn"));
  }
  world.log.pop_back();
  EXPECT_THAT(world.make("ease").notes, IsEmpty());
}

TEST(Markov, KnowsWhatFollows) {
  const World world{plainSnapshot(9), logOf({{1, 2, 3, 1, 2, 4}, {1, 5}, {8}}), {}};
  const Answer answer = world.ask("markov", historyOf({7, 1}));
  // 2 of 3, 1 of 3, then by plays.
  EXPECT_THAT(idsOf(answer), ElementsAre(2, 5, 3, 4, 8));
  EXPECT_NEAR(answer.list[0].score, (2 + 2.0 / 9) / 4, 1e-12);
  EXPECT_NEAR(answer.list[2].score, (1.0 / 9) / 4, 1e-12);
  EXPECT_EQ(answer.list[0].reasons[0].kind, ReasonKind::follows);
  EXPECT_EQ(answer.list[0].reasons[0].track, TrackId{1});
  EXPECT_NEAR(answer.list[0].reasons[0].value, 2.0 / 3, 1e-12);
  EXPECT_EQ(answer.list[2].reasons[0].kind, ReasonKind::popular);
  // What one listener played last does not lead to what another played first.
  EXPECT_THAT(idsOf(world.ask("markov", historyOf({4}))).front(), 1);
}

TEST(Markov, TheLastPlayThatWasNoSkipCounts) {
  const World world{plainSnapshot(9), logOf({{1, 2}, {3, 4}}), {}};
  auto history = historyOf({1, 3});
  history.back().fraction = 0.1;
  EXPECT_EQ(idsOf(world.ask("markov", history)).front(), 2);
}

// Album 1: performance 10 (tracks 1 to 4); album 2: tracks 5, 6 and performance 11 (7, 8).
World movements() {
  std::mt19937 random(3);
  MadeUpArchive archive;
  for (std::int64_t i = 1; i <= 8; ++i) {
    index::Groups groups{{i <= 4 ? 1 : 2}, {0}, {i}};
    if (i <= 4) groups = {{1}, {1}, {i}, 10, i};
    if (i >= 7) groups = {{2}, {2}, {i}, 11, i - 6};
    archive.add(i, groups, randomVector(random));
  }
  return {archive.snapshot(), {}, {}};
}

TEST(NextMovement, GoesOnWithTheWork) {
  const World world = movements();
  const Answer answer = world.ask("next-movement", historyOf({7, 2}));
  ASSERT_FALSE(answer.list.empty());
  EXPECT_EQ(answer.list[0].track, TrackId{3});
  EXPECT_EQ(answer.list[0].reasons[0].kind, ReasonKind::nextMovement);
  EXPECT_EQ(answer.list[0].reasons[0].track, TrackId{2});
  EXPECT_EQ(answer.list[0].reasons[0].value, 1);
  Policies policies;
  policies.per_work = 0;
  policies.per_album = 0;
  EXPECT_THAT(idsOf(world.ask("next-movement", historyOf({7, 2}), policies)), ElementsAre(3, 4));
}

TEST(NextMovement, AfterTheLastOneThereIsNone) {
  const World world = movements();
  for (const std::int64_t last : {4, 5}) {
    const Answer answer = world.ask("next-movement", historyOf({last}));
    EXPECT_EQ(answer.strategy, "central");
    EXPECT_TRUE(hasNote(answer, "no movement here follows"));
  }
}

TEST(SameAlbum, OffersTheRestOfAlbumsByHowMuchTheyWerePlayed) {
  const World world = movements();
  Policies policies;
  policies.raw = true;
  const Answer answer = world.ask("same-album", historyOf({1, 5, 5, 5}), policies);
  EXPECT_THAT(idsOf(answer), ElementsAre(6, 7, 8, 2, 3, 4));
  EXPECT_EQ(answer.list[0].reasons[0].track, TrackId{5});
  EXPECT_EQ(answer.list[5].reasons[0].track, TrackId{1});
  EXPECT_TRUE(hasNote(world.ask("same-album", historyOf({5, 6, 7, 8})), "hold nothing else"));
}

TEST(Metadata, RareFactsInCommonCountMost) {
  World world{plainSnapshot(6), {}, {}};
  world.facts = {{{1}, {"Grieg"}, "romantic", "piano"},   {{2}, {"Grieg"}, "romantic", "choir"},
                 {{3}, {"Brahms"}, "romantic", "piano"},  {{4}, {"Bach"}, "baroque", "piano"},
                 {{5}, {"Händel"}, "baroque", "strings"}, {{6}, {}, "", ""}};
  const Answer answer = world.ask("metadata", historyOf({1}));
  EXPECT_THAT(idsOf(answer), ElementsAre(2, 3, 4));
  EXPECT_EQ(answer.list[0].reasons[0].kind, ReasonKind::sharedFacts);
  EXPECT_EQ(answer.list[0].reasons[0].track, TrackId{1});
  EXPECT_EQ(answer.list[0].reasons[0].detail, "composer and period");
  EXPECT_EQ(answer.list[1].reasons[0].detail, "period and instrumentation");
  // log(6/2) for Grieg, log(6/3) for romantic and for piano, log(6) for choir.
  const double grieg = std::log(3.0), romantic = std::log(2.0), choir = std::log(6.0);
  EXPECT_NEAR(answer.list[0].score,
              (grieg * grieg + romantic * romantic) /
                  std::sqrt(grieg * grieg + 2 * romantic * romantic) /
                  std::sqrt(grieg * grieg + romantic * romantic + choir * choir),
              1e-12);
  EXPECT_TRUE(hasNote(world.ask("metadata", historyOf({6})), "catalogue knows nothing"));
}

TEST(Metadata, AWorkIsAFact) {
  World world = movements();
  EXPECT_EQ(world.scores("metadata", historyOf({1})).of,
            (std::vector<double>{1, 1, 1, 1, 0, 0, 0, 0}));
}

TEST(KnnPublished, IsTheInnerProductWithTheMean) {
  const auto snapshot = plainSnapshot(40);
  const World world{snapshot, {}, {}};
  const auto scores = world.scores("knn-published", historyOf({3, 9, 9, 9}));
  double length = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    const double mean = snapshot->vector(2)[k] + snapshot->vector(8)[k];
    length += mean * mean;
  }
  double all = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    double product = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      product += static_cast<double>(snapshot->vector(2)[k] + snapshot->vector(8)[k]) *
                 snapshot->vector(static_cast<Row>(i))[k] / std::sqrt(length);
    }
    EXPECT_NEAR(scores.of[i], product, 1e-6);
    all += product;
  }
  EXPECT_NEAR(scores.near, all / 40, 1e-6);
}

TEST(AlbumMean, TracksOfOneAlbumAreTheSame) {
  MadeUpArchive archive;
  archive.add(1, {{1}, {0}, {1}}, {1, 0});
  archive.add(2, {{2}, {0}, {2}}, {1, 1});  // with 3: as album 1
  archive.add(3, {{2}, {0}, {3}}, {1, -1});
  archive.add(4, {{3}, {0}, {4}}, {1, 0.5F});
  const World world{archive.snapshot(), {}, {}};
  const Answer answer = world.ask("album-mean", historyOf({1}));
  EXPECT_THAT(idsOf(answer), ElementsAre(2, 3, 4));
  EXPECT_NEAR(answer.list[0].score, 1, 1e-6);
  EXPECT_EQ(answer.list[0].score, answer.list[1].score);
  EXPECT_EQ(answer.list[0].reasons[0].kind, ReasonKind::similarAlbum);
  // One by one 4 is nearer.
  EXPECT_EQ(idsOf(world.ask("knn-published", historyOf({1}))).front(), 4);
}

}  // namespace
}  // namespace attacca::recommend
