#include <fmt/format.h>

#include "attacca/app/import_log.h"
#include "attacca/app/track_names.h"
#include "attacca/base/error.h"
#include "attacca/base/text.h"
#include "attacca/recommend/strategy.h"

#include "commands.h"
#include "json_text.h"
#include "lists.h"
#include "table.h"

namespace attacca::cli {

Exit listen(const Context& context, const ListenArgs& args) {
  OpenArchive archive(context);
  const std::string name = cleanText(args.user, 4096);
  if (name.empty()) throw Error(Fault::usage, "a listener needs a name");
  if (!(args.fraction >= 0 && args.fraction <= 1)) {
    throw Error(Fault::usage, "--fraction must be from 0 to 1");
  }
  archive::Interaction interaction;
  interaction.at = args.at.empty() ? context.clock.now() : parseTime(args.at);
  interaction.fraction = args.fraction;
  const auto track = app::resolveTrack(archive.catalogue(), words(args.track));
  interaction.track = track.id;
  interaction.user = archive.log().user(name);
  const bool is_new = archive.log().record(std::span(&interaction, 1)) > 0;
  if (context.json) {
    print(toText(Json{{"user", name},
                      {"at", formatTime(interaction.at)},
                      {"fraction", interaction.fraction},
                      {"new", is_new},
                      {"track", trackJson(track)}}));
  } else if (!context.quiet) {
    print(fmt::format("{} heard {}{}\n", name, named(track), is_new ? "" : " (known already)"));
  }
  return Exit::done;
}

Exit importLog(const Context& context, const std::string& file) {
  ConsoleProgress progress(context.quiet);
  OpenArchive archive(context);
  const auto result = app::importLog(archive.catalogue(), archive.log(), file, context.clock.now(),
                                     progress, context.stop);
  if (context.json) {
    Json json{{"rows", result.rows}, {"added", result.added}, {"known", result.known}};
    json["refused"] = Json::array();
    for (const auto& row : result.refused) {
      json["refused"].push_back({{"line", row.line}, {"reason", row.reason}});
    }
    json["repeated"] = Json::array();
    for (const auto& row : result.repeated) {
      json["repeated"].push_back({{"line", row.line}, {"first", row.first}});
    }
    print(toText(json));
  } else {
    for (const auto& row : result.refused) {
      say(fmt::format("{}, line {}: {}", file, row.line, row.reason));
    }
    for (const auto& row : result.repeated) {
      say(fmt::format("{}, line {}: says line {} again", file, row.line, row.first));
    }
    if (!context.quiet) {
      print(fmt::format("{} rows: {} added, {} known already, {} repeated, {} refused\n",
                        result.rows, result.added, result.known, result.repeated.size(),
                        result.refused.size()));
    }
  }
  return result.refused.empty() ? Exit::done : Exit::refused;
}

Exit strategies(const Context& context) {
  if (context.json) {
    Json json;
    json["strategies"] = Json::array();
    for (const auto& info : recommend::strategies()) {
      json["strategies"].push_back({{"name", info.name},
                                    {"summary", info.summary},
                                    {"learns_from_log", info.learns_from_log},
                                    {"needs_network", info.needs_network}});
    }
    print(toText(json));
    return Exit::done;
  }
  Table table({{"name"}, {"suggests", Table::Align::left, true}});
  for (const auto& info : recommend::strategies()) {
    table.add({std::string(info.name), std::string(info.summary)});
  }
  print(table.text(terminalWidth(1)));
  return Exit::done;
}

}  // namespace attacca::cli
