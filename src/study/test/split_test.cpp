#include "attacca/study/split.h"

#include <gtest/gtest.h>

namespace attacca::study {
namespace {

using recommend::LoggedPlay;

LoggedPlay play(std::int64_t listener, std::int64_t track, std::int64_t second,
                double fraction = 1) {
  return {listener, {track}, UnixTime(std::chrono::seconds(second)), fraction};
}

std::vector<std::int64_t> tracksOf(const std::vector<recommend::HeardTrack>& heard) {
  std::vector<std::int64_t> tracks;
  for (const auto& one : heard) tracks.push_back(one.track.value);
  return tracks;
}

TEST(SplitByTime, IsAtOneMomentForAllListeners) {
  const std::vector<LoggedPlay> log{play(1, 1, 10), play(1, 2, 20), play(1, 3, 90), play(1, 4, 95),
                                    play(2, 5, 15), play(2, 6, 80), play(3, 7, 85), play(4, 8, 12),
                                    play(4, 9, 13), play(4, 1, 14)};
  const Split split = splitByTime(log, 0.4);  // 80, 85, 90 and 95
  EXPECT_EQ(split.from, UnixTime(std::chrono::seconds(80)));
  ASSERT_EQ(split.training.size(), 6U);
  for (const LoggedPlay& one : split.training) EXPECT_LT(one.at, split.from);
  // Listener 3 had heard nothing before, listener 4 hears nothing after.
  ASSERT_EQ(split.held_out.size(), 2U);
  EXPECT_EQ(split.held_out[0].listener, 1);
  EXPECT_EQ(split.held_out[0].next.value, 3);
  EXPECT_EQ(tracksOf(split.held_out[0].before), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(split.held_out[1].listener, 2);
  EXPECT_EQ(split.held_out[1].next.value, 6);
}

TEST(SplitByTime, AsksForTheFirstNewTrackThatWasNoSkip) {
  const std::vector<LoggedPlay> log{play(1, 1, 10), play(1, 2, 11),      play(1, 3, 12),
                                    play(1, 2, 50), play(1, 4, 51, 0.1), play(1, 5, 52)};
  const Split split = splitByTime(log, 0.5);
  ASSERT_EQ(split.held_out.size(), 1U);
  EXPECT_EQ(split.held_out[0].next.value, 5);
  EXPECT_EQ(tracksOf(split.held_out[0].before), (std::vector<std::int64_t>{1, 2, 3}));
}

TEST(SplitByTime, LearnsFromAllWhereNothingCanBeHeldOut) {
  const std::vector<LoggedPlay> log{play(1, 1, 10), play(1, 2, 10), play(2, 1, 10)};
  EXPECT_EQ(splitByTime(log, 0.5).training.size(), 3U);
  EXPECT_TRUE(splitByTime(log, 0.5).held_out.empty());
  EXPECT_EQ(splitByTime(log, 0).training.size(), 3U);
  EXPECT_TRUE(splitByTime({}, 0.5).training.empty());
}

TEST(SplitLast, HoldsOutTheLastNewTrackOfEachListener) {
  const std::vector<LoggedPlay> log{play(1, 1, 10),     play(1, 2, 20), play(1, 3, 30),
                                    play(1, 1, 40),     play(2, 4, 5),  play(3, 5, 1),
                                    play(3, 6, 2, 0.05)};
  const Split split = splitLast(log);
  ASSERT_EQ(split.held_out.size(), 1U);  // 2 heard one track, 3 skipped the other
  EXPECT_EQ(split.held_out[0].next.value, 3);
  EXPECT_EQ(tracksOf(split.held_out[0].before), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(split.training.size(), 5U);
}

}  // namespace
}  // namespace attacca::study
