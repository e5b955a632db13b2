#include "attacca/app/quality.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace attacca::app {
namespace {

struct Archive {
  std::vector<archive::Track> tracks;
  std::vector<index::Groups> groups;
  std::vector<std::vector<index::Row>> orders;  // of each row, the others, nearest first

  void add(std::int64_t work, std::optional<int> movement, std::int64_t performance,
           std::int64_t album, const std::string& composer, std::vector<index::Row> order) {
    archive::Track track;
    track.id = {static_cast<std::int64_t>(tracks.size()) + 100};
    track.movement_number = movement;
    if (!composer.empty()) track.composers = {composer};
    index::Groups group;
    group.work = {work};
    group.performance = performance;
    group.album = {album};
    group.recording = {static_cast<std::int64_t>(tracks.size()) + 1};
    tracks.push_back(track);
    groups.push_back(group);
    orders.push_back(std::move(order));
  }

  Quality measure(std::size_t worst = 0) const {
    const RowScores scores = [this](index::Row row, std::span<float> found) {
      std::fill(found.begin(), found.end(), -100.0F);
      const auto& order = orders[static_cast<std::size_t>(row)];
      for (std::size_t i = 0; i < order.size(); ++i) {
        found[static_cast<std::size_t>(order[i])] = -static_cast<float>(i);
      }
    };
    return measureQuality(tracks, groups, scores, worst, 1);
  }
};

// Two performances of a work in two movements, another work of the same composer, one of another.
Archive sixTracks() {
  Archive archive;
  archive.add(1, 1, 1, 1, "Dvořák", {1, 2, 5, 4, 3});
  archive.add(1, 2, 1, 1, "Dvorak", {3, 4, 5, 0, 2});
  archive.add(1, 1, 2, 2, "Dvořák", {0, 4, 5, 1, 3});
  archive.add(1, 2, 2, 2, "Dvořák", {4, 5, 0, 2, 1});
  archive.add(2, {}, 3, 2, "Dvořák", {5, 0, 1, 2, 3});
  archive.add(3, {}, 4, 3, "Grieg", {0, 1, 2, 3, 4});
  return archive;
}

TEST(Quality, FindsTheSameMovementInTheOtherPerformance) {
  const auto found = sixTracks().measure();
  EXPECT_EQ(found.tracks, 6U);
  // At places 2, 1, 1 and 5 of 5.
  EXPECT_EQ(found.performances.queries, 4U);
  EXPECT_EQ(found.performances.works, 1U);
  EXPECT_DOUBLE_EQ(found.performances.value, (0.5 + 1 + 1 + 0.2) / 4);
  EXPECT_NEAR(found.performances.chance, (1 + 0.5 + 1.0 / 3 + 0.25 + 0.2) / 5, 1e-12);
  EXPECT_DOUBLE_EQ(found.performance_first.value, 0.5);
  EXPECT_DOUBLE_EQ(found.performance_first.chance, 0.2);
}

TEST(Quality, AsksForTheComposerAmongOtherWorksOnly) {
  const auto found = sixTracks().measure(2);
  // Movements of work 1: one right of two, at place 2, 1, 1, 1. Work 2: four right of five, at
  // places 2 to 5. Grieg has no other work.
  EXPECT_EQ(found.composer.queries, 5U);
  EXPECT_EQ(found.composer.works, 2U);
  EXPECT_NEAR(found.composer.value, (0.63093 + 3 + 1.94846 / 2.56161) / 5, 1e-5);
  EXPECT_NEAR(found.composer.chance, (4 * 0.5 * 1.63093 + 0.8 * 2.94846 / 2.56161) / 5, 1e-5);
  ASSERT_EQ(found.worst.size(), 2U);
  EXPECT_EQ(found.worst[0].seed.value, 100);
  EXPECT_EQ(found.worst[0].neighbours, (std::vector<TrackId>{{105}, {104}}));
  EXPECT_EQ(found.worst[1].seed.value, 104);
}

TEST(Quality, TellsWhatShareOfTheNearestIsOfTheSameAlbum) {
  const auto found = sixTracks().measure();
  EXPECT_EQ(found.album.queries, 6U);
  EXPECT_DOUBLE_EQ(found.album.value, (2 * 0.2 + 3 * 0.4 + 0) / 6);
  EXPECT_DOUBLE_EQ(found.album.chance, found.album.value);  // all others are among the ten nearest
  EXPECT_DOUBLE_EQ(found.hubness, 0);
}

TEST(Quality, ATrackThatIsEverybodysNeighbourIsAHub) {
  Archive archive;
  for (index::Row row = 0; row < 40; ++row) {
    std::vector<index::Row> order;
    if (row != 0) order.push_back(0);
    for (index::Row other = 1; other < 12; ++other) {
      order.push_back((row + other) % 40);
    }
    archive.add(row + 1, {}, row + 1, 0, "", order);
  }
  EXPECT_GT(archive.measure().hubness, 2);
  EXPECT_EQ(archive.measure().album.queries, 0U);
  EXPECT_EQ(archive.measure().composer.queries, 0U);
}

TEST(Quality, LeavesOutTracksOfTheWorkWhoseMovementNobodyKnows) {
  auto archive = sixTracks();
  archive.tracks[0].movement_number.reset();
  const auto found = archive.measure();
  // Track 0 cannot ask, and is neither right nor wrong for tracks 2 and 3.
  EXPECT_EQ(found.performances.queries, 2U);
  EXPECT_DOUBLE_EQ(found.performances.value, (1 + 0.25) / 2);
  EXPECT_DOUBLE_EQ(found.performance_first.chance, (0.2 + 0.25) / 2);
}

TEST(Quality, AWorkInOneTrackNeedsNoNumber) {
  Archive archive;
  archive.add(1, {}, 1, 1, "", {1, 2});
  archive.add(1, {}, 2, 2, "", {2, 0});
  archive.add(2, {}, 3, 3, "", {0, 1});
  const auto found = archive.measure();
  EXPECT_EQ(found.performances.queries, 2U);
  EXPECT_DOUBLE_EQ(found.performances.value, 0.75);
}

TEST(Quality, ARecordingThatIsThereTwiceCountsOnce) {
  auto archive = sixTracks();
  archive.add(1, 1, 5, 4, "Dvořák", {0, 1, 2, 3, 4, 5});
  archive.groups.back().recording = archive.groups[2].recording;
  for (auto& order : archive.orders) order.insert(order.begin(), 6);
  const auto found = archive.measure();
  EXPECT_EQ(found.tracks, 6U);
  EXPECT_DOUBLE_EQ(found.performances.value, 0.675);
}

TEST(Quality, AnArchiveOfOneTrackGivesNoFigures) {
  Archive archive;
  archive.add(1, {}, 1, 1, "Grieg", {});
  const auto found = archive.measure();
  EXPECT_EQ(found.performances.queries, 0U);
  EXPECT_EQ(found.composer.queries, 0U);
  EXPECT_EQ(found.album.queries, 0U);
}

}  // namespace
}  // namespace attacca::app
