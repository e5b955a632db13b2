#include "sqlite_migration.h"

#include <fmt/format.h>

#include "attacca/base/error.h"

namespace attacca::store {

int schemaVersionOf(Database& database, int newest) {
  const auto version = static_cast<int>(database.integer("PRAGMA user_version"));
  const auto application = database.integer("PRAGMA application_id");
  if (version == 0 && application == 0 &&
      database.integer("SELECT count(*) FROM sqlite_schema") == 0) {
    return 0;
  }
  if (application != kApplicationId) {
    throw Error(Fault::corrupt,
                fmt::format("{} is not the database of an archive", database.file().native()),
                "check the folder that --archive names");
  }
  if (version > newest) {
    throw Error(Fault::unsupported,
                fmt::format("{} was made by a newer Attacca (its version is {}, the newest that "
                            "this program knows is {})",
                            database.file().native(), version, newest),
                "use the newer program, or restore a backup made before it");
  }
  return version;
}

namespace {

// A table that is made anew would look, for a moment, like one whose rows are gone. Takes effect
// outside of transactions only.
class WithoutForeignKeys {
 public:
  explicit WithoutForeignKeys(Database& database) : database_(database) { set(0); }
  WithoutForeignKeys(const WithoutForeignKeys&) = delete;
  WithoutForeignKeys& operator=(const WithoutForeignKeys&) = delete;
  ~WithoutForeignKeys() { set(1); }

 private:
  void set(int on) {
    sqlite3_db_config(database_.handle(), SQLITE_DBCONFIG_ENABLE_FKEY, on, nullptr);
  }
  Database& database_;
};

}  // namespace

void migrate(Database& database, std::span<const SchemaVersion> versions) {
  const WithoutForeignKeys guard(database);
  for (const SchemaVersion& version : versions) {
    Transaction transaction(database, Transaction::Kind::write);
    if (version.number <= schemaVersionOf(database, versions.back().number)) continue;
    for (const Step& step : version.steps) {
      for (const std::string& sql : statements(step, Dialect::sqlite)) database.execute(sql);
    }
    database.execute(fmt::format("PRAGMA application_id = {}", kApplicationId));
    database.execute(fmt::format("PRAGMA user_version = {}", version.number));
    transaction.commit();
  }
}

}  // namespace attacca::store
