#include "sqlite_concluding.h"

#include <optional>
#include <unordered_set>
#include <utility>

#include "attacca/archive/attach.h"
#include "attacca/archive/entry.h"
#include "attacca/base/text.h"

#include "sqlite_albums.h"
#include "sqlite_digest.h"
#include "sqlite_entering.h"
#include "sqlite_rows.h"

namespace attacca::store {
namespace {

using archive::Credit;
using archive::Effective;
using archive::EffectiveTrack;
using archive::Work;

// Digests of everything that is written with a row, which tell whether it must be written again.
std::string digestOf(const Work& work) {
  Digest digest;
  digest << work.title << work.composers << work.catalogue_numbers << work.music_key << work.period
         << work.period_why << work.instrumentation << work.instrumentation_why;
  return digest.finish();
}

std::string digestOf(const EffectiveTrack& track, WorkId work) {
  Digest digest;
  digest << track.title << track.artists << track.conductors << track.performers << track.composers
         << track.arrangers << work.value << track.work_why << track.movement
         << track.movement_number << track.movement_why << track.disc_number << track.track_number
         << track.genre;
  return digest.finish();
}

// Composers and arrangers are found by their names and by the ways they are written.
std::string peopleKey(const EffectiveTrack& track) {
  std::string key;
  const auto add = [&key](std::string_view name) {
    const std::string folded = foldText(name);
    if (folded.empty() || key.find(folded) != std::string::npos) return;
    if (!key.empty()) key += archive::kJoin;
    key += folded;
  };
  for (const auto* credits : {&track.composers, &track.arrangers}) {
    for (const Credit& one : *credits) {
      add(one.name);
      add(one.written);
    }
  }
  return key;
}

std::string joinedNumbers(const std::vector<std::string>& numbers) {
  std::string text;
  for (const std::string& one : numbers) {
    if (!text.empty()) text += archive::kJoin;
    text += one;
  }
  return text;
}

}  // namespace

archive::ConclusionChanges Concluding::run() {
  joinAlbums(database_);
  attachRows();
  Sources sources = readSources(database_);
  if (isConcluded(sources)) return changes_;
  const Effective effective =
      archive::effective(sources.tracks, sources.albums, sources.corrections);
  concluded_ = std::move(sources.concluded);
  readPeople();
  keepPeople(effective.people);
  keepAlbums(effective.albums);
  keepWorks(effective.works);
  for (const EffectiveTrack& track : effective.tracks) keepTrack(track);
  dropWorks(effective.works);
  // In the transaction that keeps them, so neither is ever there without the other.
  database_.run("DELETE FROM conclusions");
  database_.run("INSERT INTO conclusions (sources) VALUES (?)", bytesOf(sources.digest));
  return changes_;
}

// The same was concluded from, and no track was described anew since.
bool Concluding::isConcluded(const Sources& sources) {
  return sources.concluded.size() == sources.tracks.size() &&
         database_.integer("SELECT count(*) FROM conclusions WHERE sources = ?",
                           bytesOf(sources.digest)) > 0;
}

void Concluding::attachRows() {
  const auto read = [](Query rows) {
    std::vector<archive::Unattached> list;
    while (rows.step()) {
      archive::Unattached one{{rows.integer(0)},
                              rows.text(1),
                              rows.text(2),
                              archive::withoutDisc(rows.text(3)).title,
                              std::nullopt};
      if (const auto seconds = rows.optionalReal(4)) one.duration = Seconds(*seconds);
      list.push_back(std::move(one));
    }
    return list;
  };
  const auto rows =
      read(database_.query("SELECT t.id, w.file, w.title, w.album, w.duration FROM tracks t "
                           "JOIN written w ON w.track_id = t.id AND w.source = 'row' "
                           "WHERE t.recording_id IS NULL AND t.removed = 0 ORDER BY t.id"));
  if (rows.empty()) return;
  const auto audio = read(database_.query(
      "SELECT t.id, t.path, w.title, w.album, r.duration FROM tracks t "
      "JOIN recordings r ON r.id = t.recording_id "
      "JOIN written w ON w.track_id = t.id AND w.source = 'tags' WHERE t.removed = 0 "
      "AND NOT EXISTS (SELECT 1 FROM written x WHERE x.track_id = t.id AND x.source = 'row') "
      "ORDER BY t.id"));
  Entering entering(database_);
  for (const auto& [row, one] : archive::attachments(rows, audio)) {
    entering.attach(row, one);
    ++changes_.attached;
  }
}

void Concluding::readPeople() {
  Query rows = database_.query("SELECT name, id, sort_name, born, died FROM people");
  while (rows.step()) {
    const PersonId id{rows.integer(1)};
    people_.emplace(rows.text(0), id);
    if (!rows.isNull(2) || !rows.isNull(3) || !rows.isNull(4)) described_.emplace(id, rows.text(0));
  }
}

PersonId Concluding::person(const std::string& name) {
  const auto [known, is_new] = people_.try_emplace(name);
  if (is_new) {
    database_.run("INSERT INTO people (name, sort_key) VALUES (?, ?)", name,
                  archive::sortKey(name));
    known->second = {database_.lastId()};
  }
  return known->second;
}

void Concluding::keepPeople(const std::vector<archive::Person>& people) {
  for (const archive::Person& one : people) {
    const PersonId id = person(one.name);
    described_.erase(id);
    database_.run(
        "UPDATE people SET sort_name = ?1, sort_key = ?2, born = ?3, died = ?4 WHERE id = ?5 "
        "AND (sort_name IS NOT ?1 OR sort_key <> ?2 OR born IS NOT ?3 OR died IS NOT ?4)",
        one.sort_name, archive::sortKey(one.sort_name.empty() ? one.name : one.sort_name), one.born,
        one.died, id);
    changes_.people += database_.changes();
  }
  // Of whom nothing but the name is known any more.
  for (const auto& [id, name] : described_) {
    database_.run(
        "UPDATE people SET sort_name = NULL, sort_key = ?, born = NULL, died = NULL WHERE id = ?",
        archive::sortKey(name), id);
    ++changes_.people;
  }
}

void Concluding::keepAlbums(const std::vector<archive::EffectiveAlbum>& albums) {
  struct Kept {
    std::string title, date, title_key;  // the key is of what is written
    std::vector<std::string> artists;
  };
  std::unordered_map<AlbumId, Kept> kept;
  {
    Query rows = database_.query("SELECT id, title, date, title_key FROM albums");
    while (rows.step()) kept[{rows.integer(0)}] = {rows.text(1), rows.text(2), rows.text(3), {}};
    Query artists = database_.query(
        "SELECT x.album_id, p.name FROM album_artists x JOIN people p ON p.id = x.person_id "
        "ORDER BY x.album_id, x.position");
    while (artists.step()) kept[{artists.integer(0)}].artists.push_back(artists.text(1));
  }
  for (const archive::EffectiveAlbum& album : albums) {
    const Kept& before = kept[album.id];
    // Tracks that came to a corrected album have the title that is written.
    const std::string title_key = archive::searchKey(album.title);
    if (before.title != album.title || before.title_key != title_key) {
      database_.run("UPDATE tracks SET album_key = ?1 WHERE album_id = ?2 AND album_key <> ?1",
                    title_key, album.id);
    }
    if (before.title == album.title && before.date == album.date &&
        before.artists == album.artists) {
      continue;
    }
    ++changes_.albums;
    database_.run("UPDATE albums SET title = ?, sort_key = ?, date = ? WHERE id = ?", album.title,
                  archive::sortKey(album.title), album.date, album.id);
    database_.run("DELETE FROM album_artists WHERE album_id = ?", album.id);
    std::int64_t position = 0;
    for (const std::string& name : album.artists) {
      database_.run("INSERT INTO album_artists (album_id, position, person_id) VALUES (?, ?, ?)",
                    album.id, position++, person(name));
    }
  }
}

void Concluding::keepWorks(const std::vector<Work>& works) {
  struct Kept {
    WorkId id;
    std::string digest;
  };
  std::unordered_map<std::string, Kept> kept;
  {
    Query rows = database_.query("SELECT work_key, id, concluded FROM works");
    while (rows.step()) {
      kept.emplace(rows.text(0), Kept{{rows.integer(1)}, rows.isNull(2) ? "" : rows.text(2)});
    }
  }
  works_.reserve(works.size());
  for (const Work& work : works) {
    const std::string digest = digestOf(work);
    const auto [known, is_new] = kept.try_emplace(work.key);
    if (!is_new && known->second.digest == digest) {
      works_.push_back(known->second.id);
      continue;
    }
    ++changes_.works;
    if (is_new) {
      database_.run("INSERT INTO works (work_key, title, musicbrainz) VALUES (?, '', '')",
                    work.key);
      known->second.id = {database_.lastId()};
    }
    const WorkId id = known->second.id;
    std::optional<PersonId> composer;
    if (!work.composers.empty()) composer = person(work.composers.front());
    database_.run(
        "UPDATE works SET title = ?, sort_key = ?, composer_id = ?, music_key = ?, "
        "catalogue_numbers = ?, period = ?, period_confidence = ?, period_reason = ?, "
        "instrumentation = ?, instrumentation_confidence = ?, instrumentation_reason = ?, "
        "concluded = ? WHERE id = ?",
        work.title, archive::sortKey(work.title), composer, work.music_key,
        joinedNumbers(work.catalogue_numbers), work.period, work.period_why.confidence,
        work.period_why.reason, work.instrumentation, work.instrumentation_why.confidence,
        work.instrumentation_why.reason, bytesOf(digest), id);
    if (!is_new) database_.run("DELETE FROM work_composers WHERE work_id = ?", id);
    for (std::size_t i = 0; i < work.composers.size(); ++i) {
      database_.run("INSERT INTO work_composers (work_id, position, person_id) VALUES (?, ?, ?)",
                    id, static_cast<std::int64_t>(i), person(work.composers[i]));
    }
    works_.push_back(id);
  }
}

void Concluding::dropWorks(const std::vector<Work>& works) {
  std::unordered_set<std::string_view> keys;
  for (const Work& work : works) keys.insert(work.key);
  std::vector<WorkId> unused;
  {
    Query rows = database_.query("SELECT work_key, id FROM works");
    while (rows.step()) {
      if (!keys.contains(rows.text(0))) unused.push_back({rows.integer(1)});
    }
  }
  for (const WorkId id : unused) {
    database_.run("DELETE FROM work_composers WHERE work_id = ?", id);
    database_.run("DELETE FROM works WHERE id = ?", id);
    ++changes_.works;
  }
}

void Concluding::keepTrack(const EffectiveTrack& track) {
  std::optional<WorkId> work;
  if (track.work) work = works_[*track.work];
  const std::string digest = digestOf(track, work.value_or(WorkId()));
  const auto before = concluded_.find(track.id);
  if (before != concluded_.end() && before->second == digest) return;
  ++changes_.tracks;
  database_.run(
      "UPDATE tracks SET work_id = ?, title = ?, title_key = ?, movement = ?, "
      "movement_number = ?, disc_number = ?, track_number = ?, genre = ?, people_key = ?, "
      "work_confidence = ?, work_reason = ?, movement_confidence = ?, movement_reason = ?, "
      "concluded = ? WHERE id = ?",
      work, track.title, archive::searchKey(track.title), track.movement, track.movement_number,
      track.disc_number, track.track_number, track.genre, peopleKey(track),
      track.work_why.confidence, track.work_why.reason, track.movement_why.confidence,
      track.movement_why.reason, bytesOf(digest), track.id);
  database_.run("DELETE FROM credits WHERE track_id = ?", track.id);
  credit(track.id, "artist", track.artists);
  credit(track.id, "composer", track.composers);
  credit(track.id, "conductor", track.conductors);
  credit(track.id, "arranger", track.arrangers);
  credit(track.id, "performer", track.performers);
}

void Concluding::credit(TrackId track, std::string_view role,
                        const std::vector<std::string>& names) {
  std::int64_t position = 0;
  for (const std::string& name : names) {
    database_.run("INSERT INTO credits (track_id, role, position, person_id) VALUES (?, ?, ?, ?)",
                  track, role, position++, person(name));
  }
}

void Concluding::credit(TrackId track, std::string_view role, const std::vector<Credit>& credits) {
  std::int64_t position = 0;
  for (const Credit& one : credits) {
    database_.run(
        "INSERT INTO credits (track_id, role, position, person_id, written, confidence, reason) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        track, role, position++, person(one.name), one.written, one.confidence, one.reason);
  }
}

}  // namespace attacca::store
