// `attacca add` as a person meets it: what comes in, what changes, what is refused.
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "run.h"

namespace attacca::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class Add : public testing::Test {
 protected:
  Ended add(const fs::path& path) { return place_.run({"add", path.native(), "--json"}); }
  Ended add() { return add(place_.music()); }
  nlohmann::json tracks() { return place_.run({"tracks", "--json"}).json().at("tracks"); }
  nlohmann::json track(const std::string& title) {
    for (auto& entry : tracks()) {
      if (entry.at("title") == title) return entry;
    }
    ADD_FAILURE() << "no track is called " << title;
    return {};
  }
  // Moves the time of a file, as an editor of tags does.
  void touch(const fs::path& path) {
    fs::last_write_time(path, fs::last_write_time(path) + std::chrono::seconds(5));
  }

  Place place_;
};

TEST_F(Add, HearsAFolderAndThenHasNothingToDo) {
  place_.makeMusic(3);
  std::ofstream(place_.music() / "cover.jpg") << "not music";
  const Ended first = add();
  EXPECT_EQ(first.code, 0) << first.err;
  const auto report = first.json();
  EXPECT_EQ(report.at("entered"), 3);
  EXPECT_EQ(report.at("heard"), 3);
  EXPECT_EQ(report.at("skipped"), 1);
  EXPECT_EQ(report.at("snapshot").at("tracks"), 3);
  const auto kept = contents(place_.archive() / "blobs");

  const auto again = add().json();
  EXPECT_EQ(again.at("entered"), 0);
  EXPECT_EQ(again.at("unchanged"), 3);
  EXPECT_EQ(contents(place_.archive() / "blobs"), kept);
}

TEST_F(Add, GivesIdsInTheOrderOfPathsHoweverManyAreHeardAtOnce) {
  writeWav(place_.music() / "1-long.wav", 60, 1, {"Long", "", ""});
  for (int i = 2; i < 7; ++i) {
    writeWav(place_.music() / fmt::format("{}.wav", i), 3.5, static_cast<std::uint32_t>(i),
             {fmt::format("Short {}", i), "", ""});
  }
  EXPECT_EQ(place_.run({"add", place_.music().native(), "--jobs", "4"}).code, 0);
  EXPECT_EQ(track("Long").at("id"), 1);
  EXPECT_EQ(track("Short 2").at("id"), 2);
  EXPECT_EQ(track("Short 6").at("id"), 6);
}

TEST_F(Add, AMovedAndRetaggedFileKeepsItsIdAndHistory) {
  place_.makeMusic(2);
  ASSERT_EQ(add().code, 0);
  const auto before = track("Piece 1");
  ASSERT_EQ(place_.run({"listen", "anna", "Piece 1"}).code, 0);
  // The same sound, elsewhere and under another title.
  fs::create_directory(place_.music() / "sub");
  fs::remove(place_.music() / "01.wav");
  writeWav(place_.music() / "sub/moved.wav", 3.75, 1, {"Overture", "Pieces for Tests", "Nobody"});
  const auto report = add().json();
  EXPECT_EQ(report.at("heard"), 0) << "the recording was known";
  EXPECT_EQ(report.at("gone"), 1);
  const auto after = track("Overture");
  EXPECT_EQ(after.at("id"), before.at("id"));
  EXPECT_EQ(after.at("audio_hash"), before.at("audio_hash"));
  EXPECT_THAT(after.at("path").get<std::string>(), HasSubstr("sub/moved.wav"));
  EXPECT_EQ(after.at("offline"), false);
  EXPECT_THAT(tracks(), SizeIs(2));
}

TEST_F(Add, ACopyIsASecondPlaceOfTheSameTrack) {
  place_.makeMusic(1);
  ASSERT_EQ(add().code, 0);
  fs::copy_file(place_.music() / "01.wav", place_.music() / "copy.wav");
  const auto report = add().json();
  EXPECT_EQ(report.at("entered"), 1);
  EXPECT_EQ(report.at("heard"), 0);
  EXPECT_THAT(tracks(), SizeIs(1));
  // With one of the two gone the track is still there.
  fs::remove(place_.music() / "01.wav");
  ASSERT_EQ(add().code, 0);
  EXPECT_EQ(track("Piece 1").at("offline"), false);
  EXPECT_THAT(track("Piece 1").at("path").get<std::string>(), HasSubstr("copy.wav"));
}

