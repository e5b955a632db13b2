#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "retag.h"

namespace attacca::audio {
namespace {

std::string hashOf(const fs::path& path) {
  const UniqueFd fd = openToRead(path);
  return Recording(fd.get()).readHash().hex();
}

std::vector<std::string> taggable() {
  return {"tone.mp3",  "vbr.mp3",  "tone.aac", "tone.ogg", "tone.opus", "flac.oga",
          "tone.flac", "tone.m4a", "alac.m4a", "tone.wav", "tone.aiff", "video.mp4"};
}

TEST(AudioHash, DoesNotChangeFromVersionToVersion) {
  // Lines of "<name> <hash>". A change means that every archive hears everything again.
  std::istringstream lines(readFile(golden("audio_hashes.txt")));
  std::map<std::string, std::string> known;
  for (std::string name, hash; lines >> name >> hash;) known[name] = hash;
  for (const auto& name : recordings()) EXPECT_EQ(hashOf(golden(name)), known[name]) << name;
}

TEST(AudioHash, IsTheSameWithAndWithoutDecoding) {
  for (const auto& name : recordings()) {
    EXPECT_EQ(hear(golden(name)).sound.hash.hex(), hashOf(golden(name))) << name;
  }
}

TEST(AudioHash, DiffersBetweenRecordings) {
  // The caf holds the very samples of the aiff: it is the same recording.
  EXPECT_EQ(hashOf(golden("tone.caf")), hashOf(golden("tone.aiff")));
  std::set<std::string> hashes;
  for (const auto& name : recordings()) hashes.insert(hashOf(golden(name)));
  EXPECT_EQ(hashes.size(), recordings().size() - 1);
}

TEST(AudioHash, RetaggingChangesNeitherHashNorSound) {
  const TempFolder folder;
  for (const auto& name : taggable()) {
    SCOPED_TRACE(name);
    const fs::path path = folder.copy(name);
    const std::string hash = hashOf(path);
    const auto mono = hear(path).mono;

    TagLib::PropertyMap properties;
    properties["TITLE"] = TagLib::StringList("Serenade");
    setProperties(path, properties);
    ASSERT_NE(readFile(path), readFile(golden(name)));
    EXPECT_EQ(hashOf(path), hash) << "a title";

    setCover(path, 150'000);
    EXPECT_EQ(hashOf(path), hash) << "a cover";

    setCover(path, 400'000);
    properties["ALBUM"] = TagLib::StringList(TagLib::String(std::string(70'000, 'a')));
    setProperties(path, properties);
    EXPECT_EQ(hashOf(path), hash) << "a large tag";

    setProperties(path, {});
    EXPECT_EQ(hashOf(path), hash) << "no tags";
    EXPECT_EQ(hear(path).mono, mono);
  }
}

TEST(AudioHash, Id3v1AndApeTagsDoNotCount) {
  const TempFolder folder;
  for (const auto* name : {"tone.mp3", "vbr.mp3", "tone.aac"}) {
    SCOPED_TRACE(name);
    const fs::path path = folder.copy(name);
    TagLib::MPEG::File file(path.c_str());
    file.ID3v1Tag(true)->setTitle("one");
    file.APETag(true)->setTitle("ape");
    file.ID3v2Tag(true)->setTitle("two");
    ASSERT_TRUE(file.save(TagLib::MPEG::File::AllTags, TagLib::File::StripNone, TagLib::ID3v2::v3,
                          TagLib::File::DoNotDuplicate));
    EXPECT_EQ(hashOf(path), hashOf(golden(name)));
    EXPECT_EQ(hear(path).mono, hear(golden(name)).mono);
  }
}

TEST(AudioHash, ItunesGaplessTagDoesNotCount) {
  const TempFolder folder;
  const fs::path path = folder.copy("tone.m4a");
  setProperties(path, {});
  {
    TagLib::MP4::File file(path.c_str());
    file.tag()->setItem("----:com.apple.iTunes:iTunSMPB",
                        TagLib::StringList(" 00000000 00000840 000001CA 00000000003F31F6"));
    ASSERT_TRUE(file.save());
  }
  EXPECT_EQ(hashOf(path), hashOf(golden("tone.m4a")));
}

TEST(AudioHash, TagsInFrontOfAFlacFileDoNotCount) {
  const TempFolder folder;
  std::string tag = "ID3";
  tag += std::string("\x04\0\0\0\0\x08\0", 7) + std::string(1024, '\0');
  const auto path = folder.write("a.flac", tag + tag + readFile(golden("tone.flac")));
  EXPECT_EQ(hashOf(path), hashOf(golden("tone.flac")));
}

TEST(AudioHash, ChunksAroundTheSamplesOfAWavFileDoNotCount) {
  const TempFolder folder;
  std::string wav = readFile(golden("tone.wav"));
  std::string list = "LIST";
  append(list, 16, 4);
  list += "INFOINAM";
  append(list, 4, 4);
  list += "name";
  const auto before = folder.write("before.wav", std::string(wav).insert(36, list));
  const auto after = folder.write("after.wav", wav + list);
  EXPECT_EQ(hashOf(before), hashOf(golden("tone.wav")));
  EXPECT_EQ(hashOf(after), hashOf(golden("tone.wav")));
}

TEST(AudioHash, OneOtherByteOfSoundIsAnotherRecording) {
  const TempFolder folder;
  for (const auto* name : {"tone.mp3", "tone.flac", "tone.m4a", "tone.wav"}) {
    std::string bytes = readFile(golden(name));
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x10);
    EXPECT_NE(hashOf(folder.write(name, bytes)), hashOf(golden(name))) << name;
  }
}

TEST(AudioHash, TheSameSamplesAtAnotherRateAreAnotherRecording) {
  const TempFolder folder;
  const std::string samples(32000, 'x');
  EXPECT_NE(hashOf(folder.write("a.wav", wavFile({.rate_hz = 8000}, samples))),
            hashOf(folder.write("b.wav", wavFile({.rate_hz = 16000}, samples))));
}

}  // namespace
}  // namespace attacca::audio
