// Folders that cannot be written to, full disks.
#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/store/sqlite_archive.h"

#include "sqlite_database.h"
#include "store_fixture.h"

namespace attacca::store {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

// Mounts of this process only, gone with it.
bool mayMount() {
  static const bool may = ::geteuid() == 0 && ::unshare(CLONE_NEWNS) == 0 &&
                          ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  return may;
}

// A folder that cannot be written to while this lives.
class ReadOnly {
 public:
  explicit ReadOnly(fs::path folder) : folder_(std::move(folder)) {
    if (::geteuid() != 0) {
      fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);
      works_ = true;
    } else if (mayMount()) {
      mounted_ = ::mount(folder_.c_str(), folder_.c_str(), nullptr, MS_BIND, nullptr) == 0;
      works_ = mounted_ && ::mount(nullptr, folder_.c_str(), nullptr,
                                   MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) == 0;
    }
  }
  ReadOnly(const ReadOnly&) = delete;
  ReadOnly& operator=(const ReadOnly&) = delete;
  ~ReadOnly() {
    if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
    if (::geteuid() != 0) fs::permissions(folder_, fs::perms::owner_all);
  }
  bool works() const { return works_; }

 private:
  fs::path folder_;
  bool mounted_ = false;
  bool works_ = false;
};

class ReadOnlyFolder : public testing::Test {
 protected:
  ReadOnlyFolder() {
    fs::create_directory(home_);
    SqliteArchive archive(file_, OpenMode::create);
    archive.catalogue().enter(arrivalOf("/m/a.flac", "one"));
  }

  const TemporaryFolder folder_;
  const fs::path home_ = folder_ / "home";
  const fs::path file_ = home_ / "archive.db";
};

constexpr const char* kCannotMount = "needs the right to mount, or a user who is not root";

TEST_F(ReadOnlyFolder, CanBeReadAndSaysThatItCannotBeWritten) {
  const ReadOnly guard(home_);
  if (!guard.works()) GTEST_SKIP() << kCannotMount;
  SqliteArchive archive(file_, OpenMode::existing);
  EXPECT_EQ(archive.catalogue().find("one", 5).size(), 1U);
  EXPECT_THAT(archive.check(), IsEmpty());
  EXPECT_EQ(faultOf([&] { archive.log().user("anna"); }), Fault::io);
  archive.backup(folder_ / "backup.db");
  EXPECT_TRUE(fs::exists(folder_ / "backup.db"));
}

TEST_F(ReadOnlyFolder, CanBeReadWithoutTheFilesThatSqliteKeepsBesideADatabase) {
  fs::remove(file_.native() + "-wal");
  fs::remove(file_.native() + "-shm");
  const ReadOnly guard(home_);
  if (!guard.works()) GTEST_SKIP() << kCannotMount;
  SqliteArchive archive(file_, OpenMode::existing);
  EXPECT_EQ(archive.catalogue().find("one", 5).size(), 1U);
}

TEST_F(ReadOnlyFolder, IsReadWithWhatACrashLeftOrRefusedNeverReadHalf) {
  const fs::path crashed = folder_ / "crashed";
  fs::create_directory(crashed);
  {
    SqliteArchive archive(file_, OpenMode::existing);
    archive.catalogue().enter(arrivalOf("/m/b.flac", "two"));
    for (const std::string name : {"archive.db", "archive.db-wal", "archive.db-shm"}) {
      fs::copy_file(home_ / name, crashed / name);
    }
  }
  ASSERT_GT(fs::file_size(crashed / "archive.db-wal"), 0U);
  {
    const ReadOnly guard(crashed);
    if (!guard.works()) GTEST_SKIP() << kCannotMount;
    SqliteArchive archive(crashed / "archive.db", OpenMode::existing);
    EXPECT_EQ(archive.catalogue().counts().tracks, 2);
  }
  fs::remove(crashed / "archive.db-shm");
  const ReadOnly guard(crashed);
  ASSERT_TRUE(guard.works());
  EXPECT_EQ(faultOf([&] { SqliteArchive(crashed / "archive.db", OpenMode::existing); }), Fault::io);
}

