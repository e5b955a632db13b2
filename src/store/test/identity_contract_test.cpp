// Moved, copied, re-tagged, replaced and gone files.
#include <string>

#include <gmock/gmock.h>

#include "catalogue_contract.h"

namespace attacca::store {
namespace {

using archive::Arrival;
using archive::Track;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(IdentityContract, TheSameFileAgainIsTheSameTrack) {
  const TrackId id = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  EXPECT_EQ(catalogue_.enter(arrivalOf("/m/a.flac", "one")), id);
  EXPECT_EQ(catalogue_.counts().tracks, 1);
  EXPECT_EQ(catalogue_.places(id).size(), 1U);
}

TEST_P(IdentityContract, AMovedFileKeepsItsTrackAndHistory) {
  const TrackId id = catalogue_.enter(arrivalOf("/old/a.flac", "one"));
  listenTo(id);
  takeAway("/old/a.flac");
  EXPECT_TRUE(track(id).offline);
  EXPECT_EQ(catalogue_.enter(arrivalOf("/new/a.flac", "one")), id);
  EXPECT_FALSE(track(id).offline);
  EXPECT_EQ(track(id).path, "/new/a.flac");
  EXPECT_THAT(heardTracks(), ElementsAre(id));
}

TEST_P(IdentityContract, AMoveThatIsSeenBeforeTheLossKeepsTheTrack) {
  const TrackId id = catalogue_.enter(arrivalOf("/old/a.flac", "one"));
  EXPECT_EQ(catalogue_.enter(arrivalOf("/new/a.flac", "one")), id);
  takeAway("/old/a.flac");
  EXPECT_EQ(track(id).path, "/new/a.flac");
  EXPECT_FALSE(track(id).offline);
}

TEST_P(IdentityContract, AnUntaggedFileMovedToAnotherFolderKeepsItsTrack) {
  Arrival arrival = arrivalOf("/old/a.wav", "one", "");
  arrival.identity.tags = {};
  const TrackId id = catalogue_.enter(arrival);
  takeAway("/old/a.wav");
  arrival.path = "/new/b.wav";
  EXPECT_EQ(catalogue_.enter(arrival), id);
  EXPECT_EQ(track(id).title, "b");
}

TEST_P(IdentityContract, ACopiedFileIsOneTrackWithTwoPlaces) {
  const TrackId id = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  EXPECT_EQ(catalogue_.enter(arrivalOf("/copy/a.flac", "one")), id);
  EXPECT_THAT(pathsOf(catalogue_.places(id)), ElementsAre("/m/a.flac", "/copy/a.flac"));
  takeAway("/m/a.flac");
  EXPECT_FALSE(track(id).offline);
  EXPECT_EQ(track(id).path, "/copy/a.flac");
}

TEST_P(IdentityContract, ACopyDoesNotChangeTheMetadataOfWhatIsThere) {
  const TrackId id = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  Arrival copy = arrivalOf("/copy/a.flac", "one");
  copy.identity.tags.title = "Badly spelled";
  EXPECT_EQ(catalogue_.enter(copy), id);
  EXPECT_EQ(track(id).title, "Title of one");
}

TEST_P(IdentityContract, ARetaggedFileKeepsItsTrackAndTakesTheTags) {
  const TrackId id = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  listenTo(id);
  Arrival retagged = arrivalOf("/m/a.flac", "one");
  retagged.identity.tags.title = "Larghetto";
  retagged.identity.tags.artists = {"Quartet"};
  retagged.identity.tags.composers = {"Antonín Dvořák"};
  retagged.identity.tags.work = "Serenade op. 22";
  retagged.identity.tags.movement_number = 4;
  EXPECT_EQ(catalogue_.enter(retagged), id);
  catalogue_.conclude();
  const Track now = track(id);
  EXPECT_EQ(now.title, "Larghetto");
  EXPECT_THAT(now.artists, ElementsAre("Quartet"));
  EXPECT_THAT(now.composers, ElementsAre("Antonín Dvořák"));
  EXPECT_EQ(now.work_title, "Serenade for Strings in E major, Op. 22");
  EXPECT_EQ(now.movement_number, 4);
  EXPECT_THAT(heardTracks(), ElementsAre(id));
}

TEST_P(IdentityContract, TagsThatAreTakenAwayAreGone) {
  Arrival arrival = arrivalOf("/m/a.flac", "one");
  arrival.identity.tags.composers = {"Antonín Dvořák"};
  arrival.identity.tags.work = "Serenade op. 22";
  arrival.identity.tags.movement_number = 4;
  const TrackId id = catalogue_.enter(arrival);
  catalogue_.conclude();
  EXPECT_THAT(track(id).work_title, testing::HasSubstr("Serenade"));
  catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  catalogue_.conclude();
  const Track now = track(id);
  EXPECT_THAT(now.composers, IsEmpty());
  EXPECT_THAT(now.work_title, testing::Not(testing::HasSubstr("Serenade")));
  EXPECT_FALSE(now.movement_number.has_value());
  EXPECT_LE(catalogue_.counts().works, 1);
}

TEST_P(IdentityContract, AFileRetaggedToAnotherAlbumTakesItsTrackThere) {
  const TrackId id = catalogue_.enter(arrivalOf("/m/a.flac", "one", "Serenades"));
  EXPECT_EQ(catalogue_.enter(arrivalOf("/m/a.flac", "one", "Favourites")), id);
  EXPECT_EQ(track(id).album_title, "Favourites");
  ASSERT_EQ(catalogue_.albums().size(), 1U);
  EXPECT_EQ(catalogue_.albums().front().title, "Favourites");
}

TEST_P(IdentityContract, AFileMovedAndRetaggedAtOnceKeepsItsTrack) {
  const TrackId id = catalogue_.enter(arrivalOf("/in/a.flac", "one", "Unknown"));
  listenTo(id);
  takeAway("/in/a.flac");
  EXPECT_EQ(catalogue_.enter(arrivalOf("/music/a.flac", "one", "Serenades")), id);
  EXPECT_EQ(track(id).album_title, "Serenades");
  EXPECT_THAT(heardTracks(), ElementsAre(id));
}

TEST_P(IdentityContract, TheSameRecordingOnTwoAlbumsIsTwoTracksOfOneRecording) {
  const TrackId first = catalogue_.enter(arrivalOf("/m/a.flac", "one", "Serenades"));
  const TrackId second = catalogue_.enter(arrivalOf("/best/a.flac", "one", "Best of"));
  EXPECT_NE(first, second);
  EXPECT_EQ(track(first).recording, track(second).recording);
  EXPECT_EQ(track(first).hash, track(second).hash);
  EXPECT_EQ(catalogue_.counts().recordings, 1);
  EXPECT_EQ(catalogue_.counts().tracks, 2);
  EXPECT_DOUBLE_EQ(catalogue_.counts().duration.count(), 180.5);
}

TEST_P(IdentityContract, ACopyRetaggedToAnotherAlbumLeavesTheTrackOnTheOld) {
  const TrackId old_track = catalogue_.enter(arrivalOf("/m/a.flac", "one", "Serenades"));
  catalogue_.enter(arrivalOf("/copy/a.flac", "one", "Serenades"));
  const TrackId fresh = catalogue_.enter(arrivalOf("/copy/a.flac", "one", "Favourites"));
  EXPECT_NE(fresh, old_track);
  EXPECT_EQ(track(old_track).album_title, "Serenades");
  EXPECT_THAT(pathsOf(catalogue_.places(old_track)), ElementsAre("/m/a.flac"));
  EXPECT_THAT(pathsOf(catalogue_.places(fresh)), ElementsAre("/copy/a.flac"));
}

TEST_P(IdentityContract, BothCopiesRetaggedOneAfterTheOtherAreOneTrackWithAllHistory) {
  const TrackId id = catalogue_.enter(arrivalOf("/m/a.flac", "one", "Serenades"));
  catalogue_.enter(arrivalOf("/copy/a.flac", "one", "Serenades"));
  listenTo(id, 1000);
  const TrackId between = catalogue_.enter(arrivalOf("/copy/a.flac", "one", "Favourites"));
  listenTo(between, 1000);
  listenTo(between, 2000);
  EXPECT_EQ(catalogue_.enter(arrivalOf("/m/a.flac", "one", "Favourites")), id);
  EXPECT_THAT(pathsOf(catalogue_.places(id)), ElementsAre("/m/a.flac", "/copy/a.flac"));
  EXPECT_THAT(heardTracks(), ElementsAre(id, id));
  EXPECT_FALSE(catalogue_.track(between).has_value());
  EXPECT_EQ(catalogue_.counts().tracks, 1);
  EXPECT_NE(catalogue_.enter(arrivalOf("/m/b.flac", "two")), between);
}

TEST_P(IdentityContract, ReplacedContentIsAnotherTrackAndTheOldOneGoesOffline) {
  const TrackId old_track = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  const TrackId fresh = catalogue_.enter(arrivalOf("/m/a.flac", "two"));
  EXPECT_NE(fresh, old_track);
  EXPECT_TRUE(track(old_track).offline);
  EXPECT_EQ(track(old_track).path, "/m/a.flac");
  EXPECT_THAT(catalogue_.places(old_track), IsEmpty());
  EXPECT_FALSE(track(fresh).offline);
}

TEST_P(IdentityContract, ReplacedContentThatComesBackIsTheOldTrackAgain) {
  const TrackId old_track = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  const TrackId other = catalogue_.enter(arrivalOf("/m/a.flac", "two"));
  EXPECT_EQ(catalogue_.enter(arrivalOf("/m/a.flac", "one")), old_track);
  EXPECT_FALSE(track(old_track).offline);
  EXPECT_TRUE(track(other).offline);
}

TEST_P(IdentityContract, TwoFilesThatSwapNamesKeepTheirTracks) {
  const TrackId one = catalogue_.enter(arrivalOf("/m/1.flac", "one"));
  const TrackId two = catalogue_.enter(arrivalOf("/m/2.flac", "two"));
  EXPECT_EQ(catalogue_.enter(arrivalOf("/m/1.flac", "two")), two);
  EXPECT_EQ(catalogue_.enter(arrivalOf("/m/2.flac", "one")), one);
  EXPECT_EQ(track(one).path, "/m/2.flac");
  EXPECT_EQ(track(two).path, "/m/1.flac");
  EXPECT_EQ(catalogue_.counts().tracks, 2);
  EXPECT_EQ(catalogue_.counts().offline, 0);
}

TEST_P(IdentityContract, ReplacedContentThatAnotherAlbumHasJoinsNoForeignAlbum) {
  catalogue_.enter(arrivalOf("/m/a.flac", "one", "Serenades"));
  const TrackId other = catalogue_.enter(arrivalOf("/x/b.flac", "two", "Best of"));
  const TrackId fresh = catalogue_.enter(arrivalOf("/m/a.flac", "two", "Serenades"));
  EXPECT_NE(fresh, other);
  EXPECT_EQ(track(fresh).album_title, "Serenades");
  EXPECT_EQ(track(fresh).recording, track(other).recording);
}

TEST_P(IdentityContract, OfflineAndBackChangesNothingElse) {
  const TrackId id = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  const PlaceId place = placeAt("/m/a.flac");
  catalogue_.setOffline(std::span(&place, 1), true);
  EXPECT_TRUE(track(id).offline);
  EXPECT_TRUE(catalogue_.place("/m/a.flac")->offline);
  EXPECT_EQ(track(id).path, "/m/a.flac");
  EXPECT_EQ(catalogue_.counts().offline, 1);
  EXPECT_EQ(catalogue_.counts().tracks, 1);
  catalogue_.setOffline(std::span(&place, 1), false);
  EXPECT_FALSE(track(id).offline);
  EXPECT_EQ(catalogue_.counts().offline, 0);
}

TEST_P(IdentityContract, AnOfflineFileThatArrivesIsBack) {
  const TrackId id = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  takeAway("/m/a.flac");
  EXPECT_EQ(catalogue_.enter(arrivalOf("/m/a.flac", "one")), id);
  EXPECT_FALSE(track(id).offline);
}

TEST_P(IdentityContract, RemovedAndUndoneIsAsBefore) {
  const TrackId id = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  listenTo(id);
  remove(id);
  EXPECT_TRUE(track(id).removed);
  EXPECT_THAT(catalogue_.tracks(archive::TrackFilter{}), IsEmpty());
  EXPECT_EQ(catalogue_.counts().tracks, 0);
  EXPECT_EQ(catalogue_.counts().removed, 1);
  remove(id, false);
  EXPECT_FALSE(track(id).removed);
  EXPECT_EQ(catalogue_.tracks(archive::TrackFilter{}).size(), 1U);
  EXPECT_THAT(heardTracks(), ElementsAre(id));
}

TEST_P(IdentityContract, ARemovedTrackThatArrivesAgainIsNoLongerRemoved) {
  const TrackId id = catalogue_.enter(arrivalOf("/m/a.flac", "one"));
  remove(id);
  EXPECT_EQ(catalogue_.enter(arrivalOf("/m/a.flac", "one")), id);
  EXPECT_FALSE(track(id).removed);
  remove(id);
  EXPECT_EQ(catalogue_.enter(arrivalOf("/copy/a.flac", "one")), id);
  EXPECT_FALSE(track(id).removed);
}

TEST_P(IdentityContract, PathsMayHoldAnyBytes) {
  const std::vector<std::string> paths = {
      "/m/\xff\xfe bytes.flac", "/m/new\nline.flac", "/m/'quoted' \"%s\" ?1.flac",
      "/m/" + std::string(4000, 'x') + ".flac", "/m/Dvo\xC5\x99\xC3\xA1k.flac"};
  std::vector<TrackId> ids;
  ids.reserve(paths.size());
  for (const std::string& path : paths) ids.push_back(catalogue_.enter(arrivalOf(path, path)));
  for (std::size_t i = 0; i < paths.size(); ++i) {
    EXPECT_EQ(track(ids[i]).path, paths[i]);
    EXPECT_EQ(catalogue_.place(paths[i])->track, ids[i]);
    EXPECT_THAT(titlesOf(catalogue_.find(paths[i], 5)), ElementsAre(track(ids[i]).title));
  }
  EXPECT_EQ(catalogue_.placesUnder("/m").size(), paths.size());
}

TEST_P(IdentityContract, AlbumsWithoutAlbumArtistsAreToldApartByTheirFolder) {
  const auto enter = [&](const std::string& path, const std::string& audio) {
    Arrival arrival = arrivalOf(path, audio, "Symphonies");
    arrival.identity.tags.album_artists.clear();
    return track(catalogue_.enter(arrival)).album;
  };
  const AlbumId brahms = enter("/brahms/CD1/1.flac", "b1");
  EXPECT_EQ(enter("/brahms/CD2/1.flac", "b2"), brahms);
  const AlbumId mahler = enter("/mahler/1.flac", "m1");
  EXPECT_NE(mahler, brahms);
  EXPECT_EQ(enter("/mahler/2.flac", "m2"), mahler);
}

TEST_P(IdentityContract, AnAlbumWithoutAlbumArtistsTakesNewFilesInTheFolderItMovedTo) {
  for (const bool loss_seen_first : {true, false}) {
    const std::string name = loss_seen_first ? "Symphonies" : "Sonatas";
    const auto fileAt = [&](const std::string& path, const std::string& audio) {
      Arrival arrival = arrivalOf(path, name + audio, name);
      arrival.identity.tags.album_artists.clear();
      return arrival;
    };
    const TrackId id = catalogue_.enter(fileAt("/old/" + name, "one"));
    if (loss_seen_first) takeAway("/old/" + name);
    EXPECT_EQ(catalogue_.enter(fileAt("/new/" + name, "one")), id);
    if (!loss_seen_first) takeAway("/old/" + name);
    const TrackId next = catalogue_.enter(fileAt("/new/next " + name, "two"));
    EXPECT_EQ(track(next).album, track(id).album);
  }
}

TEST_P(IdentityContract, FilesWithoutAnAlbumAreOneAlbumAFolder) {
  const TrackId a = catalogue_.enter(arrivalOf("/one/a.wav", "a", ""));
  const TrackId b = catalogue_.enter(arrivalOf("/one/b.wav", "b", ""));
  const TrackId c = catalogue_.enter(arrivalOf("/two/c.wav", "c", ""));
  EXPECT_EQ(track(a).album, track(b).album);
  EXPECT_NE(track(a).album, track(c).album);
  EXPECT_EQ(track(a).album_title, "");
}

TEST_P(IdentityContract, AWorkIsOneForAllItsPerformances) {
  Arrival first = arrivalOf("/a/1.flac", "one", "Serenades");
  first.identity.tags.composers = {"Antonín Dvořák"};
  first.identity.tags.work = "Serenade, op. 22";
  Arrival second = arrivalOf("/b/1.flac", "two", "Best of");
  second.identity.tags.composers = {"Antonin Dvorak"};
  second.identity.tags.work = "Serenade op 22";
  const TrackId a = catalogue_.enter(first);
  const TrackId b = catalogue_.enter(second);
  catalogue_.conclude();
  EXPECT_TRUE(track(a).work);
  EXPECT_EQ(track(a).work, track(b).work);
  EXPECT_EQ(catalogue_.counts().works, 1);
}

}  // namespace
}  // namespace attacca::store
