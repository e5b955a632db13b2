#include "attacca/archive/works.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "scoring.h"

namespace attacca::archive {
namespace {

const std::filesystem::path kData =
    std::filesystem::path(ATTACCA_SOURCE_DIR) / "src/archive/test/data";

WrittenTrack track(std::int64_t id, std::int64_t album, int position, std::string title,
                   std::string composer) {
  WrittenTrack written;
  written.id = id;
  written.album = album;
  written.position = position;
  written.title = std::move(title);
  written.composers = {std::move(composer)};
  return written;
}

// The key of each track's work; "" for none.
std::vector<std::string> worksOf(const Conclusions& conclusions) {
  std::vector<std::string> keys;
  for (const ConcludedTrack& one : conclusions.tracks)
    keys.push_back(one.work ? conclusions.works[*one.work].key : std::string());
  return keys;
}

std::vector<int> numbersOf(const Conclusions& conclusions) {
  std::vector<int> numbers;
  for (const ConcludedTrack& one : conclusions.tracks)
    numbers.push_back(one.movement_number.value_or(0));
  return numbers;
}

testing::Score scoreOf(const std::string& fixture) {
  const auto rows = testing::readCatalogue(kData / (fixture + "_rows.csv"));
  const Conclusions conclusions = conclude(testing::writtenTracks(rows));
  return testing::score(rows, conclusions, testing::readCsv(kData / (fixture + "_gold.csv")));
}

void expectAllReached(const std::string& fixture, int tracks) {
  const testing::Score score = scoreOf(fixture);
  ASSERT_EQ(score.tracks, tracks);
  for (const testing::Figure& figure : testing::figures(score)) {
    EXPECT_TRUE(figure.reached()) << fixture << ": " << figure.what << " is " << figure.value
                                  << ", not " << figure.must.value_or(0);
  }
  if (!::testing::Test::HasFailure()) return;
  for (const std::string& error : score.errors) std::cerr << error << '\n';
}

TEST(Works, ACatalogueIsReadAsACarefulReaderReadsIt) {
  expectAllReached("catalogue", 150);
  expectAllReached("second", 268);
  expectAllReached("third", 169);
  expectAllReached("fourth", 226);
  expectAllReached("fifth", 232);
  expectAllReached("seventh", 263);
  expectAllReached("eighth", 283);
}

TEST(Works, ATitleNamesItsComposerWhereNobodyElseDoes) {
  const auto composerOf = [](const std::string& title, const std::string& field) {
    const Conclusions conclusions = conclude(std::vector{track(1, 1, 1, title, field)});
    const auto& composers = conclusions.tracks[0].composers;
    return composers.empty() ? std::string() : composers[0].name;
  };
  for (const auto& [title, field, composer] : std::vector<std::array<std::string, 3>>{
           {"Cesar Franck: Sonata for violin and piano: I. Allegretto", "", "C\u00e9sar Franck"},
           {"BEETHOVEN Symphony No. 7: II. Allegretto", "Various", "Ludwig van Beethoven"},
           {"Nana (Falla)", "NaN", "Manuel de Falla"},
           {"The Swan - Saint-Sa\u00ebns", "", "Camille Saint-Sa\u00ebns"},
           {"Canon in D, Pachelbel", "", "Johann Pachelbel"},
           {"Brahms - Sonata in G, op. 78 - Adagio", "Maria Lund", "Johannes Brahms"},
           {"Schubert: Serenade", "Maria Lund (soprano), Jon Berg (piano)", "Franz Schubert"},
           {"Moonlight Sonata, 3rd movement", "", "Ludwig van Beethoven"},
           {"Le Cygne noir", "", ""},
           // They are by Brahms and Rachmaninoff, and one by somebody new.
           {"Haydn Variations", "", ""},
           {"Paganini Rhapsody", "", ""},
           {"Winter: Largo", "", ""},
           {"Bach: A Meditation on Rain", "Maria Lund", "Maria Lund"},
       }) {
    EXPECT_EQ(composerOf(title, field), composer) << title;
  }
}

TEST(Works, AnArrangerWhomNobodyKnowsIsKeptAsWritten) {
  const auto arrangersOf = [](const std::string& title, const std::string& composer) {
    const Conclusions conclusions = conclude(std::vector{track(1, 1, 1, title, composer)});
    std::string names;
    for (const Credit& credit : conclusions.tracks[0].arrangers)
      names += (names.empty() ? "" : ";") + credit.name;
    return names;
  };
  for (const auto& [title, composer, arranger] : std::vector<std::array<std::string, 3>>{
           {"Oblivion (arr. Zed Quux)", "Piazzolla", "Zed Quux"},
           {"Tango Azul, arr. Zedrick Quux", "Piazzolla", "Zedrick Quux"},
           {"Milonga [arranged by M. Okafor for strings]", "Piazzolla", "M. Okafor"},
           {"Liebesleid (arr. for cello and piano by T. Ek)", "Kreisler", "T. Ek"},
           {"Air (Quux arr.)", "Bach", "Quux"},
           {"Danse macabre (version by Ola Nord)", "Saint-Saens", "Ola Nord"},
           {"Air on the G string (Bach-Wilhelmj)", "Bach", "August Wilhelmj"},
           {"Bach-Busoni: Chaconne", "J. S. Bach", "Ferruccio Busoni"},
           {"La Cumparsita (arr. for string quartet)", "G. Matos Rodr\u00edguez", ""},
           {"Traumerei (arr. cello & piano)", "Schumann", ""},
           {"Adagio for Strings (arr. by the composer)", "Barber", ""},
           {"Sonata No. 9 (Kreutzer)", "Beethoven", ""},
           {"Concerto for String Orch. (1948)", "Bacewicz", ""},
       }) {
    EXPECT_EQ(arrangersOf(title, composer), arranger) << title;
  }
}

TEST(Works, ABeginningThatNeighboursShareIsTheWork) {
  const Conclusions conclusions = conclude(std::vector{
      track(1, 1, 1, "Three Lakes, Dawn", "Mo Fielding"),
      track(2, 1, 2, "Three Lakes, Noon", "Mo Fielding"),
      track(3, 1, 3, "Three Lakes, Dusk", "Mo Fielding"), track(4, 2, 1, "Noon", "Mo Fielding"),
      track(5, 2, 2, "Nocturne, Op. 9 No. 1", "Mo Fielding"),
      track(6, 2, 3, "Nocturne, Op. 9 No. 2", "Mo Fielding")});
  const std::vector<std::string> works = worksOf(conclusions);
  EXPECT_EQ(works[0], works[1]);
  EXPECT_EQ(works[0], works[2]);
  EXPECT_EQ(works[0], works[3]);
  EXPECT_NE(works[4], works[5]);
  EXPECT_EQ(numbersOf(conclusions), (std::vector<int>{1, 2, 3, 2, 0, 0}));
}

TEST(Works, WhoeverTalksOrClapsIsNoWork) {
  for (const std::string title :
       {"Applause", "Introduction by Maestro Lund", "Speech", "Tuning", "Encore announcement",
        "Welcome", "Talk: the composer in conversation", "Spoken introduction"}) {
    EXPECT_FALSE(conclude(std::vector{track(1, 1, 1, title, "")}).tracks[0].work) << title;
  }
  EXPECT_TRUE(
      conclude(std::vector{track(1, 1, 1, "Introduction and Allegro", "Elgar")}).tracks[0].work);
}

TEST(Works, PeriodAndInstrumentationAreRightWhereTheyAreConcluded) {
  const auto labels = testing::readCsv(kData / "work_labels.csv");
  std::vector<WrittenTrack> tracks;
  tracks.reserve(labels.size());
  for (const testing::CsvRow& row : labels) {
    tracks.push_back(track(static_cast<std::int64_t>(tracks.size()),
                           static_cast<std::int64_t>(tracks.size()), 1, row.at("title"),
                           row.at("composer")));
  }
  const Conclusions conclusions = conclude(tracks);
  testing::Share period;
  testing::Share instrumentation;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    ASSERT_TRUE(conclusions.tracks[i].work);
    const ConcludedWork& work = conclusions.works[*conclusions.tracks[i].work];
    std::string instruments(name(work.instrumentation));
    std::replace(instruments.begin(), instruments.end(), ' ', '_');
    if (instruments == "solo") instruments = "solo_other";
    if (work.period != Period::unknown) {
      period.add(name(work.period) == labels[i].at("period"));
      if (name(work.period) != labels[i].at("period"))
        std::cout << labels[i].at("composer") << ", " << labels[i].at("title") << ": "
                  << name(work.period) << '\n';
    }
    if (work.instrumentation != Instrumentation::unknown) {
      instrumentation.add(instruments == labels[i].at("instrumentation"));
      if (instruments != labels[i].at("instrumentation"))
        std::cout << labels[i].at("composer") << ", " << labels[i].at("title") << ": "
                  << instruments << '\n';
    }
  }
  std::cout << "period " << period.hits << " of " << period.of << ", instrumentation "
            << instrumentation.hits << " of " << instrumentation.of << ", works " << labels.size()
            << '\n';
  EXPECT_GE(period.value(), 0.9);
  EXPECT_GE(instrumentation.value(), 0.9);
  EXPECT_GE(period.of, static_cast<int>(labels.size() * 9 / 10));
  EXPECT_GE(instrumentation.of, static_cast<int>(labels.size() * 3 / 4));
}

TEST(Works, AnUnknownWorkIsFoundAgainUnderAnotherSpelling) {
  const Conclusions conclusions = conclude(std::vector<WrittenTrack>{
      track(1, 1, 1, "Concertino for Two Violas and Strings in D minor, Op. 7: I. Mosso",
            "Ivan Kolarov"),
      track(2, 2, 1, "Concertino d-Moll op. 7 - 2. Notturno", "I. Kolarov"),
      track(3, 3, 1, "Notturno from Concertino in D Minor", "Kolarov"),
      track(4, 3, 2, "Concertino in G minor", "Kolarov"),
  });
  const auto works = worksOf(conclusions);
  EXPECT_EQ(works[0], works[1]);
  EXPECT_EQ(works[0], works[2]);
  EXPECT_NE(works[0], works[3]);
  EXPECT_EQ(numbersOf(conclusions), (std::vector<int>{1, 2, 2, 0}));
}

TEST(Works, TheOrderOfRowsPlaysNoPart) {
  auto rows = testing::writtenTracks(testing::readCatalogue(kData / "catalogue_rows.csv"));
  const Conclusions one = conclude(rows);
  std::reverse(rows.begin(), rows.end());
  const Conclusions other = conclude(rows);
  auto works = worksOf(other);
  std::reverse(works.begin(), works.end());
  for (std::size_t i = 0; i < works.size(); ++i)
    EXPECT_EQ(worksOf(one)[i], works[i]) << rows[rows.size() - 1 - i].title;
  auto numbers = numbersOf(other);
  std::reverse(numbers.begin(), numbers.end());
  for (std::size_t i = 0; i < works.size(); ++i)
    EXPECT_EQ(numbersOf(one)[i], numbers[i]) << rows[rows.size() - 1 - i].title;
}

TEST(Works, TracksThatNameOnlyMovementsContinueTheWorkBeforeThem) {
  const Conclusions conclusions = conclude(std::vector<WrittenTrack>{
      track(1, 1, 1, "Sonata in F for viola", "Marta Elson"),
      track(2, 1, 2, "Largo", "Marta Elson"),
      track(3, 1, 3, "Finale. Vivo", "Marta Elson"),
      track(4, 1, 4, "Elegy", "Marta Elson"),
  });
  const auto works = worksOf(conclusions);
  EXPECT_EQ(works[0], works[1]);
  EXPECT_EQ(works[0], works[2]);
  EXPECT_NE(works[0], works[3]);
  EXPECT_EQ(numbersOf(conclusions), (std::vector<int>{1, 2, 3, 0}));
}

TEST(Works, AnExcerptAloneGetsNoNumberThatNobodyKnows) {
  const Conclusions conclusions = conclude(std::vector<WrittenTrack>{
      track(1, 1, 1, "Dirge from Suite for Strings", "Marta Elson"),
      track(2, 1, 2, "Nocturne", "Ivan Kolarov"),
      track(3, 1, 3, "Suite No. 2: Gavotte", "Ivan Kolarov"),
  });
  EXPECT_EQ(numbersOf(conclusions), (std::vector<int>{0, 0, 0}));
}

TEST(Works, ANumberThatEveryTrackStatesIsASlip) {
  const Conclusions conclusions = conclude(std::vector<WrittenTrack>{
      track(1, 1, 1, "Partita: I. Intrada", "Marta Elson"),
      track(2, 1, 2, "Partita: I. Aria", "Marta Elson"),
  });
  EXPECT_EQ(numbersOf(conclusions), (std::vector<int>{1, 2}));
  EXPECT_LT(conclusions.tracks[1].movement_why.confidence, 0.9);
}

TEST(Works, APieceOfASetIsItsOwnWorkAndANumberOfASuiteIsNot) {
  const Conclusions conclusions = conclude(std::vector<WrittenTrack>{
      track(1, 1, 1, "Prelude in E Flat, Op. 23: No. 6", "Rachmaninov"),
      track(2, 1, 2, "Prelude in G minor, Op. 23 No. 5", "Rachmaninov"),
      track(3, 2, 1, "24 Bagatelles, Op. 9: No. 3 in C", "Marta Elson"),
      track(4, 2, 2, "24 Bagatelles, Op. 9: No. 4 in D", "Marta Elson"),
      track(5, 3, 1, "Peer Gynt Suite No. 1: Anitra's Dance", "Grieg"),
      track(6, 4, 1, "Morning Mood", "Grieg"),
  });
  const auto works = worksOf(conclusions);
  EXPECT_NE(works[0], works[1]);
  EXPECT_NE(works[2], works[3]);
  EXPECT_EQ(works[4], works[5]);
  EXPECT_EQ(numbersOf(conclusions), (std::vector<int>{0, 0, 0, 0, 3, 1}));
}

TEST(Works, TagsSayMoreThanTitles) {
  WrittenTrack one = track(1, 1, 1, "Allegro", "Ivan Kolarov");
  one.work = "String Quartet No. 3";
  one.movement = "Allegro";
  one.movement_number = 2;
  const Conclusions conclusions = conclude(
      std::vector<WrittenTrack>{one, track(2, 2, 1, "Quartet No. 3 for strings", "Ivan Kolarov")});
  EXPECT_EQ(worksOf(conclusions)[0], worksOf(conclusions)[1]);
  EXPECT_EQ(conclusions.tracks[0].movement_number, 2);
  EXPECT_EQ(conclusions.tracks[0].movement_title, "Allegro");
}

TEST(Works, ADeadComposerNamedAsArtistComposed) {
  std::vector<WrittenTrack> rows = {track(1, 1, 1, "String Quartet Op. 76 No. 3: I. Allegro", ""),
                                    track(2, 1, 2, "String Quartet Op. 76 No. 3: I. Allegro", "")};
  for (WrittenTrack& row : rows) row.composers.clear();
  rows[0].artists = {"J. Haydn"};
  rows[1].artists = {"J. Haydn", "Maria Lund"};
  const Conclusions conclusions = conclude(rows);
  ASSERT_EQ(conclusions.tracks[0].composers.size(), 1U);
  EXPECT_EQ(conclusions.tracks[0].composers[0].name, "Joseph Haydn");
  EXPECT_LE(conclusions.tracks[0].composers[0].confidence, 0.7);
  EXPECT_TRUE(conclusions.tracks[1].composers.empty());
}

TEST(Works, WhatPeopleSetIsObeyed) {
  std::vector<WrittenTrack> rows = {track(1, 1, 1, "Adagio", "Albinoni"),
                                    track(2, 2, 1, "Adagio in g", "T. Albinoni"),
                                    track(3, 3, 1, "Sonata: II. Largo", "Marta Elson")};
  rows[0].fixed.composers = {{"Remo Giazotto"}};
  rows[2].fixed.movement_number = 0;
  rows[2].fixed.work = "Sonata seconda";
  const Conclusions conclusions = conclude(rows);
  EXPECT_EQ(conclusions.tracks[0].composers.at(0).name, "Remo Giazotto");
  EXPECT_EQ(conclusions.tracks[0].composers.at(0).confidence, 1);
  EXPECT_FALSE(conclusions.tracks[2].movement_number);
  EXPECT_EQ(conclusions.works[conclusions.tracks[2].work.value()].title, "Sonata seconda");
  EXPECT_EQ(conclusions.tracks[2].work_why.confidence, 1);
}

TEST(Works, WorksAreJoinedAndSplitByHand) {
  const std::vector<WrittenTrack> rows = {track(1, 1, 1, "Nachtlied", "Marta Elson"),
                                          track(2, 2, 1, "Night Song", "Marta Elson"),
                                          track(3, 3, 1, "Night Song", "Marta Elson")};
  const Conclusions before = conclude(rows);
  ASSERT_EQ(before.works.size(), 2U);
  Joins joins;
  joins.works = {{worksOf(before)[0], worksOf(before)[1]}};
  EXPECT_EQ(conclude(rows, joins).works.size(), 1U);
  joins.own_work = {{3, "Another Night Song"}};
  const Conclusions split = conclude(rows, joins);
  ASSERT_EQ(split.works.size(), 2U);
  EXPECT_EQ(split.works[split.tracks[2].work.value()].title, "Another Night Song");
  joins.people = {{"Marta Elson", "Ivan Kolarov"}};
  EXPECT_EQ(conclude(rows, joins).tracks[0].composers.at(0).name, "Ivan Kolarov");
}

// Title of the one work that all the spellings name.
std::string titleOf(const std::vector<std::string>& spellings) {
  std::vector<WrittenTrack> rows;
  for (const std::string& spelling : spellings) {
    const auto id = static_cast<std::int64_t>(rows.size());
    rows.push_back(track(id, id, 1, spelling, "Marta Elson"));
  }
  const Conclusions conclusions = conclude(rows);
  EXPECT_EQ(conclusions.works.size(), 1U);
  return conclusions.works.at(0).title;
}

TEST(Works, OfTheSpellingsOfAnUnknownWorkTheClearestIsShown) {
  EXPECT_EQ(titleOf({"Konzert für Violine und Orchester D-Dur, Op. 35: I. Allegro",
                     "Violin Concerto in D major, Op. 35",
                     "Concerto per violino e orchestra in re maggiore, Op. 35: 2. Adagio"}),
            "Violin Concerto in D major, Op. 35");
  EXPECT_EQ(titleOf({"SERENADE FOR STRINGS, OP. 12", "Serenade for Strings, Op. 12"}),
            "Serenade for Strings, Op. 12");
  EXPECT_EQ(titleOf({"Streichquartett Nr. 3 g-Moll"}), "Streichquartett Nr. 3 g-Moll");
}

TEST(Works, TheKnownWorkTellsWhichOfSeveralIsMeant) {
  const Conclusions conclusions =
      conclude(std::vector<WrittenTrack>{track(1, 1, 1, "Don Juan", "Strauss"),
                                         track(2, 2, 1, "On the Beautiful Blue Danube", "STRAUSS"),
                                         track(3, 3, 1, "Waltz", "Strauss")});
  EXPECT_EQ(conclusions.tracks[0].composers.at(0).name, "Richard Strauss");
  EXPECT_EQ(conclusions.tracks[1].composers.at(0).name, "Johann Strauss II");
  EXPECT_EQ(conclusions.tracks[2].composers.at(0).name, "Strauss");
  EXPECT_LE(conclusions.tracks[0].composers.at(0).confidence, 0.9);
}

TEST(Works, WhomAPersonNamedIsNotToldOtherwiseByTheWork) {
  Joins joins;
  joins.people = {{"Strauss", "Johann Strauss II"}};
  const std::vector<WrittenTrack> rows = {track(1, 1, 1, "Don Juan", "Strauss")};
  EXPECT_EQ(conclude(rows, joins).tracks[0].composers.at(0).name, "Johann Strauss II");
}

TEST(Works, AnAlbumTellsWhichOfSeveralIsMeant) {
  std::vector<WrittenTrack> rows = {track(1, 1, 1, "Waltz", "Strauss"),
                                    track(2, 1, 2, "Polka", "Josef Strauss")};
  EXPECT_EQ(conclude(rows).tracks[0].composers.at(0).name, "Josef Strauss");
  rows.push_back(track(3, 1, 3, "March", "Johann Strauss I"));
  EXPECT_EQ(conclude(rows).tracks[0].composers.at(0).name, "Strauss");
}

TEST(Works, EveryConclusionHasItsReason) {
  const Conclusions conclusions =
      conclude(testing::writtenTracks(testing::readCatalogue(kData / "catalogue_rows.csv")));
  for (const ConcludedTrack& one : conclusions.tracks) {
    ASSERT_TRUE(one.work) << one.id;
    EXPECT_GT(one.work_why.confidence, 0) << one.id;
    EXPECT_FALSE(one.work_why.reason.empty()) << one.id;
    EXPECT_EQ(one.movement_number.has_value() && one.movement_why.reason.empty(), false) << one.id;
  }
  EXPECT_TRUE(
      std::is_sorted(conclusions.works.begin(), conclusions.works.end(),
                     [](const ConcludedWork& a, const ConcludedWork& b) { return a.key < b.key; }));
}

TEST(Works, NothingMusicalIsNoWork) {
  const Conclusions conclusions = conclude(std::vector<WrittenTrack>{
      track(1, 1, 1, "Track 01", ""), track(2, 1, 2, "", ""), track(3, 1, 3, "\xFF\xFE(:", "NaN"),
      track(4, 1, 4, "Blue in Green", "")});
  EXPECT_FALSE(conclusions.tracks[0].work);
  EXPECT_FALSE(conclusions.tracks[1].work);
  EXPECT_TRUE(conclusions.tracks[3].work);
}

TEST(Works, AnEmptyCatalogueHasNoConclusions) { EXPECT_TRUE(conclude({}).works.empty()); }

}  // namespace
}  // namespace attacca::archive
