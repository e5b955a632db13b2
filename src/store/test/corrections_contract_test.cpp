// What people corrected, and what becomes of it.
#include <string>

#include <gmock/gmock.h>

#include "attacca/base/error.h"

#include "catalogue_contract.h"

namespace attacca::store {
namespace {

using archive::Correction;
using archive::Subject;
using archive::Track;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(RowsContract, ACorrectionOverrulesAndOutlivesAnotherImport) {
  import({rowOf("6", "Larghetto")});
  const std::vector<Correction> wanted = {
      {0, Subject::track, "id:6", "composer", "Josef Suk", UnixTime{}},
      {0, Subject::track, "id:6", "title", "Meditation", UnixTime{}}};
  EXPECT_TRUE(catalogue_.correct(wanted).any());
  import({rowOf("6", "Larghetto con moto")});
  EXPECT_EQ(all().front().title, "Meditation");
  EXPECT_THAT(all().front().composers, ElementsAre("Josef Suk"));
  EXPECT_EQ(catalogue_.reasons(all().front().id).credits.front().why.confidence, 1);
  EXPECT_EQ(catalogue_.rowOf(all().front().id)->written.title, "Larghetto con moto");
}

TEST_P(RowsContract, ACorrectionOfAudioOutlivesARescan) {
  catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  const std::vector<Correction> wanted = {
      {0, Subject::track, "audio:" + audioOf("one").hex(), "title", "Meditation", UnixTime{}}};
  catalogue_.correct(wanted);
  auto arrival = arrivalOf("/m/b.flac", "one");
  arrival.identity.tags.title = "Again";
  catalogue_.enter(arrival);
  catalogue_.conclude();
  EXPECT_THAT(titlesOf(all()), ElementsAre("Meditation"));
}

TEST_P(RowsContract, ARowWithoutAnIdIsCorrectedByItsKey) {
  auto row = rowOf("", "Larghetto");
  row.key = "file:a.m4a";
  import({row});
  EXPECT_EQ(all().front().external_id, "");
  const Correction wanted{0, Subject::track, "row:file:a.m4a", "title", "Meditation", UnixTime{}};
  catalogue_.correct(std::span(&wanted, 1));
  EXPECT_EQ(all().front().title, "Meditation");
}

TEST_P(RowsContract, ACorrectionCanBeUndone) {
  import({rowOf("6", "Larghetto")});
  const Correction wanted{0, Subject::track, "id:6", "title", "Meditation", UnixTime{}};
  catalogue_.correct(std::span(&wanted, 1));
  EXPECT_FALSE(catalogue_.correct(std::span(&wanted, 1)).any());
  const auto kept = catalogue_.corrections();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_TRUE(kept.front().says(wanted));
  catalogue_.undoCorrections(std::span(&kept.front().id, 1));
  EXPECT_EQ(all().front().title, "Larghetto");
  EXPECT_EQ(faultOf([&] { catalogue_.undoCorrections(std::span(&kept.front().id, 1)); }),
            Fault::notFound);
}

TEST_P(RowsContract, AFieldThatThereIsNotIsRefusedAndChangesNothing) {
  import({rowOf("6", "Larghetto")});
  const std::vector<Correction> wanted = {
      {0, Subject::track, "id:6", "title", "Meditation", UnixTime{}},
      {0, Subject::track, "id:6", "colour", "blue", UnixTime{}}};
  EXPECT_EQ(faultOf([&] { catalogue_.correct(wanted); }), Fault::usage);
  EXPECT_EQ(all().front().title, "Larghetto");
  EXPECT_THAT(catalogue_.corrections(), IsEmpty());
}

TEST_P(RowsContract, WorksMayBeMerged) {
  import({rowOf("6", "Humoresque"), rowOf("7", "Legend")});
  const auto works = catalogue_.works();
  ASSERT_EQ(works.size(), 2U);
  const Correction merge{0, Subject::work, works[0].key, "same_as", works[1].key, UnixTime{}};
  catalogue_.correct(std::span(&merge, 1));
  ASSERT_EQ(catalogue_.works().size(), 1U);
  EXPECT_EQ(catalogue_.works().front().key, works[1].key);
  EXPECT_EQ(catalogue_.works().front().tracks, 2);
}

TEST_P(RowsContract, AWorksPeriodMayBeCorrected) {
  import({rowOf("6", "Humoresque")});
  const auto work = catalogue_.works().front();
  const Correction wanted{0, Subject::work, work.key, "period", "baroque", UnixTime{}};
  EXPECT_TRUE(catalogue_.correct(std::span(&wanted, 1)).any());
  EXPECT_EQ(catalogue_.work(work.id)->period, "baroque");
  EXPECT_EQ(catalogue_.work(work.id)->period_why.confidence, 1);
}

TEST_P(RowsContract, PeopleMayBeMergedAndDescribed) {
  auto row = rowOf("6", "Larghetto");
  row.written.composers = {"Zacharias Unheardof"};
  auto other = rowOf("7", "Finale");
  other.written.composers = {"Zebulon Unheardof"};
  import({row, other});
  const std::vector<Correction> wanted = {
      {0, Subject::person, "Zebulon Unheardof", "same_as", "Zacharias Unheardof", UnixTime{}},
      {0, Subject::person, "Zacharias Unheardof", "born", "1801", UnixTime{}}};
  catalogue_.correct(wanted);
  const auto people = catalogue_.people();
  ASSERT_EQ(people.size(), 1U);
  EXPECT_EQ(people.front().name, "Zacharias Unheardof");
  EXPECT_EQ(people.front().born, 1801);
  EXPECT_EQ(people.front().composed, 2);
  EXPECT_THAT(people.front().spellings, ElementsAre("Zebulon Unheardof"));
}

TEST_P(RowsContract, ACorrectionMadeSinceAudioCameOverrulesOneMadeBefore) {
  auto row = rowOf("", "Title of one");
  row.key = "place:7";
  import({row});
  const Correction before{0, Subject::track, "row:place:7", "title", "Before", UnixTime{}};
  catalogue_.correct(std::span(&before, 1));
  catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  ASSERT_EQ(catalogue_.conclude().attached, 1);
  const Correction since{0,       Subject::track, "audio:" + audioOf("one").hex(),
                         "title", "Since",        UnixTime{}};
  catalogue_.correct(std::span(&since, 1));
  EXPECT_THAT(titlesOf(all()), ElementsAre("Since"));
  // The older one says so already, but is not in force.
  catalogue_.correct(std::span(&before, 1));
  EXPECT_THAT(titlesOf(all()), ElementsAre("Before"));
  EXPECT_EQ(catalogue_.corrections().size(), 3U);
}

TEST_P(RowsContract, CorrectionsThatAreBroughtTwiceAreKeptOnce) {
  import({rowOf("6", "Larghetto")});
  const UnixTime at(std::chrono::seconds(1'000'000'000));
  const std::vector<Correction> shared = {
      {0, Subject::track, "id:6", "title", "First", at},
      {0, Subject::track, "id:6", "title", "Second", at + std::chrono::seconds(1)}};
  catalogue_.correct(shared);
  EXPECT_FALSE(catalogue_.correct(shared).any());
  EXPECT_EQ(catalogue_.corrections().size(), 2U);
  EXPECT_EQ(all().front().title, "Second");
}

TEST_P(RowsContract, AnAlbumMayBeCorrectedAndTheCorrectionUndone) {
  import({rowOf("6", "Larghetto"), rowOf("7", "Finale")});
  const std::string key = catalogue_.albums().front().key;
  EXPECT_EQ(key, "id:7");
  const std::vector<Correction> wanted = {
      {0, Subject::album, key, "title", "Summer music", UnixTime{}},
      {0, Subject::album, key, "artist", "Quartet; Soloist", UnixTime{}},
      {0, Subject::album, key, "date", "1998", UnixTime{}},
      {0, Subject::album, key, "conductor", "Maria Baton", UnixTime{}}};
  EXPECT_EQ(catalogue_.correct(wanted).albums, 1);
  const auto check = [&] {
    const auto albums = catalogue_.albums();
    ASSERT_EQ(albums.size(), 1U);
    EXPECT_EQ(albums.front().title, "Summer music");
    EXPECT_THAT(albums.front().artists, ElementsAre("Quartet", "Soloist"));
    EXPECT_EQ(albums.front().date, "1998");
    for (const Track& track : all()) {
      EXPECT_EQ(track.album_title, "Summer music");
      EXPECT_THAT(track.conductors, ElementsAre("Maria Baton"));
    }
    EXPECT_EQ(catalogue_.find("summer", 9).size(), all().size());
  };
  check();
  import({rowOf("6", "Larghetto con moto"), rowOf("7", "Finale"), rowOf("8", "Waltz")});
  check();
  for (const Correction& one : catalogue_.corrections()) {
    catalogue_.undoCorrections(std::span(&one.id, 1));
  }
  EXPECT_EQ(catalogue_.albums().front().title, "Serenades");
  EXPECT_EQ(catalogue_.albums().front().date, "");
  EXPECT_THAT(catalogue_.albums().front().artists, IsEmpty());
  EXPECT_EQ(catalogue_.find("serenades", 9).size(), 3U);
  EXPECT_THAT(all().front().conductors, IsEmpty());
}

TEST_P(RowsContract, ACorrectedAlbumOutlivesARescan) {
  catalogue_.enter(arrivalOf("/m/album/1.flac", "one"));
  catalogue_.conclude();
  const Correction wanted{0,       Subject::album, catalogue_.albums().front().key,
                          "title", "Summer",       UnixTime{}};
  catalogue_.correct(std::span(&wanted, 1));
  const auto check = [&](std::size_t tracks) {
    ASSERT_EQ(catalogue_.albums().size(), 1U);
    EXPECT_EQ(catalogue_.albums().front().title, "Summer");
    EXPECT_EQ(catalogue_.find("summer", 9).size(), tracks);
  };
  check(1);
  catalogue_.enter(arrivalOf("/m/album/1.flac", "one"));
  catalogue_.conclude();
  check(1);
  catalogue_.enter(arrivalOf("/m/album/2.flac", "two"));
  catalogue_.conclude();
  check(2);
}

TEST_P(RowsContract, AnAlbumIsOfTheDateThatItsRowsHaveNow) {
  auto row = rowOf("6", "Larghetto");
  row.written.date = "1998";
  import({row});
  EXPECT_EQ(catalogue_.albums().front().date, "1998");
  row.written.date = "1999";
  import({row});
  EXPECT_EQ(catalogue_.albums().front().date, "1999");
}

TEST_P(RowsContract, WhatWasSaidOfSomebodyIsGoneWhenItIsUndone) {
  auto row = rowOf("6", "Larghetto");
  row.written.composers = {"Zacharias Unheardof"};
  import({row});
  const Correction wanted{0, Subject::person, "Zacharias Unheardof", "born", "1801", UnixTime{}};
  catalogue_.correct(std::span(&wanted, 1));
  EXPECT_EQ(catalogue_.people().front().born, 1801);
  const auto id = catalogue_.corrections().front().id;
  catalogue_.undoCorrections(std::span(&id, 1));
  EXPECT_FALSE(catalogue_.people().front().born.has_value());
}

}  // namespace
}  // namespace attacca::store
