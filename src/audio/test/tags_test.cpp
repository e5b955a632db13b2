#include "attacca/audio/tags.h"

#include <gmock/gmock.h>

#include "retag.h"

namespace attacca::audio {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Tags tagsOf(const fs::path& path) {
  const UniqueFd fd = openToRead(path);
  return readTags(fd.get());
}

TagLib::StringList list(std::initializer_list<const char*> values) {
  TagLib::StringList strings;
  for (const auto* value : values) strings.append(TagLib::String(value, TagLib::String::UTF8));
  return strings;
}

TEST(Tags, ComeFromEveryKindOfTag) {
  const TempFolder folder;
  for (const auto* name : {"tone.mp3", "tone.aac", "tone.ogg", "tone.opus", "flac.oga", "tone.flac",
                           "tone.m4a", "alac.m4a", "tone.wav", "tone.aiff", "video.mp4"}) {
    SCOPED_TRACE(name);
    const fs::path path = folder.copy(name);
    TagLib::PropertyMap properties;
    properties["TITLE"] = list({"III. Scherzo: Vivace"});
    properties["ALBUM"] = list({"Dvořák: Serenades"});
    properties["ARTIST"] = list({"Ann", "Bob"});
    properties["ALBUMARTIST"] = list({"Prague Players"});
    properties["COMPOSER"] = list({"Antonín Dvořák"});
    properties["CONDUCTOR"] = list({"Carl"});
    properties["DATE"] = list({"1875"});
    properties["GENRE"] = list({"Classical"});
    properties["TRACKNUMBER"] = list({"3/5"});
    properties["DISCNUMBER"] = list({"2"});
    properties["MUSICBRAINZ_TRACKID"] = list({"0cb01f8e-0000-4000-8000-000000000001"});
    properties["MUSICBRAINZ_ALBUMID"] = list({"0cb01f8e-0000-4000-8000-000000000002"});
    properties["MUSICBRAINZ_WORKID"] = list({"0cb01f8e-0000-4000-8000-000000000003"});
    properties["WORK"] = list({"Serenade, op. 22"});
    properties["MOVEMENTNAME"] = list({"Scherzo"});
    properties["MOVEMENTNUMBER"] = list({"3"});
    properties["MOVEMENTCOUNT"] = list({"5"});
    properties["ARRANGER"] = list({"Dora"});
    setProperties(path, properties);
    if (auto mp4 = openTagged(path); auto* tag = dynamic_cast<TagLib::MP4::Tag*>(mp4->tag())) {
      // TagLib 1.13 writes no such property to an MP4 file, Picard does.
      tag->setItem("----:com.apple.iTunes:ARRANGER", list({"Dora"}));
      mp4->save();
    }

    const Tags tags = tagsOf(path);
    EXPECT_EQ(tags.title, "III. Scherzo: Vivace");
    EXPECT_EQ(tags.album, "Dvořák: Serenades");
    EXPECT_THAT(tags.artists, ElementsAre("Ann", "Bob"));
    EXPECT_THAT(tags.album_artists, ElementsAre("Prague Players"));
    EXPECT_THAT(tags.composers, ElementsAre("Antonín Dvořák"));
    EXPECT_THAT(tags.conductors, ElementsAre("Carl"));
    EXPECT_THAT(tags.arrangers, ElementsAre("Dora"));
    EXPECT_EQ(tags.date, "1875");
    EXPECT_EQ(tags.genre, "Classical");
    EXPECT_EQ(tags.track_number, 3);
    EXPECT_EQ(tags.disc_number, 2);
    EXPECT_EQ(tags.work, "Serenade, op. 22");
    EXPECT_EQ(tags.movement, "Scherzo");
    EXPECT_EQ(tags.movement_number, 3);
    EXPECT_EQ(tags.movement_count.value_or(5), 5);
    EXPECT_EQ(tags.musicbrainz_recording, "0cb01f8e-0000-4000-8000-000000000001");
    EXPECT_EQ(tags.musicbrainz_album, "0cb01f8e-0000-4000-8000-000000000002");
    EXPECT_EQ(tags.musicbrainz_work, "0cb01f8e-0000-4000-8000-000000000003");
  }
}

TEST(Tags, OfAFileWithoutAnyAreEmpty) {
  for (const auto& name : recordings()) {
    Tags tags = tagsOf(golden(name));
    EXPECT_THAT(tags.title, IsEmpty()) << name;
    EXPECT_THAT(tags.artists, IsEmpty()) << name;
  }
}

TEST(Tags, PicardsMovementNumberIsNoName) {
  const TempFolder folder;
  const fs::path path = folder.copy("tone.flac");
  TagLib::PropertyMap properties;
  properties["MOVEMENT"] = list({"2"});
  properties["MOVEMENTNAME"] = list({"Adagio"});
  properties["MOVEMENTTOTAL"] = list({"4"});
  setProperties(path, properties);
  Tags tags = tagsOf(path);
  EXPECT_EQ(tags.movement, "Adagio");
  EXPECT_EQ(tags.movement_number, 2);
  EXPECT_EQ(tags.movement_count, 4);

  properties = {};
  properties["MOVEMENT"] = list({"Adagio molto"});
  setProperties(path, properties);
  tags = tagsOf(path);
  EXPECT_EQ(tags.movement, "Adagio molto");
  EXPECT_EQ(tags.movement_number, std::nullopt);
}

TEST(Tags, PerformersKeepTheirRoles) {
  const TempFolder folder;
  for (const auto* name : {"tone.mp3", "tone.flac"}) {
    const fs::path path = folder.copy(name);
    TagLib::PropertyMap properties;
    properties["PERFORMER:VIOLIN"] = list({"Ann"});
    setProperties(path, properties);
    EXPECT_THAT(tagsOf(path).performers, ElementsAre("Ann (violin)")) << name;
  }
}

TEST(Tags, AreCleanedAndBounded) {
  const TempFolder folder;
  const fs::path path = folder.copy("tone.flac");
  TagLib::PropertyMap properties;
  properties["TITLE"] =
      TagLib::StringList(TagLib::String("  a\tb\x01\n " + std::string(90000, 'x')));
  for (int i = 0; i < 1000; ++i) {
    properties["ARTIST"].append(TagLib::String("artist " + std::to_string(i)));
  }
  properties["TRACKNUMBER"] = list({"99999999999999999999"});
  properties["DISCNUMBER"] = list({"one"});
  setProperties(path, properties);
  const Tags tags = tagsOf(path);
  EXPECT_TRUE(tags.title.starts_with("a b xxx")) << tags.title.substr(0, 20);
  EXPECT_LE(tags.title.size(), 4096U);
  EXPECT_EQ(tags.artists.size(), 64U);
  EXPECT_EQ(tags.track_number, std::nullopt);
  EXPECT_EQ(tags.disc_number, std::nullopt);
}

TEST(Tags, AHugePictureDoesNotHideTheTitle) {
  const TempFolder folder;
  for (const auto* name : {"tone.mp3", "tone.flac", "tone.m4a"}) {
    const fs::path path = folder.copy(name);
    TagLib::PropertyMap properties;
    properties["TITLE"] = list({"Serenade"});
    setProperties(path, properties);
    setCover(path, 12'000'000);
    EXPECT_EQ(tagsOf(path).title, "Serenade") << name;
  }
}

TEST(Tags, OfVideoContainersAreRead) {
  const TempFolder folder;
  // A Matroska file with a title in its Info element: the fixture's, made longer by a Void element.
  std::string bytes = readFile(golden("video.webm"));
  const auto app = bytes.find("\x4d\x80");  // MuxingApp, a string like Title (7ba9)
  ASSERT_NE(app, std::string::npos);
  bytes.replace(app, 2, "\x7b\xa9");
  EXPECT_THAT(tagsOf(folder.write("v.webm", bytes)).title, testing::HasSubstr("Lavf"));
}

TEST(Tags, OfSomethingThatIsNoRecordingAreEmpty) {
  const TempFolder folder;
  EXPECT_EQ(tagsOf(folder.write("a.mp3", "#EXTM3U\n")), Tags{});
  EXPECT_EQ(tagsOf(folder.write("b.mp3", "")), Tags{});
}

}  // namespace
}  // namespace attacca::audio
