#include "attacca/app/archive_folder.h"

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <sys/file.h>

#include "attacca/base/error.h"
#include "attacca/base/testing/temp_folder.h"

namespace attacca::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Notes final : public Progress {
 public:
  void begin(std::string_view, double, std::string_view) override {}
  void advanceTo(double) override {}
  void note(std::string_view line) override { lines.emplace_back(line); }
  void end() override {}
  std::vector<std::string> lines;
};

Fault faultOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.fault();
  }
  ADD_FAILURE() << "nothing was thrown";
  return Fault::io;
}

TEST(ArchiveFolder, IsMadeOnceAndKnownAgain) {
  const test::TempFolder folder;
  const ArchiveFolder archive(folder / "new/archive");
  EXPECT_FALSE(archive.exists());
  EXPECT_EQ(faultOf([&] { archive.check(); }), Fault::notFound);
  archive.create();
  archive.create();
  archive.check();
  EXPECT_TRUE(archive.exists());
}

TEST(ArchiveFolder, IsNotMadeAmongOtherThings) {
  const test::TempFolder folder;
  std::ofstream(folder / "song.mp3") << "x";
  EXPECT_EQ(faultOf([&] { ArchiveFolder(folder.path()).create(); }), Fault::usage);
  EXPECT_EQ(faultOf([&] { ArchiveFolder(folder / "song.mp3").create(); }), Fault::usage);
}

TEST(ArchiveFolder, MayBeginWithAConfigurationFile) {
  const test::TempFolder folder;
  const ArchiveFolder archive(folder.path());
  std::ofstream(archive.configuration()) << "limit = 5\n";
  archive.create();
  archive.check();
}

TEST(ArchiveFolder, OfAnotherFormatIsNotTouched) {
  const test::TempFolder folder;
  const ArchiveFolder archive(folder.path());
  std::ofstream(archive.formatFile()) << "attacca archive, format 99\n";
  EXPECT_EQ(faultOf([&] { archive.check(); }), Fault::unsupported);
  EXPECT_EQ(faultOf([&] { archive.create(); }), Fault::unsupported);
}

TEST(WriterLock, WaitsForAnotherAndSaysSoOnce) {
  const test::TempFolder folder;
  const ArchiveFolder archive(folder.path());
  archive.create();
  std::ofstream(archive.lockFile()) << "4711\n";
  auto held = FileLock::tryLock(archive.lockFile());
  ASSERT_TRUE(held);
  Notes notes;
  std::jthread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    held.reset();
  });
  const WriterLock lock = WriterLock::acquire(archive, notes, {});
  EXPECT_THAT(notes.lines, ElementsAre(HasSubstr("(process 4711); waiting")));
  EXPECT_FALSE(FileLock::tryLock(archive.lockFile()));
}

TEST(WriterLock, WaitingEndsOnRequest) {
  const test::TempFolder folder;
  const ArchiveFolder archive(folder.path());
  archive.create();
  const auto held = FileLock::tryLock(archive.lockFile());
  std::stop_source stop;
  std::jthread other([&] { stop.request_stop(); });
  NoProgress silent;
  EXPECT_EQ(faultOf([&] { WriterLock::acquire(archive, silent, stop.get_token()); }),
            Fault::cancelled);
}

}  // namespace
}  // namespace attacca::app
