#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "attacca/base/error.h"

#include "sqlite_albums.h"
#include "sqlite_catalogue.h"
#include "sqlite_concluding.h"
#include "sqlite_entering.h"
#include "sqlite_entering_rows.h"
#include "sqlite_rows.h"

namespace attacca::store {
namespace {

void setPlaceOffline(Database& database, PlaceId place, bool offline) {
  database.run("UPDATE places SET offline = ? WHERE id = ?", offline, place);
  const TrackId track{database.integer("SELECT track_id FROM places WHERE id = ?", place)};
  if (track) Entering(database).refresh(track);
}

std::size_t tracksOf(Database& database) {
  return static_cast<std::size_t>(database.integer("SELECT count(*) FROM tracks"));
}

// Drops those that nobody looks into while rows are entered and concluded from: to make them at the
// end, of all rows at once, takes much less than to keep them as one row after the other changes.
// The statements that make them.
std::vector<std::string> dropIndexes(Database& database) {
  constexpr std::array<std::string_view, 2> kNames = {"tracks_by_words", "credits_by_person"};
  std::vector<std::string> statements;
  for (const std::string_view name : kNames) {
    Query row =
        database.query("SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = ?", name);
    if (row.step()) statements.push_back(row.text(0));
  }
  for (const std::string_view name : kNames) database.execute(fmt::format("DROP INDEX {}", name));
  return statements;
}

// What else the track or album of a correction is known by.
std::vector<std::string> otherKeys(Database& database, const archive::Correction& one) {
  std::vector<std::string> keys;
  if (one.subject == archive::Subject::track) {
    Query rows = database.query(
        "SELECT t.external_id, lower(hex(r.hash)), w.row_key FROM tracks t "
        "LEFT JOIN recordings r ON r.id = t.recording_id "
        "LEFT JOIN written w ON w.track_id = t.id AND w.source = 'row' "
        "WHERE 'id:' || t.external_id = ?1 OR 'audio:' || lower(hex(r.hash)) = ?1 "
        "OR 'row:' || w.row_key = ?1",
        one.key);
    while (rows.step()) {
      for (auto& key : archive::trackKeys(rows.text(0), rows.text(1), rows.text(2)).all()) {
        keys.push_back(std::move(key));
      }
    }
  } else if (one.subject == archive::Subject::album) {
    for (const archive::AlbumSources& album : readAlbumSources(database, true)) {
      if (std::find(album.keys.begin(), album.keys.end(), one.key) == album.keys.end()) continue;
      keys.insert(keys.end(), album.keys.begin(), album.keys.end());
    }
  }
  return keys;
}

// The newest correction of that field says so already, or it is one that was brought before.
bool isSaid(Database& database, std::span<const archive::Correction> all,
            const archive::Correction& one) {
  std::optional<std::vector<std::string>> keys;
  const auto isOfTheSame = [&](const std::string& key) {
    if (key == one.key) return true;
    if (!keys) keys = otherKeys(database, one);
    return std::find(keys->begin(), keys->end(), key) != keys->end();
  };
  bool newest = true;
  for (auto at = all.rbegin(); at != all.rend(); ++at) {
    if (at->subject != one.subject || at->field != one.field) continue;
    if (one.field == "split" && at->value != one.value) continue;
    if (at->says(one) && at->at == one.at && one.at != UnixTime{}) return true;
    if (!newest || !isOfTheSame(at->key)) continue;
    if (at->value == one.value) return true;
    newest = false;
  }
  return false;
}

}  // namespace

TrackId SqliteCatalogue::enter(const archive::Arrival& arrival) {
  return enterAll(std::span(&arrival, 1)).front();
}

std::vector<TrackId> SqliteCatalogue::enterAll(std::span<const archive::Arrival> arrivals) {
  return connections_.write([&](Database& database) {
    Entering entering(database);
    std::vector<TrackId> tracks;
    tracks.reserve(arrivals.size());
    for (const archive::Arrival& arrival : arrivals) tracks.push_back(entering.enter(arrival));
    return tracks;
  });
}

void SqliteCatalogue::refuse(const archive::RefusedFile& file) {
  connections_.write([&](Database& database) {
    database.run(
        "INSERT INTO refused_files (path, size, modified_ns, reason, refused_at) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET size = excluded.size, "
        "modified_ns = excluded.modified_ns, reason = excluded.reason, "
        "refused_at = excluded.refused_at",
        bytesOf(file.path), static_cast<std::int64_t>(file.stamp.size), file.stamp.modified_ns,
        file.reason, millisecondsOf(file.at));
    const PlaceId place{
        database.integer("SELECT id FROM places WHERE path = ?", bytesOf(file.path))};
    if (place) setPlaceOffline(database, place, true);
  });
}

void SqliteCatalogue::forgetRefusal(std::string_view path) {
  connections_.write([&](Database& database) {
    database.run("DELETE FROM refused_files WHERE path = ?", bytesOf(path));
  });
}

void SqliteCatalogue::setOffline(std::span<const PlaceId> places, bool offline) {
  if (places.empty()) return;
  connections_.write([&](Database& database) {
    for (const PlaceId place : places) setPlaceOffline(database, place, offline);
  });
}

void SqliteCatalogue::setRemoved(std::span<const TrackId> tracks, bool removed) {
  if (tracks.empty()) return;
  connections_.write([&](Database& database) {
    for (const TrackId track : tracks) {
      database.run("UPDATE tracks SET removed = ? WHERE id = ?", removed, track);
      if (database.changes() == 0) {
        throw Error(Fault::notFound, fmt::format("there is no track {}", track.value),
                    "`attacca tracks` lists those there are");
      }
    }
  });
}

archive::RowsEntered SqliteCatalogue::enterRows(std::span<const archive::CatalogueRow> rows,
                                                bool dry_run, const std::stop_token& stop) {
  const auto enter = [&](Database& database) {
    // A whole catalogue changes most pages of the database: they are written once, not each time
    // that the usual 2 MB are full.
    database.execute("PRAGMA cache_size = -131072");
    const auto indexes =
        rows.size() > tracksOf(database) ? dropIndexes(database) : std::vector<std::string>();
    auto result = EnteringRows(database).enter(rows, stop);
    result.conclusions = Concluding(database).run();
    for (const std::string& sql : indexes) database.execute(sql);
    if (stop.stop_requested()) throw Error(Fault::cancelled, "stopped; nothing was imported");
    return result;
  };
  return dry_run ? connections_.tryOut(enter) : connections_.write(enter);
}

archive::ConclusionChanges SqliteCatalogue::conclude() {
  return connections_.write([](Database& database) { return Concluding(database).run(); });
}

archive::ConclusionChanges SqliteCatalogue::correct(
    std::span<const archive::Correction> corrections) {
  return connections_.write([&](Database& database) {
    std::vector<archive::Correction> all = readCorrections(database);
    for (const archive::Correction& given : corrections) {
      const archive::Correction one = archive::checked(given);
      if (isSaid(database, all, one)) continue;
      all.push_back(one);
      database.run(
          "INSERT INTO corrections (subject, subject_key, field, value, made_at) "
          "VALUES (?, ?, ?, ?, ?)",
          archive::name(one.subject), one.key, one.field, one.value, millisecondsOf(one.at));
    }
    return Concluding(database).run();
  });
}

archive::ConclusionChanges SqliteCatalogue::undoCorrections(std::span<const std::int64_t> ids) {
  return connections_.write([&](Database& database) {
    for (const std::int64_t id : ids) {
      database.run("DELETE FROM corrections WHERE id = ?", id);
      if (database.changes() == 0) {
        throw Error(Fault::notFound, fmt::format("there is no correction {}", id),
                    "`attacca edit --list` lists those there are");
      }
    }
    return Concluding(database).run();
  });
}

}  // namespace attacca::store
