#include "attacca/archive/performances.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace attacca::archive {
namespace {

using Ids = std::vector<std::int64_t>;

// An album told track by track; ids and places count up.
class Told {
 public:
  Told& movement(std::int64_t work, std::optional<int> number = std::nullopt,
                 const std::string& title = "") {
    Track track;
    track.id = {static_cast<std::int64_t>(tracks.size()) + 1};
    track.album = {1};
    track.work = {work};
    track.movement_number = number;
    track.title = title.empty() ? "Track " + std::to_string(track.id.value) : title;
    track.track_number = ++place_;
    tracks.push_back(track);
    return *this;
  }
  Told& hole() {
    ++place_;
    return *this;
  }
  Told& disc(int number) {
    disc_from_ = tracks.size();
    disc_ = number;
    place_ = 0;
    return *this;
  }
  Told& done() {
    for (std::size_t i = disc_from_; i < tracks.size(); ++i) tracks[i].disc_number = disc_;
    return *this;
  }

  std::vector<Track> tracks;

 private:
  int place_ = 0;
  std::optional<int> disc_;
  std::size_t disc_from_ = 0;
};

std::vector<Ids> idsOf(std::vector<Track> tracks) {
  std::vector<Ids> found;
  std::vector<Track> shuffled = tracks;
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(3));
  for (const Performance& performance : performances(tracks)) {
    Ids ids;
    for (const TrackId id : performance.tracks) ids.push_back(id.value);
    found.push_back(ids);
  }
  const auto again = performances(shuffled);
  EXPECT_EQ(again.size(), found.size());
  for (std::size_t i = 0; i < std::min(again.size(), found.size()); ++i) {
    EXPECT_EQ(again[i].tracks.front().value, found[i].front()) << "order of tracks matters";
  }
  return found;
}

TEST(Performances, AreTheTracksOfOneWorkThatFollowOneAnother) {
  const auto found = performances(
      Told().movement(7, 1).movement(7, 2).movement(0).movement(8).movement(9, 3).tracks);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].work.value, 7);
  EXPECT_EQ(found[0].album.value, 1);
  EXPECT_EQ(found[0].tracks, (std::vector<TrackId>{{1}, {2}}));
  EXPECT_EQ(found[1].tracks, (std::vector<TrackId>{{4}}));
  EXPECT_EQ(found[2].tracks, (std::vector<TrackId>{{5}}));
}

TEST(Performances, OrderMovementsByNumberWhereAllHaveOne) {
  EXPECT_EQ(idsOf(Told().movement(7, 1).movement(7, 3).movement(7, 2).movement(7, 4).tracks),
            (std::vector<Ids>{{1, 3, 2, 4}}));
  EXPECT_EQ(idsOf(Told().movement(7, 1).movement(7, 3).movement(7, 2).movement(7).tracks),
            (std::vector<Ids>{{1, 2, 3, 4}}));
}

TEST(Performances, OfOneWorkTwiceOnAnAlbumAreTwoWhereTheNumbersStartAgain) {
  EXPECT_EQ(idsOf(Told().movement(7, 1).movement(7, 2).movement(7, 1).movement(7, 2).tracks),
            (std::vector<Ids>{{1, 2}, {3, 4}}));
  // An excerpt, then all of it; and the other way round.
  EXPECT_EQ(idsOf(Told().movement(7, 2).movement(7, 1).movement(7, 2).movement(7, 3).tracks),
            (std::vector<Ids>{{1}, {2, 3, 4}}));
  EXPECT_EQ(idsOf(Told().movement(7, 1).movement(7, 2).movement(7, 3).movement(7, 2).tracks),
            (std::vector<Ids>{{1, 2, 3}, {4}}));
  EXPECT_EQ(
      idsOf(
          Told().movement(7, 1).movement(7, 2).movement(7, 1).movement(7, 2).movement(7, 3).tracks),
      (std::vector<Ids>{{1, 2}, {3, 4, 5}}));
}

TEST(Performances, OfOneWorkTwiceOnAnAlbumAreTwoWhereOthersStandBetween) {
  EXPECT_EQ(idsOf(Told().movement(7).movement(7).movement(8).movement(7).tracks),
            (std::vector<Ids>{{1, 2}, {3}, {4}}));
  EXPECT_EQ(idsOf(Told().movement(7, 1).movement(0).movement(7, 1).tracks),
            (std::vector<Ids>{{1}, {3}}));
}

