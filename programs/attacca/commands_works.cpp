#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "attacca/app/suggest.h"
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
namespace {

std::vector<std::string> wordsOf(const std::vector<std::string>& text) {
  return splitWords(foldText(fmt::format("{}", fmt::join(text, " "))));
}

bool hasAll(const std::string& text, const std::vector<std::string>& words) {
  const std::string folded = foldText(text);
  return std::all_of(words.begin(), words.end(),
                     [&](const auto& word) { return folded.find(word) != std::string::npos; });
}

std::string searchedText(const archive::Work& work) {
  return fmt::format("{} {} {}", work.title, joined(work.composers),
                     joined(work.catalogue_numbers));
}

Json workJson(const archive::Work& work) {
  return {{"id", work.id.value},
          {"key", work.key},
          {"title", work.title},
          {"composers", work.composers},
          {"catalogue_numbers", work.catalogue_numbers},
          {"music_key", work.music_key},
          {"period", work.period},
          {"period_why", whyJson(work.period_why)},
          {"instrumentation", work.instrumentation},
          {"instrumentation_why", whyJson(work.instrumentation_why)},
          {"tracks", work.tracks}};
}

std::string years(const archive::CataloguePerson& person) {
  if (!person.born && !person.died) return {};
  return fmt::format("{}-{}", person.born ? std::to_string(*person.born) : "?",
                     person.died ? std::to_string(*person.died) : "");
}

std::string performanceHead(const app::Performance& performance) {
  const archive::Track& first = performance.front();
  std::vector<std::string> by = first.artists;
  for (const auto& name : first.conductors) {
    if (std::find(by.begin(), by.end(), name) == by.end()) by.push_back(name);
  }
  std::string head = first.album_title.empty() ? "(no album)" : first.album_title;
  if (!by.empty()) head += fmt::format(", {}", joined(by));
  return head;
}

std::string workText(const archive::Work& work, bool why) {
  std::string text = work.title + "\n";
  const auto line = [&](std::string_view label, const std::string& value,
                        const archive::Why& reason) {
    if (value.empty()) return;
    text += fmt::format("  {:<16} {}", label, value);
    if (const std::string because = whyText(reason); why && !because.empty()) {
      text += fmt::format("  ({})", because);
    }
    text += '\n';
  };
  line("composer", joined(work.composers), {});
  line("catalogue", joined(work.catalogue_numbers), {});
  line("key", work.music_key, {});
  line("period", work.period, work.period_why);
  line("instrumentation", work.instrumentation, work.instrumentation_why);
  return text;
}

}  // namespace

archive::Work resolveWork(const archive::Catalogue& catalogue, const std::string& text) {
  std::vector<archive::Work> found;
  const auto words = splitWords(foldText(text));
  for (auto& work : catalogue.works()) {
    if (std::to_string(work.id.value) == text || work.key == text) return std::move(work);
    if (!words.empty() && hasAll(searchedText(work), words)) found.push_back(std::move(work));
  }
  if (found.empty()) {
    throw Error(Fault::notFound, fmt::format("there is no work \"{}\"", text),
                "`attacca works` lists all");
  }
  if (found.size() > 1) {
    constexpr std::size_t kCandidates = 12;
    std::string lines = "name one of these by its id:";
    for (std::size_t i = 0; i < found.size() && i < kCandidates; ++i) {
      lines += fmt::format("\n    {:>5}  {}, {}", found[i].id.value, found[i].title,
                           joined(found[i].composers));
    }
    if (found.size() > kCandidates) lines += "\n    and more";
    throw Error(Fault::usage, fmt::format("\"{}\" may mean more than one work", text), lines);
  }
  return std::move(found.front());
}

