// What is particular to SQLite: files, versions, backups.
#include "attacca/store/sqlite_archive.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/base/error.h"

#include "sqlite_database.h"
#include "store_fixture.h"

namespace attacca::store {
namespace {

namespace fs = std::filesystem;
using archive::TrackFilter;
using testing::ElementsAre;
using testing::IsEmpty;

class SqliteArchiveTest : public testing::Test {
 protected:
  // An archive with so many tracks, closed again.
  void fill(const fs::path& file, int tracks) const {
    std::vector<archive::Arrival> arrivals;
    arrivals.reserve(static_cast<std::size_t>(tracks));
    for (int i = 0; i < tracks; ++i) {
      arrivals.push_back(arrivalOf("/m/" + std::to_string(i) + ".flac", std::to_string(i)));
    }
    SqliteArchive(file, OpenMode::create).catalogue().enterAll(arrivals);
  }
  std::size_t tracksIn(const fs::path& file) const {
    return SqliteArchive(file, OpenMode::existing).catalogue().tracks(TrackFilter{}).size();
  }
  void damage(const fs::path& file, std::streamoff at) const {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(at);
    stream << std::string(3000, '\x5a');
  }

  const TemporaryFolder folder_;
  const fs::path file_ = folder_ / "archive.db";
};

TEST_F(SqliteArchiveTest, WhatIsNotThereIsNotMadeUnlessAskedFor) {
  EXPECT_EQ(faultOf([&] { SqliteArchive(file_, OpenMode::existing); }), Fault::notFound);
  EXPECT_FALSE(fs::exists(file_));
}

TEST_F(SqliteArchiveTest, WhatWasWrittenIsThereWhenOpenedAgain) {
  fill(file_, 3);
  EXPECT_EQ(tracksIn(file_), 3U);
}

TEST_F(SqliteArchiveTest, NothingIsConcludedAgainFromTheSame) {
  SqliteArchive archive(file_, OpenMode::create);
  auto& catalogue = archive.catalogue();
  catalogue.enter(arrivalOf("/m/1.flac", "one"));
  catalogue.conclude();
  Database database(file_, Database::Access::write);
  const auto forget = [&] { database.run("UPDATE tracks SET concluded = x'00'"); };
  forget();
  EXPECT_FALSE(catalogue.conclude().any()) << "nobody looked at the track";
  // By other rules, or after an end between the two, there is no digest that fits.
  database.run("UPDATE conclusions SET sources = x'00'");
  EXPECT_EQ(catalogue.conclude().tracks, 1);
  forget();
  database.run("DELETE FROM conclusions");
  EXPECT_EQ(catalogue.conclude().tracks, 1);
  forget();
  EXPECT_FALSE(catalogue.conclude().any());
}

TEST_F(SqliteArchiveTest, WhatIsConcludedFromAndTheConclusionsGoTogetherOrNotAtAll) {
  SqliteArchive archive(file_, OpenMode::create);
  auto& catalogue = archive.catalogue();
  Database database(file_, Database::Access::read);
  const auto digest = [&] {
    Query row = database.query("SELECT sources FROM conclusions");
    return row.step() ? row.text(0) : std::string();
  };
  archive::CatalogueRow row;
  row.key = row.external_id = "6";
  row.written.title = "Larghetto";
  const std::vector<archive::CatalogueRow> rows = {row};
  catalogue.conclude();
  const std::string before = digest();
  EXPECT_NE(before, "");
  catalogue.enterRows(rows, true, {});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(catalogue.enterRows(rows, false, stop.get_token()), Error);
  EXPECT_EQ(digest(), before);
  EXPECT_EQ(catalogue.enterRows(rows, false, {}).conclusions.tracks, 1);
  EXPECT_NE(digest(), before);
}

TEST_F(SqliteArchiveTest, AnImportOfManyRowsLeavesTheIndexesAsTheyWere) {
  SqliteArchive archive(file_, OpenMode::create);
  Database database(file_, Database::Access::read);
  const auto indexes = [&] {
    std::vector<std::string> all;
    Query rows = database.query("SELECT sql FROM sqlite_schema WHERE type = 'index' ORDER BY name");
    while (rows.step()) all.push_back(rows.text(0));
    return all;
  };
  const auto before = indexes();
  std::vector<archive::CatalogueRow> rows(3);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].key = rows[i].external_id = std::to_string(i);
    rows[i].written.title = "Piece " + std::to_string(i);
  }
  archive.catalogue().enterRows(rows, true, {});
  EXPECT_EQ(indexes(), before);
  archive.catalogue().enterRows(rows, false, {});
  EXPECT_EQ(indexes(), before);
  EXPECT_EQ(archive.catalogue().find("piece", -1).size(), 3U);
  EXPECT_THAT(archive.check(), IsEmpty());
}

TEST_F(SqliteArchiveTest, AnEmptyFileBecomesAnArchive) {
  std::ofstream(file_).close();
  EXPECT_EQ(tracksIn(file_), 0U);
}

