#include "attacca/app/passage_quality.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "attacca/base/error.h"

namespace attacca::app {
namespace {

// Three tracks of 100 s.
std::vector<archive::Track> threeTracks() {
  std::vector<archive::Track> tracks(3);
  tracks[0].path = "/music/one/a.flac";
  tracks[1].path = "/music/two/a.flac";
  tracks[2].path = "/music/two/b.flac";
  for (auto& track : tracks) track.duration = Seconds(100);
  return tracks;
}

constexpr const char* kHead = "file,from_s,to_s,other_file,other_from_s,other_to_s\n";

TEST(KnownPassages, LinesOfOnePassageAreItsAnswers) {
  const auto tracks = threeTracks();
  const std::string csv = std::string(kHead) +
                          "one/a.flac,1,7,two/a.flac,2.5,8.5\n"
                          "one/a.flac,1,7,two/b.flac,0,6\n"
                          "one/a.flac,1,7,three/a.flac,0,6\n"
                          "two/b.flac,10,25,one/a.flac,11,26\n";
  const auto read = readKnownPassages(csv, "known.csv", tracks);
  ASSERT_EQ(read.passages.size(), 2U);
  EXPECT_EQ(read.elsewhere, 1U);
  EXPECT_EQ(read.passages[0].asked.row, 0);
  EXPECT_EQ(read.passages[0].asked.to, Seconds(7));
  ASSERT_EQ(read.passages[0].same.size(), 2U);
  EXPECT_EQ(read.passages[0].same[0].row, 1);
  EXPECT_EQ(read.passages[0].same[0].from, Seconds(2.5));
  EXPECT_EQ(read.passages[1].same[0].row, 0);
}

TEST(KnownPassages, ColumnsMayStandInAnyOrderAndAPathEndsWithWholeNames) {
  const auto tracks = threeTracks();
  const auto read = readKnownPassages(
      "other_to_s,other_from_s,other_file,to_s,from_s,file,note\n"
      "6,0,b.flac,6,0,one/a.flac,\"so it is\"\n"
      "6,0,lac,6,0,one/a.flac,\n",
      "known.csv", tracks);
  ASSERT_EQ(read.passages.size(), 1U);
  EXPECT_EQ(read.passages[0].same[0].row, 2);
  EXPECT_EQ(read.elsewhere, 1U);
}

TEST(KnownPassages, WhatCannotBeReadIsRefusedWithItsLine) {
  const auto tracks = threeTracks();
  const auto problem = [&](const std::string& csv) -> std::string {
    try {
      readKnownPassages(csv, "known.csv", tracks);
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::refused);
      return error.problem();
    }
    return "none";
  };
  EXPECT_EQ(problem(""), "known.csv has no column file");
  EXPECT_NE(problem(std::string(kHead) + "a,0,6,b,0\n").find("known.csv, line 2:"),
            std::string::npos);
  EXPECT_NE(problem(std::string(kHead) + "\na,7,6,b,0,6\n").find("line 3:"), std::string::npos);
  EXPECT_NE(problem(std::string(kHead) + "a,0,6,b,0,six\n").find("line 2:"), std::string::npos);
  EXPECT_NE(problem(std::string(kHead) + "a,0,inf,b,0,6\n").find("line 2:"), std::string::npos);
}

TEST(PassageQuality, AHitIsRightWithinHalfThePassage) {
  const auto tracks = threeTracks();
  const std::vector<index::Groups> groups(3);
  const auto at = [](index::Row row, double from, double to) {
    return index::Passage{row, Seconds(from), Seconds(to)};
  };
  const std::vector<KnownPassage> known{
      {at(0, 0, 6), {at(1, 10, 16)}},                 // found 3 s off: right
      {at(0, 7, 13), {at(1, 20, 26)}},                // 3.5 s off: only the track is right
      {at(0, 14, 20), {at(1, 0, 6), at(2, 30, 38)}},  // the second answer, heard faster
      {at(1, 0, 6), {at(0, 0, 6)}},                   // another track
      {at(1, 50, 65), {at(0, 50, 65)}},               // nothing
  };
  const PassageFinder find = [&](const index::Passage& asked) -> std::optional<index::Passage> {
    if (asked.row == 0 && asked.from == Seconds(0)) return at(1, 13, 19);
    if (asked.row == 0 && asked.from == Seconds(7)) return at(1, 23.5, 29.5);
    if (asked.row == 0) return at(2, 31, 37);
    if (asked.from == Seconds(0)) return at(2, 0, 6);
    return std::nullopt;
  };
  const auto found = measurePassages(known, tracks, groups, find, 1);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].seconds, 15);
  EXPECT_EQ(found[0].place.queries, 1U);
  EXPECT_EQ(found[0].place.value, 0);
  EXPECT_EQ(found[1].seconds, 6);
  EXPECT_EQ(found[1].place.queries, 4U);
  EXPECT_DOUBLE_EQ(found[1].place.value, 0.5);
  EXPECT_DOUBLE_EQ(found[1].track, 0.75);
  // 6 s of the 200 s elsewhere; twice that where there are two answers.
  EXPECT_NEAR(found[1].place.chance, (3 * 0.03 + 0.06) / 4, 1e-12);
}

}  // namespace
}  // namespace attacca::app
