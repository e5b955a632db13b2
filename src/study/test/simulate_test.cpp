#include "attacca/study/simulate.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "attacca/base/error.h"
#include "attacca/study/validation.h"

#include "made_up.h"

namespace attacca::study {
namespace {

constexpr UnixTime kUntil{std::chrono::hours(24 * 20000)};

World world(std::size_t listeners, std::uint64_t seed) {
  World made;
  made.listeners = listeners;
  made.days = 60;
  made.until = kUntil;
  made.seed = seed;
  return made;
}

std::vector<recommend::LoggedPlay> logOf(const std::vector<SimulatedPlay>& plays) {
  std::vector<recommend::LoggedPlay> log;
  for (const auto& play : plays) {
    log.push_back(
        {static_cast<std::int64_t>(play.listener) + 1, play.track, play.at, play.fraction});
  }
  return log;
}

struct Figures {
  double chance = 0;
  std::map<std::string, double> ndcg;
};

Figures figures(const std::vector<SimulatedTrack>& tracks, const World& of) {
  const Split split = splitByTime(logOf(simulate(tracks, of)), 0.2);
  const auto snapshot = snapshotOf(tracks);
  std::vector<recommend::TrackFacts> facts;
  for (const auto& track : tracks) {
    facts.push_back({track.track, track.composers, track.period, track.instrumentation});
  }
  Figures result;
  result.chance = chanceNdcg10(*snapshot, split.held_out);
  for (const char* name : {"random", "popularity", "metadata", "markov", "next-movement"}) {
    const auto made =
        recommend::makeStrategy(name, {snapshot, split.training, facts, split.from, 1});
    result.ndcg[name] = judge(*made.strategy, split.held_out).ndcg10;
  }
  return result;
}

TEST(Simulate, InASmallArchiveMostStaysUnheard) {
  const auto tracks = madeUpTracks(40, 3);
  World of = world(201, 5);
  of.days = 90;
  of.sessions_a_day = sessionsADay(tracks.size(), of.days);
  std::vector<std::size_t> plays(of.listeners);
  for (const auto& play : simulate(tracks, of)) ++plays[play.listener];
  std::nth_element(plays.begin(), plays.begin() + 100, plays.end());
  EXPECT_GE(plays[100], tracks.size() / 8);
  EXPECT_LE(plays[100], tracks.size() / 2);
  EXPECT_EQ(sessionsADay(100'000, 90), 0.5);
}

TEST(Simulate, PlaysAreInOrderWithinTheDaysAndHeardInPart) {
  const auto tracks = madeUpTracks(20, 3);
  const auto plays = simulate(tracks, world(30, 1));
  ASSERT_GT(plays.size(), 1000U);
  std::set<std::size_t> listeners;
  std::size_t skips = 0;
  for (std::size_t i = 0; i < plays.size(); ++i) {
    const auto& play = plays[i];
    listeners.insert(play.listener);
    EXPECT_LT(play.at, kUntil);
    EXPECT_GE(play.at, kUntil - std::chrono::hours(24 * 60));
    EXPECT_GT(play.fraction, 0);
    EXPECT_LE(play.fraction, 1);
    skips += play.fraction <= 0.2 ? 1 : 0;
    if (i > 0 && plays[i - 1].listener == play.listener) {
      EXPECT_LT(plays[i - 1].at, play.at);  // one thing at a time
    }
  }
  EXPECT_EQ(listeners.size(), 30U);
  EXPECT_GT(skips, plays.size() / 100);
  EXPECT_LT(skips, plays.size() / 4);
}

TEST(Simulate, IsTheSameForASeedAndAnotherForAnother) {
  const auto tracks = madeUpTracks(10, 2);
  const auto text = [&](std::uint64_t seed) {
    std::string all;
    for (const auto& play : simulate(tracks, world(10, seed))) {
      all += std::to_string(play.listener) + " " + std::to_string(play.track.value) + " " +
             formatTime(play.at) + " " + std::to_string(play.fraction) + "\n";
    }
    return all;
  };
  EXPECT_EQ(text(1), text(1));
  EXPECT_NE(text(1), text(2));
}

TEST(Simulate, ThenPopularityTasteAndTheOrderOfMovementsCanBeFound) {
  const auto tracks = madeUpTracks(60, 4);
  World of = world(300, 3);
  of.album = 0;
  const Figures found = figures(tracks, of);
  EXPECT_LT(found.ndcg.at("random"), 2 * found.chance);
  EXPECT_GT(found.ndcg.at("popularity"), 2 * found.chance);
  EXPECT_GT(found.ndcg.at("metadata"), 2 * found.chance);
  EXPECT_GT(found.ndcg.at("markov"), found.ndcg.at("popularity"));
}

TEST(Simulate, ThenNothingCanBeFoundWhereThereIsNothing) {
  const auto tracks = madeUpTracks(60, 4);
  World null = world(300, 4);
  null.follow = null.album = null.taste = null.popularity = 0;
  const Figures found = figures(tracks, null);
  for (const auto& [name, ndcg] : found.ndcg) {
    EXPECT_LT(ndcg, 2 * found.chance) << name;
  }
}

TEST(Simulate, SaysWhatItLacks) {
  EXPECT_THROW(simulate({}, world(1, 1)), Error);
  EXPECT_THROW(simulate(madeUpTracks(1, 1), world(0, 1)), Error);
}

}  // namespace
}  // namespace attacca::study
