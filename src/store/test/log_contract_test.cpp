// The listening log.
#include <cmath>
#include <limits>
#include <string>
#include <tuple>

#include <gmock/gmock.h>

#include "attacca/base/error.h"

#include "catalogue_contract.h"

namespace attacca::store {
namespace {

using archive::Interaction;
using testing::ElementsAre;
using testing::IsEmpty;

UnixTime at(std::int64_t milliseconds) { return UnixTime(std::chrono::milliseconds(milliseconds)); }

std::vector<std::int64_t> timesOf(const std::vector<Interaction>& history) {
  std::vector<std::int64_t> times;
  times.reserve(history.size());
  for (const auto& heard : history) times.push_back(heard.at.time_since_epoch().count());
  return times;
}

TEST_P(LogContract, AUserIsMadeOnceForAName) {
  const UserId anna = log_.user("anna");
  EXPECT_TRUE(anna);
  EXPECT_EQ(log_.user("anna"), anna);
  EXPECT_EQ(log_.user("  anna\n"), anna);
  EXPECT_NE(log_.user("Anna"), anna);
  EXPECT_EQ(log_.findUser("anna"), anna);
  EXPECT_FALSE(log_.findUser("ben").has_value());
}

TEST_P(LogContract, AUserNeedsAName) {
  try {
    log_.user(" \t");
    FAIL() << "no Error";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::usage);
  }
}

TEST_P(LogContract, HistoryIsTheNewestOldestFirst) {
  const TrackId track = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  const UserId anna = log_.user("anna");
  const UserId ben = log_.user("ben");
  const std::vector<Interaction> heard = {{anna, track, at(3000), 0.5},
                                          {anna, track, at(-1000), 1},
                                          {ben, track, at(2500), 1},
                                          {anna, track, at(2000), 0}};
  EXPECT_EQ(log_.record(heard), 4);
  EXPECT_THAT(timesOf(log_.history(anna, 10)), ElementsAre(-1000, 2000, 3000));
  EXPECT_THAT(timesOf(log_.history(anna, 2)), ElementsAre(2000, 3000));
  EXPECT_DOUBLE_EQ(log_.history(anna, 1).at(0).fraction, 0.5);
  EXPECT_EQ(log_.history(anna, 1).at(0).user, anna);
  EXPECT_THAT(log_.history(UserId{999}, 10), IsEmpty());
}

TEST_P(LogContract, GivesEachInteractionByUserTimeAndTrack) {
  const TrackId one = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  const TrackId two = catalogue_.enter(arrivalOf("/m/b.flac", "two"));
  const UserId anna = log_.user("anna");
  const UserId ben = log_.user("ben");
  log_.record(std::vector<Interaction>{{ben, one, at(5), 0.25},
                                       {anna, two, at(9), 1},
                                       {anna, one, at(-9), 0},
                                       {anna, one, at(9), 1}});
  std::vector<std::tuple<UserId, std::int64_t, TrackId, double>> all;
  log_.each([&](const Interaction& play) {
    all.emplace_back(play.user, play.at.time_since_epoch().count(), play.track, play.fraction);
  });
  EXPECT_THAT(all, ElementsAre(std::tuple(anna, -9, one, 0), std::tuple(anna, 9, one, 1),
                               std::tuple(anna, 9, two, 1), std::tuple(ben, 5, one, 0.25)));
}

TEST_P(LogContract, TheSameInteractionAgainChangesNothing) {
  const TrackId track = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  const UserId anna = log_.user("anna");
  const Interaction heard{anna, track, at(1000), 0.5};
  EXPECT_EQ(log_.record(std::vector{heard, heard}), 1);
  Interaction again = heard;
  again.fraction = 1;
  EXPECT_EQ(log_.record(std::vector{again}), 0);
  ASSERT_EQ(log_.history(anna, 10).size(), 1U);
  EXPECT_DOUBLE_EQ(log_.history(anna, 10)[0].fraction, 0.5);
}

TEST_P(LogContract, OneUnknownTrackRecordsNone) {
  const TrackId track = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  const UserId anna = log_.user("anna");
  for (const Interaction& wrong :
       {Interaction{anna, TrackId{999}, at(2), 1}, Interaction{UserId{999}, track, at(2), 1}}) {
    try {
      log_.record(std::vector{Interaction{anna, track, at(1), 1}, wrong});
      FAIL() << "no Error";
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::notFound);
    }
    EXPECT_THAT(log_.history(anna, 10), IsEmpty());
  }
}

TEST_P(LogContract, AFractionIsFromNothingToAll) {
  const TrackId track = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  const UserId anna = log_.user("anna");
  for (const double wrong : {-0.1, 1.1, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_THROW(log_.record(std::vector{Interaction{anna, track, at(1), wrong}}), Error) << wrong;
  }
}

TEST_P(LogContract, HistoryStaysWithARemovedTrack) {
  const TrackId track = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  remove(track);
  listenTo(track);
  EXPECT_THAT(heardTracks(), ElementsAre(track));
}

}  // namespace
}  // namespace attacca::store
