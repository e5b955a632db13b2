#include "sqlite_albums.h"

#include <vector>

#include <fmt/format.h>

#include "attacca/base/text.h"

#include "sqlite_rows.h"

namespace attacca::store {
namespace {

using archive::Entry;

void keepArtists(Database& database, AlbumId album, const std::vector<std::string>& names) {
  database.run("DELETE FROM album_artists WHERE album_id = ?", album);
  for (std::size_t i = 0; i < names.size(); ++i) {
    database.run("INSERT INTO album_artists (album_id, position, person_id) VALUES (?, ?, ?)",
                 album, static_cast<std::int64_t>(i), personOf(database, names[i]));
  }
}

// A file that names no album artist is of the only album of its title in its folder.
AlbumId onlyAlbumOf(Database& database, const Entry& entry) {
  Query row = database.query(
      "SELECT min(a.id), max(a.id) FROM album_folders f JOIN albums a ON a.id = f.album_id "
      "WHERE f.folder = ? AND a.title_key = ?",
      bytesOf(entry.album_folder), entry.album_key.title);
  if (!row.step() || row.isNull(0) || row.integer(0) != row.integer(1)) return {};
  return {row.integer(0)};
}

void describeAlbum(Database& database, AlbumId album, const Entry& entry) {
  // A file that lacks a date does not take it from the others.
  database.run(
      "UPDATE albums SET title = ?1, sort_key = ?2, "
      "date = CASE WHEN ?3 = '' THEN date ELSE ?3 END, "
      "musicbrainz = CASE WHEN ?4 = '' THEN musicbrainz ELSE ?4 END WHERE id = ?5",
      entry.album_title, archive::sortKey(entry.album_title), entry.album_date,
      entry.album_musicbrainz, album);
  if (!entry.album_key.artists.empty()) keepArtists(database, album, entry.album_artists);
}

// What stands in the place of a folder for the albums of a catalogue: no path begins so.
constexpr std::string_view kOfTitle = "catalogue title ";
constexpr std::string_view kOfId = "catalogue album ";

std::string folderOf(const archive::CatalogueRow& row, std::string_view title_key) {
  return row.album_id.empty() ? fmt::format("{}{}", kOfTitle, title_key)
                              : fmt::format("{}{}", kOfId, row.album_id);
}

void addFolder(archive::AlbumNames& names, std::string_view folder) {
  if (folder.starts_with(kOfId)) {
    names.catalogue_ids.emplace_back(folder.substr(kOfId.size()));
  } else if (folder.starts_with(kOfTitle)) {
    names.folders.emplace_back();
  } else {
    names.folders.emplace_back(folder.substr(folder.rfind('/') + 1));
  }
}

}  // namespace

AlbumId albumOf(Database& database, const Entry& entry, std::optional<TrackId> track) {
  const archive::AlbumKey& key = entry.album_key;
  AlbumId album;
  if (track) {
    album = {
        database.integer("SELECT a.id FROM tracks t JOIN albums a ON a.id = t.album_id "
                         "WHERE t.id = ? AND a.title_key = ? AND a.artists_key = ?",
                         *track, key.title, key.artists)};
  }
  if (!album && !key.artists.empty()) {
    album = {database.integer("SELECT min(id) FROM albums WHERE title_key = ? AND artists_key = ?",
                              key.title, key.artists)};
  }
  if (!album && !key.title.empty() && key.artists.empty()) album = onlyAlbumOf(database, entry);
  if (!album) {
    album = {
        database.integer("SELECT min(a.id) FROM album_folders f JOIN albums a ON a.id = f.album_id "
                         "WHERE f.folder = ? AND a.title_key = ? AND a.artists_key = ?",
                         bytesOf(entry.album_folder), key.title, key.artists)};
  }
  if (!album) {
    database.run(
        "INSERT INTO albums (title, title_key, artists_key, sort_key, date, musicbrainz) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        entry.album_title, key.title, key.artists, archive::sortKey(entry.album_title),
        entry.album_date, entry.album_musicbrainz);
    album = {database.lastId()};
  }
  describeAlbum(database, album, entry);
  return album;
}

AlbumId albumOfRow(Database& database, const archive::CatalogueRow& row) {
  const std::string title = archive::withoutDisc(row.written.album).title;
  const std::string title_key = archive::searchKey(title);
  std::string artists_key;
  for (const std::string& name : row.written.album_artists) {
    if (!artists_key.empty()) artists_key += archive::kJoin;
    artists_key += foldText(name);
  }
  const std::string folder = folderOf(row, title_key);
  AlbumId album{
      database.integer("SELECT min(a.id) FROM album_folders f JOIN albums a ON a.id = f.album_id "
                       "WHERE f.folder = ? AND (a.title_key = ? OR ?)",
                       bytesOf(folder), title_key, !row.album_id.empty())};
  if (album) return album;
  database.run(
      "INSERT INTO albums (title, title_key, artists_key, sort_key, date, musicbrainz) "
      "VALUES (?, ?, ?, ?, ?, '')",
      title, title_key, artists_key, archive::sortKey(title), row.written.date);
  album = {database.lastId()};
  keepArtists(database, album, row.written.album_artists);
  database.run("INSERT INTO album_folders (folder, album_id) VALUES (?, ?)", bytesOf(folder),
               album);
  return album;
}

PersonId personOf(Database& database, const std::string& name) {
  if (const PersonId known{database.integer("SELECT id FROM people WHERE name = ?", name)}) {
    return known;
  }
  database.run("INSERT INTO people (name, sort_key) VALUES (?, ?)", name, archive::sortKey(name));
  return {database.lastId()};
}

void joinAlbums(Database& database) {
  std::vector<std::pair<AlbumId, AlbumId>> joined;
  {
    Query rows = database.query(
        "SELECT min(CASE WHEN a.artists_key = '' THEN a.id END), "
        "min(CASE WHEN a.artists_key <> '' THEN a.id END) "
        "FROM album_folders f JOIN albums a ON a.id = f.album_id WHERE a.title_key <> '' "
        "GROUP BY f.folder, a.title_key HAVING count(*) = 2 "
        "AND sum(CASE WHEN a.artists_key = '' THEN 1 ELSE 0 END) = 1");
    while (rows.step()) joined.emplace_back(AlbumId{rows.integer(0)}, AlbumId{rows.integer(1)});
  }
  for (const auto& [nameless, named] : joined) {
    database.run("UPDATE tracks SET album_id = ? WHERE album_id = ?", named, nameless);
    database.run(
        "INSERT INTO album_folders (folder, album_id) SELECT folder, ? FROM album_folders "
        "WHERE album_id = ? ON CONFLICT DO NOTHING",
        named, nameless);
    dropUnusedAlbum(database, nameless);
  }
}

std::vector<archive::AlbumSources> readAlbumSources(Database& database, bool with_keys) {
  std::vector<archive::AlbumSources> albums;
  Query folders = database.query("SELECT album_id, folder FROM album_folders ORDER BY 1, 2");
  bool more = with_keys && folders.step();
  Query rows = database.query("SELECT id, title_key, artists_key FROM albums ORDER BY id");
  while (rows.step()) {
    const std::int64_t id = rows.integer(0);
    albums.push_back({{id}, {}});
    if (!with_keys) continue;
    archive::AlbumNames names{{}, rows.text(1), rows.text(2), {}};
    for (; more && folders.integer(0) <= id; more = folders.step()) {
      if (folders.integer(0) == id) addFolder(names, folders.text(1));
    }
    albums.back().keys = archive::albumKeys(names);
  }
  return albums;
}

void dropUnusedAlbum(Database& database, AlbumId album) {
  if (!album || database.integer("SELECT count(*) FROM tracks WHERE album_id = ?", album) > 0) {
    return;
  }
  database.run("DELETE FROM album_artists WHERE album_id = ?", album);
  database.run("DELETE FROM album_folders WHERE album_id = ?", album);
  database.run("DELETE FROM albums WHERE id = ?", album);
}

}  // namespace attacca::store