TEST(Performances, GoOnAfterApplauseWhereTheNumbersDo) {
  EXPECT_EQ(idsOf(Told().movement(7, 1).movement(7, 2).movement(0).movement(7, 3).tracks),
            (std::vector<Ids>{{1, 2, 4}}));
  // Two pieces in turns, as programmes do with the Four Seasons.
  EXPECT_EQ(idsOf(Told().movement(7, 1).movement(8, 1).movement(7, 2).movement(8, 2).tracks),
            (std::vector<Ids>{{1, 3}, {2, 4}}));
}

TEST(Performances, AreNotPartedByAFileThatIsMissing) {
  EXPECT_EQ(idsOf(Told().movement(7).hole().movement(7).tracks), (std::vector<Ids>{{1, 2}}));
  EXPECT_EQ(idsOf(Told().movement(7, 1).hole().movement(7, 3).tracks), (std::vector<Ids>{{1, 2}}));
}

TEST(Performances, RunOverTheEndOfADisc) {
  const auto told =
      Told().movement(5).movement(7, 1).movement(7, 2).disc(2).movement(7, 3).movement(6).done();
  EXPECT_EQ(idsOf(told.tracks), (std::vector<Ids>{{1}, {2, 3, 4}, {5}}));
}

TEST(Performances, OfAnAlbumInTwoEncodingsStandSideBySide) {
  for (const bool numbered : {true, false}) {
    Told flac;
    for (int number = 1; number <= 3; ++number) {
      flac.movement(7, numbered ? std::optional(number) : std::nullopt);
    }
    std::vector<Track> both = flac.tracks;
    for (Track track : flac.tracks) {
      track.id.value += 10;
      both.push_back(track);
    }
    EXPECT_EQ(idsOf(both), (std::vector<Ids>{{1, 2, 3}, {11, 12, 13}})) << numbered;
  }
}

TEST(Performances, OfAPieceWithoutMovementsAreAsManyAsItsTitleComes) {
  EXPECT_EQ(idsOf(Told().movement(7, {}, "Ave Maria").movement(7, {}, "Ave Maria").tracks),
            (std::vector<Ids>{{1}, {2}}));
}

TEST(Performances, NeedNoPlacesOnTheAlbum) {
  // Files in the order of their names: "Allegro", "Finale", "Largo".
  Told told = Told().movement(7, 2).movement(7, 3).movement(7, 1);
  for (Track& track : told.tracks) track.track_number.reset();
  EXPECT_EQ(idsOf(told.tracks), (std::vector<Ids>{{3, 1, 2}}));
}

TEST(Performances, AreOfOneAlbum) {
  Told told = Told().movement(7, 1).movement(7, 2);
  told.tracks[1].album = {2};
  EXPECT_EQ(idsOf(told.tracks), (std::vector<Ids>{{1}, {2}}));
  for (Track& track : told.tracks) track.album = {0};
  EXPECT_EQ(idsOf(told.tracks), (std::vector<Ids>{{1}, {2}}));
}

TEST(Performances, OfNothingAreNone) {
  EXPECT_TRUE(performances({}).empty());
  EXPECT_TRUE(idsOf(Told().movement(0).movement(0, 2).tracks).empty());
}

TEST(Performances, HoldEachTrackOfAWorkOnceWhateverAlbumsSay) {
  std::mt19937 random(17);
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<Track> tracks(random() % 40);
    Ids expected;
    for (std::size_t i = 0; i < tracks.size(); ++i) {
      Track& track = tracks[i];
      track.id = {static_cast<std::int64_t>(i) + 1};
      track.album = {static_cast<std::int64_t>(random() % 3)};
      track.work = {static_cast<std::int64_t>(random() % 4)};
      track.title = std::to_string(random() % 5);
      if (random() % 3 != 0) track.movement_number = static_cast<int>(random() % 6);
      if (random() % 3 != 0) track.track_number = static_cast<int>(random() % 12);
      if (random() % 3 != 0) track.disc_number = static_cast<int>(random() % 3);
      if (track.work) expected.push_back(track.id.value);
    }
    Ids seen;
    for (const Ids& ids : idsOf(tracks)) seen.insert(seen.end(), ids.begin(), ids.end());
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(seen, expected);
  }
}

}  // namespace
}  // namespace attacca::archive
