// What version a database is of, and how it becomes a later one.
#pragma once

#include <cstdint>
#include <span>

#include "schema.h"
#include "sqlite_database.h"

namespace attacca::store {

// Marks a file as ours in SQLite's header: "Atca".
constexpr std::int32_t kApplicationId = 0x41746361;

// 0: an empty database. Throws Fault::corrupt for a file of something else, Fault::unsupported for
// a version later than `newest`.
int schemaVersionOf(Database& database, int newest = currentSchemaVersion());

// Brings the database to the last of `versions`, each version in a transaction of its own, so that
// a fault leaves a whole version. The caller has the right to write.
void migrate(Database& database, std::span<const SchemaVersion> versions);

}  // namespace attacca::store
