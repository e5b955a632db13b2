#include "attacca/store/folder_blobs.h"

#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/store/testing/faulty_blobs.h"

#include "blobs_contract.h"
#include "store_fixture.h"

namespace attacca::store {
namespace {

namespace fs = std::filesystem;

class OpenFolderBlobs final : public OpenBlobs {
 public:
  Blobs& blobs() override { return blobs_; }

 private:
  TemporaryFolder folder_;
  FolderBlobs blobs_{folder_ / "blobs"};
};

class OpenDecoratedBlobs final : public OpenBlobs {
 public:
  Blobs& blobs() override { return decorated_; }

 private:
  OpenFolderBlobs inner_;
  FaultyBlobs decorated_{inner_.blobs(), {}};
};

std::unique_ptr<OpenBlobs> makeFolderBlobs() { return std::make_unique<OpenFolderBlobs>(); }
std::unique_ptr<OpenBlobs> makeDecorated() { return std::make_unique<OpenDecoratedBlobs>(); }

std::string nameOf(const testing::TestParamInfo<MakeBlobs>& info) {
  return info.index == 0 ? "Folder" : "DecoratedFolder";
}

INSTANTIATE_TEST_SUITE_P(Store, BlobsContract, testing::Values(makeFolderBlobs, makeDecorated),
                         nameOf);

std::size_t filesIn(const fs::path& folder) {
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    files += entry.is_regular_file();
  return files;
}

void put(Blobs& blobs, const std::string& key, std::string_view content) {
  const auto writer = blobs.create(key);
  writer->write(std::as_bytes(std::span(content)));
  writer->commit();
}

TEST(FolderBlobs, KeyIsThePathBelowTheFolder) {
  const TemporaryFolder folder;
  FolderBlobs(folder / "blobs").put("peaks/ab12", "x");
  EXPECT_TRUE(fs::is_regular_file(folder / "blobs/peaks/ab12"));
  EXPECT_TRUE(FolderBlobs(folder / "blobs").exists("peaks/ab12"));
}

TEST(FolderBlobs, LookingMakesNoFolder) {
  const TemporaryFolder folder;
  FolderBlobs blobs(folder / "blobs");
  blobs.list("");
  blobs.exists("a");
  EXPECT_EQ(blobs.removeUnfinished(), 0U);
  EXPECT_FALSE(fs::exists(folder / "blobs"));
}

TEST(FolderBlobs, ForeignFilesAndLinksAreNoBlobs) {
  const TemporaryFolder folder;
  FolderBlobs blobs(folder / "blobs");
  blobs.put("a", "x");
  std::ofstream(folder / "blobs/not a key") << "x";
  std::ofstream(folder / "outside") << "x";
  fs::create_symlink(folder / "outside", folder / "blobs/link");
  EXPECT_EQ(blobs.list("").size(), 1U);
  EXPECT_FALSE(blobs.exists("link"));
  EXPECT_THROW(blobs.read("link"), Error);
}

TEST(FolderBlobs, TheFolderOfUnfinishedBlobsIsNoBlob) {
  const TemporaryFolder folder;
  FolderBlobs blobs(folder / "blobs");
  EXPECT_THROW(blobs.put(".tmp/a", "x"), Error);
  EXPECT_THROW(blobs.put(".tmp", "x"), Error);
  EXPECT_NO_THROW(blobs.put("a/.tmp", "x"));
}

TEST(FolderBlobs, WhatAKilledProcessLeftIsRemoved) {
  const TemporaryFolder folder;
  FolderBlobs blobs(folder / "blobs");
  blobs.put("done", "x");
  const pid_t child = ::fork();
  if (child == 0) {
    FaultyBlobs killed(blobs, killAt(2));  // create, write, then commit
    put(killed, "unfinished", "half");
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(filesIn(folder.path()), 2U);
  EXPECT_EQ(blobs.list("").size(), 1U);
  EXPECT_EQ(blobs.removeUnfinished(), 1U);
  EXPECT_EQ(filesIn(folder.path()), 1U);
  EXPECT_EQ(blobs.read("done").text(), "x");
}

// The limit on a file's size stands for a full disk: the write fails in the same place.
TEST(FolderBlobs, ADiskThatIsFullLeavesTheOldBlob) {
  const TemporaryFolder folder;
  FolderBlobs blobs(folder / "blobs");
  blobs.put("a", "old");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 1000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_THROW(blobs.put("a", std::string(5000, 'x')), Error);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(blobs.read("a").text(), "old");
  EXPECT_EQ(filesIn(folder.path()), 1U);
}

TEST(FaultyBlobs, FailsAtTheChosenOperationOnly) {
  const TemporaryFolder folder;
  FolderBlobs inner(folder / "blobs");
  for (std::size_t number = 0; number < 3; ++number) {
    FaultyBlobs blobs(inner, failAt(number));
    EXPECT_THROW(put(blobs, "a", "x"), Error) << number;
    EXPECT_FALSE(inner.exists("a")) << number;
    EXPECT_EQ(inner.removeUnfinished(), 0U) << number;
    EXPECT_EQ(blobs.operations(), number + 1);
    EXPECT_NO_THROW(blobs.list(""));
  }
}

TEST(FaultyBlobs, MayFailEverAfter) {
  OpenFolderBlobs inner;
  FaultyBlobs blobs(inner.blobs(), failAt(1, true));
  EXPECT_NO_THROW(blobs.list(""));
  EXPECT_THROW(blobs.list(""), Error);
  EXPECT_THROW(blobs.exists("a"), Error);
}

}  // namespace
}  // namespace attacca::store
