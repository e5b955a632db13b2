#include <algorithm>

#include <fmt/format.h>

#include "attacca/app/heard_aspects.h"
#include "attacca/app/track_names.h"
#include "attacca/base/error.h"
#include "attacca/base/text.h"

#include "aspects_text.h"
#include "commands.h"
#include "json_text.h"
#include "lists.h"
#include "reasons.h"
#include "suggestions.h"
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

Exit show(const Context& context, const std::vector<std::string>& name) {
  OpenArchive archive(context);
  const auto track =
      app::resolveTrack(archive.catalogue(), fmt::format("{}", fmt::join(name, " ")));
  std::optional<Aspects> aspects;
  if (track.heard()) aspects = app::HeardAspects(archive.blobs).of(track.hash);
  if (context.json) {
    Json json = trackJson(track);
    json["aspects"] = aspectsJson(aspects);
    print(toText(json));
    return Exit::done;
  }
  Table table({{"", Table::Align::left}, {"", Table::Align::left}});
  const auto line = [&](std::string_view what, std::string value) {
    if (!value.empty()) table.add({std::string(what), std::move(value)});
  };
  line("title", track.title);
  line("by", creator(track));
  line("played by", performers(track));
  line("album", track.album_title);
  line("work", track.work_title);
  line("movement", std::string(std::string_view(movementLine(track)).substr(2)));
  line("length", formatDuration(track.duration));
  line("state", stateOf(track));
  if (aspects) {
    const std::string words = aspectsWords(aspects);
    line("sounds", words.empty() ? "neither slow nor fast, soft nor loud, dark nor bright" : words);
    line("tempo", tempoText(*aspects));
    line("onsets", fmt::format("{:.1f} a second", aspects->onset_density_hz));
    line("loudness", fmt::format("{:.1f} LUFS, range {:.1f} LU", aspects->loudness_lufs,
                                 aspects->loudness_range_lu));
    line("brightness", fmt::format("{:.0f} Hz (spectral centroid)", aspects->centroid_hz));
    line("key", keyText(*aspects));
  } else if (track.heard()) {
    line("sounds", "not known; `attacca embed --all --representation aspects` hears it");
  }
  line("file", track.path);
  line("id", std::to_string(track.id.value));
  print(table.text(0));
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
