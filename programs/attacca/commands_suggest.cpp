#include <algorithm>

#include <fmt/format.h>

#include "attacca/app/comparing.h"
#include "attacca/app/suggest.h"
#include "attacca/app/track_names.h"
#include "attacca/base/error.h"
#include "attacca/base/text.h"

#include "commands.h"
#include "json_text.h"
#include "lists.h"
#include "moments.h"
#include "table.h"

namespace attacca::cli {
namespace {

recommend::Policies policies(const Context& context, const ListArgs& args) {
  recommend::Policies policies;
  policies.limit = static_cast<std::size_t>(context.settings.limit);
  policies.per_album = static_cast<std::size_t>(context.settings.per_album);
  policies.per_work = static_cast<std::size_t>(context.settings.per_work);
  policies.raw = args.raw;
  policies.whole_works = args.whole_works;
  policies.same_work = args.same_work;
  if (args.other_performances) {
    policies.other_performances = recommend::OtherPerformances::grouped;
  }
  return policies;
}

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
    case ReasonKind::similarTo:
      break;
  }
  return "similar_to";
}

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

// Whom a performance is told by: artists and conductors, but not the composer, whom many taggers
// name as the artist.
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

// "1:02-1:17, 3:40-3:55"
std::string placesText(const std::vector<recommend::Region>& places) {
  std::vector<std::string> texts;
  texts.reserve(places.size());
  for (const auto& place : places) {
    texts.push_back(fmt::format("{}-{}", formatDuration(place.from), formatDuration(place.to)));
  }
  return joined(texts);
}

// "  2. Largo": below the work's own line.
std::string movementLine(const archive::Track& track) {
  const std::string& name = track.movement.empty() ? track.title : track.movement;
  return track.movement_number ? fmt::format("  {}. {}", *track.movement_number, name)
                               : "  " + name;
}

// What lines say beside the tracks. `why`: a reason of its own; else all have that of the heading.
enum class Extra { none, why, places };

std::string suggestionsText(const app::Suggestions& suggestions, const std::string& heading,
                            Extra extra) {
  std::vector<Table::Column> columns{
      {"", Table::Align::right},        {"title", Table::Align::left, true},
      {"by", Table::Align::left, true}, {"album", Table::Align::left, true},
      {"length", Table::Align::right},  {"score", Table::Align::right}};
  if (extra == Extra::why) columns.push_back({"why", Table::Align::left, true});
  if (extra == Extra::places) columns.push_back({"where", Table::Align::left, true});
  columns.push_back({"id", Table::Align::right});
  Table table(std::move(columns));
  struct Line {
    std::string rank, title, by, album, length, score, extra, id;
  };
  const auto add = [&](const Line& line) {
    std::vector<std::string> row{line.rank,  line.title,  line.by,
                                 line.album, line.length, line.score};
    if (extra != Extra::none) row.push_back(line.extra);
    row.push_back(line.id);
    table.add(std::move(row));
  };
  for (const auto& item : suggestions.list) {
    const auto& track = item.track;
    const std::string rank = std::to_string(item.rank);
    const std::string score = fmt::format("{:.2f}", item.score);
    if (item.movements.size() < 2) {
      add({rank, track.title, creator(track), track.album_title, formatDuration(track.duration),
           score, extra == Extra::places ? placesText(item.places) : item.reason,
           std::to_string(track.id.value)});
    } else {
      add({rank,
           track.work_title,
           creator(track),
           track.album_title,
           playingTime(item.movements),
           {},
           {},
           {}});
      for (const auto& movement : item.movements) {
        const bool chosen = movement.id == track.id;  // score and reason are this one's
        add({{},
             movementLine(movement),
             {},
             {},
             formatDuration(movement.duration),
             chosen ? score : "",
             chosen ? item.reason : "",
             std::to_string(movement.id.value)});
      }
    }
    for (const auto& other : item.others) {
      const auto& first = other.front();
      add({{},
           "  also: " + performers(first),
           {},
           first.album_title,
           playingTime(other),
           {},
           {},
           std::to_string(first.id.value)});
    }
  }
  std::string text = heading + "\n";
  text += table.empty() ? "  nothing\n" : table.text(terminalWidth(1));
  for (const auto& note : suggestions.notes) text += fmt::format("({})\n", note);
  return text;
}

// Of what was asked for, not all recordings may have been heard.
void noteWhatIsLeftOut(OpenArchive& archive, const app::Suggester& suggester,
                       const std::string& representation, app::Suggestions& suggestions) {
  if (representation.empty()) return;
  const auto counts = archive.catalogue().counts();
  const auto left_out = counts.tracks - counts.offline - counts.not_heard -
                        static_cast<std::int64_t>(suggester.snapshot().size());
  if (left_out <= 0) return;
  suggestions.notes.push_back(
      fmt::format("{} cannot be compared by {}; `attacca embed --all --representation ...` hears "
                  "what was not heard with it",
                  left_out == 1 ? "1 track" : fmt::format("{} tracks", left_out), representation));
}

