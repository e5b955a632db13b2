// Rows of an imported catalogue, the audio that belongs to them, and what is concluded.
#include <string>

#include <gmock/gmock.h>

#include "attacca/base/error.h"

#include "catalogue_contract.h"

namespace attacca::store {
namespace {

using archive::CatalogueRow;
using archive::Track;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(RowsContract, ARowIsATrackThatWasNotHeardYet) {
  const auto entered = import({rowOf("6", "Larghetto")});
  EXPECT_EQ(entered.added, 1);
  ASSERT_EQ(all().size(), 1U);
  const Track track = all().front();
  EXPECT_FALSE(track.heard());
  EXPECT_TRUE(track.offline);
  EXPECT_EQ(track.external_id, "6");
  EXPECT_EQ(track.title, "Larghetto");
  EXPECT_EQ(track.album_title, "Serenades");
  EXPECT_EQ(track.path, "");
  EXPECT_THAT(track.composers, ElementsAre("Antonín Dvořák"));
  EXPECT_DOUBLE_EQ(track.duration.count(), 180);
  EXPECT_THAT(catalogue_.places(track.id), IsEmpty());
  const auto counts = catalogue_.counts();
  EXPECT_EQ(counts.tracks, 1);
  EXPECT_EQ(counts.not_heard, 1);
  EXPECT_EQ(counts.offline, 0);
  EXPECT_EQ(counts.recordings, 0);
  EXPECT_EQ(catalogue_.rowOf(track.id), rowOf("6", "Larghetto"));
  EXPECT_FALSE(catalogue_.tagsOf(track.id).has_value());
}

TEST_P(RowsContract, TheSameRowsAgainChangeNothing) {
  import({rowOf("6", "Larghetto"), rowOf("7", "Finale")});
  const auto again = import({rowOf("6", "Larghetto"), rowOf("7", "Finale")});
  EXPECT_EQ(again.added, 0);
  EXPECT_EQ(again.changed, 0);
  EXPECT_EQ(again.unchanged, 2);
  EXPECT_FALSE(again.conclusions.any());
}

TEST_P(RowsContract, AChangedRowChangesItsTrack) {
  import({rowOf("6", "Larghetto"), rowOf("7", "Finale")});
  const TrackId id = catalogue_.find("Larghetto", 2).front().id;
  auto row = rowOf("6", "Larghetto con moto", "Other serenades");
  row.album_id = "8";
  const auto entered = import({rowOf("7", "Finale"), row});
  EXPECT_THAT(entered.changed_rows, ElementsAre(1U));
  EXPECT_EQ(track(id).title, "Larghetto con moto");
  EXPECT_EQ(track(id).album_title, "Other serenades");
  EXPECT_EQ(all().size(), 2U);
}

TEST_P(RowsContract, ADryRunKeepsNothing) {
  const auto tried = import({rowOf("6", "Larghetto")}, true);
  EXPECT_EQ(tried.added, 1);
  EXPECT_THAT(all(), IsEmpty());
  EXPECT_EQ(catalogue_.counts().people, 0);
}

TEST_P(RowsContract, ARequestToStopKeepsNothing) {
  std::stop_source stop;
  stop.request_stop();
  const std::vector<CatalogueRow> rows = {rowOf("6", "Larghetto")};
  EXPECT_EQ(faultOf([&] { catalogue_.enterRows(rows, false, stop.get_token()); }),
            Fault::cancelled);
  EXPECT_THAT(all(), IsEmpty());
}

TEST_P(RowsContract, AudioThatComesLaterIsTheRowsTrack) {
  auto row = rowOf("6", "Larghetto");
  row.file = "Serenades/01-Larghetto.m4a";
  import({row});
  const TrackId id = all().front().id;
  listenTo(id);
  auto arrival = arrivalOf("/music/Serenades/01-Larghetto.flac", "one", "");
  arrival.identity.tags.title = "Track 1";
  catalogue_.enter(arrival);
  EXPECT_EQ(catalogue_.conclude().attached, 1);
  ASSERT_EQ(all().size(), 1U);
  const Track now = all().front();
  EXPECT_EQ(now.id, id);
  EXPECT_TRUE(now.heard());
  EXPECT_FALSE(now.offline);
  EXPECT_EQ(now.hash, audioOf("one"));
  EXPECT_EQ(now.title, "Larghetto");
  EXPECT_EQ(now.album_title, "Serenades");
  EXPECT_EQ(now.external_id, "6");
  EXPECT_DOUBLE_EQ(now.duration.count(), 180.5);
  EXPECT_THAT(heardTracks(), ElementsAre(id));
  EXPECT_EQ(catalogue_.tagsOf(id)->title, "Track 1");
  EXPECT_FALSE(catalogue_.conclude().any());
}

TEST_P(RowsContract, ARowThatComesLaterTakesTheTrackOfItsAudio) {
  const TrackId id = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  catalogue_.conclude();
  listenTo(id);
  const auto entered = import({rowOf("6", "Title of one")});
  EXPECT_EQ(entered.conclusions.attached, 1);
  ASSERT_EQ(all().size(), 1U);
  EXPECT_EQ(all().front().id, id);
  EXPECT_EQ(all().front().external_id, "6");
  EXPECT_THAT(all().front().composers, ElementsAre("Antonín Dvořák"));
  EXPECT_THAT(heardTracks(), ElementsAre(id));
  EXPECT_EQ(import({rowOf("6", "Title of one")}).unchanged, 1);
}

TEST_P(RowsContract, ARetaggedFileOfARowStaysWithIt) {
  catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  import({rowOf("6", "Title of one")});
  auto arrival = arrivalOf("/m/a.flac", "one", "Favourites");
  arrival.identity.tags.title = "Something else";
  catalogue_.enter(arrival);
  catalogue_.conclude();
  ASSERT_EQ(all().size(), 1U);
  EXPECT_EQ(all().front().title, "Title of one");
  EXPECT_EQ(all().front().album_title, "Serenades");
}

TEST_P(RowsContract, AudioOfTwoLikelyRowsIsLeftAlone) {
  import({rowOf("6", "Title of one"), rowOf("7", "Title of one")});
  catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  EXPECT_EQ(catalogue_.conclude().attached, 0);
  EXPECT_EQ(all().size(), 3U);
}

TEST_P(RowsContract, DiscsOfOneAlbumAreOneAlbum) {
  auto first = rowOf("6", "Larghetto", "Serenades (Disc I)");
  auto second = rowOf("7", "Finale", "Serenades (Disc II)");
  import({second, first});
  const auto albums = catalogue_.albums();
  ASSERT_EQ(albums.size(), 1U);
  EXPECT_EQ(albums.front().title, "Serenades");
  EXPECT_THAT(titlesOf(all()), ElementsAre("Larghetto", "Finale"));
  EXPECT_EQ(all().back().disc_number, 2);
}

TEST_P(RowsContract, FilesOfOneFolderAndTitleAreOneAlbum) {
  auto nameless = arrivalOf("/m/album/1.flac", "one");
  nameless.identity.tags.album_artists.clear();
  const TrackId a = catalogue_.enter(nameless);
  const TrackId b = catalogue_.enter(arrivalOf("/m/album/2.flac", "two"));
  catalogue_.conclude();
  EXPECT_EQ(track(a).album, track(b).album);
  ASSERT_EQ(catalogue_.albums().size(), 1U);
  EXPECT_THAT(catalogue_.albums().front().artists, ElementsAre("Orchestra"));
  auto later = arrivalOf("/m/album/3.flac", "three");
  later.identity.tags.album_artists.clear();
  const TrackId c = catalogue_.enter(later);
  EXPECT_EQ(track(c).album, track(b).album);
  EXPECT_THAT(catalogue_.albums().front().artists, ElementsAre("Orchestra"));
}

TEST_P(RowsContract, TwoAlbumArtistsInOneFolderAreTwoAlbums) {
  auto nameless = arrivalOf("/m/album/1.flac", "one");
  nameless.identity.tags.album_artists.clear();
  catalogue_.enter(nameless);
  auto other = arrivalOf("/m/album/2.flac", "two");
  other.identity.tags.album_artists = {"Quartet"};
  catalogue_.enter(other);
  catalogue_.enter(arrivalOf("/m/album/3.flac", "three"));
  catalogue_.conclude();
  EXPECT_EQ(catalogue_.albums().size(), 3U);
}

TEST_P(RowsContract, AWorkKeepsItsIdWhenEverythingIsConcludedAgain) {
  import({rowOf("6", "Serenade in E major, Op. 22: I. Moderato")});
  const auto before = catalogue_.works();
  ASSERT_EQ(before.size(), 1U);
  import({rowOf("7", "Serenade in E major, Op. 22: II. Tempo di valse"), rowOf("8", "Humoresque")});
  const auto found = catalogue_.work(before.front().id);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->key, before.front().key);
  EXPECT_EQ(found->tracks, 2);
  EXPECT_EQ(catalogue_.tracks({.work = found->id}).size(), 2U);
  EXPECT_EQ(catalogue_.works().size(), 2U);
}

TEST_P(RowsContract, AWorkThatNoTrackIsOfIsGone) {
  import({rowOf("6", "Humoresque")});
  import({rowOf("6", "Legend")});
  ASSERT_EQ(catalogue_.works().size(), 1U);
  EXPECT_THAT(catalogue_.works().front().title, testing::HasSubstr("Legend"));
}

TEST_P(RowsContract, TracksAreFoundByTheirComposers) {
  import({rowOf("6", "Larghetto"), rowOf("7", "Finale")});
  EXPECT_EQ(catalogue_.find("dvorak finale", 5).size(), 1U);
  EXPECT_EQ(catalogue_.find("dvorak", 5).size(), 2U);
}

TEST_P(RowsContract, PeopleAreCountedByWhatTheyDid) {
  auto row = rowOf("6", "Larghetto");
  row.written.arrangers = {"Somebody Else"};
  row.written.artists = {"Quartet"};
  import({row});
  const auto people = catalogue_.people();
  ASSERT_EQ(people.size(), 3U);
  int composed = 0;
  int arranged = 0;
  int performed = 0;
  for (const auto& one : people) {
    composed += one.composed;
    arranged += one.arranged;
    performed += one.performed;
  }
  EXPECT_EQ(composed, 1);
  EXPECT_EQ(arranged, 1);
  EXPECT_EQ(performed, 1);
}

TEST_P(RowsContract, RowsThatALaterImportLacksAreNamedAndStay) {
  EXPECT_THAT(import({rowOf("6", "Larghetto"), rowOf("7", "Finale")}).missing, IsEmpty());
  const TrackId gone = catalogue_.find("Larghetto", 2).front().id;
  EXPECT_THAT(import({rowOf("7", "Finale"), rowOf("8", "Waltz")}).missing, ElementsAre(gone));
  EXPECT_THAT(import({rowOf("8", "Waltz")}, true).missing.size(), 2U);
  EXPECT_EQ(all().size(), 3U);
  EXPECT_THAT(import({rowOf("7", "Finale"), rowOf("8", "Waltz")}).missing, ElementsAre(gone));
  catalogue_.setRemoved(std::span(&gone, 1), true);
  EXPECT_THAT(import({rowOf("7", "Finale"), rowOf("8", "Waltz")}).missing, IsEmpty());
}

TEST_P(RowsContract, RowsOfAnotherCatalogueAreNotMissed) {
  import({rowOf("6", "Larghetto"), rowOf("7", "Finale")});
  EXPECT_THAT(import({rowOf("80", "Waltz", "Dances"), rowOf("81", "Polka", "Dances")}).missing,
              IsEmpty());
  EXPECT_THAT(import({rowOf("6", "Larghetto"), rowOf("7", "Finale")}).missing, IsEmpty());
  EXPECT_EQ(import({rowOf("80", "Waltz", "Dances")}).missing.size(), 1U);
}

}  // namespace
}  // namespace attacca::store
