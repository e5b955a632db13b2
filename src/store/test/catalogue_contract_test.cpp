// Lists, finding, refusals and counts.
#include "catalogue_contract.h"

#include <string>

#include <gmock/gmock.h>

#include "attacca/base/error.h"

namespace attacca::store {
namespace {

using archive::Arrival;
using archive::RefusedFile;
using archive::Track;
using archive::TrackFilter;
using testing::ElementsAre;
using testing::IsEmpty;

Arrival titled(const std::string& title, const std::string& album, int disc = 0, int number = 0) {
  static int files = 0;
  const std::string name = std::to_string(++files);
  Arrival arrival = arrivalOf("/m/" + name + ".flac", name, album);
  arrival.identity.tags.title = title;
  if (disc > 0) arrival.identity.tags.disc_number = disc;
  if (number > 0) arrival.identity.tags.track_number = number;
  return arrival;
}

TEST_P(CatalogueContract, AnEmptyArchiveHasNothing) {
  EXPECT_THAT(catalogue_.tracks(TrackFilter{}), IsEmpty());
  EXPECT_THAT(catalogue_.albums(), IsEmpty());
  EXPECT_THAT(catalogue_.find("anything", 10), IsEmpty());
  EXPECT_THAT(catalogue_.placesUnder("/"), IsEmpty());
  EXPECT_THAT(catalogue_.refusedFiles(), IsEmpty());
  EXPECT_FALSE(catalogue_.track(TrackId{1}).has_value());
  EXPECT_FALSE(catalogue_.recording(audioOf("one")).has_value());
  EXPECT_FALSE(catalogue_.place("/m/a.flac").has_value());
  EXPECT_EQ(catalogue_.counts().duration.count(), 0);
}

TEST_P(CatalogueContract, ATrackSaysAllThatWasEntered) {
  Arrival arrival = arrivalOf("/m/a.flac", "one", "Serenades");
  auto& tags = arrival.identity.tags;
  tags.title = "Larghetto";
  tags.artists = {"Wind players", "Second"};
  tags.composers = {"Antonín Dvořák"};
  tags.conductors = {"Conductor"};
  tags.work = "Serenade";
  tags.movement = "IV. Larghetto";
  tags.movement_number = 4;
  tags.disc_number = 2;
  tags.track_number = 7;
  const TrackId id = catalogue_.enter(arrival);
  catalogue_.conclude();
  const Track now = track(id);
  EXPECT_EQ(now.id, id);
  EXPECT_EQ(now.hash, audioOf("one"));
  EXPECT_EQ(now.title, "Larghetto");
  EXPECT_EQ(now.album_title, "Serenades");
  EXPECT_THAT(now.artists, ElementsAre("Wind players", "Second"));
  EXPECT_THAT(now.composers, ElementsAre("Antonín Dvořák"));
  EXPECT_THAT(now.conductors, ElementsAre("Conductor"));
  EXPECT_EQ(now.work_title, "Serenade");
  EXPECT_EQ(now.movement, "IV. Larghetto");
  EXPECT_EQ(now.movement_number, 4);
  EXPECT_EQ(now.disc_number, 2);
  EXPECT_EQ(now.track_number, 7);
  EXPECT_DOUBLE_EQ(now.duration.count(), 180.5);
  EXPECT_EQ(now.path, "/m/a.flac");
}

TEST_P(CatalogueContract, ARecordingSaysWhatWasHeard) {
  Arrival arrival = arrivalOf("/m/a.flac", "one");
  arrival.heard.loudness = {-18.25, 12.5, 0.75};
  catalogue_.enter(arrival);
  catalogue_.enter(arrivalOf("/m/b.flac", "silent"));
  const auto heard = catalogue_.recording(audioOf("one")).value();
  EXPECT_TRUE(heard.id);
  EXPECT_EQ(heard.hash, audioOf("one"));
  EXPECT_EQ(heard.loudness, arrival.heard.loudness);
  EXPECT_EQ(heard.format, "flac");
  EXPECT_EQ(heard.rate_hz, 44100);
  EXPECT_EQ(heard.channels, 2);
  EXPECT_EQ(catalogue_.recording(audioOf("silent"))->loudness, Loudness());
}

TEST_P(CatalogueContract, StampsOfAnySizeComeBack) {
  Arrival arrival = arrivalOf("/m/a.flac", "one");
  arrival.stamp = {std::uint64_t{5} << 40, -1'000'000'007};
  catalogue_.enter(arrival);
  EXPECT_EQ(catalogue_.place("/m/a.flac")->stamp, arrival.stamp);
}

TEST_P(CatalogueContract, ListsAreInOrderOfAlbumDiscAndTrack) {
  catalogue_.enterAll(
      std::vector{titled("e", "Symphony No. 10"), titled("d", "Symphony No. 9", 2, 1),
                  titled("c", "Symphony No. 9", 1, 10), titled("b", "symphony no. 9", 1, 9),
                  titled("f", ""), titled("a", "The Planets")});
  EXPECT_THAT(titlesOf(catalogue_.tracks(TrackFilter{})),
              ElementsAre("a", "b", "c", "d", "e", "f"));
}

TEST_P(CatalogueContract, PagesMakeTheWhole) {
  for (int i = 0; i < 7; ++i) catalogue_.enter(titled(std::to_string(i), "Album", 1, i + 1));
  std::vector<std::string> paged;
  for (int offset = 0; offset < 9; offset += 3) {
    for (const auto& title :
         titlesOf(catalogue_.tracks({.album = {}, .limit = 3, .offset = offset}))) {
      paged.push_back(title);
    }
  }
  EXPECT_EQ(paged, titlesOf(catalogue_.tracks(TrackFilter{})));
  EXPECT_EQ(paged.size(), 7U);
}

TEST_P(CatalogueContract, AFilterTakesOneAlbumOrTheRemoved) {
  const TrackId a = catalogue_.enter(titled("a", "One"));
  catalogue_.enter(titled("b", "Two"));
  const TrackId c = catalogue_.enter(titled("c", "One"));
  EXPECT_THAT(titlesOf(catalogue_.tracks({.album = track(a).album})), ElementsAre("a", "c"));
  remove(c);
  EXPECT_THAT(titlesOf(catalogue_.tracks({.album = track(a).album})), ElementsAre("a"));
  EXPECT_THAT(titlesOf(catalogue_.tracks({.album = {}, .removed = true})), ElementsAre("c"));
}

TEST_P(CatalogueContract, TracksComeInTheOrderAskedFor) {
  const TrackId a = catalogue_.enter(titled("a", "One"));
  const TrackId b = catalogue_.enter(titled("b", "One"));
  EXPECT_THAT(titlesOf(catalogue_.tracks(std::vector{b, TrackId{999}, a, b})),
              ElementsAre("b", "a", "b"));
}

TEST_P(CatalogueContract, AlbumsSayTheirArtistsDateAndSize) {
  Arrival first = titled("a", "Serenades");
  first.identity.tags.date = "1977";
  catalogue_.enter(first);
  catalogue_.enter(titled("b", "Serenades"));
  const TrackId gone = catalogue_.enter(titled("c", "Gone"));
  remove(gone);
  const auto albums = catalogue_.albums();
  ASSERT_EQ(albums.size(), 1U);
  EXPECT_EQ(albums[0].title, "Serenades");
  EXPECT_THAT(albums[0].artists, ElementsAre("Orchestra"));
  EXPECT_EQ(albums[0].date, "1977");
  EXPECT_EQ(albums[0].tracks, 2);
}

TEST_P(CatalogueContract, AnAlbumWithoutAlbumArtistsHasThoseThatAllItsTracksShare) {
  for (const std::string soloist : {"Soprano", "Tenor"}) {
    Arrival arrival = titled(soloist, "Lieder");
    arrival.identity.tags.album_artists.clear();
    arrival.identity.tags.artists = {soloist, "Pianist"};
    catalogue_.enter(arrival);
  }
  ASSERT_EQ(catalogue_.albums().size(), 1U);
  EXPECT_THAT(catalogue_.albums()[0].artists, ElementsAre("Pianist"));
}

TEST_P(CatalogueContract, PlacesUnderAFolderAreThoseBelowItOnly) {
  for (const std::string path : {"/m/a/1", "/m/a/b/2", "/m/ab/3", "/m/a", "/m/a.x", "/n/a/4"}) {
    catalogue_.enter(arrivalOf(path, path));
  }
  const std::vector<std::string> below = {"/m/a", "/m/a/1", "/m/a/b/2"};
  EXPECT_EQ(pathsOf(catalogue_.placesUnder("/m/a")), below);
  EXPECT_EQ(pathsOf(catalogue_.placesUnder("/m/a/")), below);
  EXPECT_EQ(catalogue_.placesUnder("/").size(), 6U);
  EXPECT_THAT(catalogue_.placesUnder("/m/%"), IsEmpty());
}

TEST_P(CatalogueContract, AnIdIsFoundBeforeATitle) {
  const TrackId id = catalogue_.enter(titled("Larghetto", "One"));
  catalogue_.enter(titled("Overture " + std::to_string(id.value), "One"));
  EXPECT_THAT(titlesOf(catalogue_.find(std::to_string(id.value), 10)), ElementsAre("Larghetto"));
  catalogue_.enter(titled("1812", "One"));
  EXPECT_THAT(titlesOf(catalogue_.find("1812", 10)), ElementsAre("1812"));
}

TEST_P(CatalogueContract, APathIsFound) {
  catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  EXPECT_THAT(titlesOf(catalogue_.find("/m/a.flac", 10)), ElementsAre("Title of one"));
}

TEST_P(CatalogueContract, AWholeTitleIsFoundBeforePartsOfTitles) {
  catalogue_.enter(titled("Serenade", "One"));
  catalogue_.enter(titled("Serenade for Strings", "One"));
  EXPECT_THAT(titlesOf(catalogue_.find("SERENADE!", 10)), ElementsAre("Serenade"));
}

TEST_P(CatalogueContract, PartsOfWordsInAnyOrderAreFoundWhateverTheirAccents) {
  catalogue_.enter(titled("Písně milostné: Ó, duše drahá", "One"));
  catalogue_.enter(titled("Duo", "One"));
  EXPECT_EQ(catalogue_.find("draha pisn", 10).size(), 1U);
  EXPECT_EQ(catalogue_.find("du", 10).size(), 2U);
  EXPECT_THAT(catalogue_.find("draha duo", 10), IsEmpty());
}

TEST_P(CatalogueContract, WordsOfAlbumAndTitleTogetherAreFoundLast) {
  catalogue_.enter(titled("Larghetto", "Serenades"));
  catalogue_.enter(titled("Larghetto", "Quintets"));
  catalogue_.enter(titled("Serenades", "Other"));
  EXPECT_THAT(titlesOf(catalogue_.find("serenades larghetto", 10)), ElementsAre("Larghetto"));
  EXPECT_THAT(titlesOf(catalogue_.find("serenades", 10)), ElementsAre("Serenades"));
}

TEST_P(CatalogueContract, TextThatIsNoWordFindsNothingByAccident) {
  catalogue_.enter(titled("Larghetto", "One"));
  catalogue_.enter(titled("???", "One"));
  for (const std::string odd : {"", "   ", "%", "_", "'; DROP TABLE tracks; --", "\xff\xff"}) {
    EXPECT_THAT(catalogue_.find(odd, 10), IsEmpty()) << odd;
  }
  EXPECT_THAT(titlesOf(catalogue_.find("???", 10)), ElementsAre("???"));
}

TEST_P(CatalogueContract, FindingStopsAtTheLimitAndPassesOverTheRemoved) {
  for (int i = 0; i < 5; ++i) catalogue_.enter(titled("Duo " + std::to_string(i), "One", 1, i + 1));
  EXPECT_EQ(catalogue_.find("duo", 3).size(), 3U);
  EXPECT_EQ(catalogue_.find("duo", -1).size(), 5U);
  remove(catalogue_.find("duo 0", 1).at(0).id);
  EXPECT_EQ(catalogue_.find("duo", -1).size(), 4U);
}

TEST_P(CatalogueContract, ARefusalIsReplacedForgottenAndClearedByAnArrival) {
  const RefusedFile file{"/m/\xff.mp3", {10, 20}, "it holds no sound", UnixTime{}};
  catalogue_.refuse(file);
  RefusedFile later = file;
  later.stamp.size = 11;
  later.reason = "it is empty";
  later.at = UnixTime(std::chrono::milliseconds(1234));
  catalogue_.refuse(later);
  ASSERT_EQ(catalogue_.refusedFiles().size(), 1U);
  const RefusedFile kept = catalogue_.refusedFile(file.path).value();
  EXPECT_EQ(kept.path, later.path);
  EXPECT_EQ(kept.stamp, later.stamp);
  EXPECT_EQ(kept.reason, later.reason);
  EXPECT_EQ(kept.at, later.at);
  catalogue_.forgetRefusal(file.path);
  EXPECT_FALSE(catalogue_.refusedFile(file.path).has_value());
  catalogue_.refuse(file);
  catalogue_.enter(arrivalOf(file.path, "one"));
  EXPECT_EQ(catalogue_.counts().refused, 0);
}

TEST_P(CatalogueContract, APlaceThatIsRefusedIsOffline) {
  const TrackId id = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  catalogue_.refuse({"/m/a.flac", {1, 2}, "it holds no sound", UnixTime{}});
  EXPECT_TRUE(track(id).offline);
}

TEST_P(CatalogueContract, RemovingAnUnknownTrackRemovesNothing) {
  const TrackId id = catalogue_.enter(titled("a", "One"));
  try {
    catalogue_.setRemoved(std::vector{id, TrackId{999}}, true);
    FAIL() << "no Error";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::notFound);
  }
  EXPECT_FALSE(track(id).removed);
}

TEST_P(CatalogueContract, ManyEnterAtOnceAsOneByOne) {
  const auto ids = catalogue_.enterAll(std::vector{
      arrivalOf("/m/a.flac", "one"), arrivalOf("/m/b.flac", "two"), arrivalOf("/c/a.flac", "one")});
  ASSERT_EQ(ids.size(), 3U);
  EXPECT_EQ(ids[0], ids[2]);
  EXPECT_EQ(catalogue_.counts().tracks, 2);
  EXPECT_THAT(catalogue_.enterAll({}), IsEmpty());
}

TEST_P(CatalogueContract, CountsAreOfWhatIsNotRemoved) {
  Arrival first = titled("a", "One");
  first.identity.tags.composers = {"Dvořák"};
  first.identity.tags.work = "Serenade";
  const TrackId a = catalogue_.enter(first);
  const TrackId b = catalogue_.enter(titled("b", "Two"));
  listenTo(a);
  catalogue_.conclude();
  catalogue_.refuse({"/m/x.mp3", {}, "it is empty", UnixTime{}});
  auto counts = catalogue_.counts();
  EXPECT_EQ(counts.tracks, 2);
  EXPECT_EQ(counts.recordings, 2);
  EXPECT_EQ(counts.albums, 2);
  EXPECT_EQ(counts.works, 2);
  EXPECT_EQ(counts.people, 2);
  EXPECT_EQ(counts.refused, 1);
  EXPECT_EQ(counts.users, 1);
  EXPECT_EQ(counts.interactions, 1);
  EXPECT_DOUBLE_EQ(counts.duration.count(), 361);
  remove(b);
  counts = catalogue_.counts();
  EXPECT_EQ(counts.tracks, 1);
  EXPECT_EQ(counts.removed, 1);
  EXPECT_EQ(counts.albums, 1);
}

}  // namespace
}  // namespace attacca::store
