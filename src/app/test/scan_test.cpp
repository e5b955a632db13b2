#include "attacca/app/scan.h"

#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/base/testing/temp_folder.h"

namespace attacca::app {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class ScanForMusic : public testing::Test {
 protected:
  fs::path file(const std::string& name, std::string_view content = "sound") {
    fs::path path = root() / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  fs::path root() const { return fs::canonical(folder_.path()) / "music"; }
  Scan scan(const fs::path& named) {
    const std::vector<fs::path> paths{named};
    return scanForMusic(paths, root() / "archive", {});
  }
  // Names below the root.
  std::vector<std::string> found(const Scan& scan) const {
    std::vector<std::string> names;
    for (const auto& one : scan.files) {
      names.push_back(fs::path(one.path).lexically_relative(root()).native());
    }
    return names;
  }

  void SetUp() override { fs::create_directories(root()); }

  test::TempFolder folder_;
};

TEST_F(ScanForMusic, FindsMusicBelowInOrderOfPaths) {
  file("b.flac");
  file("a/2.mp3");
  file("a/1.OGG");
  file("a/cover.jpg");
  file("notes.txt");
  const Scan result = scan(root());
  EXPECT_THAT(found(result), ElementsAre("a/1.OGG", "a/2.mp3", "b.flac"));
  EXPECT_EQ(result.skipped, 2U);
  EXPECT_THAT(result.missing, IsEmpty());
}

TEST_F(ScanForMusic, StampIsTheFilesSizeAndTime) {
  const fs::path path = file("a.wav", "12345");
  const timespec times[2] = {{100, 0}, {1'700'000'000, 123'456'789}};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  const Scan result = scan(root());
  ASSERT_EQ(result.files.size(), 1U);
  EXPECT_EQ(result.files[0].stamp, (archive::FileStamp{5, 1'700'000'000'123'456'789}));
}

TEST_F(ScanForMusic, LeavesHiddenFilesAndTheArchiveAlone) {
  file(".hidden.mp3");
  file(".hidden/a.mp3");
  file("archive/blobs/audio/b.mp3");
  file("c.mp3");
  EXPECT_THAT(found(scan(root())), ElementsAre("c.mp3"));
}

TEST_F(ScanForMusic, FollowsNoLinkOutOfOrAroundTheFolder) {
  file("../outside/secret.mp3");
  file("in.mp3");
  fs::create_symlink(root() / "../outside", root() / "away");
  fs::create_symlink(root() / "../outside/secret.mp3", root() / "secret.mp3");
  fs::create_directory_symlink(root(), root() / "loop");
  fs::create_symlink("self.mp3", root() / "self.mp3");
  EXPECT_THAT(found(scan(root())), ElementsAre("in.mp3"));
}

TEST_F(ScanForMusic, ANamedLinkIsFollowedAndKnownByWhatItPointsTo) {
  file("a.mp3");
  fs::create_directory_symlink(root(), root() / "../link");
  const Scan result = scan(root() / "../link");
  EXPECT_THAT(found(result), ElementsAre("a.mp3"));
  EXPECT_THAT(result.roots, ElementsAre(root().native()));
}

TEST_F(ScanForMusic, PassesOverWhatIsNoRegularFile) {
  ASSERT_EQ(::mkfifo((root() / "pipe.mp3").c_str(), 0600), 0);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = (root() / "socket.mp3").native();
  ASSERT_LT(name.size(), sizeof address.sun_path);
  std::memcpy(address.sun_path, name.c_str(), name.size());
  ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::close(socket);
  fs::create_directory(root() / "folder.mp3");
  file("a.mp3");
  EXPECT_THAT(found(scan(root())), ElementsAre("a.mp3"));
}

TEST_F(ScanForMusic, ANamedPipeIsReportedNotWaitedFor) {
  ASSERT_EQ(::mkfifo((root() / "pipe.mp3").c_str(), 0600), 0);
  const Scan result = scan(root() / "pipe.mp3");
  ASSERT_EQ(result.unreadable.size(), 1U);
  EXPECT_THAT(result.unreadable[0].reason, testing::HasSubstr("not a regular file"));
}

TEST_F(ScanForMusic, ANamedFileIsTakenWhateverItsName) {
  const fs::path path = file("song.backup");
  EXPECT_THAT(found(scan(path)), ElementsAre("song.backup"));
}

TEST_F(ScanForMusic, OddNamesAreKeptToTheByte) {
  const std::string odd = "\xff\xfe \n\"'$(x) -.mp3";
  file(odd);
  EXPECT_THAT(found(scan(root())), ElementsAre(odd));
}

TEST_F(ScanForMusic, WhatIsNotThereIsMissing) {
  const Scan result = scan(root() / "gone/");
  EXPECT_THAT(result.missing, ElementsAre((root() / "gone").native()));
  fs::create_symlink(root() / "nowhere", root() / "disk");
  EXPECT_THAT(scan(root() / "disk").missing, ElementsAre((root() / "disk").native()));
}

TEST_F(ScanForMusic, AFileNamedTwiceIsFoundOnce) {
  const fs::path path = file("a.mp3");
  const std::vector<fs::path> paths{path, root(), path};
  EXPECT_EQ(scanForMusic(paths, {}, {}).files.size(), 1U);
}

TEST_F(ScanForMusic, StopsOnRequest) {
  file("a.mp3");
  std::stop_source stop;
  stop.request_stop();
  const std::vector<fs::path> paths{root()};
  EXPECT_THROW(scanForMusic(paths, {}, stop.get_token()), Error);
}

TEST(IsMusicName, GoesByTheExtensionAlone) {
  EXPECT_TRUE(isMusicName("a.mp3"));
  EXPECT_TRUE(isMusicName("A.FLAC"));
  EXPECT_TRUE(isMusicName("film.mkv"));
  EXPECT_FALSE(isMusicName("mp3"));
  EXPECT_FALSE(isMusicName(".mp3"));
  EXPECT_FALSE(isMusicName("list.m3u"));
  EXPECT_FALSE(isMusicName("script.ts"));
}

}  // namespace
}  // namespace attacca::app