TEST_F(SqliteArchiveTest, AFileOfSomethingElseIsRefusedAndLeftAlone) {
  std::ofstream(file_) << std::string(8192, 'x');
  EXPECT_EQ(faultOf([&] { SqliteArchive(file_, OpenMode::create); }), Fault::corrupt);
  EXPECT_EQ(readFile(file_), std::string(8192, 'x'));
}

TEST_F(SqliteArchiveTest, ADatabaseOfSomethingElseIsRefused) {
  Database(file_, Database::Access::create).execute("CREATE TABLE theirs (x)");
  EXPECT_EQ(faultOf([&] { SqliteArchive(file_, OpenMode::create); }), Fault::corrupt);
}

TEST_F(SqliteArchiveTest, ADatabaseOfANewerProgramIsRefused) {
  fill(file_, 1);
  Database(file_, Database::Access::write).execute("PRAGMA user_version = 99");
  EXPECT_EQ(faultOf([&] { SqliteArchive(file_, OpenMode::create); }), Fault::unsupported);
}

TEST_F(SqliteArchiveTest, ClosedArchiveIsWholeInItsOneFile) {
  fill(file_, 3);
  const fs::path copy = folder_ / "copy.db";
  fs::copy_file(file_, copy);
  EXPECT_EQ(tracksIn(copy), 3U);
}

TEST_F(SqliteArchiveTest, DatabaseOfVersionOneStillOpens) {
  const std::string dump =
      readFile(fs::path(ATTACCA_SOURCE_DIR) / "src/store/test/golden/archive_v1.sql");
  Database(file_, Database::Access::create).execute(dump);
  SqliteArchive archive(file_, OpenMode::existing);
  EXPECT_THAT(archive.check(), IsEmpty());
  EXPECT_THAT(titlesOf(archive.catalogue().tracks(TrackFilter{})),
              ElementsAre("Larghetto", "Finale", "noise"));
  const auto found = archive.catalogue().find("larghetto", 2);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].album_title, "Serenades");
  EXPECT_THAT(found[0].composers, ElementsAre("Antonín Dvořák"));
  EXPECT_EQ(found[0].work_title, "Serenade op. 44");
  EXPECT_EQ(found[0].movement_number, 3);
  const auto tags = archive.catalogue().tagsOf(found[0].id).value();
  EXPECT_EQ(tags.title, "Larghetto");
  EXPECT_EQ(tags.work, "Serenade op. 44");
  EXPECT_EQ(tags.movement, "III. Andante con moto");
  EXPECT_EQ(tags.track_number, 3);
  EXPECT_THAT(tags.composers, ElementsAre("Antonín Dvořák"));
  EXPECT_THAT(tags.album_artists, ElementsAre("Orchestra"));
  EXPECT_EQ(archive.catalogue().places(found[0].id).size(), 2U);
  EXPECT_EQ(archive.catalogue().refusedFiles().size(), 1U);
  const auto history = archive.log().history(archive.log().findUser("anna").value(), 10);
  ASSERT_EQ(history.size(), 1U);
  EXPECT_EQ(history[0].track, found[0].id);
  EXPECT_DOUBLE_EQ(history[0].fraction, 0.75);
}

TEST_F(SqliteArchiveTest, AnIdOfVersionOneIsNotGivenAgain) {
  const std::string dump =
      readFile(fs::path(ATTACCA_SOURCE_DIR) / "src/store/test/golden/archive_v1.sql");
  std::int64_t last = 0;
  {
    Database database(file_, Database::Access::create);
    database.execute(dump);
    last = database.integer("SELECT seq FROM sqlite_sequence WHERE name = 'tracks'") + 5;
    database.run("UPDATE sqlite_sequence SET seq = ? WHERE name = 'tracks'", last);
  }
  SqliteArchive archive(file_, OpenMode::existing);
  EXPECT_EQ(archive.catalogue().enter(arrivalOf("/m/new.flac", "new")).value, last + 1);
}

TEST_F(SqliteArchiveTest, WhatVersionOneKnewIsConcludedAgainWithNothingLost) {
  const std::string dump =
      readFile(fs::path(ATTACCA_SOURCE_DIR) / "src/store/test/golden/archive_v1.sql");
  Database(file_, Database::Access::create).execute(dump);
  SqliteArchive archive(file_, OpenMode::existing);
  auto& catalogue = archive.catalogue();
  EXPECT_TRUE(catalogue.conclude().any());
  EXPECT_FALSE(catalogue.conclude().any());
  EXPECT_THAT(titlesOf(catalogue.tracks(TrackFilter{})),
              ElementsAre("Larghetto", "Finale", "noise"));
  const auto found = catalogue.find("larghetto", 2).at(0);
  EXPECT_THAT(found.composers, ElementsAre("Antonín Dvořák"));
  EXPECT_THAT(found.work_title, testing::HasSubstr("Serenade"));
  EXPECT_EQ(found.movement_number, 3);
  EXPECT_THAT(archive.check(), IsEmpty());
}

