#include "attacca/base/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/base/testing/temp_folder.h"

namespace attacca {
namespace {

using test::TempFolder;

TEST(File, AtomicWriteReplacesTheWholeFileAndLeavesNothingBeside) {
  const TempFolder folder;
  writeFileAtomically(folder / "a", "first");
  writeFileAtomically(folder / "a", "second");
  EXPECT_EQ(readFile(folder / "a"), "second");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(File, AtomicWriteIntoAMissingFolderNamesTheFile) {
  const TempFolder folder;
  try {
    writeFileAtomically(folder / "none/a", "x");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.problem().find((folder / "none/a").native()), std::string::npos);
  }
}

TEST(File, MissingFileIsNotFound) {
  const TempFolder folder;
  try {
    readFile(folder / "none");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::notFound);
  }
}

TEST(File, MappedBytesAreTheFiles) {
  const TempFolder folder;
  writeFileAtomically(folder / "a", "hello");
  FileBytes bytes = FileBytes::map(folder / "a");
  EXPECT_EQ(bytes.text(), "hello");
  const FileBytes moved = std::move(bytes);
  EXPECT_EQ(moved.text(), "hello");
}

TEST(File, HeldBytesSurviveAMove) {
  FileBytes bytes = FileBytes::hold("short");
  const FileBytes moved = std::move(bytes);
  EXPECT_EQ(moved.text(), "short");
  EXPECT_EQ(moved.size(), 5u);
}

TEST(File, EmptyFileIsMappedAsNothing) {
  const TempFolder folder;
  writeFileAtomically(folder / "a", "");
  EXPECT_EQ(FileBytes::map(folder / "a").size(), 0u);
}

TEST(File, OnlyRegularFilesAreOpenedAndNothingBlocks) {
  const TempFolder folder;
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  std::filesystem::create_directory(folder / "dir");
  writeFileAtomically(folder / "file", "x");
  std::filesystem::create_symlink("file", folder / "link");
  EXPECT_THROW(openRegularFile(folder / "fifo"), Error);
  EXPECT_THROW(openRegularFile(folder / "dir"), Error);
  EXPECT_THROW(openRegularFile(folder / "link"), Error);
  EXPECT_TRUE(openRegularFile(folder / "file"));
}

TEST(File, ALockIsHeldOnceAndReleasedWithItsOwner) {
  const TempFolder folder;
  {
    const auto first = FileLock::tryLock(folder / "lock");
    ASSERT_TRUE(first);
    EXPECT_FALSE(FileLock::tryLock(folder / "lock"));
  }
  EXPECT_TRUE(FileLock::tryLock(folder / "lock"));
}

TEST(File, FullDiskSaysSo) {
  if (::access("/dev/full", W_OK) != 0) GTEST_SKIP() << "this system has no /dev/full";
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  try {
    writeAll(full.get(), std::string_view("x"), "the file");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::io);
    EXPECT_NE(error.remedy().find("space"), std::string::npos);
  }
}

}  // namespace
}  // namespace attacca