TEST_F(Add, TwoFilesOfOneRecordingThatArriveTogetherAreHeardOnce) {
  for (const char* name : {"a.wav", "b.wav", "c.wav"}) {
    writeWav(place_.music() / name, 20, 1, {"Same", "One Album", ""});
  }
  const Ended ended = place_.run({"add", place_.music().native(), "--jobs", "3", "--json"});
  EXPECT_EQ(ended.json().at("entered"), 3);
  EXPECT_EQ(ended.json().at("heard"), 1);
  EXPECT_THAT(tracks(), SizeIs(1));
}

TEST_F(Add, AMissingDiskMarksTracksOfflineAndTheyComeBack) {
  place_.makeMusic(3);
  ASSERT_EQ(add().code, 0);
  fs::rename(place_.music(), place_ / "unplugged");
  const Ended gone = add();
  EXPECT_EQ(gone.code, 0) << gone.err;
  EXPECT_EQ(gone.json().at("gone"), 3);
  EXPECT_THAT(gone.json().at("missing"), SizeIs(1));
  EXPECT_EQ(gone.json().at("snapshot").at("tracks"), 0);
  EXPECT_EQ(track("Piece 2").at("offline"), true);

  fs::rename(place_ / "unplugged", place_.music());
  const auto back = add().json();
  EXPECT_EQ(back.at("back"), 3);
  EXPECT_EQ(back.at("heard"), 0);
  EXPECT_EQ(back.at("snapshot").at("tracks"), 3);
  EXPECT_EQ(track("Piece 2").at("offline"), false);
}

TEST_F(Add, AnEmptyMountPointIsAMissingDiskToo) {
  place_.makeMusic(2);
  ASSERT_EQ(add().code, 0);
  fs::remove_all(place_.music());
  fs::create_directory(place_.music());
  EXPECT_EQ(add().json().at("gone"), 2);
  EXPECT_EQ(track("Piece 1").at("offline"), true);
}

TEST_F(Add, WhatWasNeverThereIsAnError) {
  const Ended ended = add(place_ / "nowhere");
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("there is no file or folder"));
}

TEST_F(Add, AChangedFileIsHeardAgainAndTheOldTrackStaysOffline) {
  place_.makeMusic(1);
  ASSERT_EQ(add().code, 0);
  writeWav(place_.music() / "01.wav", 5, 77, {"Other Music", "", ""});
  touch(place_.music() / "01.wav");
  EXPECT_EQ(add().json().at("heard"), 1);
  EXPECT_EQ(track("Other Music").at("offline"), false);
  EXPECT_EQ(track("Piece 1").at("offline"), true);
}

