#include "scoring.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace attacca::archive::testing {
namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(fmt::format("cannot read {}", path.string()));
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

std::vector<std::string> nextRecord(std::string_view text, std::size_t& at) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        fields.back() += c;
        ++at;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      ++at;
      break;
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

std::string field(const CsvRow& row, const std::string& name) {
  const auto at = row.find(name);
  return at == row.end() ? std::string() : at->second;
}

// Of the two names that a column may have.
std::string either(const CsvRow& row, const std::string& name) {
  return row.count(name) != 0 ? field(row, name) : field(row, name + "_canonical");
}

std::set<std::string> namesIn(const std::string& joined) {
  std::set<std::string> names;
  std::istringstream text(joined);
  for (std::string name; std::getline(text, name, ';');) {
    if (!name.empty()) names.insert(name);
  }
  return names;
}

std::set<std::string> namesOf(const std::vector<Credit>& credits) {
  std::set<std::string> names;
  for (const Credit& credit : credits) names.insert(credit.name);
  return names;
}

// "A;B|C": whether `names` are one of these sets.
bool isOneOf(const std::set<std::string>& names, const std::string& sets) {
  std::istringstream text(sets);
  for (std::string one; std::getline(text, one, '|');) {
    if (names == namesIn(one)) return true;
  }
  return false;
}

std::string joined(const std::set<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ";"));
}

}  // namespace

std::vector<CsvRow> readCsv(const std::filesystem::path& path) {
  const std::string text = contents(path);
  std::size_t at = 0;
  const std::vector<std::string> header = nextRecord(text, at);
  std::vector<CsvRow> rows;
  while (at < text.size()) {
    const std::vector<std::string> fields = nextRecord(text, at);
    CsvRow row;
    for (std::size_t i = 0; i < header.size() && i < fields.size(); ++i) row[header[i]] = fields[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<CsvRow> readCatalogue(const std::filesystem::path& path) {
  if (path.extension() != ".json") return readCsv(path);
  std::vector<CsvRow> rows;
  for (const auto& object : nlohmann::json::parse(contents(path))) {
    CsvRow row;
    for (const auto& [name, value] : object.items())
      row[name] = value.is_string() ? value.get<std::string>() : value.dump();
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<WrittenTrack> writtenTracks(const std::vector<CsvRow>& rows) {
  std::vector<WrittenTrack> tracks;
  for (const CsvRow& row : rows) {
    WrittenTrack track;
    track.id = std::stoll(field(row, "track_id"));
    track.album = std::stoll(field(row, "album_id"));
    track.position = std::stoi(field(row, "track_no"));
    track.title = field(row, "title");
    track.album_title = field(row, "album_name");
    track.composers = {field(row, "composers")};
    track.arrangers = {field(row, "arrangers")};
    // As import does: "NaN" is nothing.
    if (field(row, "composers") == "NaN") track.composers.clear();
    if (const std::string artists = field(row, "artists"); !artists.empty())
      track.artists = {artists};
    tracks.push_back(std::move(track));
  }
  return tracks;
}

Score score(const std::vector<CsvRow>& rows, const Conclusions& conclusions,
            const std::vector<CsvRow>& gold) {
  Score result;
  std::map<std::string, const CsvRow*> written;
  for (const CsvRow& row : rows) written[field(row, "track_id")] = &row;
  std::map<std::string, const ConcludedTrack*> concluded;
  for (const ConcludedTrack& track : conclusions.tracks)
    concluded[std::to_string(track.id)] = &track;

  struct Judged {
    std::string id, album, work;
    std::optional<std::size_t> found;
  };
  std::vector<Judged> judged;
  for (const CsvRow& truth : gold) {
    if (field(truth, "work_confidence") == "unsure") continue;
    const std::string id = field(truth, "track_id");
    const auto at = concluded.find(id);
    if (at == concluded.end()) throw std::runtime_error(fmt::format("the rows lack track {}", id));
    const ConcludedTrack& track = *at->second;
    const std::string title = field(*written[id], "title");
    ++result.tracks;
    const auto composers = namesOf(track.composers);
    const bool right = composers == namesIn(either(truth, "composer")) ||
                       isOneOf(composers, field(truth, "composer_also_ok"));
    result.composer.add(right);
    if (!right) {
      result.errors.push_back(fmt::format("{} \"{}\": composer {}, not {}", id, title,
                                          joined(composers), either(truth, "composer")));
    }
    const std::string number =
        track.movement_number ? std::to_string(*track.movement_number) : std::string();
    const std::string source = field(truth, "movement_source");
    if (source == "none") {
      result.number_where_none.add(!number.empty());
      if (!number.empty())
        result.errors.push_back(fmt::format("{} \"{}\": movement {}, not none", id, title, number));
    } else if (source == "stated" || source == "order") {
      result.movement_number.add(number == field(truth, "movement_no"));
    }
    if (source != "none" && source != "ambiguous" && number != field(truth, "movement_no")) {
      result.errors.push_back(fmt::format("{} \"{}\": movement {}, not {} ({})", id, title, number,
                                          field(truth, "movement_no"), source));
    }
    const auto arrangers = namesOf(track.arrangers);
    const auto wanted = namesIn(either(truth, "arranger"));
    if (!arrangers.empty() || !wanted.empty()) {
      result.arranger.add(arrangers == wanted);
      if (arrangers != wanted)
        result.errors.push_back(fmt::format("{} \"{}\": arranger {}, not {}", id, title,
                                            joined(arrangers), joined(wanted)));
    }
    judged.push_back({id, field(*written[id], "album_id"), field(truth, "work_id"), track.work});
  }
  for (std::size_t a = 0; a < judged.size(); ++a) {
    for (std::size_t b = a + 1; b < judged.size(); ++b) {
      const bool wanted = !judged[a].work.empty() && judged[a].work == judged[b].work;
      const bool found = judged[a].found && judged[a].found == judged[b].found;
      const auto count = [&](Pairs& pairs) {
        pairs.found += found ? 1 : 0;
        pairs.wanted += wanted ? 1 : 0;
        pairs.right += found && wanted ? 1 : 0;
      };
      count(result.works);
      if (judged[a].album != judged[b].album) count(result.works_across);
      if (found != wanted) {
        result.errors.push_back(fmt::format("{} \"{}\" and {} \"{}\": {}", judged[a].id,
                                            field(*written[judged[a].id], "title"), judged[b].id,
                                            field(*written[judged[b].id], "title"),
                                            found ? "not one work" : "one work"));
      }
    }
  }
  return result;
}

std::vector<Figure> figures(const Score& score) {
  return {
      {"composer", score.composer.value(), score.composer.of, 0.93},
      {"works, F1 of pairs", score.works.f1(), score.works.wanted, 0.93},
      {"works, precision", score.works.precision(), score.works.found, std::nullopt},
      {"works across albums, recall", score.works_across.recall(), score.works_across.wanted, 0.8},
      {"movement number, stated or from order", score.movement_number.value(),
       score.movement_number.of, 0.97},
      {"movement number given where there is none", score.number_where_none.value(),
       score.number_where_none.of, 0.03, true},
      {"arranger", score.arranger.value(), score.arranger.of, 0.85}};
}

}  // namespace attacca::archive::testing
