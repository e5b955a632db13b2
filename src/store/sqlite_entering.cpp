#include "sqlite_entering.h"

#include <algorithm>
#include <optional>

#include "sqlite_albums.h"
#include "sqlite_rows.h"
#include "sqlite_written.h"

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
  if (decision.takes_metadata) describe(track, entry, arrival.identity.tags);
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
      "SELECT t.id, COALESCE(w.album_key, a.title_key), COALESCE(w.artists_key, a.artists_key), "
      "EXISTS (SELECT 1 FROM places p WHERE p.track_id = t.id AND p.path = ?1), "
      "(SELECT count(*) FROM places p WHERE p.track_id = t.id AND p.path <> ?1 AND p.offline = 0) "
      "FROM tracks t JOIN albums a ON a.id = t.album_id "
      "LEFT JOIN written w ON w.track_id = t.id AND w.source = 'tags' "
      "WHERE t.recording_id = ?2 ORDER BY t.id",
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

TrackId Entering::newTrack(RecordingId recording, const Entry& entry, const Arrival& arrival) {
  database_.run(
      "INSERT INTO tracks (recording_id, album_id, title, title_key, album_key, movement, genre, "
      "musicbrainz, path, offline, removed) VALUES (?, ?, '', '', '', '', '', '', ?, 1, 0)",
      recording, albumOf(database_, entry, std::nullopt), bytesOf(arrival.path));
  return {database_.lastId()};
}

// What the tags say is shown as it is until the next conclusions.
void Entering::describe(TrackId track, const Entry& entry, const Tags& tags) {
  keepTags(database_, track, archive::writtenOf(entry, tags), entry.album_key);
  if (database_.integer("SELECT count(*) FROM written WHERE track_id = ? AND source = 'row'",
                        track) > 0) {
    database_.run(
        "UPDATE tracks SET musicbrainz = ?, movement_count = ?, concluded = NULL "
        "WHERE id = ?",
        entry.musicbrainz, entry.movement_count, track);
    return;
  }
  const AlbumId old_album{database_.integer("SELECT album_id FROM tracks WHERE id = ?", track)};
  const AlbumId album = albumOf(database_, entry, track);
  database_.run(
      "UPDATE tracks SET album_id = ?, title = ?, title_key = ?, album_key = ?, movement = ?, "
      "movement_number = ?, movement_count = ?, disc_number = ?, track_number = ?, genre = ?, "
      "musicbrainz = ?, concluded = NULL WHERE id = ?",
      album, entry.title, archive::searchKey(entry.title), entry.album_key.title, entry.movement,
      entry.movement_number, entry.movement_count, entry.disc_number, entry.track_number,
      entry.genre, entry.musicbrainz, track);
  database_.run("DELETE FROM credits WHERE track_id = ?", track);
  credit(track, "artist", entry.artists);
  credit(track, "composer", entry.composers);
  credit(track, "conductor", entry.conductors);
  credit(track, "arranger", entry.arrangers);
  credit(track, "performer", entry.performers);
  if (old_album != album) dropUnusedAlbum(database_, old_album);
}

void Entering::credit(TrackId track, std::string_view role, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    database_.run("INSERT INTO credits (track_id, role, position, person_id) VALUES (?, ?, ?, ?)",
                  track, role, static_cast<std::int64_t>(i), personOf(database_, names[i]));
  }
}

void Entering::absorb(TrackId track, TrackId other) {
  const AlbumId album{database_.integer("SELECT album_id FROM tracks WHERE id = ?", other)};
  database_.run("UPDATE places SET track_id = ? WHERE track_id = ?", track, other);
  database_.run(
      "INSERT INTO interactions (user_id, heard_at, track_id, fraction) "
      "SELECT user_id, heard_at, ?, fraction FROM interactions WHERE track_id = ? "
      "ON CONFLICT DO NOTHING",
      track, other);
  database_.run("DELETE FROM interactions WHERE track_id = ?", other);
  database_.run("DELETE FROM credits WHERE track_id = ?", other);
  absorbRow(track, other);
  moveSource(database_, other, track, kTags);
  database_.run("DELETE FROM tracks WHERE id = ?", other);
  dropUnusedAlbum(database_, album);
}

void Entering::absorbRow(TrackId track, TrackId other) {
  const bool has_row =
      database_.integer("SELECT count(*) FROM written WHERE track_id = ? AND source = 'row'",
                        track) > 0;
  if (!has_row) {
    Query row = database_.query("SELECT external_id FROM tracks WHERE id = ?", other);
    if (row.step() && !row.isNull(0)) {
      const std::string external_id = row.text(0);
      database_.run("UPDATE tracks SET external_id = NULL WHERE id = ?", other);
      database_.run("UPDATE tracks SET external_id = ? WHERE id = ?", external_id, track);
    }
  }
  moveSource(database_, other, track, kRow);
}

void Entering::attach(TrackId row, TrackId audio) {
  const TrackId track = std::min(row, audio);
  const AlbumId before{database_.integer("SELECT album_id FROM tracks WHERE id = ?", track)};
  database_.run(
      "UPDATE tracks SET recording_id = a.recording_id, path = a.path, "
      "musicbrainz = a.musicbrainz, movement_count = a.movement_count, duration = NULL, "
      "album_id = r.album_id, album_key = r.album_key, concluded = NULL "
      "FROM (SELECT * FROM tracks WHERE id = ?) AS a, (SELECT * FROM tracks WHERE id = ?) AS r "
      "WHERE tracks.id = ?",
      audio, row, track);
  absorb(track, std::max(row, audio));
  dropUnusedAlbum(database_, before);
  refresh(track);
}

}  // namespace attacca::store
