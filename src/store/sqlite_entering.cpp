#include "sqlite_entering.h"

#include <optional>

#include "sqlite_rows.h"

namespace attacca::store {

using archive::Arrival;
using archive::Entry;

TrackId Entering::enter(const Arrival& arrival) {
  const Entry entry = archive::entryOf(arrival);
  const RecordingId recording = recordingOf(arrival);
  const auto known = knownTracks(recording, arrival.path);
  const archive::Decision decision = archive::decide(entry.album_key, known);
  const TrackId before{
      database_.integer("SELECT track_id FROM places WHERE path = ?", bytesOf(arrival.path))};

  const TrackId track = decision.track ? *decision.track : newTrack(recording, entry, arrival);
  if (decision.takes_metadata) describe(track, entry);
  database_.run(
      "INSERT INTO places (track_id, path, size, modified_ns, offline) VALUES (?, ?, ?, ?, 0) "
      "ON CONFLICT (path) DO UPDATE SET track_id = excluded.track_id, size = excluded.size, "
      "modified_ns = excluded.modified_ns, offline = 0",
      track, bytesOf(arrival.path), static_cast<std::int64_t>(arrival.stamp.size),
      arrival.stamp.modified_ns);
  if (decision.absorbs) absorb(track, *decision.absorbs);
  database_.run(
      "INSERT INTO album_folders (folder, album_id) SELECT ?, album_id FROM tracks WHERE id = ? "
      "ON CONFLICT DO NOTHING",
      bytesOf(entry.album_folder), track);
  database_.run("UPDATE tracks SET removed = 0 WHERE id = ?", track);
  refresh(track);
  if (before && before != track) refresh(before);
  database_.run("DELETE FROM refused_files WHERE path = ?", bytesOf(arrival.path));
  return track;
}

void Entering::refresh(TrackId track) {
  // The path of the last file that was there stays when none is.
  database_.run(
      "UPDATE tracks SET path = COALESCE((SELECT path FROM places WHERE track_id = tracks.id "
      "AND offline = 0 ORDER BY id LIMIT 1), path), "
      "offline = NOT EXISTS (SELECT 1 FROM places WHERE track_id = tracks.id AND offline = 0) "
      "WHERE id = ?",
      track);
}

std::vector<archive::KnownTrack> Entering::knownTracks(RecordingId recording,
                                                       std::string_view path) {
  std::vector<archive::KnownTrack> known;
  Query rows = database_.query(
      "SELECT t.id, a.title_key, a.artists_key, "
      "EXISTS (SELECT 1 FROM places p WHERE p.track_id = t.id AND p.path = ?1), "
      "(SELECT count(*) FROM places p WHERE p.track_id = t.id AND p.path <> ?1 AND p.offline = 0) "
      "FROM tracks t JOIN albums a ON a.id = t.album_id WHERE t.recording_id = ?2 ORDER BY t.id",
      bytesOf(path), recording);
  while (rows.step()) {
    known.push_back({{rows.integer(0)},
                     {rows.text(1), rows.text(2)},
                     rows.flag(3),
                     static_cast<int>(rows.integer(4))});
  }
  return known;
}

RecordingId Entering::recordingOf(const Arrival& arrival) {
  Query row = database_.query(
      "INSERT INTO recordings (hash, duration, integrated_lufs, range_lu, sample_peak, format, "
      "rate_hz, channels) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (hash) DO UPDATE SET duration = excluded.duration, "
      "integrated_lufs = excluded.integrated_lufs, range_lu = excluded.range_lu, "
      "sample_peak = excluded.sample_peak, format = excluded.format, rate_hz = excluded.rate_hz, "
      "channels = excluded.channels RETURNING id",
      bytesOf(arrival.identity.hash), arrival.heard.duration.count(),
      arrival.heard.loudness.integrated_lufs, arrival.heard.loudness.range_lu,
      arrival.heard.loudness.sample_peak, arrival.identity.format, arrival.identity.rate_hz,
      arrival.identity.channels);
  row.step();
  return {row.integer(0)};
}

AlbumId Entering::albumOf(const Entry& entry, std::optional<TrackId> track) {
  const archive::AlbumKey& key = entry.album_key;
  AlbumId album;
  if (track) {
    album = {
        database_.integer("SELECT a.id FROM tracks t JOIN albums a ON a.id = t.album_id "
                          "WHERE t.id = ? AND a.title_key = ? AND a.artists_key = ?",
                          *track, key.title, key.artists)};
  }
  if (!album && !key.artists.empty()) {
    album = {database_.integer("SELECT min(id) FROM albums WHERE title_key = ? AND artists_key = ?",
                               key.title, key.artists)};
  }
  if (!album) {
    album = {database_.integer(
        "SELECT min(a.id) FROM album_folders f JOIN albums a ON a.id = f.album_id "
        "WHERE f.folder = ? AND a.title_key = ? AND a.artists_key = ?",
        bytesOf(entry.album_folder), key.title, key.artists)};
  }
  if (!album) {
    database_.run(
        "INSERT INTO albums (title, title_key, artists_key, sort_key, date, musicbrainz) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        entry.album_title, key.title, key.artists, archive::sortKey(entry.album_title),
        entry.album_date, entry.album_musicbrainz);
    album = {database_.lastId()};
  }
  describeAlbum(album, entry);
  return album;
}

void Entering::describeAlbum(AlbumId album, const Entry& entry) {
  // A file that lacks a date does not take it from the others.
  database_.run(
      "UPDATE albums SET title = ?1, sort_key = ?2, "
      "date = CASE WHEN ?3 = '' THEN date ELSE ?3 END, "
      "musicbrainz = CASE WHEN ?4 = '' THEN musicbrainz ELSE ?4 END WHERE id = ?5",
      entry.album_title, archive::sortKey(entry.album_title), entry.album_date,
      entry.album_musicbrainz, album);
  database_.run("DELETE FROM album_artists WHERE album_id = ?", album);
  if (!entry.album_key.artists.empty()) {
    for (std::size_t i = 0; i < entry.album_artists.size(); ++i) {
      database_.run("INSERT INTO album_artists (album_id, position, person_id) VALUES (?, ?, ?)",
                    album, static_cast<std::int64_t>(i), personOf(entry.album_artists[i]));
    }
  }
}

std::optional<WorkId> Entering::workOf(const Entry& entry) {
  if (!entry.work) return std::nullopt;
  std::optional<PersonId> composer;
  if (!entry.work->composer.empty()) composer = personOf(entry.work->composer);
  Query row = database_.query(
      "INSERT INTO works (work_key, title, composer_id, musicbrainz) VALUES (?, ?, ?, ?) "
      "ON CONFLICT (work_key) DO UPDATE SET title = excluded.title, "
      "composer_id = excluded.composer_id, musicbrainz = excluded.musicbrainz RETURNING id",
      entry.work->key, entry.work->title, composer, entry.work->musicbrainz);
  row.step();
  return WorkId{row.integer(0)};
}

PersonId Entering::personOf(const std::string& name) {
  if (const PersonId known{database_.integer("SELECT id FROM people WHERE name = ?", name)}) {
    return known;
  }
  database_.run("INSERT INTO people (name, sort_key) VALUES (?, ?)", name, archive::sortKey(name));
  return {database_.lastId()};
}

TrackId Entering::newTrack(RecordingId recording, const Entry& entry, const Arrival& arrival) {
  database_.run(
      "INSERT INTO tracks (recording_id, album_id, title, title_key, album_key, movement, genre, "
      "musicbrainz, path, offline, removed) VALUES (?, ?, '', '', '', '', '', '', ?, 1, 0)",
      recording, albumOf(entry, std::nullopt), bytesOf(arrival.path));
  return {database_.lastId()};
}

void Entering::describe(TrackId track, const Entry& entry) {
  const AlbumId old_album{database_.integer("SELECT album_id FROM tracks WHERE id = ?", track)};
  const WorkId old_work{
      database_.integer("SELECT COALESCE(work_id, 0) FROM tracks WHERE id = ?", track)};
  const AlbumId album = albumOf(entry, track);
  const std::optional<WorkId> work = workOf(entry);
  database_.run(
      "UPDATE tracks SET album_id = ?, work_id = ?, title = ?, title_key = ?, album_key = ?, "
      "movement = ?, movement_number = ?, movement_count = ?, disc_number = ?, track_number = ?, "
      "genre = ?, musicbrainz = ? WHERE id = ?",
      album, work, entry.title, archive::searchKey(entry.title), entry.album_key.title,
      entry.movement, entry.movement_number, entry.movement_count, entry.disc_number,
      entry.track_number, entry.genre, entry.musicbrainz, track);
  database_.run("DELETE FROM credits WHERE track_id = ?", track);
  credit(track, "artist", entry.artists);
  credit(track, "composer", entry.composers);
  credit(track, "conductor", entry.conductors);
  credit(track, "arranger", entry.arrangers);
  credit(track, "performer", entry.performers);
  dropUnused(old_album != album ? old_album : AlbumId(),
             !work || old_work != *work ? old_work : WorkId());
}

void Entering::credit(TrackId track, std::string_view role, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    database_.run("INSERT INTO credits (track_id, role, position, person_id) VALUES (?, ?, ?, ?)",
                  track, role, static_cast<std::int64_t>(i), personOf(names[i]));
  }
}

