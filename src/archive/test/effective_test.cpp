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
  EXPECT_EQ(checked(of(Subject::album, "date", "26-Jul-08")).value, "2008-07-26");
  EXPECT_EQ(checked(of(Subject::album, "artist", "A;B")).value, "A; B");
  EXPECT_EQ(checked(of(Subject::work, "period", "Baroque")).value, "baroque");
  EXPECT_EQ(checked(of(Subject::work, "instrumentation", "String Orchestra")).value,
            name(Instrumentation::string_orchestra));
}

TEST(Corrections, ThatMakeNoSenseAreRefused) {
  EXPECT_EQ(faultOf(of(Subject::track, "colour", "blue")), Fault::usage);
  EXPECT_EQ(faultOf(of(Subject::track, "movement_number", "three")), Fault::usage);
  EXPECT_EQ(faultOf(of(Subject::track, "title", " ")), Fault::usage);
  EXPECT_EQ(faultOf(of(Subject::work, "period", "disco")), Fault::usage);
  EXPECT_EQ(faultOf(of(Subject::album, "date", "once")), Fault::usage);
  EXPECT_EQ(faultOf(of(Subject::album, "title", "")), Fault::usage);
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

Correction said(Subject subject, const std::string& key, const std::string& field,
                const std::string& value) {
  return {0, subject, key, field, value, UnixTime{}};
}

TrackSources written(std::int64_t id, const std::string& title, const std::string& composer,
                     const std::string& album = "Serenades") {
  TrackSources track;
  track.id = {id};
  track.album = {1};
  track.external_id = std::to_string(id);
  track.row_key = "id:" + track.external_id;
  track.row.emplace();
  track.row->title = title;
  track.row->album = album;
  track.row->composers = {composer};
  track.row->track_number = static_cast<int>(id);
  return track;
}

std::vector<std::string> composersOf(const Effective& shown) {
  std::vector<std::string> names;
  for (const EffectiveTrack& track : shown.tracks) {
    names.push_back(track.composers.empty() ? "" : track.composers[0].name);
  }
  return names;
}

TEST(Shown, TheNewestCorrectionCountsByWhicheverNameItWasMade) {
  TrackSources track = written(6, "Larghetto", "");
  track.external_id.clear();
  track.row_key = "place:7";
  track.audio = "ab";
  std::vector<Correction> corrections = {
      said(Subject::track, "row:place:7", "title", "before there was audio"),
      said(Subject::track, "audio:ab", "title", "since"),
      said(Subject::track, "row:place:7", "genre", "Serenade")};
  auto shown = effective(std::span(&track, 1), {}, corrections);
  ASSERT_EQ(shown.tracks.size(), 1U);
  EXPECT_EQ(shown.tracks[0].title, "since");
  EXPECT_EQ(shown.tracks[0].genre, "Serenade");
  corrections.push_back(said(Subject::track, "row:place:7", "title", "at last"));
  shown = effective(std::span(&track, 1), {}, corrections);
  EXPECT_EQ(shown.tracks[0].title, "at last");
}

TEST(Shown, AWorkOfItsOwnAndTheNameOfAWorkOverruleEachOtherByAge) {
  const TrackSources track = written(6, "Adagio", "Tomaso Albinoni");
  std::vector<Correction> corrections = {said(Subject::track, "id:6", "own_work", "Alone"),
                                         said(Subject::track, "id:6", "work", "Together")};
  EXPECT_EQ(effective(std::span(&track, 1), {}, corrections).works.at(0).title, "Together");
  corrections.push_back(said(Subject::track, "id:6", "own_work", "Alone again"));
  EXPECT_EQ(effective(std::span(&track, 1), {}, corrections).works.at(0).title, "Alone again");
}

TEST(Shown, AWorkOfItsOwnNeitherContinuesAWorkNorIsContinued) {
  const std::vector<TrackSources> tracks = {written(1, "Sonata in F for viola", "Marta Elson"),
                                            written(2, "Largo", "Marta Elson"),
                                            written(3, "Finale. Vivo", "Marta Elson")};
  EXPECT_EQ(effective(tracks, {}, {}).works.size(), 1U);
  const std::vector<Correction> corrections = {
      said(Subject::track, "id:1", "own_work", "Sonata in F")};
  const auto shown = effective(tracks, {}, corrections);
  EXPECT_EQ(shown.works.at(*shown.tracks[0].work).title, "Sonata in F");
  EXPECT_NE(shown.tracks[1].work, shown.tracks[0].work);
  EXPECT_EQ(shown.tracks[0].work_why.confidence, 1);
}

TEST(Shown, WorksOfTheirOwnAreOneOnlyByTheSameTitle) {
  const std::vector<TrackSources> tracks = {written(1, "Air", "Marta Elson"),
                                            written(2, "Air", "Marta Elson"),
                                            written(3, "Air", "Marta Elson")};
  const std::vector<Correction> corrections = {
      said(Subject::track, "id:1", "own_work", "Night Song"),
      said(Subject::track, "id:2", "own_work", "Night Songs"),
      said(Subject::track, "id:3", "own_work", "Night Song")};
  const auto shown = effective(tracks, {}, corrections);
  EXPECT_EQ(shown.works.size(), 2U);
  EXPECT_EQ(shown.tracks[0].work, shown.tracks[2].work);
}

TEST(Shown, WhomAFieldWritesLikeASplitSpellingIsSomebodyElse) {
  const std::vector<TrackSources> tracks = {written(1, "Tales of Old", "Johann Strauss"),
                                            written(2, "Quadrille of Old", "J. Strauss")};
  EXPECT_THAT(composersOf(effective(tracks, {}, {})),
              ElementsAre("Johann Strauss II", "Johann Strauss II"));
  std::vector<Correction> corrections = {
      said(Subject::person, "Johann Strauss II", "split", "J. Strauss")};
  const auto split = effective(tracks, {}, corrections);
  EXPECT_THAT(composersOf(split), ElementsAre("Johann Strauss II", "J. Strauss"));
  EXPECT_EQ(split.tracks[1].composers[0].confidence, 1);
  corrections.push_back(said(Subject::person, "J. Strauss", "same_as", "Josef Strauss"));
  EXPECT_THAT(composersOf(effective(tracks, {}, corrections)),
              ElementsAre("Johann Strauss II", "Josef Strauss"));
}

TEST(Shown, ASplitUndoesAMergeAndAMergeASplit) {
  const std::vector<TrackSources> tracks = {written(1, "Air", "Marta Elson"),
                                            written(2, "Dirge", "Berta Elson")};
  std::vector<Correction> corrections = {
      said(Subject::person, "Berta Elson", "same_as", "Marta Elson")};
  EXPECT_THAT(composersOf(effective(tracks, {}, corrections)),
              ElementsAre("Marta Elson", "Marta Elson"));
  corrections.push_back(said(Subject::person, "Marta Elson", "split", "Berta Elson"));
  EXPECT_THAT(composersOf(effective(tracks, {}, corrections)),
              ElementsAre("Marta Elson", "Berta Elson"));
  corrections.push_back(said(Subject::person, "Berta Elson", "same_as", "Marta Elson"));
  EXPECT_THAT(composersOf(effective(tracks, {}, corrections)),
              ElementsAre("Marta Elson", "Marta Elson"));
}

TEST(Shown, PeopleMergedBothWaysAreTheLaterOne) {
  const std::vector<TrackSources> tracks = {written(1, "Air", "Marta Elson"),
                                            written(2, "Dirge", "Zoe Quill")};
  const std::vector<Correction> corrections = {
      said(Subject::person, "Marta Elson", "same_as", "Zoe Quill"),
      said(Subject::person, "Zoe Quill", "same_as", "Marta Elson")};
  EXPECT_THAT(composersOf(effective(tracks, {}, corrections)),
              ElementsAre("Marta Elson", "Marta Elson"));
}

TEST(Shown, WhatIsSaidOfSomebodyHoldsUnderTheNewName) {
  std::vector<TrackSources> tracks = {written(1, "Air", "M. Elson")};
  tracks[0].row->artists = {"M. Elson", "Quartet"};
  std::vector<Correction> corrections = {said(Subject::person, "M. Elson", "born", "1801"),
                                         said(Subject::person, "M. Elson", "name", "Marta Elson")};
  const auto before = effective(tracks, {}, {});
  corrections.push_back(said(Subject::work, before.works.at(0).key, "period", "baroque"));
  const auto shown = effective(tracks, {}, corrections);
  ASSERT_EQ(shown.people.size(), 1U);
  EXPECT_EQ(shown.people[0].name, "Marta Elson");
  EXPECT_EQ(shown.people[0].born, 1801);
  EXPECT_THAT(shown.tracks[0].artists, ElementsAre("Marta Elson", "Quartet"));
  // The key of the work began with the name that was.
  EXPECT_EQ(shown.works.at(0).period, "baroque");
}

TEST(Shown, WorksMergedOneIntoTheOtherInAChainAreOne) {
  const std::vector<TrackSources> tracks = {written(1, "Nachtlied", "Marta Elson"),
                                            written(2, "Evening", "Marta Elson"),
                                            written(3, "Morning", "Marta Elson")};
  const auto before = effective(tracks, {}, {});
  ASSERT_EQ(before.works.size(), 3U);
  const auto key = [&](std::size_t track) { return before.works[*before.tracks[track].work].key; };
  std::vector<Correction> corrections = {said(Subject::work, key(0), "same_as", key(1)),
                                         said(Subject::work, key(1), "same_as", key(2))};
  auto shown = effective(tracks, {}, corrections);
  ASSERT_EQ(shown.works.size(), 1U);
  EXPECT_EQ(shown.works[0].key, key(2));
  // The later of two that contradict each other counts.
  corrections.push_back(said(Subject::work, key(2), "same_as", key(1)));
  shown = effective(tracks, {}, corrections);
  ASSERT_EQ(shown.works.size(), 1U);
  EXPECT_EQ(shown.works[0].key, key(1));
}

TEST(ShownAlbums, AreWhatMostOfTheirTracksSay) {
  std::vector<TrackSources> tracks = {written(1, "Air", "A", "SERENADES"),
                                      written(2, "Dirge", "A", "Serenades (Disc II)"),
                                      written(3, "Gigue", "A", "Serenades")};
  tracks[1].row->date = "1998";
  tracks[2].row->album_artists = {"Orchestra"};
  const AlbumSources album{{1}, {"id:7"}};
  const auto shown = effective(tracks, std::span(&album, 1), {});
  ASSERT_EQ(shown.albums.size(), 1U);
  EXPECT_EQ(shown.albums[0].title, "Serenades");
  EXPECT_EQ(shown.albums[0].date, "1998");
  EXPECT_THAT(shown.albums[0].artists, ElementsAre("Orchestra"));
}

TEST(ShownAlbums, AreCorrectedByAnyOfTheirKeys) {
  std::vector<TrackSources> tracks = {written(1, "Air", "A"), written(2, "Dirge", "A")};
  tracks[0].row->conductors = {"Somebody"};
  const AlbumSources album{{1}, {"id:7", "name:serenades"}};
  const std::vector<Correction> corrections = {
      said(Subject::album, "name:serenades", "title", "first"),
      said(Subject::album, "id:7", "title", "Summer serenades"),
      said(Subject::album, "id:7", "conductor", "Maria Baton"),
      said(Subject::album, "id:8", "date", "1900"),
      said(Subject::track, "id:2", "conductor", "Another")};
  const auto shown = effective(tracks, std::span(&album, 1), corrections);
  EXPECT_EQ(shown.albums.at(0).title, "Summer serenades");
  EXPECT_EQ(shown.albums.at(0).date, "");
  EXPECT_THAT(shown.tracks[0].conductors, ElementsAre("Maria Baton"));
  EXPECT_THAT(shown.tracks[1].conductors, ElementsAre("Another"));
}

TEST(AlbumKeys, TellAnAlbumByWhatSurvives) {
  EXPECT_THAT(albumKeys({{"7"}, "serenades", "orchestra", {"Dvořák"}}),
              ElementsAre("id:7", "name:serenades/orchestra", "folder:dvorak/serenades"));
  EXPECT_THAT(albumKeys({{}, "serenades", "", {""}}), ElementsAre("name:serenades"));
}

}  // namespace
}  // namespace attacca::archive
