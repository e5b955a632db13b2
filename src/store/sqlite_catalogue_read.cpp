#include <charconv>
#include <string>
#include <unordered_map>

#include <fmt/format.h>

#include "attacca/archive/entry.h"
#include "attacca/base/text.h"

#include "sqlite_albums.h"
#include "sqlite_catalogue.h"
#include "sqlite_rows.h"

namespace attacca::store {
namespace {

using archive::Album;
using archive::Track;

constexpr std::size_t kMostWords = 32;

std::string selectTracks(std::string_view where, std::string_view rest = {}) {
  return std::string(kSelectTrack).append(where).append(kTrackOrder).append(rest);
}

std::optional<Track> findById(Database& database, std::string_view text) {
  std::int64_t id = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  static const std::string sql = selectTracks("WHERE t.id = ? AND t.removed = 0 ");
  Query row = database.query(sql, id);
  if (!row.step()) return std::nullopt;
  return trackOf(database, row);
}

std::optional<Track> findByPath(Database& database, std::string_view path) {
  static const std::string sql =
      selectTracks("WHERE t.id = (SELECT track_id FROM places WHERE path = ?) AND t.removed = 0 ");
  Query row = database.query(sql, bytesOf(path));
  if (!row.step()) return std::nullopt;
  return trackOf(database, row);
}

std::vector<Track> findByTitle(Database& database, std::string_view key, int limit) {
  static const std::string sql =
      selectTracks("WHERE t.removed = 0 AND t.title_key = ? ", "LIMIT ?");
  return tracksOf(database, database.query(sql, key, limit));
}

// The inner statement is answered from the index tracks_by_words alone.
std::vector<Track> findByWords(Database& database, const std::vector<std::string>& words,
                               bool albums_too, int limit) {
  std::string where = "WHERE t.id IN (SELECT id FROM tracks WHERE removed = 0";
  for (std::size_t i = 1; i <= words.size(); ++i) {
    where += fmt::format(" AND (instr(title_key, ?{}) > 0", i);
    if (albums_too) {
      where += fmt::format(" OR instr(album_key, ?{0}) > 0 OR instr(people_key, ?{0}) > 0", i);
    }
    where += ")";
  }
  where += ") ";
  return tracksOf(database, database.query(selectTracks(where, "LIMIT ?"), words, limit));
}

std::vector<std::string> names(Query rows) {
  std::vector<std::string> list;
  while (rows.step()) list.push_back(rows.text(0));
  return list;
}

std::vector<std::string> albumArtists(Database& database, const Album& album) {
  auto named =
      names(database.query("SELECT p.name FROM album_artists x JOIN people p ON p.id = x.person_id "
                           "WHERE x.album_id = ? ORDER BY x.position",
                           album.id));
  if (!named.empty()) return named;
  return names(database.query(
      "SELECT p.name FROM tracks t JOIN credits c ON c.track_id = t.id AND c.role = 'artist' "
      "JOIN people p ON p.id = c.person_id WHERE t.album_id = ? AND t.removed = 0 "
      "GROUP BY p.id, p.name HAVING count(*) = ? ORDER BY min(c.position), p.name",
      album.id, album.tracks));
}

std::vector<archive::RefusedFile> refusedOf(Query rows) {
  std::vector<archive::RefusedFile> files;
  while (rows.step()) {
    files.push_back({rows.text(0),
                     {static_cast<std::uint64_t>(rows.integer(1)), rows.integer(2)},
                     rows.text(3),
                     timeOf(rows.integer(4))});
  }
  return files;
}

template <class Value>
std::optional<Value> firstOf(std::vector<Value> list) {
  if (list.empty()) return std::nullopt;
  return std::move(list.front());
}

}  // namespace

std::optional<Track> SqliteCatalogue::track(TrackId id) const {
  return firstOf(tracks(std::span(&id, 1)));
}

std::vector<Track> SqliteCatalogue::tracks(std::span<const TrackId> ids) const {
  return connections_.read([&](Database& database) {
    static const std::string sql = std::string(kSelectTrack) + "WHERE t.id = ?";
    std::vector<Track> found;
    found.reserve(ids.size());
    for (const TrackId id : ids) {
      Query row = database.query(sql, id);
      if (row.step()) found.push_back(trackOf(database, row));
    }
    return found;
  });
}

std::vector<Track> SqliteCatalogue::tracks(const archive::TrackFilter& filter) const {
  return connections_.read([&](Database& database) {
    if (filter.album) {
      static const std::string sql =
          selectTracks("WHERE t.removed = ? AND t.album_id = ? ", "LIMIT ? OFFSET ?");
      return tracksOf(database, database.query(sql, filter.removed, *filter.album, filter.limit,
                                               filter.offset));
    }
    if (filter.work) {
      static const std::string sql =
          selectTracks("WHERE t.removed = ? AND t.work_id = ? ", "LIMIT ? OFFSET ?");
      return tracksOf(
          database, database.query(sql, filter.removed, *filter.work, filter.limit, filter.offset));
    }
    static const std::string sql = selectTracks("WHERE t.removed = ? ", "LIMIT ? OFFSET ?");
    return tracksOf(database, database.query(sql, filter.removed, filter.limit, filter.offset));
  });
}

std::vector<Album> SqliteCatalogue::albums() const {
  return connections_.read([](Database& database) {
    std::vector<Album> albums;
    Query rows = database.query(
        "SELECT a.id, a.title, a.date, count(*) FROM albums a "
        "JOIN tracks t ON t.album_id = a.id AND t.removed = 0 "
        "GROUP BY a.id ORDER BY a.sort_key = '', a.sort_key, a.id");
    while (rows.step()) {
      Album album;
      album.id = {rows.integer(0)};
      album.title = rows.text(1);
      album.date = rows.text(2);
      album.tracks = static_cast<int>(rows.integer(3));
      album.artists = albumArtists(database, album);
      albums.push_back(std::move(album));
    }
    std::unordered_map<AlbumId, std::string> keys;
    for (archive::AlbumSources& one : readAlbumSources(database, true)) {
      if (!one.keys.empty()) keys.emplace(one.id, std::move(one.keys.front()));
    }
    for (Album& album : albums) album.key = keys[album.id];
    return albums;
  });
}

std::vector<Track> SqliteCatalogue::find(std::string_view text, int limit) const {
  return connections_.read([&](Database& database) -> std::vector<Track> {
    if (auto track = findById(database, text)) return {std::move(*track)};
    if (auto track = findByPath(database, text)) return {std::move(*track)};
    const std::string key = archive::searchKey(text);
    std::vector<std::string> words = splitWords(key);
    if (words.empty()) return {};
    if (words.size() > kMostWords) words.resize(kMostWords);
    auto found = findByTitle(database, key, limit);
    if (found.empty()) found = findByWords(database, words, false, limit);
    if (found.empty()) found = findByWords(database, words, true, limit);
    return found;
  });
}

std::optional<archive::Recording> SqliteCatalogue::recording(const AudioHash& hash) const {
  return connections_.read([&](Database& database) -> std::optional<archive::Recording> {
    Query row = database.query(
        "SELECT id, duration, integrated_lufs, range_lu, sample_peak, format, rate_hz, channels "
        "FROM recordings WHERE hash = ?",
        bytesOf(hash));
    if (!row.step()) return std::nullopt;
    return archive::Recording{{row.integer(0)},
                              hash,
                              Seconds(row.real(1)),
                              {row.optionalReal(2), row.optionalReal(3), row.real(4)},
                              row.text(5),
                              static_cast<int>(row.integer(6)),
                              static_cast<int>(row.integer(7))};
  });
}

std::optional<archive::Place> SqliteCatalogue::place(std::string_view path) const {
  return connections_.read([&](Database& database) {
    static const std::string sql = std::string(kSelectPlace) + "WHERE path = ?";
    return firstOf(placesOf(database.query(sql, bytesOf(path))));
  });
}

std::vector<archive::Place> SqliteCatalogue::places(TrackId id) const {
  return connections_.read([&](Database& database) {
    static const std::string sql = std::string(kSelectPlace) + "WHERE track_id = ? ORDER BY id";
    return placesOf(database.query(sql, id));
  });
}

std::vector<archive::Place> SqliteCatalogue::placesUnder(std::string_view folder) const {
  while (!folder.empty() && folder.back() == '/') folder.remove_suffix(1);
  // '0' follows '/', so what lies between the two is below the folder.
  const std::string first = std::string(folder) + '/';
  const std::string last = std::string(folder) + '0';
  return connections_.read([&](Database& database) {
    static const std::string sql =
        std::string(kSelectPlace) + "WHERE path = ? OR (path >= ? AND path < ?) ORDER BY path";
    return placesOf(database.query(sql, bytesOf(folder), bytesOf(first), bytesOf(last)));
  });
}

std::optional<archive::RefusedFile> SqliteCatalogue::refusedFile(std::string_view path) const {
  return connections_.read([&](Database& database) {
    return firstOf(refusedOf(database.query(
        "SELECT path, size, modified_ns, reason, refused_at FROM refused_files WHERE path = ?",
        bytesOf(path))));
  });
}

std::vector<archive::RefusedFile> SqliteCatalogue::refusedFiles() const {
  return connections_.read([](Database& database) {
    return refusedOf(database.query(
        "SELECT path, size, modified_ns, reason, refused_at FROM refused_files ORDER BY path"));
  });
}

archive::CatalogueCounts SqliteCatalogue::counts() const {
  return connections_.read([](Database& database) {
    archive::CatalogueCounts counts;
    Query row = database.query(
        "SELECT count(*), "
        "COALESCE(sum(CASE WHEN recording_id IS NOT NULL THEN offline ELSE 0 END), 0), "
        "count(DISTINCT recording_id), count(DISTINCT album_id), count(DISTINCT work_id), "
        "COALESCE(sum(CASE WHEN recording_id IS NULL THEN 1 ELSE 0 END), 0) "
        "FROM tracks WHERE removed = 0");
    row.step();
    counts.tracks = row.integer(0);
    counts.offline = row.integer(1);
    counts.recordings = row.integer(2);
    counts.albums = row.integer(3);
    counts.works = row.integer(4);
    counts.not_heard = row.integer(5);
    counts.removed = database.integer("SELECT count(*) FROM tracks WHERE removed = 1");
    counts.people = database.integer(
        "SELECT count(DISTINCT c.person_id) FROM credits c JOIN tracks t ON t.id = c.track_id "
        "WHERE t.removed = 0");
    counts.refused = database.integer("SELECT count(*) FROM refused_files");
    counts.users = database.integer("SELECT count(*) FROM users");
    counts.interactions = database.integer("SELECT count(*) FROM interactions");
    Query sum = database.query(
        "SELECT COALESCE(sum(duration), 0.0) FROM recordings r WHERE EXISTS "
        "(SELECT 1 FROM tracks t WHERE t.recording_id = r.id AND t.removed = 0)");
    sum.step();
    counts.duration = Seconds(sum.real(0));
    return counts;
  });
}

}  // namespace attacca::store
