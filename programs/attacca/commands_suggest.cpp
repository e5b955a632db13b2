#include <fmt/format.h>

#include "attacca/app/import_log.h"
#include "attacca/app/suggest.h"
#include "attacca/app/track_names.h"
#include "attacca/base/error.h"
#include "attacca/base/text.h"

#include "commands.h"
#include "json_text.h"
#include "lists.h"
#include "table.h"

namespace attacca::cli {
namespace {

std::string words(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : " ") + part;
  return text;
}

recommend::Policies policies(const Context& context, bool raw) {
  recommend::Policies policies;
  policies.limit = static_cast<std::size_t>(context.settings.limit);
  policies.per_album = static_cast<std::size_t>(context.settings.per_album);
  policies.per_work = static_cast<std::size_t>(context.settings.per_work);
  policies.raw = raw;
  return policies;
}

std::string_view kindName(recommend::ReasonKind kind) {
  switch (kind) {
    case recommend::ReasonKind::central:
      return "central";
    case recommend::ReasonKind::diverse:
      return "diverse";
    case recommend::ReasonKind::similarTo:
      break;
  }
  return "similar_to";
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
      entry["reasons"].push_back({{"kind", kindName(reason.kind)},
                                  {"track", reason.track ? Json(reason.track.value) : Json()},
                                  {"value", reason.value}});
    }
    entry.update(trackJson(item.track));
    json["tracks"].push_back(std::move(entry));
  }
  return json;
}

// `why`: each line has a reason of its own; else all have that of the heading.
std::string suggestionsText(const app::Suggestions& suggestions, const std::string& heading,
                            bool why) {
  std::vector<Table::Column> columns{
      {"", Table::Align::right},        {"title", Table::Align::left, true},
      {"by", Table::Align::left, true}, {"album", Table::Align::left, true},
      {"length", Table::Align::right},  {"score", Table::Align::right}};
  if (why) columns.push_back({"why", Table::Align::left, true});
  columns.push_back({"id", Table::Align::right});
  Table table(std::move(columns));
  for (const auto& item : suggestions.list) {
    std::vector<std::string> row{std::to_string(item.rank),
                                 item.track.title,
                                 creator(item.track),
                                 item.track.album_title,
                                 formatDuration(item.track.duration),
                                 fmt::format("{:.2f}", item.score)};
    if (why) row.push_back(item.reason);
    row.push_back(std::to_string(item.track.id.value));
    table.add(std::move(row));
  }
  std::string text = heading + "\n";
  text += table.empty() ? "  nothing\n" : table.text(terminalWidth(1));
  for (const auto& note : suggestions.notes) text += fmt::format("({})\n", note);
  return text;
}

std::string named(const archive::Track& track) {
  const std::string by = creator(track);
  return by.empty() ? fmt::format("*{}*", track.title) : fmt::format("*{}* ({})", track.title, by);
}

}  // namespace

Exit similar(const Context& context, const SimilarArgs& args) {
  OpenArchive archive(context);
  const auto seed = app::resolveTrack(archive.catalogue(), words(args.track));
  const app::Suggester suggester(archive.catalogue(), archive.blobs, context.settings.recipe);
  const auto suggestions = suggester.similar(seed, policies(context, args.raw));
  print(context.json ? toText(suggestionsJson(suggestions, {{"seed", trackJson(seed)}}))
                     : suggestionsText(suggestions,
                                       fmt::format("because you like {}:", named(seed)), false));
  return Exit::done;
}

Exit recommend(const Context& context, const RecommendArgs& args) {
  if (args.strategy != "knn") {
    throw Error(Fault::usage, fmt::format("there is no strategy \"{}\"", args.strategy),
                "knn is the one there is: tracks near those that the listener heard");
  }
  const UnixTime now = args.at.empty() ? context.clock.now() : parseTime(args.at);
  OpenArchive archive(context);
  const auto user = archive.log().findUser(args.user);
  std::vector<archive::Interaction> history;
  if (user) history = archive.log().history(*user, app::kHistoryLength);
  const app::Suggester suggester(archive.catalogue(), archive.blobs, context.settings.recipe);
  auto suggestions = suggester.forHistory(history, now, policies(context, args.raw));
  const std::string name = cleanText(args.user, 4096);
  if (!user) {
    suggestions.notes.insert(suggestions.notes.begin(),
                             fmt::format("nobody called {} has listened here yet", name));
  }
  print(context.json ? toText(suggestionsJson(suggestions, {{"user", name}}))
                     : suggestionsText(suggestions, fmt::format("for {}:", name), true));
  return Exit::done;
}

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

Exit importLog(const Context& context, const std::string& csv) {
  ConsoleProgress progress(context.quiet);
  OpenArchive archive(context);
  const auto result =
      app::importLog(archive.catalogue(), archive.log(), csv, progress, context.stop);
  if (context.json) {
    Json json{{"rows", result.rows}, {"added", result.added}, {"known", result.known}};
    json["refused"] = Json::array();
    for (const auto& row : result.refused) {
      json["refused"].push_back({{"line", row.line}, {"reason", row.reason}});
    }
    print(toText(json));
  } else {
    for (const auto& row : result.refused) {
      say(fmt::format("{}, line {}: {}", csv, row.line, row.reason));
    }
    if (!context.quiet) {
      print(fmt::format("{} rows: {} added, {} known already, {} refused\n", result.rows,
                        result.added, result.known, result.refused.size()));
    }
  }
  return result.refused.empty() ? Exit::done : Exit::refused;
}

}  // namespace attacca::cli