Exit works(const Context& context, const WorksArgs& args) {
  OpenArchive archive(context);
  const auto words = wordsOf(args.text);
  auto list = archive.catalogue().works();
  std::erase_if(list, [&](const auto& work) { return !hasAll(searchedText(work), words); });
  if (context.json) {
    Json json;
    json["works"] = Json::array();
    for (const auto& work : list) json["works"].push_back(workJson(work));
    print(toText(json));
    return Exit::done;
  }
  if (list.empty()) {
    if (!context.quiet) say(words.empty() ? "no work is known yet" : "no such work");
    return Exit::done;
  }
  Table table({{"id", Table::Align::right},
               {"composer", Table::Align::left, true},
               {"work", Table::Align::left, true},
               {"period", Table::Align::left},
               {"for", Table::Align::left},
               {"tracks", Table::Align::right}});
  for (const auto& work : list) {
    table.add({std::to_string(work.id.value), joined(work.composers), work.title, work.period,
               work.instrumentation, std::to_string(work.tracks)});
  }
  print(table.text(terminalWidth(1)));
  return Exit::done;
}

Exit work(const Context& context, const WorkArgs& args) {
  OpenArchive archive(context);
  const auto& catalogue = archive.catalogue();
  const archive::Work work = resolveWork(catalogue, args.id);
  const auto performances = app::performancesOf(catalogue, work.id);
  if (context.json) {
    Json json = workJson(work);
    json["performances"] = Json::array();
    for (const auto& performance : performances) {
      Json list = Json::array();
      for (const auto& track : performance) {
        Json entry = trackJson(track);
        if (args.why) entry["why"] = reasonsJson(catalogue.reasons(track.id));
        list.push_back(std::move(entry));
      }
      json["performances"].push_back({{"album", performance.front().album_title},
                                      {"album_id", performance.front().album.value},
                                      {"tracks", std::move(list)}});
    }
    print(toText(json));
    return Exit::done;
  }
  std::string text = workText(work, args.why);
  for (const auto& performance : performances) {
    text += fmt::format("\n{}\n", performanceHead(performance));
    Table table({{"", Table::Align::right},
                 {"", Table::Align::left, true},
                 {"", Table::Align::right},
                 {"", Table::Align::right},
                 {"", Table::Align::left}});
    for (const auto& track : performance) {
      table.add({track.movement_number ? fmt::format("{}.", *track.movement_number) : "",
                 track.movement.empty() ? track.title : track.movement,
                 track.duration.count() > 0 ? formatDuration(track.duration) : "",
                 std::to_string(track.id.value), stateOf(track)});
    }
    text += table.text(terminalWidth(1));
    if (!args.why) continue;
    for (const auto& track : performance) {
      text +=
          fmt::format("{}\n{}", app::trackLine(track), reasonsText(catalogue.reasons(track.id)));
    }
  }
  print(text);
  return Exit::done;
}

Exit people(const Context& context, const WorksArgs& args) {
  OpenArchive archive(context);
  const auto words = wordsOf(args.text);
  auto list = archive.catalogue().people();
  std::erase_if(list, [&](const auto& person) {
    return !hasAll(person.name + " " + joined(person.spellings), words);
  });
  if (context.json) {
    Json json;
    json["people"] = Json::array();
    for (const auto& one : list) {
      json["people"].push_back({{"id", one.id.value},
                                {"name", one.name},
                                {"sort_name", one.sort_name},
                                {"born", one.born ? Json(*one.born) : Json()},
                                {"died", one.died ? Json(*one.died) : Json()},
                                {"spellings", one.spellings},
                                {"works", one.works},
                                {"composed", one.composed},
                                {"arranged", one.arranged},
                                {"performed", one.performed}});
    }
    print(toText(json));
    return Exit::done;
  }
  if (list.empty()) {
    if (!context.quiet) say(words.empty() ? "nobody is known yet" : "nobody of that name");
    return Exit::done;
  }
  Table table({{"name", Table::Align::left, true},
               {"years", Table::Align::left},
               {"works", Table::Align::right},
               {"composed", Table::Align::right},
               {"arranged", Table::Align::right},
               {"performed", Table::Align::right},
               {"also written", Table::Align::left, true}});
  const auto number = [](int count) { return count > 0 ? std::to_string(count) : ""; };
  for (const auto& one : list) {
    table.add({one.sort_name.empty() ? one.name : one.sort_name, years(one), number(one.works),
               number(one.composed), number(one.arranged), number(one.performed),
               fmt::format("{}", fmt::join(one.spellings, "; "))});
  }
  print(table.text(terminalWidth(1)));
  return Exit::done;
}

}  // namespace attacca::cli
