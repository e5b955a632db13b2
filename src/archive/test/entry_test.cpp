#include "attacca/archive/entry.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/base/text.h"

namespace attacca::archive {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Entry entryFor(const std::string& path, const Tags& tags) {
  Arrival arrival;
  arrival.path = path;
  arrival.identity.tags = tags;
  return entryOf(arrival);
}

Tags onAlbum(const std::string& album, std::vector<std::string> album_artists = {}) {
  Tags tags;
  tags.album = album;
  tags.album_artists = std::move(album_artists);
  return tags;
}

TEST(Entry, AlbumsAreEqualWhateverTheirCaseAccentsAndPunctuation) {
  EXPECT_EQ(entryFor("/a/1.flac", onAlbum("Dvořák: Serenades", {"Česká filharmonie"})).album_key,
            entryFor("/b/2.flac", onAlbum("DVORAK - serenades", {"Ceska Filharmonie"})).album_key);
}

TEST(Entry, AlbumsOfOneTitleAndOtherArtistsDiffer) {
  EXPECT_NE(entryFor("/a/1.flac", onAlbum("Symphonies", {"Abbado"})).album_key,
            entryFor("/a/2.flac", onAlbum("Symphonies", {"Karajan"})).album_key);
  EXPECT_NE(entryFor("/a/1.flac", onAlbum("Symphonies", {"A", "B"})).album_key,
            entryFor("/a/2.flac", onAlbum("Symphonies", {"A B"})).album_key);
}

TEST(Entry, SoloistsOfEachTrackDoNotSplitAnAlbum) {
  Tags first = onAlbum("Lieder");
  first.artists = {"Soprano"};
  Tags second = onAlbum("Lieder");
  second.artists = {"Tenor"};
  EXPECT_EQ(entryFor("/a/1.flac", first).album_key, entryFor("/a/2.flac", second).album_key);
}

TEST(Entry, ATitleOfPunctuationIsATitle) {
  EXPECT_NE(entryFor("/a/1.flac", onAlbum("???")).album_key,
            entryFor("/a/1.flac", onAlbum("")).album_key);
}

TEST(Entry, ArtistsWithoutAnAlbumTitleNameNoAlbum) {
  EXPECT_EQ(entryFor("/a/1.flac", onAlbum("", {"Abbado"})).album_key, AlbumKey());
}

TEST(Entry, FoldersOfDiscsAreOneAlbumFolder) {
  for (const std::string disc : {"CD1", "cd 02", "Disc 2", "DISK-3"}) {
    EXPECT_EQ(entryFor("/music/Mahler/" + disc + "/1.flac", {}).album_folder, "/music/Mahler");
  }
  for (const std::string other : {"CD", "Discovery 1", "CD1 Songs", "Live", "Disc 1b"}) {
    EXPECT_EQ(entryFor("/music/" + other + "/1.flac", {}).album_folder, "/music/" + other);
  }
}

TEST(Entry, FolderKeepsItsBytes) {
  EXPECT_EQ(entryFor("/m/\xff\n/x.mp3", {}).album_folder, "/m/\xff\n");
}

TEST(Entry, TitleIsTheTagElseTheFileName) {
  Tags tags;
  tags.title = "Larghetto";
  EXPECT_EQ(entryFor("/m/04 four.flac", tags).title, "Larghetto");
  EXPECT_EQ(entryFor("/m/04 four.flac", {}).title, "04 four");
  EXPECT_EQ(entryFor("/m/.hidden", {}).title, ".hidden");
}

TEST(Entry, TitleFromAnyFileNameIsCleanText) {
  const std::string odd = entryFor("/m/a\xff\nb.mp3", {}).title;
  EXPECT_EQ(odd, "a\xEF\xBF\xBD b");
  EXPECT_EQ(entryFor("/m/\n.mp3", {}).title, "(untitled)");
  const std::string lengthy = entryFor("/m/" + std::string(9000, 'x') + ".mp3", {}).title;
  EXPECT_TRUE(isValidUtf8(lengthy));
  EXPECT_LE(lengthy.size(), 4096U);
}

TEST(Entry, ArtistsAreTheTracksElseTheAlbums) {
  Tags tags = onAlbum("Serenades", {"Orchestra"});
  EXPECT_THAT(entryFor("/m/1.flac", tags).artists, ElementsAre("Orchestra"));
  tags.artists = {"Soloist", "Orchestra", "Soloist"};
  EXPECT_THAT(entryFor("/m/1.flac", tags).artists, ElementsAre("Soloist", "Orchestra"));
}

TEST(Entry, WhatProgramsWriteForNothingIsNothing) {
  Tags tags = onAlbum("Serenades", {"NaN"});
  tags.artists = {"N/A"};
  tags.composers = {"nan", "Josef Suk"};
  tags.date = "N/A";
  const Entry entry = entryFor("/m/1.flac", tags);
  EXPECT_THAT(entry.album_artists, IsEmpty());
  EXPECT_EQ(entry.album_key, entryFor("/m/1.flac", onAlbum("Serenades")).album_key);
  EXPECT_THAT(entry.artists, IsEmpty());
  EXPECT_THAT(entry.composers, ElementsAre("Josef Suk"));
  EXPECT_EQ(entry.album_date, "");
}

TEST(Entry, MovementFieldsAreOnlyWhatTheTagsHave) {
  const Entry bare = entryFor("/m/1.flac", onAlbum("Serenades"));
  EXPECT_THAT(bare.movement, IsEmpty());
  EXPECT_FALSE(bare.movement_number.has_value());

  Tags tags;
  tags.movement = "Larghetto";
  tags.movement_number = 4;
  tags.movement_count = 5;
  const Entry entry = entryFor("/m/1.flac", tags);
  EXPECT_EQ(entry.movement, "Larghetto");
  EXPECT_EQ(entry.movement_number, 4);
  EXPECT_EQ(entry.movement_count, 5);
}

TEST(SortKey, NumbersAreOrderedByValue) {
  EXPECT_LT(sortKey("Symphony No. 9"), sortKey("Symphony No. 10"));
  EXPECT_LT(sortKey("2"), sortKey("10 x"));
}

TEST(SortKey, ArticleIsLeftOutUnlessItIsAll) {
  EXPECT_EQ(sortKey("The Planets"), sortKey("planets"));
  EXPECT_EQ(sortKey("The"), "the");
  EXPECT_EQ(sortKey("Theme"), "theme");
}

}  // namespace
}  // namespace attacca::archive
