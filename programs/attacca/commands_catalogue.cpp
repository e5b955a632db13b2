#include <algorithm>

#include <fmt/format.h>

#include "attacca/app/track_names.h"
#include "attacca/base/error.h"
#include "attacca/base/text.h"

#include "commands.h"
#include "json_text.h"
#include "lists.h"
#include "reasons.h"
#include "table.h"
#include "works.h"

namespace attacca::cli {
archive::Album resolveAlbum(const archive::Catalogue& catalogue, const std::string& text) {
  std::vector<archive::Album> found;
  const auto words = splitWords(foldText(text));
  for (auto& album : catalogue.albums()) {
    if (std::to_string(album.id.value) == text) return std::move(album);
    const std::string title = foldText(album.title);
    const bool all = std::all_of(words.begin(), words.end(), [&](const auto& word) {
      return title.find(word) != std::string::npos;
    });
    if (all && !words.empty()) found.push_back(std::move(album));
  }
  if (found.empty()) {
    throw Error(Fault::notFound, fmt::format("no album is called \"{}\"", text),
                "`attacca albums` lists all");
  }
  if (found.size() > 1) {
    std::string lines = "name one of these by its id:";
    for (const auto& album : found) {
      lines += fmt::format("\n    {:>5}  {}", album.id.value, album.title);
    }
    throw Error(Fault::usage, fmt::format("\"{}\" may mean more than one album", text), lines);
  }
  return std::move(found.front());
}

Exit tracks(const Context& context, const TracksArgs& args) {
  OpenArchive archive(context);
  archive::TrackFilter filter;
  if (!args.album.empty()) filter.album = resolveAlbum(archive.catalogue(), args.album).id;
  filter.removed = args.removed;
  filter.limit = args.limit;
  filter.offset = args.offset;
  const auto list = archive.catalogue().tracks(filter);
  if (context.json) {
    Json json;
    json["tracks"] = Json::array();
    for (const auto& track : list) {
      Json entry = trackJson(track);
      if (args.why) entry["why"] = reasonsJson(archive.catalogue().reasons(track.id));
      json["tracks"].push_back(std::move(entry));
    }
    print(toText(json));
    return Exit::done;
  }
  if (list.empty()) {
    if (!context.quiet) {
      say(args.removed ? "no track is removed"
                       : "no track here; `attacca add FOLDER` hears a folder of music");
    }
    return Exit::done;
  }
  if (args.why) {
    std::string text;
    for (const auto& track : list) {
      text += fmt::format("{}\n{}", app::trackLine(track),
                          reasonsText(archive.catalogue().reasons(track.id)));
    }
    print(text);
    return Exit::done;
  }
  Table table({{"id", Table::Align::right},
               {"title", Table::Align::left, true},
               {"by", Table::Align::left, true},
               {"album", Table::Align::left, true},
               {"length", Table::Align::right},
               {"", Table::Align::left}});
  for (const auto& track : list) {
    table.add({std::to_string(track.id.value), track.title, creator(track), track.album_title,
               formatDuration(track.duration), stateOf(track)});
  }
  print(table.text(terminalWidth(1)));
  return Exit::done;
}

Exit albums(const Context& context) {
  OpenArchive archive(context);
  const auto list = archive.catalogue().albums();
  if (context.json) {
    Json json;
    json["albums"] = Json::array();
    for (const auto& album : list) {
      json["albums"].push_back({{"id", album.id.value},
                                {"title", album.title},
                                {"artists", album.artists},
                                {"date", album.date},
                                {"tracks", album.tracks}});
    }
    print(toText(json));
    return Exit::done;
  }
  Table table({{"id", Table::Align::right},
               {"album", Table::Align::left, true},
               {"by", Table::Align::left, true},
               {"date", Table::Align::left},
               {"tracks", Table::Align::right}});
  for (const auto& album : list) {
    table.add({std::to_string(album.id.value), album.title.empty() ? "(no album)" : album.title,
               joined(album.artists), album.date, std::to_string(album.tracks)});
  }
  if (!table.empty()) print(table.text(terminalWidth(1)));
  return Exit::done;
}

}  // namespace attacca::cli
