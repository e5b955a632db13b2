#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "attacca/app/choose.h"
#include "attacca/app/comparing.h"
#include "attacca/app/suggest.h"
#include "attacca/app/track_names.h"
#include "attacca/base/error.h"
#include "attacca/base/text.h"

#include "aspects_text.h"
#include "commands.h"
#include "json_text.h"
#include "lists.h"
#include "moments.h"
#include "suggestions.h"
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

Json seedJson(const archive::Track& seed, const app::Suggester& suggester) {
  Json json = trackJson(seed);
  json["aspects"] = aspectsJson(suggester.aspects().of(seed.hash));
  return json;
}

// "*Largo* (Antonín Dvořák), slow, soft, dark"
std::string described(const archive::Track& seed, const app::Suggester& suggester) {
  const std::string sounds = aspectsWords(suggester.aspects().of(seed.hash));
  return sounds.empty() ? named(seed) : fmt::format("{}, {}", named(seed), sounds);
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
            ? toText(suggestionsJson(suggestions, {{"seed", seedJson(seed, suggester)},
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
  Context as = context;
  // A recipe that hears only the one or the other leaves nothing to turn.
  if (args.sound && args.representation.empty() &&
      !app::recipeNamed(archive.folder, context.settings.recipe).sound()) {
    as.settings.recipe = "similar";
    as.recipe_asked = true;
  }
  const app::Suggester suggester(archive.catalogue(), archive.blobs,
                                 snapshotFor(as, archive, args.representation, progress));
  const auto how = policies(context, args.list);
  auto suggestions =
      args.sound ? suggester.balanced(seed, *args.sound, how, static_cast<unsigned>(context.jobs()))
                 : suggester.similar(seed, how);
  noteWhatIsLeftOut(archive, suggester, args.representation, suggestions);
  Json head{{"seed", seedJson(seed, suggester)}};
  if (args.sound) {
    head["recipe"] = suggester.snapshot().recipe().name;
    head["sound"] = *args.sound;
  }
  const std::string weighed =
      args.sound ? fmt::format(", {:.0f} % by the sound", 100 * *args.sound) : "";
  print(context.json
            ? toText(suggestionsJson(suggestions, std::move(head)))
            : suggestionsText(
                  suggestions,
                  fmt::format("because you like {}{}:", described(seed, suggester), weighed),
                  Extra::none));
  return Exit::done;
}

Exit recommend(const Context& context, const RecommendArgs& args) {
  if (!args.strategy.empty()) recommend::strategyNamed(args.strategy);  // before anything is opened
  const UnixTime now = args.at.empty() ? context.clock.now() : parseTime(args.at);
  ConsoleProgress progress(context.quiet);
  OpenArchive archive(context);
  const auto user = archive.log().findUser(args.user);
  std::vector<archive::Interaction> history;
  if (user) history = archive.log().history(*user, app::kHistoryLength);
  const app::Suggester suggester(archive.catalogue(), archive.blobs,
                                 snapshotFor(context, archive, args.representation, progress));
  const auto choice = app::chooseStrategy(recommend::ModelFolder(archive.folder.models()),
                                          suggester.snapshot(), args.strategy);
  const auto made = suggester.strategy(choice.strategy, archive.log(), now, args.seed,
                                       choice.model ? &*choice.model : nullptr);
  auto suggestions =
      suggester.forHistory(history, now, policies(context, args.list), *made.strategy);
  suggestions.notes.insert(suggestions.notes.end(), made.notes.begin(), made.notes.end());
  suggestions.notes.insert(suggestions.notes.end(), choice.notes.begin(), choice.notes.end());
  noteWhatIsLeftOut(archive, suggester, args.representation, suggestions);
  const std::string name = cleanText(args.user, 4096);
  if (!user) {
    suggestions.notes.insert(suggestions.notes.begin(),
                             fmt::format("nobody called {} has listened here yet", name));
  }
  Json head{{"user", name}};
  if (choice.model) {
    head["model"] = {{"strategy", choice.strategy}, {"version", choice.model->card.version}};
  }
  print(context.json ? toText(suggestionsJson(suggestions, std::move(head)))
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
