#include "sqlite_entering_rows.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "attacca/base/error.h"

#include "sqlite_albums.h"
#include "sqlite_written.h"

namespace attacca::store {
namespace {

constexpr std::size_t kLookEvery = 256;  // rows between two looks at the stop token

std::optional<std::string> idOf(const archive::CatalogueRow& row) {
  if (row.external_id.empty()) return std::nullopt;
  return row.external_id;
}

std::optional<double> secondsOf(const archive::CatalogueRow& row) {
  if (!row.duration) return std::nullopt;
  return row.duration->count();
}

}  // namespace

archive::RowsEntered EnteringRows::enter(std::span<const archive::CatalogueRow> rows,
                                         const std::stop_token& stop) {
  const std::vector<StoredWritten> stored = readWritten(database_, std::nullopt, true);
  KnownRows known_rows;
  known_rows.reserve(stored.size() + rows.size());
  for (const StoredWritten& one : stored) {
    known_rows.emplace(one.row.key, KnownRow{one.track, one.catalogue, &one.row});
  }
  catalogue_ = catalogueOf(rows, known_rows);
  archive::RowsEntered result;
  std::unordered_set<TrackId> seen;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i % kLookEvery == 0 && stop.stop_requested()) {
      throw Error(Fault::cancelled, "stopped; nothing was imported");
    }
    const archive::CatalogueRow& row = rows[i];
    const auto found = known_rows.find(row.key);
    if (found == known_rows.end()) {
      const TrackId track = add(row);
      known_rows.emplace(row.key, KnownRow{track, catalogue_, &row});
      seen.insert(track);
      ++result.added;
      continue;
    }
    KnownRow& known = found->second;
    seen.insert(known.track);
    if (*known.row != row) {
      change(known.track, row);
      known.row = &row;
      ++result.changed;
      result.changed_rows.push_back(i);
      continue;
    }
    ++result.unchanged;
    if (known.catalogue == catalogue_) continue;
    database_.run("UPDATE written SET catalogue = ? WHERE track_id = ? AND source = 'row'",
                  catalogue_, known.track);
  }
  result.missing = missing(seen);
  return result;
}

// The oldest catalogue that any of the rows is of, else a new one.
std::int64_t EnteringRows::catalogueOf(std::span<const archive::CatalogueRow> rows,
                                       const KnownRows& known_rows) {
  std::int64_t oldest = 0;
  for (const archive::CatalogueRow& row : rows) {
    const auto found = known_rows.find(row.key);
    if (found == known_rows.end()) continue;
    const std::int64_t number = found->second.catalogue;
    if (oldest == 0 || number < oldest) oldest = number;
  }
  if (oldest != 0) return oldest;
  std::int64_t newest = 0;
  for (const auto& [key, known] : known_rows) newest = std::max(newest, known.catalogue);
  return newest + 1;
}

std::vector<TrackId> EnteringRows::missing(const std::unordered_set<TrackId>& seen) {
  std::vector<TrackId> list;
  Query rows = database_.query(
      "SELECT w.track_id FROM written w JOIN tracks t ON t.id = w.track_id "
      "WHERE w.source = 'row' AND w.catalogue = ? AND t.removed = 0 ORDER BY w.track_id",
      catalogue_);
  while (rows.step()) {
    const TrackId track{rows.integer(0)};
    if (!seen.contains(track)) list.push_back(track);
  }
  return list;
}

AlbumId EnteringRows::albumOf(const archive::CatalogueRow& row) {
  const auto [known, is_new] =
      albums_.try_emplace(row.album_id + archive::kJoin + row.written.album);
  if (is_new) known->second = albumOfRow(database_, row);
  return known->second;
}

TrackId EnteringRows::add(const archive::CatalogueRow& row) {
  const AlbumId album = albumOf(row);
  database_.run(
      "INSERT INTO tracks (album_id, title, title_key, album_key, movement, genre, musicbrainz, "
      "path, offline, removed, external_id, duration) "
      "VALUES (?1, ?2, '', (SELECT title_key FROM albums WHERE id = ?1), '', '', '', ?3, 1, 0, ?4, "
      "?5)",
      album, row.written.title, BytesView{""}, idOf(row), secondsOf(row));
  const TrackId track{database_.lastId()};
  keepRow(database_, track, row, catalogue_, true);
  return track;
}

void EnteringRows::change(TrackId track, const archive::CatalogueRow& row) {
  const AlbumId before{database_.integer("SELECT album_id FROM tracks WHERE id = ?", track)};
  const AlbumId album = albumOf(row);
  database_.run(
      "UPDATE tracks SET album_id = ?1, "
      "album_key = (SELECT title_key FROM albums WHERE id = ?1), external_id = ?2, "
      "duration = CASE WHEN recording_id IS NULL THEN ?3 END WHERE id = ?4",
      album, idOf(row), secondsOf(row), track);
  keepRow(database_, track, row, catalogue_, false);
  if (album != before) dropUnusedAlbum(database_, before);
}

}  // namespace attacca::store
