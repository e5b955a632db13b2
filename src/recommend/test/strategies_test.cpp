// What holds for every strategy.
#include <gmock/gmock.h>

#include "attacca/base/error.h"

#include "strategies_helpers.h"

namespace attacca::recommend {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

World randomWorld(std::mt19937& random, std::size_t tracks) {
  World world{randomArchive(random, tracks).snapshot(), {}, {}};
  const auto ids = world.snapshot->ids();
  const std::size_t listeners = random() % 6;
  for (std::size_t listener = 1; listener <= listeners; ++listener) {
    const std::size_t plays = random() % 20;
    for (std::size_t i = 0; i < plays; ++i) {
      // Some of tracks that are not here, some later than now, some skipped.
      const TrackId track = random() % 9 == 0 ? TrackId{1} : ids[random() % ids.size()];
      world.log.push_back({static_cast<std::int64_t>(listener), track,
                           hoursAgo(20 - 1.1 * static_cast<double>(i)),
                           0.1 * static_cast<double>(random() % 11)});
    }
  }
  for (const TrackId track : ids) {
    TrackFacts facts{track, {}, {}, {}};
    if (random() % 4 != 0) facts.composers.push_back("composer " + std::to_string(random() % 4));
    if (random() % 4 != 0) facts.period = random() % 2 == 0 ? "baroque" : "romantic";
    if (random() % 4 != 0) facts.instrumentation = random() % 2 == 0 ? "piano" : "choir";
    world.facts.push_back(facts);
  }
  return world;
}

std::vector<HeardTrack> randomHistory(std::mt19937& random, const World& world) {
  std::vector<HeardTrack> history(random() % 12);
  const auto ids = world.snapshot->ids();
  double hours = 500;
  for (HeardTrack& heard : history) {
    hours -= static_cast<double>(random() % 30);
    heard = {random() % 9 == 0 ? TrackId{1} : ids[random() % ids.size()], hoursAgo(hours),
             0.1 * static_cast<double>(random() % 11)};
  }
  return history;
}

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const StrategyInfo& info : strategies()) names.emplace_back(info.name);
  return names;
}

class EveryStrategy : public testing::TestWithParam<std::string> {};

TEST_P(EveryStrategy, AnswersInRandomWorlds) {
  std::mt19937 random(7);
  for (int trial = 0; trial < 60; ++trial) {
    const World world = randomWorld(random, 1 + random() % 40);
    const auto history = randomHistory(random, world);
    const Policies policies = randomPolicies(random);
    const Answer answer = world.ask(GetParam(), history, policies);
    expectWellFormed(answer, *world.snapshot, policies);
    const Made made = world.make(GetParam());
    const Listener listener = makeListener(*world.snapshot, history, kNow);
    if (const auto lacking = made.strategy->lacks(listener)) {
      EXPECT_EQ(answer.strategy, "central");
      EXPECT_TRUE(hasNote(answer, *lacking));
      continue;
    }
    EXPECT_EQ(answer.strategy, GetParam());
    const Scores scores = made.strategy->scores(listener);
    EXPECT_EQ(scores.of.size(), world.snapshot->size());
    EXPECT_TRUE(std::all_of(scores.of.begin(), scores.of.end(),
                            [](double score) { return std::isfinite(score); }));
    // The same material gives the same scores to the bit.
    EXPECT_EQ(scores.of, world.scores(GetParam(), history).of);
    for (const Recommendation& item : answer.list) {
      const Row row = *world.snapshot->row(item.track);
      EXPECT_GT(item.score, scores.near_only ? scores.near : -INFINITY);
      const bool heard = std::binary_search(listener.heard.begin(), listener.heard.end(), row);
      EXPECT_TRUE(!heard || policies.allow_heard || made.strategy->repeats());
    }
  }
}

