#include "known_works.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"

namespace attacca::archive {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.push_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Phrase phraseOf(std::string_view text) {
  Phrase phrase;
  for (Token& token : tokensOf(text)) phrase.push_back(std::move(token.text));
  return phrase;
}

std::optional<Instrumentation> instrumentationOf(std::string_view word) {
  using enum Instrumentation;
  static constexpr std::array<std::pair<std::string_view, Instrumentation>, 12> kWords = {
      {{"", unknown},
       {"orch", orchestra},
       {"conc", concerto},
       {"sorch", string_orchestra},
       {"cham", chamber},
       {"keys", solo_keyboard},
       {"strs", solo_strings},
       {"solo", solo_other},
       {"chor", choral},
       {"opera", opera},
       {"voice", voice},
       {"band", band}}};
  for (const auto& [name, value] : kWords) {
    if (name == word) return value;
  }
  return std::nullopt;
}

// Words that are no usual movement's: "Im wunderschönen Monat Mai", "Leiermann".
bool saysEnough(const Phrase& name) {
  constexpr std::size_t kLong = 6;
  std::size_t unusual = 0;
  std::size_t longest = 0;
  for (const std::string& word : name) {
    if (wordOf(word).known() || romanNumber(word) > 0 || plainNumber(word) > 0) continue;
    ++unusual;
    longest = std::max(longest, word.size());
  }
  return unusual > 1 || (unusual == 1 && longest > kLong);
}

}  // namespace

int agree(Instruments a, Instruments b) {
  using namespace instrument;
  const auto core = [](Instruments set) {
    Instruments soloists = set & kSoloists;
    // "Violin Sonata" has a piano that need not be named.
    if ((soloists & ~kKeyboard) != 0) soloists &= ~kKeyboard;
    if (soloists == 0) return set & (kStrings | kChoir | kBand | kWinds);
    return soloists | (set & kCounts);
  };
  const Instruments left = core(a);
  const Instruments right = core(b);
  if (((a & kSolo) != 0 && (b & (kKeyboard | kContinuo | kOrchestra)) != 0 && (b & kSolo) == 0) ||
      ((b & kSolo) != 0 && (a & (kKeyboard | kContinuo | kOrchestra)) != 0 && (a & kSolo) == 0)) {
    return (a & kKeyboard & b) != 0 ? 0 : -1;
  }
  if (left == right) return left == 0 ? 0 : 1;
  if (left == 0 || right == 0) return 0;
  if ((left & right) == left || (left & right) == right) {
    const bool counts_differ = ((left ^ right) & kCounts) != 0;
    return counts_differ ? -1 : 0;
  }
  return -1;
}

void KnownWorks::readLine(std::string_view line, int number) {
  const std::vector<std::string_view> columns = split(line, '|');
  constexpr std::size_t kColumns = 6;
  const auto bad = [&](std::string_view what) {
    return Error(Fault::corrupt,
                 fmt::format("the file of known works has {} in line {}", what, number),
                 "correct the line");
  };
  if (columns.size() != kColumns) throw bad("a line that is not six columns");
  KnownWork work;
  work.composer = works_.empty() ? std::string() : works_.back().composer;
  std::string_view title = columns[0];
  if (title.starts_with("+ ")) {
    work.set = true;
    title.remove_prefix(2);
  }
  work.title = std::string(title);
  work.name = readWork(title);
  work.numbers = work.name.numbers;
  if (work.set && !work.name.tokens.empty()) work.pieces = plainNumber(work.name.tokens[0]);
  for (const std::string_view written : split(columns[1], ';')) {
    const WorkName read = readWork(written);
    work.numbers.insert(work.numbers.end(), read.numbers.begin(), read.numbers.end());
  }
  for (std::string_view alias : split(columns[2], ';')) {
    if (alias.empty()) continue;
    if (alias.starts_with("!") || alias.starts_with("?"))
      unmistakable_phrases_.push_back({works_.size(), phraseOf(alias), alias.starts_with("?")});
    work.aliases.push_back(phraseOf(alias));
  }
  const auto instrumentation = instrumentationOf(columns[3]);
  if (!instrumentation)
    throw bad(fmt::format("\"{}\", which is for no players that it knows,", columns[3]));
  work.instrumentation = *instrumentation;
  if (!columns[4].empty()) {
    const int year = plainNumber(columns[4]);
    if (year == 0) throw bad("a year that is no number");
    work.year = year;
  }
  if (!columns[5].empty()) {
    for (std::string_view names : split(columns[5], ';')) {
      KnownMovement movement;
      for (std::string_view name : split(names, '/')) {
        if (name.starts_with("*")) {
          movement.alone = true;
          name.remove_prefix(1);
        }
        if (movement.title.empty()) movement.title = std::string(name);
        movement.names.push_back(phraseOf(name));
      }
      work.movements.push_back(std::move(movement));
    }
  }
  works_.push_back(std::move(work));
}

KnownWorks::KnownWorks(std::string_view text) {
  std::string composer;
  int number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    if (line.starts_with("= ")) {
      composer = std::string(line.substr(2));
      continue;
    }
    if (composer.empty()) {
      throw Error(
          Fault::corrupt,
          fmt::format("the file of known works has a work without composer in line {}", number),
          "put a line \"= Name\" before it");
    }
    readLine(line, number);
    works_.back().composer = composer;
  }
  std::map<std::pair<std::string_view, Phrase>, std::size_t> called;  // by how many of a composer
  for (const KnownWork& work : works_) {
    ++called[{work.composer, work.name.words}];
    for (const Phrase& alias : work.aliases) ++called[{work.composer, alias}];
    for (const KnownMovement& movement : work.movements) {
      const std::set<Phrase> names(movement.names.begin(), movement.names.end());
      for (const Phrase& name : names) ++called[{work.composer, name}];
    }
  }
  for (std::size_t i = 0; i < works_.size(); ++i) {
    const KnownWork& work = works_[i];
    Index& index = by_composer_[work.composer];
    index.works.push_back(i);
    for (const Phrase& alias : work.aliases) {
      if (!alias.empty()) index.phrases[alias[0]].push_back({i, &alias, 0});
    }
    for (std::size_t m = 0; m < work.movements.size(); ++m) {
      for (const Phrase& name : work.movements[m].names) {
        // "Ich grolle nicht" is in one work only; "Adagio" and "Winter" may be in any.
        const bool alone = work.movements[m].alone ||
                           (!work.set && saysEnough(name) && called[{work.composer, name}] == 1);
        if (!name.empty() && alone)
          index.phrases[name[0]].push_back({i, &name, static_cast<int>(m) + 1});
      }
    }
  }
  for (const auto& [work, phrase, uncredited] : unmistakable_phrases_) {
    if (!phrase.empty()) unmistakable_[phrase[0]].push_back({work, &phrase, 0, uncredited});
  }
}

const KnownWorks& KnownWorks::shipped() {
  static const KnownWorks kWorks(shippedWorks());
  return kWorks;
}

}  // namespace attacca::archive
