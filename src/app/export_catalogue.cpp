#include "attacca/app/export_catalogue.h"

#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace attacca::app {
namespace {

using Json = nlohmann::ordered_json;
using Row = std::vector<std::pair<std::string, Json>>;

std::string joined(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ";"));
}

Json numberOr(const std::optional<int>& number) { return number ? Json(*number) : Json(); }
Json confidenceOf(const archive::Why& why) {
  return why.reason.empty() ? Json() : Json(why.confidence);
}

archive::Why weakest(const archive::TrackReasons& reasons, std::string_view role) {
  archive::Why least;
  for (const auto& credit : reasons.credits) {
    if (credit.role != role || credit.why.reason.empty()) continue;
    if (least.reason.empty() || credit.why.confidence < least.confidence) least = credit.why;
  }
  return least;
}

Row rowOf(const archive::Catalogue& catalogue, const archive::Track& track,
          const archive::Album& album, const archive::Work& work, const std::string& date) {
  const auto reasons = catalogue.reasons(track.id);
  const auto composer = weakest(reasons, "composer");
  const auto arranger = weakest(reasons, "arranger");
  return {
      {"track_id", track.external_id.empty() ? std::to_string(track.id.value) : track.external_id},
      {"title", track.title},
      {"album", track.album_title},
      {"album_artist", joined(album.artists)},
      {"album_date", album.date},
      {"disc", numberOr(track.disc_number)},
      {"track", numberOr(track.track_number)},
      {"composer", joined(track.composers)},
      {"arranger", joined(track.arrangers)},
      {"artist", joined(track.artists)},
      {"conductor", joined(track.conductors)},
      {"work_id", track.work ? Json(track.work.value) : Json()},
      {"work_title", work.title},
      {"catalogue_number", joined(work.catalogue_numbers)},
      {"music_key", work.music_key},
      {"movement_no", numberOr(track.movement_number)},
      {"movement_title", track.movement},
      {"period", work.period},
      {"instrumentation", work.instrumentation},
      {"date", date},
      {"duration_s", track.duration.count()},
      {"path", track.path},
      {"heard", track.heard()},
      {"audio_hash", track.heard() ? track.hash.hex() : ""},
      {"attacca_id", track.id.value},
      {"composer_confidence", confidenceOf(composer)},
      {"composer_reason", composer.reason},
      {"arranger_confidence", confidenceOf(arranger)},
      {"arranger_reason", arranger.reason},
      {"work_confidence", confidenceOf(reasons.work)},
      {"work_reason", reasons.work.reason},
      {"movement_confidence", confidenceOf(reasons.movement)},
      {"movement_reason", reasons.movement.reason},
      {"period_confidence", confidenceOf(work.period_why)},
      {"period_reason", work.period_why.reason},
      {"instrumentation_confidence", confidenceOf(work.instrumentation_why)},
      {"instrumentation_reason", work.instrumentation_why.reason}};
}

std::string csvField(const Json& value) {
  if (value.is_null()) return {};
  std::string text;
  if (value.is_string()) {
    text = value.get<std::string>();
  } else if (value.is_number_float()) {
    text = fmt::format("{:.6g}", value.get<double>());
  } else {
    text = value.dump();
  }
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csvLine(const std::vector<Json>& values) {
  std::string line;
  for (const Json& value : values) {
    if (&value != &values.front()) line += ',';
    line += csvField(value);
  }
  line += '\n';
  return line;
}

}  // namespace

void exportCatalogue(const archive::Catalogue& catalogue, TableFormat format,
                     const std::function<void(std::string_view)>& write) {
  std::unordered_map<WorkId, archive::Work> works;
  for (auto& work : catalogue.works()) {
    const WorkId id = work.id;
    works.emplace(id, std::move(work));
  }
  std::unordered_map<AlbumId, archive::Album> albums;
  for (auto& album : catalogue.albums()) {
    const AlbumId id = album.id;
    albums.emplace(id, std::move(album));
  }
  const auto tracks = catalogue.tracks(archive::TrackFilter{});
  std::unordered_map<TrackId, archive::CatalogueRow> imported;
  std::map<std::string, std::size_t> extra;  // columns that stand behind
  for (const auto& track : tracks) {
    auto row = catalogue.rowOf(track.id);
    if (!row) continue;
    for (const auto& [column, value] : row->extra) extra.emplace(column, 0);
    imported.emplace(track.id, std::move(*row));
  }
  const archive::Work none;
  bool first = true;
  if (format == TableFormat::json) write("[");
  for (const auto& track : tracks) {
    const auto work = works.find(track.work);
    const auto row = imported.find(track.id);
    const std::string date = row == imported.end() ? std::string() : row->second.written.date;
    const Row values = rowOf(catalogue, track, albums[track.album],
                             work == works.end() ? none : work->second, date);
    if (format == TableFormat::json) {
      Json object;
      for (const auto& [column, value] : values) object[column] = value;
      if (row != imported.end()) {
        object["file"] = row->second.file;
        for (const auto& [column, value] : row->second.extra) object["row"][column] = value;
      }
      write((first ? "\n" : ",\n") +
            object.dump(1, ' ', false, nlohmann::json::error_handler_t::replace));
    } else {
      std::vector<Json> line;
      if (first) {
        for (const auto& [column, value] : values) line.emplace_back(column);
        line.emplace_back("file");
        for (const auto& [column, at] : extra) line.emplace_back("row: " + column);
        write(csvLine(line));
        line.clear();
      }
      for (const auto& [column, value] : values) line.push_back(value);
      line.emplace_back(row == imported.end() ? "" : row->second.file);
      for (const auto& [column, at] : extra) {
        const bool has = row != imported.end() && row->second.extra.contains(column);
        line.emplace_back(has ? row->second.extra.at(column) : "");
      }
      write(csvLine(line));
    }
    first = false;
  }
  if (format == TableFormat::json) write("\n]\n");
}

}  // namespace attacca::app