TEST_F(SqliteArchiveTest, TheRowsThatVersionTwoKnewAreOfOneCatalogue) {
  const std::string dump =
      readFile(fs::path(ATTACCA_SOURCE_DIR) / "src/store/test/golden/archive_v2.sql");
  Database(file_, Database::Access::create).execute(dump);
  SqliteArchive archive(file_, OpenMode::existing);
  auto& catalogue = archive.catalogue();
  const auto tracks = catalogue.tracks(TrackFilter{});
  std::vector<archive::CatalogueRow> rows;
  for (const auto& track : tracks) {
    if (auto row = catalogue.rowOf(track.id)) rows.push_back(std::move(*row));
  }
  ASSERT_EQ(rows.size(), 2U);
  rows.pop_back();
  EXPECT_EQ(catalogue.enterRows(rows, false, {}).missing.size(), 1U);
}

TEST_F(SqliteArchiveTest, ABackupIsTheWholeDatabaseInOneFile) {
  SqliteArchive archive(file_, OpenMode::create);
  archive.catalogue().enter(arrivalOf("/m/a.flac", "one"));
  archive.backup(folder_ / "backup.db");
  archive.catalogue().enter(arrivalOf("/m/b.flac", "two"));
  EXPECT_EQ(tracksIn(folder_ / "backup.db"), 1U);
  archive.backup(folder_ / "backup.db");
  EXPECT_EQ(tracksIn(folder_ / "backup.db"), 2U);
}

TEST_F(SqliteArchiveTest, ABackupThatCannotBeWrittenLeavesNothing) {
  SqliteArchive archive(file_, OpenMode::create);
  EXPECT_THROW(archive.backup(folder_ / "no such folder/backup.db"), Error);
  EXPECT_FALSE(fs::exists(folder_ / "no such folder"));
}

TEST_F(SqliteArchiveTest, ARestoreIsSeenByWhoHasTheArchiveOpen) {
  SqliteArchive archive(file_, OpenMode::create);
  const TrackId first = archive.catalogue().enter(arrivalOf("/m/a.flac", "one"));
  archive.backup(folder_ / "backup.db");
  const TrackId second = archive.catalogue().enter(arrivalOf("/m/b.flac", "two"));
  restoreDatabase(file_, folder_ / "backup.db");
  EXPECT_TRUE(archive.catalogue().track(first).has_value());
  EXPECT_FALSE(archive.catalogue().track(second).has_value());
  EXPECT_THAT(archive.check(), IsEmpty());
  archive.catalogue().enter(arrivalOf("/m/c.flac", "three"));
  EXPECT_EQ(archive.catalogue().counts().tracks, 2);
}

TEST_F(SqliteArchiveTest, ARestoreMakesAnArchiveWhereThereIsNone) {
  fill(folder_ / "other.db", 2);
  restoreDatabase(file_, folder_ / "other.db");
  EXPECT_EQ(tracksIn(file_), 2U);
}

TEST_F(SqliteArchiveTest, ADamagedArchiveIsSetAsideByARestore) {
  fill(folder_ / "backup.db", 2);
  fill(file_, 1);
  damage(file_, 0);
  restoreDatabase(file_, folder_ / "backup.db");
  EXPECT_EQ(tracksIn(file_), 2U);
  EXPECT_TRUE(fs::exists(folder_ / "archive.db.damaged"));
}

TEST_F(SqliteArchiveTest, ADamagedBackupChangesNothing) {
  fill(file_, 1);
  fill(folder_ / "backup.db", 200);
  damage(folder_ / "backup.db", 5 * 4096);
  EXPECT_EQ(faultOf([&] { restoreDatabase(file_, folder_ / "backup.db"); }), Fault::corrupt);
  EXPECT_EQ(tracksIn(file_), 1U);
  std::ofstream(folder_ / "empty.db").close();
  EXPECT_EQ(faultOf([&] { restoreDatabase(file_, folder_ / "empty.db"); }), Fault::corrupt);
  EXPECT_EQ(faultOf([&] { restoreDatabase(file_, folder_ / "missing.db"); }), Fault::notFound);
  EXPECT_EQ(tracksIn(file_), 1U);
}

TEST_F(SqliteArchiveTest, ACheckFindsDamage) {
  fill(file_, 200);
  EXPECT_THAT(SqliteArchive(file_, OpenMode::existing).check(), IsEmpty());
  damage(file_, 10 * 4096);
  EXPECT_FALSE(SqliteArchive(file_, OpenMode::existing).check().empty());
}

TEST_F(SqliteArchiveTest, AnOddFolderNameIsNoHindrance) {
  const fs::path odd = folder_ / "file:x?mode=ro#\xff\n%41";
  fs::create_directory(odd);
  fill(odd / "archive.db", 1);
  EXPECT_EQ(tracksIn(odd / "archive.db"), 1U);
  SqliteArchive(odd / "archive.db", OpenMode::existing).backup(odd / "backup.db");
  EXPECT_EQ(tracksIn(odd / "backup.db"), 1U);
}

}  // namespace
}  // namespace attacca::store
