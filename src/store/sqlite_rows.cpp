#include "sqlite_rows.h"

#include <algorithm>

#include <fmt/format.h>

#include "attacca/base/error.h"

namespace attacca::store {

const std::string_view kSelectTrack =
    "SELECT t.id, t.recording_id, t.album_id, t.work_id, r.hash, t.title, a.title, w.title, "
    "t.movement, t.movement_number, t.disc_number, t.track_number, "
    "COALESCE(r.duration, t.duration, 0.0), t.path, t.offline, t.removed, t.external_id "
    "FROM tracks t LEFT JOIN recordings r ON r.id = t.recording_id "
    "JOIN albums a ON a.id = t.album_id LEFT JOIN works w ON w.id = t.work_id ";

// Albums without a title come last.
const std::string_view kTrackOrder =
    "ORDER BY a.sort_key = '', a.sort_key, a.id, COALESCE(t.disc_number, 0), "
    "COALESCE(t.track_number, 0), t.id ";

const std::string_view kSelectPlace =
    "SELECT id, track_id, path, size, modified_ns, offline FROM places ";

AudioHash hashOf(const Database& database, const Query& row, int column) {
  const std::string bytes = row.text(column);
  AudioHash hash;
  if (bytes.size() != hash.digest.bytes.size()) {
    throw Error(
        Fault::corrupt,
        fmt::format("{} holds an audio hash of {} bytes", database.file().native(), bytes.size()),
        "`attacca restore` brings a backup back");
  }
  std::copy(bytes.begin(), bytes.end(), hash.digest.bytes.begin());
  return hash;
}

archive::Track trackOf(Database& database, const Query& row) {
  archive::Track track;
  track.id = {row.integer(0)};
  if (!row.isNull(1)) track.recording = {row.integer(1)};
  track.album = {row.integer(2)};
  track.work = {row.integer(3)};
  if (track.heard()) track.hash = hashOf(database, row, 4);
  track.title = row.text(5);
  track.album_title = row.text(6);
  track.work_title = row.text(7);
  track.movement = row.text(8);
  track.movement_number = row.optionalInteger(9);
  track.disc_number = row.optionalInteger(10);
  track.track_number = row.optionalInteger(11);
  track.duration = Seconds(row.real(12));
  track.path = row.text(13);
  track.offline = row.flag(14);
  track.removed = row.flag(15);
  if (!row.isNull(16)) track.external_id = row.text(16);

  Query credits = database.query(
      "SELECT c.role, p.name FROM credits c JOIN people p ON p.id = c.person_id "
      "WHERE c.track_id = ? ORDER BY c.role, c.position",
      track.id);
  while (credits.step()) {
    const std::string role = credits.text(0);
    if (role == "artist") track.artists.push_back(credits.text(1));
    if (role == "composer") track.composers.push_back(credits.text(1));
    if (role == "conductor") track.conductors.push_back(credits.text(1));
    if (role == "arranger") track.arrangers.push_back(credits.text(1));
  }
  return track;
}

std::vector<archive::Track> tracksOf(Database& database, Query rows) {
  std::vector<archive::Track> tracks;
  while (rows.step()) tracks.push_back(trackOf(database, rows));
  return tracks;
}

std::vector<archive::Place> placesOf(Query rows) {
  std::vector<archive::Place> places;
  while (rows.step()) {
    places.push_back({{rows.integer(0)},
                      {rows.integer(1)},
                      rows.text(2),
                      {static_cast<std::uint64_t>(rows.integer(3)), rows.integer(4)},
                      rows.flag(5)});
  }
  return places;
}

}  // namespace attacca::store
