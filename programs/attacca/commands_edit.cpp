#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "attacca/app/track_names.h"
#include "attacca/base/error.h"
#include "attacca/base/text.h"

#include "commands.h"
#include "json_text.h"
#include "reasons.h"
#include "table.h"
#include "works.h"

namespace attacca::cli {
namespace {

using archive::Correction;
using archive::Subject;

struct FieldValue {
  std::string field;
  std::string value;
};

// "composer=A; B"; nullopt for a word of another kind.
std::optional<FieldValue> fieldValueOf(const std::string& word) {
  const std::size_t at = word.find('=');
  if (at == std::string::npos || at == 0) return std::nullopt;
  const bool plain = std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(at),
                                 [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  if (!plain) return std::nullopt;
  return FieldValue{word.substr(0, at), word.substr(at + 1)};
}

std::string keyOf(const archive::Catalogue& catalogue, const archive::Track& track) {
  const auto row = catalogue.rowOf(track.id);
  const archive::TrackKeys keys =
      archive::trackKeys(track.external_id, track.heard() ? track.hash.hex() : std::string(),
                         row ? row->key : std::string());
  return keys.all().front();
}

std::string resolvePerson(const archive::Catalogue& catalogue, const std::string& text) {
  const std::string folded = foldText(text);
  std::vector<std::string> spelt;
  for (const auto& person : catalogue.people()) {
    if (person.name == text || foldText(person.name) == folded) return person.name;
    const bool so = std::any_of(person.spellings.begin(), person.spellings.end(),
                                [&](const auto& one) { return foldText(one) == folded; });
    if (so) spelt.push_back(person.name);
  }
  if (spelt.size() == 1) return spelt.front();
  throw Error(Fault::notFound, fmt::format("nobody here is called \"{}\"", text),
              "`attacca people` lists all; give the whole name");
}

// Somebody else can be meant only by a spelling that was taken for the person.
void checkSpelling(const archive::Catalogue& catalogue, const Correction& correction) {
  const auto people = catalogue.people();
  const auto person = std::find_if(people.begin(), people.end(),
                                   [&](const auto& one) { return one.name == correction.key; });
  const std::string folded = foldText(correction.value);
  std::vector<std::string> spellings;
  if (person != people.end()) spellings = person->spellings;
  const bool known = std::any_of(spellings.begin(), spellings.end(),
                                 [&](const auto& one) { return foldText(one) == folded; });
  if (known) return;
  throw Error(
      Fault::notFound,
      fmt::format("nothing written \"{}\" was taken for {}", correction.value, correction.key),
      spellings.empty() ? "the name is written in no other way"
                        : fmt::format("it is also written: {}", fmt::join(spellings, "; ")));
}

// What the values mean: other works by their ids, other people by any of their names.
void resolveValue(const archive::Catalogue& catalogue, Correction& correction) {
  if (correction.subject == Subject::work && correction.field == "same_as") {
    correction.value = resolveWork(catalogue, correction.value).key;
    if (correction.value == correction.key) {
      throw Error(Fault::usage, "a work cannot be the same as itself");
    }
  }
  if (correction.subject == Subject::person && correction.field == "split") {
    checkSpelling(catalogue, correction);
  }
  if (correction.subject == Subject::person && correction.field == "same_as") {
    try {
      correction.value = resolvePerson(catalogue, correction.value);
    } catch (const Error& fault) {
      if (fault.fault() != Fault::notFound) throw;  // a name that nobody has here yet
    }
    if (correction.value == correction.key) {
      throw Error(Fault::usage, fmt::format("\"{}\" is the same person already", correction.value));
    }
  }
}

std::vector<Correction> wanted(const Context& context, const archive::Catalogue& catalogue,
                               const EditArgs& args, std::string& about) {
  std::vector<std::string> named;
  std::vector<FieldValue> fields;
  for (const auto& word : args.fields) {
    auto one = fieldValueOf(word);
    if (one) {
      fields.push_back(std::move(*one));
    } else if (fields.empty()) {
      named.push_back(word);
    } else {
      throw Error(Fault::usage, fmt::format("\"{}\" is no FIELD=VALUE", word),
                  "quote values with spaces: composer=\"Antonín Dvořák\"");
    }
  }
  const std::array<bool, 4> given = {!named.empty(), !args.album.empty(), !args.work.empty(),
                                     !args.person.empty()};
  if (std::count(given.begin(), given.end(), true) != 1) {
    throw Error(Fault::usage, "name one track, one album, one work or one person",
                "`attacca edit --help` shows how");
  }
  if (fields.empty()) {
    throw Error(Fault::usage, "nothing is to be corrected",
                "add FIELD=VALUE, like composer=\"Antonín Dvořák\"");
  }
  Correction base;
  base.at = context.clock.now();
  if (!args.album.empty()) {
    const auto album = resolveAlbum(catalogue, args.album);
    base.subject = Subject::album;
    base.key = album.key;
    about = album.title;
  } else if (!args.work.empty()) {
    const auto work = resolveWork(catalogue, args.work);
    base.subject = Subject::work;
    base.key = work.key;
    about = work.title;
  } else if (!args.person.empty()) {
    base.subject = Subject::person;
    base.key = resolvePerson(catalogue, args.person);
    about = base.key;
  } else {
    const auto track = app::resolveTrack(catalogue, fmt::format("{}", fmt::join(named, " ")));
    base.key = keyOf(catalogue, track);
    about = app::trackLine(track);
  }
  std::vector<Correction> corrections;
  for (auto& [field, value] : fields) {
    Correction one = base;
    one.field = field;
    one.value = value;
    one = archive::checked(std::move(one));
    resolveValue(catalogue, one);
    corrections.push_back(std::move(one));
  }
  return corrections;
}

std::string changesText(const archive::ConclusionChanges& changes) {
  if (!changes.any()) return "nothing changed\n";
  return fmt::format("changed: {} tracks, {} albums, {} works, {} people\n", changes.tracks,
                     changes.albums, changes.works, changes.people);
}

Json changesJson(const archive::ConclusionChanges& changes) {
  return {{"tracks", changes.tracks},
          {"albums", changes.albums},
          {"works", changes.works},
          {"people", changes.people}};
}

Exit list(const Context& context) {
  OpenArchive archive(context);
  const auto all = archive.catalogue().corrections();
  if (context.json) {
    Json json;
    json["corrections"] = Json::array();
    for (const auto& one : all) {
      json["corrections"].push_back({{"id", one.id},
                                     {"subject", archive::name(one.subject)},
                                     {"key", one.key},
                                     {"field", one.field},
                                     {"value", one.value},
                                     {"at", formatTime(one.at)}});
    }
    print(toText(json));
    return Exit::done;
  }
  if (all.empty()) {
    if (!context.quiet) say("nothing was corrected yet");
    return Exit::done;
  }
  Table table({{"no", Table::Align::right},
               {"what", Table::Align::left, true},
               {"field", Table::Align::left},
               {"value", Table::Align::left, true},
               {"when", Table::Align::left}});
  constexpr std::size_t kDay = 10;
  for (const auto& one : all) {
    table.add({std::to_string(one.id), fmt::format("{} {}", archive::name(one.subject), one.key),
               one.field, one.value.empty() ? "(none)" : one.value,
               formatTime(one.at).substr(0, kDay)});
  }
  print(table.text(terminalWidth(1)));
  return Exit::done;
}

}  // namespace

Exit edit(const Context& context, const EditArgs& args) {
  if (args.list) return list(context);
  ConsoleProgress progress(context.quiet);
  WritableArchive writable(context, progress, store::OpenMode::existing);
  auto& catalogue = writable.archive.catalogue();
  std::string about;
  archive::ConclusionChanges changes;
  if (!args.undo.empty()) {
    changes = catalogue.undoCorrections(args.undo);
  } else {
    const auto corrections = wanted(context, catalogue, args, about);
    changes = catalogue.correct(corrections);
  }
  if (changes.any()) publishChanges(context, writable.archive, progress);
  if (context.json) {
    print(toText(changesJson(changes)));
  } else if (!context.quiet) {
    if (!about.empty()) about += '\n';
    print(about + changesText(changes));
  }
  return Exit::done;
}

}  // namespace attacca::cli
