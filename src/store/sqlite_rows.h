// How rows become the archive's values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "attacca/archive/types.h"

#include "sqlite_database.h"

namespace attacca::store {

inline BytesView bytesOf(std::string_view path) { return {path}; }
inline BytesView bytesOf(const AudioHash& hash) {
  return {{reinterpret_cast<const char*>(hash.digest.bytes.data()), hash.digest.bytes.size()}};
}
inline std::int64_t millisecondsOf(UnixTime time) { return time.time_since_epoch().count(); }
inline UnixTime timeOf(std::int64_t milliseconds) {
  return UnixTime(std::chrono::milliseconds(milliseconds));
}

// Throws Fault::corrupt for anything but 32 bytes.
AudioHash hashOf(const Database& database, const Query& row, int column);

// "SELECT ... FROM tracks t JOIN ..." for trackOf, and the order of lists.
extern const std::string_view kSelectTrack;
extern const std::string_view kTrackOrder;
// Also reads the track's credits.
archive::Track trackOf(Database& database, const Query& row);
std::vector<archive::Track> tracksOf(Database& database, Query rows);

// "SELECT ... FROM places"
extern const std::string_view kSelectPlace;
std::vector<archive::Place> placesOf(Query rows);

}  // namespace attacca::store
