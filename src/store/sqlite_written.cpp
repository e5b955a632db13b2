#include "sqlite_written.h"

#include <algorithm>
#include <array>
#include <map>

namespace attacca::store {
namespace {

using archive::CatalogueRow;
using archive::Written;

constexpr char kBetween = '\x1e';  // ASCII record separator; cleaned text never holds it

struct Role {
  std::string_view name;
  std::vector<std::string> Written::*names;
};
constexpr std::array<Role, 6> kRoles = {{{"album artist", &Written::album_artists},
                                         {"arranger", &Written::arrangers},
                                         {"artist", &Written::artists},
                                         {"composer", &Written::composers},
                                         {"conductor", &Written::conductors},
                                         {"performer", &Written::performers}}};

std::string packed(const std::map<std::string, std::string>& extra) {
  std::string text;
  for (const auto& [name, value] : extra) {
    if (!text.empty()) text += kBetween;
    text.append(name).append(1, archive::kJoin).append(value);
  }
  return text;
}

std::map<std::string, std::string> unpacked(std::string_view text) {
  std::map<std::string, std::string> extra;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(kBetween), text.size());
    const std::string_view pair = text.substr(0, end);
    const std::size_t middle = std::min(pair.find(archive::kJoin), pair.size());
    extra.emplace(pair.substr(0, middle), pair.substr(std::min(middle + 1, pair.size())));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return extra;
}

StoredWritten storedOf(const Query& query) {
  StoredWritten stored;
  stored.track = {query.integer(0)};
  stored.is_row = query.text(1) == kRow;
  Written& written = stored.row.written;
  written.title = query.text(2);
  written.album = query.text(3);
  written.date = query.text(4);
  written.work = query.text(5);
  written.musicbrainz_work = query.text(6);
  written.movement = query.text(7);
  written.movement_number = query.optionalInteger(8);
  written.disc_number = query.optionalInteger(9);
  written.track_number = query.optionalInteger(10);
  written.genre = query.text(11);
  if (!stored.is_row) return stored;
  stored.row.key = query.text(12);
  stored.row.external_id = query.text(13);
  stored.row.album_id = query.text(14);
  stored.row.file = query.text(15);
  if (const auto seconds = query.optionalReal(16)) stored.row.duration = Seconds(*seconds);
  stored.row.extra = unpacked(query.text(17));
  stored.catalogue = query.integer(18);
  return stored;
}

void keepNames(Database& database, TrackId track, std::string_view source, const Written& written) {
  for (const Role& role : kRoles) {
    std::int64_t position = 0;
    for (const std::string& name : written.*role.names) {
      database.run(
          "INSERT INTO written_names (track_id, source, role, position, name) "
          "VALUES (?, ?, ?, ?, ?)",
          track, source, role.name, position++, name);
    }
  }
}

}  // namespace

std::vector<StoredWritten> readWritten(Database& database, std::optional<TrackId> track,
                                       bool rows_only) {
  std::vector<StoredWritten> all;
  const std::string_view least = rows_only ? kRow : "";
  const std::string_view most = rows_only ? kRow : "~";
  Query values = database.query(
      "SELECT track_id, source, title, album, date, work, musicbrainz_work, movement, "
      "movement_number, disc_number, track_number, genre, row_key, external_id, album_id, file, "
      "duration, extra, catalogue FROM written WHERE (?1 IS NULL OR track_id = ?1) "
      "AND source BETWEEN ?2 AND ?3 ORDER BY track_id, source",
      track, least, most);
  while (values.step()) all.push_back(storedOf(values));
  // Both lists are in order, so they are walked side by side.
  Query names = database.query(
      "SELECT track_id, source, role, name FROM written_names "
      "WHERE (?1 IS NULL OR track_id = ?1) AND source BETWEEN ?2 AND ?3 "
      "ORDER BY track_id, source, role, position",
      track, least, most);
  auto at = all.begin();
  while (names.step()) {
    const TrackId id{names.integer(0)};
    const bool is_row = names.text(1) == kRow;
    while (at != all.end() && (at->track < id || (at->track == id && at->is_row != is_row))) ++at;
    if (at == all.end()) break;
    const std::string role = names.text(2);
    for (const Role& one : kRoles) {
      if (one.name == role) (at->row.written.*one.names).push_back(names.text(3));
    }
  }
  return all;
}

void keepTags(Database& database, TrackId track, const Written& written,
              const archive::AlbumKey& album) {
  database.run(
      "INSERT INTO written (track_id, source, title, album, album_key, artists_key, date, work, "
      "musicbrainz_work, movement, movement_number, disc_number, track_number, genre) "
      "VALUES (?, 'tags', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (track_id, source) "
      "DO UPDATE SET title = excluded.title, album = excluded.album, "
      "album_key = excluded.album_key, artists_key = excluded.artists_key, date = excluded.date, "
      "work = excluded.work, musicbrainz_work = excluded.musicbrainz_work, "
      "movement = excluded.movement, movement_number = excluded.movement_number, "
      "disc_number = excluded.disc_number, track_number = excluded.track_number, "
      "genre = excluded.genre",
      track, written.title, written.album, album.title, album.artists, written.date, written.work,
      written.musicbrainz_work, written.movement, written.movement_number, written.disc_number,
      written.track_number, written.genre);
  database.run("DELETE FROM written_names WHERE track_id = ? AND source = 'tags'", track);
  keepNames(database, track, kTags, written);
}

void keepRow(Database& database, TrackId track, const CatalogueRow& row, std::int64_t catalogue,
             bool is_new) {
  const Written& written = row.written;
  std::optional<double> seconds;
  if (row.duration) seconds = row.duration->count();
  if (!is_new) {
    database.run("DELETE FROM written WHERE track_id = ? AND source = 'row'", track);
    database.run("DELETE FROM written_names WHERE track_id = ? AND source = 'row'", track);
  }
  database.run(
      "INSERT INTO written (track_id, source, title, album, album_key, artists_key, date, work, "
      "musicbrainz_work, movement, movement_number, disc_number, track_number, genre, row_key, "
      "external_id, album_id, file, duration, extra, catalogue) "
      "VALUES (?, 'row', ?, ?, '', '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      track, written.title, written.album, written.date, written.work, written.musicbrainz_work,
      written.movement, written.movement_number, written.disc_number, written.track_number,
      written.genre, row.key, row.external_id, row.album_id, row.file, seconds, packed(row.extra),
      catalogue);
  keepNames(database, track, kRow, written);
}

void moveSource(Database& database, TrackId from, TrackId to, std::string_view source) {
  if (database.integer("SELECT count(*) FROM written WHERE track_id = ? AND source = ?", to,
                       source) == 0) {
    database.run("UPDATE written SET track_id = ? WHERE track_id = ? AND source = ?", to, from,
                 source);
    database.run("UPDATE written_names SET track_id = ? WHERE track_id = ? AND source = ?", to,
                 from, source);
  }
  database.run("DELETE FROM written WHERE track_id = ? AND source = ?", from, source);
  database.run("DELETE FROM written_names WHERE track_id = ? AND source = ?", from, source);
}

}  // namespace attacca::store
