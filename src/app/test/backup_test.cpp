#include "attacca/app/backup.h"

#include <fstream>
#include <map>
#include <string>

#include <gmock/gmock.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/testing/temp_folder.h"

namespace attacca::app {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, std::string_view content) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

// All files below a folder, by name.
std::map<std::string, std::string> contents(const fs::path& folder) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    all[entry.path().lexically_relative(folder).native()] = readFile(entry.path());
  }
  return all;
}

class Backup : public testing::Test {
 protected:
  Backup() : archive_(folder_ / "archive") {
    archive_.create();
    write(archive_.configuration(), "limit = 5\n");
    write(archive_.database(), "live database");
    write(archive_.database().native() + "-wal", "unfinished transaction");
    write(archive_.blobs() / "embeddings/m@1/aa.npy", "vectors");
    write(archive_.blobs() / ".tmp/unfinished", "half a blob");
    write(archive_.representations() / "m@1/model.bin", std::string(3'000'000, 'w'));
    write(archive_.lockFile(), "4711\n");
  }

  BackupReport backup() {
    return backupArchive(archive_, [](const fs::path& to) { write(to, "copied database"); },
                         folder_ / "copy", silent_, {});
  }
  RestoreReport restore(const fs::path& to) {
    return restoreArchive(ArchiveFolder(to), folder_ / "copy", silent_, {});
  }
  // Nothing but these names lies in the test's folder: no half-made copy.
  void expectOnly(const std::vector<std::string>& names) {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      found.push_back(entry.path().filename().native());
    }
    EXPECT_THAT(found, testing::UnorderedElementsAreArray(names));
  }

  test::TempFolder folder_;
  ArchiveFolder archive_;
  NoProgress silent_;
};

TEST_F(Backup, HoldsEverythingButUnfinishedWork) {
  const BackupReport report = backup();
  const auto copy = contents(folder_ / "copy");
  EXPECT_THAT(copy, testing::SizeIs(6));
  EXPECT_EQ(report.files, 5U);
  EXPECT_EQ(copy.at("archive.db"), "copied database");
  EXPECT_EQ(copy.at("blobs/embeddings/m@1/aa.npy"), "vectors");
  EXPECT_EQ(copy.at("attacca.toml"), "limit = 5\n");
  EXPECT_EQ(copy.at("FORMAT"), readFile(archive_.formatFile()));
  EXPECT_EQ(copy.at("representations/m@1/model.bin").size(), 3'000'000U);
  EXPECT_THAT(copy.at("SHA256SUMS"), testing::HasSubstr("  blobs/embeddings/m@1/aa.npy\n"));
  expectOnly({"archive", "copy"});
}

TEST_F(Backup, ComesBackInAnEmptyPlace) {
  backup();
  const RestoreReport report = restore(folder_ / "again");
  auto expected = contents(folder_ / "copy");
  expected.erase("SHA256SUMS");
  EXPECT_EQ(contents(folder_ / "again"), expected);
  EXPECT_TRUE(report.kept_aside.empty());
  expectOnly({"archive", "copy", "again"});
}

TEST_F(Backup, RestoringKeepsWhatWasThere) {
  backup();
  write(archive_.blobs() / "embeddings/m@1/bb.npy", "heard since");
  const auto before = contents(archive_.root());
  const RestoreReport report = restore(archive_.root());
  EXPECT_EQ(contents(report.kept_aside), before);
  EXPECT_FALSE(fs::exists(archive_.blobs() / "embeddings/m@1/bb.npy"));
  EXPECT_EQ(readFile(archive_.database()), "copied database");
  expectOnly({"archive", "copy", report.kept_aside.filename().native()});
}

TEST_F(Backup, ADamagedBackupChangesNothing) {
  backup();
  write(folder_ / "copy/blobs/embeddings/m@1/aa.npy", "vectorz");
  const auto before = contents(archive_.root());
  try {
    restore(archive_.root());
    FAIL() << "a damaged file went unnoticed";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::corrupt);
    EXPECT_THAT(error.problem(), testing::HasSubstr("aa.npy"));
  }
  EXPECT_EQ(contents(archive_.root()), before);
  expectOnly({"archive", "copy"});
}

TEST_F(Backup, AFileThatIsGoneFromABackupChangesNothing) {
  backup();
  fs::remove(folder_ / "copy/FORMAT");
  EXPECT_THROW(restore(folder_ / "again"), Error);
  expectOnly({"archive", "copy"});
}

TEST_F(Backup, ASumThatLeadsOutOfTheFolderIsRefused) {
  backup();
  std::ofstream(folder_ / "copy/SHA256SUMS", std::ios::app)
      << std::string(64, '0') << "  ../archive/archive.db\n";
  EXPECT_THROW(restore(folder_ / "again"), Error);
  expectOnly({"archive", "copy"});
}

TEST_F(Backup, IsNeverWrittenOverSomethingOrIntoTheArchive) {
  write(folder_ / "copy/precious", "x");
  EXPECT_THROW(backup(), Error);
  EXPECT_EQ(readFile(folder_ / "copy/precious"), "x");
  EXPECT_THROW(backupArchive(archive_, [](const fs::path& to) { write(to, "x"); },
                             archive_.root() / "inside", silent_, {}),
               Error);
}

TEST_F(Backup, StoppedLeavesNothing) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(backupArchive(
                   archive_, [](const fs::path& to) { write(to, "x"); }, folder_ / "copy", silent_,
                   stop.get_token()),
               Error);
  expectOnly({"archive"});
}

TEST_F(Backup, SomethingElseIsNoBackup) {
  fs::create_directory(folder_ / "copy");
  EXPECT_THROW(restore(folder_ / "again"), Error);
}

}  // namespace
}  // namespace attacca::app
