#include "suggestions.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "aspects_text.h"
#include "console.h"
#include "lists.h"
#include "table.h"

namespace attacca::cli {
namespace {

std::string_view kindName(recommend::ReasonKind kind) {
  using recommend::ReasonKind;
  switch (kind) {
    case ReasonKind::central:
      return "central";
    case ReasonKind::diverse:
      return "diverse";
    case ReasonKind::passage:
      return "passage";
    case ReasonKind::chance:
      return "chance";
    case ReasonKind::popular:
      return "popular";
    case ReasonKind::played:
      return "played";
    case ReasonKind::heardTogether:
      return "heard_together";
    case ReasonKind::follows:
      return "follows";
    case ReasonKind::nextMovement:
      return "next_movement";
    case ReasonKind::sameAlbum:
      return "same_album";
    case ReasonKind::sharedFacts:
      return "shared_facts";
    case ReasonKind::similarAlbum:
      return "similar_album";
    case ReasonKind::followsFrom:
      return "follows_from";
    case ReasonKind::learnedLike:
      return "learned_like";
    case ReasonKind::similarTo:
      break;
  }
  return "similar_to";
}

}  // namespace

Json tracksJson(const app::Performance& performance) {
  Json tracks = Json::array();
  for (const auto& track : performance) tracks.push_back(trackJson(track));
  return tracks;
}

Json suggestionsJson(const app::Suggestions& suggestions, Json head) {
  Json json = std::move(head);
  json["strategy"] = suggestions.strategy;
  json["snapshot"] = suggestions.snapshot;
  json["notes"] = suggestions.notes;
  json["tracks"] = Json::array();
  for (const auto& item : suggestions.list) {
    Json entry;
    entry["rank"] = item.rank;
    entry["score"] = item.score;
    entry["reason"] = item.reason;
    entry["reasons"] = Json::array();
    for (const auto& reason : item.reasons) {
      Json& one = entry["reasons"].emplace_back(
          Json{{"kind", kindName(reason.kind)},
               {"track", reason.track ? Json(reason.track.value) : Json()},
               {"value", reason.value}});
      if (!reason.detail.empty()) one["detail"] = reason.detail;
    }
    entry.update(trackJson(item.track));
    entry["aspects"] = aspectsJson(item.aspects);
    if (!item.movements.empty()) entry["movements"] = tracksJson(item.movements);
    for (const auto& place : item.places) {
      entry["places"].push_back({{"from_s", place.from.count()}, {"to_s", place.to.count()}});
    }
    for (const auto& other : item.others) {
      entry["other_performances"].push_back({{"tracks", tracksJson(other)}});
    }
    json["tracks"].push_back(std::move(entry));
  }
  return json;
}

std::string playingTime(const app::Performance& performance) {
  Seconds all{};
  for (const auto& track : performance) all += track.duration;
  return formatDuration(all);
}

std::string performers(const archive::Track& track) {
  std::vector<std::string> names;
  for (const auto* some : {&track.artists, &track.conductors}) {
    for (const auto& name : *some) {
      const auto among = [&](const std::vector<std::string>& others) {
        return std::find(others.begin(), others.end(), name) != others.end();
      };
      if (!among(track.composers) && !among(names)) names.push_back(name);
    }
  }
  return joined(names);
}

std::string placesText(const std::vector<recommend::Region>& places) {
  std::vector<std::string> texts;
  texts.reserve(places.size());
  for (const auto& place : places) {
    texts.push_back(fmt::format("{}-{}", formatDuration(place.from), formatDuration(place.to)));
  }
  return joined(texts);
}

std::string movementLine(const archive::Track& track) {
  const std::string& name = track.movement.empty() ? track.title : track.movement;
  return track.movement_number ? fmt::format("  {}. {}", *track.movement_number, name)
                               : "  " + name;
}

std::string suggestionsText(const app::Suggestions& suggestions, const std::string& heading,
                            Extra extra) {
  const bool sounds =
      std::any_of(suggestions.list.begin(), suggestions.list.end(),
                  [](const app::Suggestion& item) { return !aspectsWords(item.aspects).empty(); });
  std::vector<Table::Column> columns{
      {"", Table::Align::right},        {"title", Table::Align::left, true},
      {"by", Table::Align::left, true}, {"album", Table::Align::left, true},
      {"length", Table::Align::right},  {"score", Table::Align::right}};
  if (sounds) columns.push_back({"sounds", Table::Align::left, true});
  if (extra == Extra::why) columns.push_back({"why", Table::Align::left, true});
  if (extra == Extra::places) columns.push_back({"where", Table::Align::left, true});
  columns.push_back({"id", Table::Align::right});
  Table table(std::move(columns));
  struct Line {
    std::string rank = {};
    std::string title = {};
    std::string by = {};
    std::string album = {};
    std::string length = {};
    std::string score = {};
    std::string sounds = {};
    std::string extra = {};
    std::string id = {};
  };
  const auto add = [&](const Line& line) {
    std::vector<std::string> row{line.rank,  line.title,  line.by,
                                 line.album, line.length, line.score};
    if (sounds) row.push_back(line.sounds);
    if (extra != Extra::none) row.push_back(line.extra);
    row.push_back(line.id);
    table.add(std::move(row));
  };
  for (const auto& item : suggestions.list) {
    const auto& track = item.track;
    const std::string rank = std::to_string(item.rank);
    const std::string score = fmt::format("{:.2f}", item.score);
    const std::string words = aspectsWords(item.aspects);
    const std::string own = extra == Extra::places ? placesText(item.places) : item.reason;
    if (item.movements.size() < 2) {
      add({.rank = rank,
           .title = track.title,
           .by = creator(track),
           .album = track.album_title,
           .length = formatDuration(track.duration),
           .score = score,
           .sounds = words,
           .extra = own,
           .id = std::to_string(track.id.value)});
    } else {
      add({.rank = rank,
           .title = track.work_title,
           .by = creator(track),
           .album = track.album_title,
           .length = playingTime(item.movements)});
      for (const auto& movement : item.movements) {
        const bool chosen = movement.id == track.id;  // score and reason are this one's
        add({.title = movementLine(movement),
             .length = formatDuration(movement.duration),
             .score = chosen ? score : "",
             .sounds = chosen ? words : "",
             .extra = chosen ? item.reason : "",
             .id = std::to_string(movement.id.value)});
      }
    }
    for (const auto& other : item.others) {
      const auto& first = other.front();
      add({.title = "  also: " + performers(first),
           .album = first.album_title,
           .length = playingTime(other),
           .id = std::to_string(first.id.value)});
    }
  }
  std::string text = heading + "\n";
  text += table.empty() ? "  nothing\n" : table.text(terminalWidth(1));
  for (const auto& note : suggestions.notes) text += fmt::format("({})\n", note);
  return text;
}

}  // namespace attacca::cli