void Entering::absorb(TrackId track, TrackId other) {
  const AlbumId album{database_.integer("SELECT album_id FROM tracks WHERE id = ?", other)};
  const WorkId work{
      database_.integer("SELECT COALESCE(work_id, 0) FROM tracks WHERE id = ?", other)};
  database_.run("UPDATE places SET track_id = ? WHERE track_id = ?", track, other);
  database_.run(
      "INSERT INTO interactions (user_id, heard_at, track_id, fraction) "
      "SELECT user_id, heard_at, ?, fraction FROM interactions WHERE track_id = ? "
      "ON CONFLICT DO NOTHING",
      track, other);
  database_.run("DELETE FROM interactions WHERE track_id = ?", other);
  database_.run("DELETE FROM credits WHERE track_id = ?", other);
  database_.run("DELETE FROM tracks WHERE id = ?", other);
  dropUnused(album, work);
}

void Entering::dropUnused(AlbumId album, WorkId work) {
  if (album && database_.integer("SELECT count(*) FROM tracks WHERE album_id = ?", album) == 0) {
    database_.run("DELETE FROM album_artists WHERE album_id = ?", album);
    database_.run("DELETE FROM album_folders WHERE album_id = ?", album);
    database_.run("DELETE FROM albums WHERE id = ?", album);
  }
  if (work) {
    database_.run(
        "DELETE FROM works WHERE id = ?1 AND NOT EXISTS "
        "(SELECT 1 FROM tracks WHERE work_id = ?1)",
        work);
  }
}

}  // namespace attacca::store