Exit passage(const Context& context, const SimilarArgs& args) {
  ConsoleProgress progress(context.quiet);
  OpenArchive archive(context);
  const auto seed = app::resolveTrack(archive.catalogue(), words(args.track));
  recommend::Region region{Seconds(0), seed.duration};
  if (!args.from.empty()) region.from = parseMoment(args.from, "--from");
  if (!args.to.empty()) region.to = parseMoment(args.to, "--to");
  const app::Suggester suggester(archive.catalogue(), archive.blobs,
                                 passageSnapshotFor(context, archive, progress));
  const auto suggestions = suggester.passage(seed, region, policies(context, args.list));
  const std::string where = placesText({region});
  print(context.json
            ? toText(suggestionsJson(suggestions, {{"seed", trackJson(seed)},
                                                   {"from_s", region.from.count()},
                                                   {"to_s", region.to.count()}}))
            : suggestionsText(suggestions, fmt::format("like {} of {}:", where, named(seed)),
                              Extra::places));
  return Exit::done;
}

}  // namespace

Exit similar(const Context& context, const SimilarArgs& args) {
  if (!args.from.empty() || !args.to.empty()) return passage(context, args);
  ConsoleProgress progress(context.quiet);
  OpenArchive archive(context);
  const auto seed = app::resolveTrack(archive.catalogue(), words(args.track));
  const app::Suggester suggester(archive.catalogue(), archive.blobs,
                                 snapshotFor(context, archive, args.representation, progress));
  auto suggestions = suggester.similar(seed, policies(context, args.list));
  noteWhatIsLeftOut(archive, suggester, args.representation, suggestions);
  print(context.json
            ? toText(suggestionsJson(suggestions, {{"seed", trackJson(seed)}}))
            : suggestionsText(suggestions, fmt::format("because you like {}:", named(seed)),
                              Extra::none));
  return Exit::done;
}

Exit recommend(const Context& context, const RecommendArgs& args) {
  recommend::strategyNamed(args.strategy);  // before anything is opened
  const UnixTime now = args.at.empty() ? context.clock.now() : parseTime(args.at);
  ConsoleProgress progress(context.quiet);
  OpenArchive archive(context);
  const auto user = archive.log().findUser(args.user);
  std::vector<archive::Interaction> history;
  if (user) history = archive.log().history(*user, app::kHistoryLength);
  const app::Suggester suggester(archive.catalogue(), archive.blobs,
                                 snapshotFor(context, archive, args.representation, progress));
  const auto made = suggester.strategy(args.strategy, archive.log(), now, args.seed);
  auto suggestions =
      suggester.forHistory(history, now, policies(context, args.list), *made.strategy);
  suggestions.notes.insert(suggestions.notes.end(), made.notes.begin(), made.notes.end());
  noteWhatIsLeftOut(archive, suggester, args.representation, suggestions);
  const std::string name = cleanText(args.user, 4096);
  if (!user) {
    suggestions.notes.insert(suggestions.notes.begin(),
                             fmt::format("nobody called {} has listened here yet", name));
  }
  print(context.json ? toText(suggestionsJson(suggestions, {{"user", name}}))
                     : suggestionsText(suggestions, fmt::format("for {}:", name), Extra::why));
  return Exit::done;
}

Exit performances(const Context& context, const std::vector<std::string>& name) {
  OpenArchive archive(context);
  const auto track = app::resolveTrack(archive.catalogue(), words(name));
  if (!track.work) {
    throw Error(Fault::notFound, fmt::format("no work is known that \"{}\" is of", track.title),
                "`attacca edit` can say which");
  }
  auto found = app::performancesOf(archive.catalogue(), track.work);
  // Its own first.
  std::stable_partition(found.begin(), found.end(), [&](const app::Performance& performance) {
    return std::any_of(performance.begin(), performance.end(),
                       [&](const archive::Track& one) { return one.id == track.id; });
  });
  if (context.json) {
    Json json;
    json["work"] = {{"id", track.work.value}, {"title", track.work_title}};
    json["performances"] = Json::array();
    for (const auto& performance : found) {
      json["performances"].push_back({{"tracks", tracksJson(performance)}});
    }
    print(toText(json));
    return Exit::done;
  }
  Table table({{"", Table::Align::right},
               {"performance", Table::Align::left, true},
               {"album", Table::Align::left, true},
               {"length", Table::Align::right},
               {"id", Table::Align::right},
               {"", Table::Align::left}});
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& first = found[i].front();
    const auto offline = [](const archive::Track& one) { return one.offline ? "offline" : ""; };
    const bool single = found[i].size() == 1;
    table.add({std::to_string(i + 1), performers(first), first.album_title, playingTime(found[i]),
               single ? std::to_string(first.id.value) : "", single ? offline(first) : ""});
    if (single && !first.movement_number && first.movement.empty()) continue;
    for (const auto& movement : found[i]) {
      table.add({"", movementLine(movement), "", single ? "" : formatDuration(movement.duration),
                 single ? "" : std::to_string(movement.id.value), single ? "" : offline(movement)});
    }
  }
  const std::string by = joined(track.composers);
  print(fmt::format("{}{}:\n", track.work_title, by.empty() ? "" : fmt::format(" ({})", by)) +
        table.text(terminalWidth(1)));
  return Exit::done;
}

}  // namespace attacca::cli
