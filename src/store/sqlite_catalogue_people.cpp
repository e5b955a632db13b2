// Works, people, and why they are what they are.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "attacca/archive/entry.h"

#include "sqlite_catalogue.h"
#include "sqlite_sources.h"
#include "sqlite_written.h"

namespace attacca::store {
namespace {

using archive::CataloguePerson;
using archive::Work;

constexpr std::string_view kSelectWork =
    "SELECT w.id, w.work_key, w.title, COALESCE(w.music_key, ''), "
    "COALESCE(w.catalogue_numbers, ''), COALESCE(w.period, ''), "
    "COALESCE(w.period_confidence, 0.0), COALESCE(w.period_reason, ''), "
    "COALESCE(w.instrumentation, ''), COALESCE(w.instrumentation_confidence, 0.0), "
    "COALESCE(w.instrumentation_reason, ''), "
    "(SELECT count(*) FROM tracks t WHERE t.work_id = w.id AND t.removed = 0) AS held "
    "FROM works w LEFT JOIN people p ON p.id = w.composer_id ";

Work workOf(Database& database, const Query& row) {
  Work work;
  work.id = {row.integer(0)};
  work.key = row.text(1);
  work.title = row.text(2);
  work.music_key = row.text(3);
  const std::string numbers = row.text(4);
  for (std::string_view rest = numbers; !rest.empty();) {
    const std::size_t end = std::min(rest.find(archive::kJoin), rest.size());
    work.catalogue_numbers.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  work.period = row.text(5);
  work.period_why = {row.real(6), row.text(7)};
  work.instrumentation = row.text(8);
  work.instrumentation_why = {row.real(9), row.text(10)};
  work.tracks = static_cast<int>(row.integer(11));
  Query composers = database.query(
      "SELECT p.name FROM work_composers c JOIN people p ON p.id = c.person_id "
      "WHERE c.work_id = ? ORDER BY c.position",
      work.id);
  while (composers.step()) work.composers.push_back(composers.text(0));
  return work;
}

}  // namespace

std::vector<Work> SqliteCatalogue::works() const {
  return connections_.read([](Database& database) {
    static const std::string sql =
        std::string(kSelectWork) +
        "WHERE held > 0 ORDER BY p.sort_key IS NULL, p.sort_key, w.sort_key, w.id";
    std::vector<Work> works;
    Query rows = database.query(sql);
    while (rows.step()) works.push_back(workOf(database, rows));
    return works;
  });
}

std::optional<Work> SqliteCatalogue::work(WorkId id) const {
  return connections_.read([&](Database& database) -> std::optional<Work> {
    static const std::string sql = std::string(kSelectWork) + "WHERE w.id = ?";
    Query row = database.query(sql, id);
    if (!row.step()) return std::nullopt;
    return workOf(database, row);
  });
}

std::vector<CataloguePerson> SqliteCatalogue::people() const {
  return connections_.read([](Database& database) {
    std::vector<CataloguePerson> people;
    std::map<std::int64_t, std::size_t> at;
    Query rows = database.query(
        "SELECT p.id, p.name, COALESCE(p.sort_name, ''), p.born, p.died, "
        "count(DISTINCT CASE WHEN c.role = 'composer' THEN t.id END), "
        "count(DISTINCT CASE WHEN c.role = 'arranger' THEN t.id END), "
        "count(DISTINCT CASE WHEN c.role NOT IN ('composer', 'arranger') THEN t.id END) "
        "FROM people p JOIN credits c ON c.person_id = p.id "
        "JOIN tracks t ON t.id = c.track_id AND t.removed = 0 "
        "GROUP BY p.id ORDER BY p.sort_key, p.id");
    while (rows.step()) {
      CataloguePerson one;
      one.id = {rows.integer(0)};
      one.name = rows.text(1);
      one.sort_name = rows.text(2);
      one.born = rows.optionalInteger(3);
      one.died = rows.optionalInteger(4);
      one.composed = static_cast<int>(rows.integer(5));
      one.arranged = static_cast<int>(rows.integer(6));
      one.performed = static_cast<int>(rows.integer(7));
      at.emplace(one.id.value, people.size());
      people.push_back(std::move(one));
    }
    Query works = database.query(
        "SELECT c.person_id, count(DISTINCT t.work_id) FROM work_composers c "
        "JOIN tracks t ON t.work_id = c.work_id AND t.removed = 0 GROUP BY c.person_id");
    while (works.step()) {
      const auto found = at.find(works.integer(0));
      if (found != at.end()) people[found->second].works = static_cast<int>(works.integer(1));
    }
    Query spellings = database.query(
        "SELECT DISTINCT c.person_id, c.written FROM credits c JOIN people p ON p.id = c.person_id "
        "JOIN tracks t ON t.id = c.track_id AND t.removed = 0 "
        "WHERE c.written <> '' AND c.written <> p.name ORDER BY c.person_id, c.written");
    while (spellings.step()) {
      const auto found = at.find(spellings.integer(0));
      if (found != at.end()) people[found->second].spellings.push_back(spellings.text(1));
    }
    return people;
  });
}

archive::TrackReasons SqliteCatalogue::reasons(TrackId id) const {
  return connections_.read([&](Database& database) {
    archive::TrackReasons reasons;
    Query track = database.query(
        "SELECT COALESCE(work_confidence, 0.0), COALESCE(work_reason, ''), "
        "COALESCE(movement_confidence, 0.0), COALESCE(movement_reason, '') FROM tracks "
        "WHERE id = ?",
        id);
    if (!track.step()) return reasons;
    reasons.work = {track.real(0), track.text(1)};
    reasons.movement = {track.real(2), track.text(3)};
    for (const std::string_view role : {"composer", "arranger"}) {
      Query credits = database.query(
          "SELECT p.name, COALESCE(c.written, ''), COALESCE(c.confidence, 0.0), "
          "COALESCE(c.reason, '') FROM credits c JOIN people p ON p.id = c.person_id "
          "WHERE c.track_id = ? AND c.role = ? ORDER BY c.position",
          id, role);
      while (credits.step()) {
        reasons.credits.push_back({credits.text(0),
                                   std::string(role),
                                   credits.text(1),
                                   {credits.real(2), credits.text(3)}});
      }
    }
    return reasons;
  });
}

std::optional<archive::Written> SqliteCatalogue::tagsOf(TrackId id) const {
  return connections_.read([&](Database& database) -> std::optional<archive::Written> {
    for (auto& stored : readWritten(database, id)) {
      if (!stored.is_row) return std::move(stored.row.written);
    }
    return std::nullopt;
  });
}

std::optional<archive::CatalogueRow> SqliteCatalogue::rowOf(TrackId id) const {
  return connections_.read([&](Database& database) -> std::optional<archive::CatalogueRow> {
    for (auto& stored : readWritten(database, id, true)) return std::move(stored.row);
    return std::nullopt;
  });
}

std::vector<archive::Correction> SqliteCatalogue::corrections() const {
  return connections_.read([](Database& database) { return readCorrections(database); });
}

}  // namespace attacca::store
