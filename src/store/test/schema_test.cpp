#include "schema.h"

#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/base/error.h"
#include "attacca/base/file.h"

#include "sqlite_migration.h"
#include "store_fixture.h"

namespace attacca::store {
namespace {

std::string textOf(const SchemaVersion& version, Dialect dialect) {
  std::string text;
  for (const Step& step : version.steps) {
    for (const std::string& sql : statements(step, dialect)) text += sql + ";\n";
  }
  return text;
}

std::string golden(const std::string& name) {
  return readFile(std::filesystem::path(ATTACCA_SOURCE_DIR) / "src/store/test/golden" / name);
}

SchemaVersion nextVersion() {
  return {currentSchemaVersion() + 1,
          {AddColumn{"albums", {"label", ColumnType::text, true}},
           ChangeRows{"UPDATE albums SET label = 'unknown' WHERE title = ''"},
           CreateIndex{"albums", {"albums_by_label", {"label"}}}}};
}

TEST(Schema, VersionOneStaysAsItWasReleased) {
  EXPECT_EQ(textOf(schemaVersions()[0], Dialect::sqlite), golden("schema_v1.sqlite.sql"));
  EXPECT_EQ(textOf(schemaVersions()[0], Dialect::postgresql), golden("schema_v1.postgresql.sql"));
}

TEST(Schema, VersionTwoStaysAsItWasReleased) {
  EXPECT_EQ(textOf(schemaVersions()[1], Dialect::sqlite), golden("schema_v2.sqlite.sql"));
  EXPECT_EQ(textOf(schemaVersions()[1], Dialect::postgresql), golden("schema_v2.postgresql.sql"));
}

TEST(Schema, VersionThreeStaysAsItWasReleased) {
  EXPECT_EQ(textOf(schemaVersions()[2], Dialect::sqlite), golden("schema_v3.sqlite.sql"));
  EXPECT_EQ(textOf(schemaVersions()[2], Dialect::postgresql), golden("schema_v3.postgresql.sql"));
}

TEST(Schema, VersionsCountFromOne) {
  int expected = 0;
  for (const SchemaVersion& version : schemaVersions()) EXPECT_EQ(version.number, ++expected);
  EXPECT_EQ(currentSchemaVersion(), expected);
}

TEST(Schema, EveryReferenceNamesATableMadeBefore) {
  std::set<std::string_view> made;
  for (const SchemaVersion& version : schemaVersions()) {
    for (const Step& step : version.steps) {
      const auto* create = std::get_if<CreateTable>(&step);
      if (create == nullptr) continue;
      for (const Column& column : create->table.columns) {
        EXPECT_EQ(column.references.empty(), column.type != ColumnType::reference) << column.name;
        EXPECT_TRUE(column.references.empty() || made.contains(column.references)) << column.name;
      }
      made.insert(create->table.name);
    }
  }
}

TEST(Schema, StepsOfLaterVersionsCanBeSaidInBothDialects) {
  EXPECT_EQ(textOf(nextVersion(), Dialect::sqlite),
            "ALTER TABLE albums ADD COLUMN label TEXT;\n"
            "UPDATE albums SET label = 'unknown' WHERE title = '';\n"
            "CREATE INDEX albums_by_label ON albums (label);\n");
  EXPECT_EQ(textOf(nextVersion(), Dialect::postgresql),
            "ALTER TABLE albums ADD COLUMN label TEXT COLLATE \"C\";\n"
            "UPDATE albums SET label = 'unknown' WHERE title = '';\n"
            "CREATE INDEX albums_by_label ON albums (label);\n");
}

class Migration : public testing::Test {
 protected:
  Migration() { migrate(database_, schemaVersions()); }

  std::vector<SchemaVersion> withNextVersion(std::vector<Step> more = {}) const {
    std::vector<SchemaVersion> versions(schemaVersions().begin(), schemaVersions().end());
    versions.push_back(nextVersion());
    for (Step& step : more) versions.back().steps.push_back(std::move(step));
    return versions;
  }
  std::int64_t columns(const std::string& name) {
    return database_.integer("SELECT count(*) FROM pragma_table_info('albums') WHERE name = ?",
                             name);
  }

  TemporaryFolder folder_;
  Database database_{folder_ / "archive.db", Database::Access::create};
};

TEST_F(Migration, ANewDatabaseIsOfTheCurrentVersion) {
  EXPECT_EQ(schemaVersionOf(database_), currentSchemaVersion());
  EXPECT_EQ(columns("label"), 0);
}

TEST_F(Migration, AnOlderDatabaseKeepsItsRows) {
  database_.run(
      "INSERT INTO albums (title, title_key, artists_key, sort_key, date, musicbrainz) "
      "VALUES ('', '', '', '', '', '')");
  migrate(database_, withNextVersion());
  EXPECT_EQ(schemaVersionOf(database_, currentSchemaVersion() + 1), currentSchemaVersion() + 1);
  EXPECT_EQ(database_.integer("SELECT count(*) FROM albums WHERE label = 'unknown'"), 1);
}

TEST_F(Migration, DoneTwiceIsDoneOnce) {
  migrate(database_, withNextVersion());
  EXPECT_NO_THROW(migrate(database_, withNextVersion()));
}

TEST_F(Migration, AFaultLeavesTheVersionBefore) {
  EXPECT_THROW(migrate(database_, withNextVersion({ChangeRows{"UPDATE no_such_table SET x = 1"}})),
               Error);
  EXPECT_EQ(schemaVersionOf(database_), currentSchemaVersion());
  EXPECT_EQ(columns("label"), 0);
}

TEST_F(Migration, ANewerDatabaseIsRefused) {
  migrate(database_, withNextVersion());
  try {
    schemaVersionOf(database_, currentSchemaVersion());
    FAIL() << "no Error";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::unsupported);
    EXPECT_THAT(error.problem(), testing::HasSubstr("newer Attacca"));
  }
}

}  // namespace
}  // namespace attacca::store