TEST_F(Add, WhatCannotBeHeardIsRefusedByNameAndTheRestGoesIn) {
  place_.makeMusic(2);
  std::ofstream(place_.music() / "playlist.mp3")
      << "#EXTM3U\nhttp://example.org/a.mp3\n/etc/passwd\n";
  std::ofstream(place_.music() / "empty.flac") << "";
  std::ofstream(place_.music() / "noise.ogg") << std::string(100'000, 'x');
  fs::create_symlink("/etc/hostname", place_.music() / "link.mp3");
  ASSERT_EQ(::mkfifo((place_.music() / "pipe.mp3").c_str(), 0600), 0);
  const Ended ended = add();
  EXPECT_EQ(ended.code, 3) << ended.err;
  EXPECT_EQ(ended.json().at("entered"), 2);
  const auto refused = place_.run({"refused", "--json"}).json().at("refused");
  ASSERT_THAT(refused, SizeIs(3));
  for (const auto& file : refused)
    EXPECT_THAT(file.at("reason").get<std::string>(), Not(IsEmpty()));
  EXPECT_THAT(refused[0].at("path").get<std::string>(), HasSubstr("empty.flac"));
  EXPECT_THAT(ended.err, HasSubstr("playlist.mp3"));

  // Not tried again until it changes, but still said.
  const Ended again = add();
  EXPECT_EQ(again.code, 3);
  EXPECT_THAT(again.json().at("refused"), IsEmpty());
  EXPECT_THAT(again.json().at("refused_before"), SizeIs(3));

  writeWav(place_.music() / "empty.flac", 4, 9, {"Mended", "", ""});
  fs::remove(place_.music() / "noise.ogg");
  EXPECT_EQ(add().json().at("entered"), 1);
  EXPECT_THAT(place_.run({"refused", "--json"}).json().at("refused"), SizeIs(1));
  EXPECT_EQ(track("Mended").at("offline"), false);
}

TEST_F(Add, OddNamesGoInAndComeOutAsValidJson) {
  const std::string odd = "\xff\xfe odd\n\"name\".wav";
  writeWav(place_.music() / odd, 4, 1);
  ASSERT_EQ(add().code, 0);
  const auto entry = tracks().at(0);
  EXPECT_THAT(entry.at("path_bytes").get<std::string>(),
              HasSubstr("2f"
                        "fffe206f64640a226e616d65222e776176"));
  const Ended table = place_.run({"tracks"});
  EXPECT_EQ(std::count(table.out.begin(), table.out.end(), '\n'), 2) << table.out;
}

TEST_F(Add, AFileOfAnyNameIsTriedWhenItIsNamed) {
  writeWav(place_.music() / "recording.old", 4, 1);
  EXPECT_EQ(add().json().at("found"), 0);
  EXPECT_EQ(add(place_.music() / "recording.old").json().at("entered"), 1);
  // And it is not forgotten when its folder is named.
  EXPECT_EQ(add().json().at("gone"), 0);
}

TEST_F(Add, HearsForAllRepresentationsThatAreNamed) {
  place_.makeMusic(1);
  const std::string same = place_.representation();
  ASSERT_EQ(add().code, 0);
  const Ended ended = place_.run({"add", place_.music().native(), "--representation", "nonsense"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("nonsense"));
  EXPECT_TRUE(fs::exists(place_.archive() / "blobs/embeddings" / same));
}

TEST_F(Add, AnEmbeddingThatIsLostIsHeardAgainWithTheSameBytes) {
  place_.makeMusic(2);
  ASSERT_EQ(add().code, 0);
  const auto kept = contents(place_.archive() / "blobs");
  fs::remove_all(place_.archive() / "blobs/embeddings");
  fs::remove_all(place_.archive() / "blobs/peaks");
  EXPECT_EQ(place_.run({"verify"}).code, 1);
  EXPECT_EQ(add().json().at("heard"), 2);
  EXPECT_EQ(contents(place_.archive() / "blobs"), kept);
  EXPECT_EQ(place_.run({"verify"}).code, 0);
}

TEST_F(Add, TheArchiveIsNotLookedIntoWhenItLiesAmongTheMusic) {
  writeWav(place_ / "archive/blobs.wav", 4, 1);
  place_.makeMusic(1);
  EXPECT_EQ(add(place_.music().parent_path()).json().at("found"), 1);
}

TEST_F(Add, NeedsARepresentationAndSaysHowToGetIt) {
  fs::remove_all(place_.archive());
  place_.makeMusic(1);
  const Ended ended = add();
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("attacca representation fetch msd-musicnn"));
  EXPECT_FALSE(fs::exists(place_.archive())) << "nothing is made before it can be used";
}

TEST_F(Add, WaitsForAnotherThatChangesTheArchiveAndSaysSo) {
  place_.makeMusic(2);
  writeLongWav(place_.music() / "zz-long.wav", 2 * 3600);
  const auto first = place_.start({"add", place_.music().native()});
  ASSERT_TRUE(eventually([&] { return !first->hearChildren().empty(); }));
  const auto second = place_.start({"add", place_.music().native(), "--json"});
  EXPECT_TRUE(eventually([&] { return second->errSoFar().find("waiting") != std::string::npos; }));
  EXPECT_THAT(second->errSoFar(), HasSubstr(fmt::format("(process {})", first->pid())));
  // Reading and listening go on beside it.
  ASSERT_TRUE(eventually([&] { return place_.run({"tracks", "--json"}).code == 0; }));
  ASSERT_TRUE(eventually([&] { return tracks().size() == 2; }));
  EXPECT_FALSE(first->ended());
  EXPECT_EQ(place_.run({"listen", "anna", "Piece 1"}).code, 0);
  EXPECT_EQ(first->wait().code, 0);
  const Ended ended = second->wait();
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.json().at("unchanged"), 3);
}

}  // namespace
}  // namespace attacca::test
