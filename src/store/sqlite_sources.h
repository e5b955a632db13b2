// What conclusions are made from, as the database has it.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "attacca/archive/effective.h"

#include "sqlite_database.h"

namespace attacca::store {

struct Sources {
  std::vector<archive::TrackSources> tracks;  // in order of ids
  std::vector<archive::AlbumSources> albums;
  std::vector<archive::Correction> corrections;  // oldest first
  std::string digest;  // of all that, and of the rules by which it is concluded from
  // What was concluded of each track before, as a digest.
  std::unordered_map<TrackId, std::string> concluded;
};

Sources readSources(Database& database);

// Oldest first.
std::vector<archive::Correction> readCorrections(Database& database);

}  // namespace attacca::store
