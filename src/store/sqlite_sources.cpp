#include "sqlite_sources.h"

#include <utility>

#include "sqlite_albums.h"
#include "sqlite_digest.h"
#include "sqlite_rows.h"
#include "sqlite_written.h"

namespace attacca::store {
namespace {

void add(Digest& digest, const archive::Written& written) {
  digest << written.title << written.album << written.album_artists << written.date
         << written.artists << written.composers << written.conductors << written.arrangers
         << written.performers << written.work << written.musicbrainz_work << written.movement
         << written.movement_number << written.disc_number << written.track_number << written.genre;
}

std::string digestOf(const Sources& sources) {
  Digest digest;
  digest << archive::rules();
  for (const archive::TrackSources& one : sources.tracks) {
    digest << one.id.value << one.album.value << one.audio << one.external_id << one.row_key;
    for (const auto* written : {&one.row, &one.tags}) {
      digest << std::int64_t{written->has_value()};
      if (*written) add(digest, **written);
    }
  }
  for (const archive::AlbumSources& one : sources.albums) digest << one.id.value << one.keys;
  for (const archive::Correction& one : sources.corrections) {
    digest << archive::name(one.subject) << one.key << one.field << one.value;
  }
  return digest.finish();
}

}  // namespace

Sources readSources(Database& database) {
  Sources sources;
  sources.corrections = readCorrections(database);
  // Nobody else asks what the audio and the albums are known by.
  const bool with_keys = !sources.corrections.empty();
  {
    Query tracks = database.query(
        "SELECT t.id, t.album_id, t.external_id, t.concluded, r.hash FROM tracks t "
        "LEFT JOIN recordings r ON r.id = t.recording_id ORDER BY t.id");
    while (tracks.step()) {
      archive::TrackSources one;
      one.id = {tracks.integer(0)};
      one.album = {tracks.integer(1)};
      if (!tracks.isNull(2)) one.external_id = tracks.text(2);
      if (!tracks.isNull(3)) sources.concluded.emplace(one.id, tracks.text(3));
      if (with_keys && !tracks.isNull(4)) one.audio = hashOf(database, tracks, 4).hex();
      sources.tracks.push_back(std::move(one));
    }
  }
  auto at = sources.tracks.begin();
  for (StoredWritten& stored : readWritten(database, std::nullopt)) {
    while (at != sources.tracks.end() && at->id < stored.track) ++at;
    if (at == sources.tracks.end()) break;
    if (stored.is_row) at->row_key = std::move(stored.row.key);
    (stored.is_row ? at->row : at->tags) = std::move(stored.row.written);
  }
  sources.albums = readAlbumSources(database, with_keys);
  sources.digest = digestOf(sources);
  return sources;
}

std::vector<archive::Correction> readCorrections(Database& database) {
  std::vector<archive::Correction> list;
  Query rows = database.query(
      "SELECT id, subject, subject_key, field, value, made_at FROM corrections ORDER BY id");
  while (rows.step()) {
    const auto subject = archive::subjectCalled(rows.text(1));
    if (!subject) continue;
    list.push_back({rows.integer(0), *subject, rows.text(2), rows.text(3), rows.text(4),
                    timeOf(rows.integer(5))});
  }
  return list;
}

}  // namespace attacca::store
