// Which audio belongs to which row, what is corrected, what is shown.
#include "attacca/archive/effective.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/archive/attach.h"
#include "attacca/base/error.h"

namespace attacca::archive {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

Unattached row(std::int64_t id, const std::string& file, const std::string& title = "",
               double seconds = 100, const std::string& album = "") {
  return {{id}, file, title, album, Seconds(seconds)};
}

std::vector<std::pair<TrackId, TrackId>> attach(const std::vector<Unattached>& rows,
                                                const std::vector<Unattached>& audio) {
  return attachments(rows, audio);
}

TEST(Attachments, AreByPathWhateverTheExtension) {
  EXPECT_THAT(attach({row(1, "Live/01-Prelude.m4a"), row(2, "Other/01-Prelude.m4a")},
                     {row(11, "/music/Other/01-Prelude.flac", "x", 300),
                      row(12, "/music/Live/01-Prélude.flac", "y", 400)}),
              ElementsAre(Pair(TrackId{1}, TrackId{12}), Pair(TrackId{2}, TrackId{11})));
}

TEST(Attachments, AreByFileNameWhereTheDurationAgrees) {
  EXPECT_THAT(attach({row(1, "Live/01-Prelude.m4a")}, {row(11, "/music/01-Prelude.flac", "", 101)}),
              ElementsAre(Pair(TrackId{1}, TrackId{11})));
  EXPECT_THAT(attach({row(1, "Live/01-Prelude.m4a")}, {row(11, "/music/01-Prelude.flac", "", 150)}),
              IsEmpty());
}

TEST(Attachments, AreByTitleAndDurationWhereNobodyElseFits) {
  EXPECT_THAT(attach({row(1, "", "Adagio", 100), row(2, "", "Adagio", 200)},
                     {row(11, "/a.flac", "ADAGIO", 199), row(12, "/b.flac", "Adagio", 101)}),
              ElementsAre(Pair(TrackId{1}, TrackId{12}), Pair(TrackId{2}, TrackId{11})));
  EXPECT_THAT(attach({row(1, "", "Adagio"), row(2, "", "Adagio")}, {row(11, "/a.flac", "Adagio")}),
              IsEmpty());
  EXPECT_THAT(attach({row(1, "", "Adagio")},
                     {row(11, "/a.flac", "Adagio"), row(12, "/b.flac", "Adagio", 101)}),
              IsEmpty());
}

TEST(Attachments, PreferTheAlbumOfTheSameTitle) {
  EXPECT_THAT(attach({row(1, "", "Adagio", 100, "Live"), row(2, "", "Adagio", 100, "Studio")},
                     {row(11, "/a.flac", "Adagio", 100, "studio")}),
              ElementsAre(Pair(TrackId{2}, TrackId{11})));
}

TEST(Attachments, NeedADurationWhereOnlyTitlesAgree) {
  auto unknown = row(1, "", "Adagio");
  unknown.duration.reset();
  EXPECT_THAT(attach({unknown}, {row(11, "/a.flac", "Adagio")}), IsEmpty());
}

TEST(AlbumTitles, LoseTheirDisc) {
  EXPECT_EQ(withoutDisc("Sacred & Profane (Disc II)").title, "Sacred & Profane");
  EXPECT_EQ(withoutDisc("Sacred & Profane (Disc II)").disc, 2);
  EXPECT_EQ(withoutDisc("Quartets [CD 3]").disc, 3);
  EXPECT_EQ(withoutDisc("Quartets, Disc 1").title, "Quartets");
  for (const char* title : {"Quartets", "Nostalgia, 10th anniversary", "Live (Vol. 2)", "(Disc 1)",
                            "Discs (Disc of Love)"}) {
    EXPECT_EQ(withoutDisc(title).title, title);
    EXPECT_FALSE(withoutDisc(title).disc.has_value());
  }
}

TEST(Sources, ARowCountsMoreThanTagsWhereItSaysSomething) {
  Written tags;
  tags.title = "Track 1";
  tags.artists = {"Quartet"};
  tags.disc_number = 2;
  tags.track_number = 9;
  Written catalogue;
  catalogue.title = "Larghetto";
  catalogue.track_number = 3;
  const Written both = merged(&catalogue, &tags);
  EXPECT_EQ(both.title, "Larghetto");
  EXPECT_THAT(both.artists, ElementsAre("Quartet"));
  EXPECT_EQ(both.track_number, 3);
  EXPECT_FALSE(both.disc_number.has_value());
  EXPECT_EQ(merged(nullptr, &tags), tags);
  EXPECT_EQ(merged(nullptr, nullptr), Written());
}

Fault faultOf(const Correction& correction) {
  try {
    checked(correction);
  } catch (const Error& fault) {
    return fault.fault();
  }
  throw std::runtime_error("no Error");
}

Correction of(Subject subject, const std::string& field, const std::string& value) {
  return {0, subject, "key", field, value, UnixTime{}};
}

TEST(Corrections, AreKeptInOneForm) {
  EXPECT_EQ(checked(of(Subject::track, "composer", " A ;; B;A ")).value, "A; B");
  EXPECT_EQ(checked(of(Subject::track, "arranger", "")).value, "");
  EXPECT_EQ(checked(of(Subject::track, "movement_number", "03")).value, "3");
  EXPECT_EQ(checked(of(Subject::work, "period", "Baroque")).value, "baroque");
  EXPECT_EQ(checked(of(Subject::work, "instrumentation", "String Orchestra")).value,
            name(Instrumentation::string_orchestra));
}

TEST(Corrections, ThatMakeNoSenseAreRefused) {
  EXPECT_EQ(faultOf(of(Subject::track, "colour", "blue")), Fault::usage);
  EXPECT_EQ(faultOf(of(Subject::track, "movement_number", "three")), Fault::usage);
  EXPECT_EQ(faultOf(of(Subject::track, "title", " ")), Fault::usage);
  EXPECT_EQ(faultOf(of(Subject::work, "period", "disco")), Fault::usage);
  EXPECT_EQ(faultOf(of(Subject::person, "same_as", "")), Fault::usage);
  EXPECT_EQ(faultOf({0, Subject::track, "", "title", "x", UnixTime{}}), Fault::usage);
}

TEST(Corrections, TheLaterOverrulesTheEarlierOfTheSameField) {
  const std::vector<Correction> all = {
      of(Subject::track, "title", "one"), of(Subject::track, "genre", "two"),
      of(Subject::track, "title", "three"), of(Subject::person, "split", "four"),
      of(Subject::person, "split", "five")};
  const auto force = inForce(all);
  ASSERT_EQ(force.size(), 4U);
  EXPECT_EQ(force[0].value, "two");
  EXPECT_EQ(force[1].value, "three");
}

TEST(Shown, ACorrectionByTheCataloguesIdCountsMoreThanOneOfTheAudio) {
  TrackSources track;
  track.id = {1};
  track.album = {1};
  track.audio = "ab";
  track.external_id = "6";
  track.row.emplace();
  track.row->title = "Larghetto";
  const std::vector<Correction> corrections = {
      {0, Subject::track, "id:6", "title", "by id", UnixTime{}},
      {0, Subject::track, "audio:ab", "title", "by audio", UnixTime{}},
      {0, Subject::track, "audio:ab", "genre", "Serenade", UnixTime{}}};
  const auto shown = effective(std::span(&track, 1), corrections);
  ASSERT_EQ(shown.tracks.size(), 1U);
  EXPECT_EQ(shown.tracks[0].title, "by id");
  EXPECT_EQ(shown.tracks[0].genre, "Serenade");
}

}  // namespace
}  // namespace attacca::archive