TEST_P(EveryStrategy, ListsByScoreEqualOnesById) {
  std::mt19937 random(8);
  for (int trial = 0; trial < 30; ++trial) {
    const World world = randomWorld(random, 3 + random() % 200);
    const auto history = randomHistory(random, world);
    const Made made = world.make(GetParam());
    const Listener listener = makeListener(*world.snapshot, history, kNow);
    // knn's choices depend on each other; its first is the one that scores most.
    if (made.strategy->lacks(listener)) continue;
    const Scores scores = made.strategy->scores(listener);
    std::vector<std::int64_t> expected;
    std::vector<Row> rows(world.snapshot->size());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<Row>(i);
    std::stable_sort(rows.begin(), rows.end(), [&](Row a, Row b) {
      return scores.of[static_cast<std::size_t>(a)] > scores.of[static_cast<std::size_t>(b)];
    });
    for (const Row row : rows) {
      if (scores.near_only && scores.of[static_cast<std::size_t>(row)] <= scores.near) break;
      expected.push_back(world.snapshot->ids()[static_cast<std::size_t>(row)].value);
    }
    Policies policies;
    policies.raw = true;
    policies.allow_heard = true;
    policies.limit = GetParam() == "knn" ? 1 : 100;
    expected.resize(std::min(expected.size(), policies.limit));
    EXPECT_EQ(idsOf(world.ask(GetParam(), history, policies)), expected);
  }
}

TEST_P(EveryStrategy, AnArchiveOfThreeTracksIsEnough) {
  const World world{plainSnapshot(3), logOf({{1, 2, 1}, {2, 3}}), {}};
  for (const auto& tracks : {std::vector<std::int64_t>{}, {1}, {1, 2, 3}, {3, 3, 3, 3}}) {
    const Answer answer = world.ask(GetParam(), historyOf(tracks));
    expectWellFormed(answer, *world.snapshot, {});
  }
}

TEST_P(EveryStrategy, AHundredThousandPlaysAreAnswered) {
  World world{plainSnapshot(300), {}, {}};
  std::mt19937 random(9);
  std::vector<std::int64_t> tracks(100'000);
  for (auto& track : tracks) track = 1 + below(random, 200);
  world.log = logOf({tracks, {150, 250, 260}, {1, 299}});
  const Answer answer = world.ask(GetParam(), historyOf(tracks));
  expectWellFormed(answer, *world.snapshot, {});
  EXPECT_FALSE(answer.list.empty());
}

INSTANTIATE_TEST_SUITE_P(Strategies, EveryStrategy, testing::ValuesIn(names()),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Strategies, AnUnknownOneIsRefusedWithThoseThereAre) {
  try {
    strategyNamed("psychic");
    FAIL() << "no Error";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::usage);
    for (const auto& name : names()) EXPECT_THAT(error.remedy(), HasSubstr(name));
  }
}

TEST(Strategies, WithoutALogThoseThatLearnFromItSaySo) {
  const World world{plainSnapshot(20), {}, {}};
  for (const StrategyInfo& info : strategies()) {
    if (!info.learns_from_log || info.name == "hybrid") continue;
    const Answer answer = world.ask(info.name, historyOf({3, 5}));
    EXPECT_EQ(answer.strategy, "central") << info.name;
    EXPECT_TRUE(hasNote(answer, "nobody has listened to anything here yet")) << info.name;
    EXPECT_EQ(answer.list.size(), 10U);
  }
}

TEST(Strategies, SayWhatOfALogTheyDidNotLearnFrom) {
  World world{plainSnapshot(5), logOf({{1, 2, 99}}), {}};
  world.log.push_back({1, {4}, kNow + std::chrono::hours(1), 1});
  EXPECT_THAT(world.make("popularity").notes,
              ElementsAre(HasSubstr("1 of 4 plays in the log are of tracks"),
                          HasSubstr("1 of 4 plays in the log are of a later time")));
  EXPECT_THAT(idsOf(world.ask("popularity", {})), ElementsAre(1, 2));
  EXPECT_THAT(world.make("random").notes, IsEmpty());
}

TEST(Strategies, SkipsAreNoPlays) {
  World world{plainSnapshot(5), logOf({{1, 2}, {2, 3}}), {}};
  world.log.push_back({2, {4}, hoursAgo(0), 0.2});
  EXPECT_THAT(idsOf(world.ask("popularity", {})), ElementsAre(2, 1, 3));
}

}  // namespace
}  // namespace attacca::recommend
