#include "attacca/app/publish.h"

#include <gtest/gtest.h>

namespace attacca::app {
namespace {

// I., III. and II. of one work, in this order, and a piece of no work: the tracks 10 to 13.
std::vector<archive::Track> album() {
  std::vector<archive::Track> tracks(4);
  for (int i = 0; i < 4; ++i) {
    archive::Track& track = tracks[static_cast<std::size_t>(i)];
    track.id = {10 + i};
    track.recording = {20 + i};
    track.album = {1};
    track.album_title = "Serenades";
    track.track_number = i + 1;
    track.title = "Track " + std::to_string(i + 1);
    if (i == 3) continue;
    track.work = {5};
    track.work_title = "Serenade in E major, Op. 22";
    track.movement_number = i == 0 ? 1 : 4 - i;
  }
  tracks[0].title = "Serenade in E major, Op. 22: I. Moderato";
  tracks[0].movement = "Moderato";
  tracks[0].artists = {"A Chamber Orchestra"};
  tracks[0].composers = {"Antonín Dvořák"};
  tracks[0].conductors = {"A. Conductor"};
  tracks[0].duration = Seconds(325.5);
  tracks[3].title = "Applause";
  return tracks;
}

TEST(SnapshotTracks, KnowTheirPerformanceAndTheirPlaceInIt) {
  const std::vector<TrackId> shown = {{11}, {12}, {13}};
  const auto rows = snapshotTracks(album(), shown);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].id, TrackId{11});
  EXPECT_EQ(rows[0].groups.album, AlbumId{1});
  EXPECT_EQ(rows[0].groups.work, WorkId{5});
  EXPECT_EQ(rows[0].groups.recording, RecordingId{21});
  EXPECT_EQ(rows[0].groups.performance, 1);
  EXPECT_EQ(rows[0].groups.movement, 2);  // III., after II.
  EXPECT_EQ(rows[1].groups.performance, 1);
  EXPECT_EQ(rows[1].groups.movement, 1);
  EXPECT_EQ(rows[2].groups.work, WorkId{});
  EXPECT_EQ(rows[2].groups.performance, 0);
  EXPECT_EQ(rows[2].groups.movement, 0);
}

TEST(SnapshotTracks, HoldTogetherAcrossOneThatIsNotShown) {
  auto tracks = album();
  for (auto& track : tracks) track.movement_number.reset();
  const std::vector<TrackId> shown = {{10}, {12}};
  const auto rows = snapshotTracks(tracks, shown);
  EXPECT_EQ(rows[0].groups.performance, 1);
  EXPECT_EQ(rows[1].groups.performance, 1);
  EXPECT_EQ(rows[1].groups.movement, 2);
}

TEST(SnapshotTracks, NumberOnlyThePerformancesThatAreShown) {
  auto tracks = album();
  for (auto track : album()) {
    track.id.value += 10;
    track.album = {2};
    tracks.push_back(track);
  }
  const std::vector<TrackId> shown = {{20}};
  EXPECT_EQ(snapshotTracks(tracks, shown).front().groups.performance, 1);
}

TEST(SnapshotTracks, SayInTheCatalogueWhatListsShow) {
  const std::vector<TrackId> shown = {{10}, {13}};
  const auto rows = snapshotTracks(album(), shown);
  EXPECT_EQ(rows[0].catalogue_entry,
            R"({"id":10,"title":"Serenade in E major, Op. 22: I. Moderato","album":"Serenades",)"
            R"("artists":["A Chamber Orchestra"],"composers":["Antonín Dvořák"],)"
            R"("conductors":["A. Conductor"],"work_id":5,"work":"Serenade in E major, Op. 22",)"
            R"("movement":"Moderato","movement_number":1,"performance":1,"track_number":1,)"
            R"("duration_s":325.5})");
  EXPECT_EQ(rows[1].catalogue_entry,
            R"({"id":13,"title":"Applause","album":"Serenades","artists":[],"composers":[],)"
            R"("conductors":[],"work":"","movement":"","track_number":4,"duration_s":0.0})");
}

}  // namespace
}  // namespace attacca::app