// What SIGKILL leaves between the making of the file and its first transaction's end.
TEST(KilledWhileMadeTheFirstTime, IsEmptyAndGoesOn) {
  const TemporaryFolder folder;
  const fs::path killed = folder / "killed";
  fs::create_directory(killed);
  {
    Database database(folder / "archive.db", Database::Access::create);
    database.execute("PRAGMA cache_size = 1");
    Transaction transaction(database, Transaction::Kind::write);
    database.execute("CREATE TABLE pages (content BLOB)");
    for (int i = 0; i < 50; ++i) database.execute("INSERT INTO pages VALUES (zeroblob(4000))");
    for (const std::string name : {"archive.db", "archive.db-journal"}) {
      fs::copy_file(folder / name, killed / name);
    }
  }
  ASSERT_GT(fs::file_size(killed / "archive.db"), 0U);
  SqliteArchive archive(killed / "archive.db", OpenMode::existing);
  EXPECT_EQ(archive.catalogue().counts().tracks, 0);
  archive.catalogue().enter(arrivalOf("/m/a.flac", "one"));
  EXPECT_EQ(archive.catalogue().counts().tracks, 1);
  EXPECT_THAT(archive.check(), IsEmpty());
}

// Enters files until one cannot be entered; returns how many were. Each is some 5 kB of database.
int enterUntilFull(SqliteArchive& archive) {
  for (int i = 0; i < 100'000; ++i) {
    auto arrival = arrivalOf("/m/" + std::to_string(i) + ".flac", std::to_string(i));
    arrival.identity.tags.genre = std::string(4000, 'g');
    try {
      archive.catalogue().enter(arrival);
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::io);
      return i;
    }
  }
  ADD_FAILURE() << "it never was full";
  return 0;
}

TEST(FullDisk, NothingReportedIsLostAndTheNextRunGoesOn) {
  if (!mayMount()) GTEST_SKIP() << "needs the right to mount";
  const TemporaryFolder folder;
  ASSERT_EQ(::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=2m"), 0);
  const fs::path file = folder / "archive.db";
  const fs::path ballast = folder / "ballast";
  std::ofstream(ballast) << std::string(200'000, 'x');
  int entered = 0;
  {
    SqliteArchive archive(file, OpenMode::create);
    entered = enterUntilFull(archive);
    EXPECT_GT(entered, 10);
    EXPECT_EQ(archive.catalogue().counts().tracks, entered);
  }
  {
    SqliteArchive archive(file, OpenMode::existing);
    EXPECT_EQ(archive.catalogue().counts().tracks, entered);
    EXPECT_THAT(archive.check(), IsEmpty());
    fs::remove(ballast);
    archive.catalogue().enter(arrivalOf("/m/more.flac", "more"));
    EXPECT_EQ(archive.catalogue().counts().tracks, entered + 1);
  }
  ::umount2(folder.path().c_str(), MNT_DETACH);
}

// Writing beyond it fails, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit small = before_;
    small.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, old_handler_);
  }

 private:
  rlimit before_{};
  void (*old_handler_)(int);
};

TEST(FullDisk, AFileThatMayNotGrowIsLikeAFullDisk) {
  const TemporaryFolder folder;
  const fs::path file = folder / "archive.db";
  SqliteArchive archive(file, OpenMode::create);
  int entered = 0;
  {
    const FileSizeLimit limit(3'000'000);
    entered = enterUntilFull(archive);
  }
  {
    const FileSizeLimit limit(30'000);
    EXPECT_THROW(archive.backup(folder / "backup.db"), Error);
  }
  EXPECT_GT(entered, 10);
  EXPECT_FALSE(fs::exists(folder / "backup.db"));
  EXPECT_FALSE(fs::exists(folder / "backup.db.unfinished"));
  EXPECT_EQ(archive.catalogue().counts().tracks, entered);
  EXPECT_THAT(archive.check(), IsEmpty());
  archive.catalogue().enter(arrivalOf("/m/more.flac", "more"));
  EXPECT_EQ(archive.catalogue().counts().tracks, entered + 1);
}

TEST(FullDisk, AnImportThatDoesNotFitChangesNothing) {
  const TemporaryFolder folder;
  const fs::path file = folder / "archive.db";
  SqliteArchive archive(file, OpenMode::create);
  std::vector<archive::CatalogueRow> rows(2000);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].key = "id:" + std::to_string(i);
    rows[i].external_id = std::to_string(i);
    rows[i].written.title = "Title " + std::to_string(i);
    rows[i].extra = {{"note", std::string(1000, 'n')}};
  }
  const auto few = std::span(rows).first(10);
  archive.catalogue().enterRows(few, false, {});
  {
    const FileSizeLimit limit(800'000);
    EXPECT_EQ(faultOf([&] { archive.catalogue().enterRows(rows, false, {}); }), Fault::io);
  }
  EXPECT_EQ(archive.catalogue().counts().tracks, 10);
  EXPECT_THAT(archive.check(), IsEmpty());
  EXPECT_EQ(archive.catalogue().enterRows(rows, false, {}).added, 1990);
}

}  // namespace
}  // namespace attacca::store
