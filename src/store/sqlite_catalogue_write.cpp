#include <algorithm>

#include <fmt/format.h>

#include "attacca/base/error.h"

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
    auto result = EnteringRows(database).enter(rows, stop);
    result.conclusions = Concluding(database).run();
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
    for (const archive::Correction& given : corrections) {
      const archive::Correction one = archive::checked(given);
      const auto in_force = archive::inForce(readCorrections(database));
      if (std::any_of(in_force.begin(), in_force.end(),
                      [&](const auto& known) { return known.says(one); })) {
        continue;
      }
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
