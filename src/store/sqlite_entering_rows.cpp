#include "sqlite_entering_rows.h"

#include <optional>
#include <utility>
#include <vector>

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
  std::unordered_map<std::string, StoredWritten> known;
  for (StoredWritten& stored : readWritten(database_, std::nullopt, true)) {
    std::string key = stored.row.key;
    known.emplace(std::move(key), std::move(stored));
  }
  archive::RowsEntered result;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i % kLookEvery == 0 && stop.stop_requested()) {
      throw Error(Fault::cancelled, "stopped; nothing was imported");
    }
    const archive::CatalogueRow& row = rows[i];
    const auto found = known.find(row.key);
    if (found == known.end()) {
      const TrackId track = add(row);
      known.emplace(row.key, StoredWritten{track, true, row});
      ++result.added;
    } else if (found->second.row == row) {
      ++result.unchanged;
    } else {
      change(found->second.track, row);
      found->second.row = row;
      ++result.changed;
      result.changed_rows.push_back(i);
    }
  }
  return result;
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
  keepRow(database_, track, row);
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
  keepRow(database_, track, row);
  if (album != before) dropUnusedAlbum(database_, before);
}

}  // namespace attacca::store
