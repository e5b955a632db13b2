#include "marks.h"

#include <algorithm>
#include <array>

#include "attacca/archive/people.h"
#include "attacca/base/text.h"

#include "name_text.h"

namespace attacca::archive {
namespace {

struct MarkWord {
  std::string_view word;
  Mark mark;
  bool needs_more = false;  // a mark only before "." or ":" or "by": "ed.", not "Ed"
};

constexpr auto kMarks = std::to_array<MarkWord>({{"arr", Mark::arranger},
                                                 {"arrang", Mark::arranger},
                                                 {"arrg", Mark::arranger},
                                                 {"arrgt", Mark::arranger},
                                                 {"arranged", Mark::arranger},
                                                 {"arrangement", Mark::arranger},
                                                 {"arrangements", Mark::arranger},
                                                 {"arranger", Mark::arranger},
                                                 {"arrangers", Mark::arranger},
                                                 {"arrangeur", Mark::arranger},
                                                 {"arrangiert", Mark::arranger},
                                                 {"arrangé", Mark::arranger},
                                                 {"arreglo", Mark::arranger},
                                                 {"arreglos", Mark::arranger},
                                                 {"orch", Mark::arranger, true},
                                                 {"orchestrated", Mark::arranger},
                                                 {"orchestration", Mark::arranger},
                                                 {"orchestrations", Mark::arranger},
                                                 {"orchestrator", Mark::arranger},
                                                 {"orchestriert", Mark::arranger},
                                                 {"instr", Mark::arranger, true},
                                                 {"instrumentation", Mark::arranger},
                                                 {"instrumented", Mark::arranger},
                                                 {"instrumentiert", Mark::arranger},
                                                 {"transcr", Mark::arranger},
                                                 {"transc", Mark::arranger},
                                                 {"transcribed", Mark::arranger},
                                                 {"transcription", Mark::arranger},
                                                 {"transcriptions", Mark::arranger},
                                                 {"transcriber", Mark::arranger},
                                                 {"transcripción", Mark::arranger},
                                                 {"trascr", Mark::arranger},
                                                 {"trascrizione", Mark::arranger},
                                                 {"transkription", Mark::arranger},
                                                 {"transkr", Mark::arranger},
                                                 {"trans", Mark::arranger, true},
                                                 {"bearb", Mark::arranger},
                                                 {"bearbeitet", Mark::arranger},
                                                 {"bearbeitung", Mark::arranger},
                                                 {"ed", Mark::arranger, true},
                                                 {"edited", Mark::arranger},
                                                 {"edition", Mark::arranger, true},
                                                 {"editor", Mark::arranger},
                                                 {"rev", Mark::arranger, true},
                                                 {"revised", Mark::arranger},
                                                 {"realised", Mark::arranger},
                                                 {"realized", Mark::arranger},
                                                 {"realisation", Mark::arranger},
                                                 {"realization", Mark::arranger},
                                                 {"completed", Mark::arranger},
                                                 {"completion", Mark::arranger},
                                                 {"compl", Mark::arranger, true},
                                                 {"adapted", Mark::arranger},
                                                 {"adapt", Mark::arranger, true},
                                                 {"adaptation", Mark::arranger},
                                                 {"elab", Mark::arranger, true},
                                                 {"elaborated", Mark::arranger},
                                                 {"elaborazione", Mark::arranger},
                                                 {"harm", Mark::arranger, true},
                                                 {"harmonized", Mark::arranger},
                                                 {"harmonised", Mark::arranger},
                                                 {"reconstructed", Mark::arranger},
                                                 {"reconstruction", Mark::arranger},
                                                 {"version", Mark::arranger, true},
                                                 {"setting", Mark::arranger, true},
                                                 {"обр", Mark::arranger},
                                                 {"аранж", Mark::arranger},
                                                 {"аранжировка", Mark::arranger},
                                                 {"обработка", Mark::arranger},
                                                 {"переложение", Mark::arranger},
                                                 {"after", Mark::source},
                                                 {"nach", Mark::source},
                                                 {"d'après", Mark::source},
                                                 {"d'apres", Mark::source},
                                                 {"d’après", Mark::source},
                                                 {"composer", Mark::composer},
                                                 {"composers", Mark::composer},
                                                 {"composed", Mark::composer},
                                                 {"comp", Mark::composer, true},
                                                 {"music", Mark::composer, true},
                                                 {"komponist", Mark::composer},
                                                 {"compositeur", Mark::composer},
                                                 {"compositore", Mark::composer},
                                                 {"composition", Mark::composer, true},
                                                 {"attributed", Mark::composer},
                                                 {"attrib", Mark::composer},
                                                 {"attr", Mark::composer, true},
                                                 {"written", Mark::composer, true},
                                                 {"lyrics", Mark::dropped},
                                                 {"lyricist", Mark::dropped},
                                                 {"words", Mark::dropped, true},
                                                 {"text", Mark::dropped, true},
                                                 {"libretto", Mark::dropped},
                                                 {"cadenza", Mark::dropped},
                                                 {"cadenzas", Mark::dropped},
                                                 {"cad", Mark::dropped, true},
                                                 {"style", Mark::dropped},
                                                 {"manner", Mark::dropped},
                                                 {"conductor", Mark::dropped},
                                                 {"cond", Mark::dropped, true}});

constexpr std::string_view kBreaks = " \t,;:/|()[]+&\"";

std::string lowered(std::string_view text) {
  std::string low(text);
  for (char& c : low) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return low;
}

struct WordAt {
  std::size_t from = 0, to = 0;
  std::string_view of(std::string_view text) const { return text.substr(from, to - from); }
};

WordAt wordAfter(std::string_view text, std::size_t at) {
  const std::size_t from = std::min(text.find_first_not_of(kBreaks, at), text.size());
  std::size_t to = std::min(text.find_first_of(kBreaks, from), text.size());
  if (const std::size_t dot = text.find('.', from); dot < to) to = dot + 1;
  return {from, to};
}

bool isBy(const std::string& low) {
  static constexpr std::array<std::string_view, 9> kBy = {"by", "von", "par", "per", "por",
                                                          "to", "of",  "da",  "v."};
  return std::find(kBy.begin(), kBy.end(), low) != kBy.end();
}

// Past ". : by", and past "for strings by", that may stand between a mark and its name.
std::size_t skipToName(std::string_view text, std::size_t at, bool long_word) {
  at = std::min(text.find_first_not_of(" .:,", at), text.size());
  WordAt word = wordAfter(text, at);
  std::string low = lowered(word.of(text));
  if (low == "&" || low == "and") {  // "arr. & orch. by"
    return at;
  }
  if (isBy(low) || (long_word && (low == "de" || low == "di"))) return word.to;
  if (low == "for" || low == "für" || low == "pour" || low == "in") {
    for (std::size_t next = word.to; next < text.size();) {
      word = wordAfter(text, next);
      if (word.from == word.to) break;
      if (const std::string by = lowered(word.of(text)); isBy(by)) return word.to;
      next = word.to;
    }
    return text.size();
  }
  return at;
}

std::string stretch(std::string_view text, bool before_mark) {
  std::string_view part = trimmed(text, " ,;:/|+&-\"");
  for (const std::string_view dash : {"–", "—"}) {
    while (part.size() >= dash.size() && part.substr(part.size() - dash.size()) == dash)
      part = trimmed(part.substr(0, part.size() - dash.size()));
    while (part.substr(0, dash.size()) == dash) part = trimmed(part.substr(dash.size()));
  }
  if (!before_mark) {
    for (const std::string_view purpose :
         {" for ", " für ", " pour "}) {  // "J. Petersen for strings"
      part = trimmed(part.substr(0, part.find(purpose)), " ,;:");
    }
  }
  if (before_mark) {
    for (const std::string_view tail : {" and", " und", " et", " in the", " in", " on a theme"}) {
      if (part.size() > tail.size() && lowered(part.substr(part.size() - tail.size())) == tail)
        part = trimmed(part.substr(0, part.size() - tail.size()), " ,;:");
    }
  }
  return std::string(part);
}

const MarkWord* markAt(std::string_view text, const WordAt& word, bool first) {
  std::string low = lowered(word.of(text));
  const bool dot = low.size() > 1 && low.back() == '.';
  if (dot) low.pop_back();
  // "-arr" and "arr-" as in "Bach -arr. Busoni"
  while (!low.empty() && low.front() == '-') low.erase(0, 1);
  const auto mark = std::find_if(kMarks.begin(), kMarks.end(),
                                 [&](const MarkWord& one) { return one.word == low; });
  if (mark == kMarks.end()) return nullptr;
  if (!mark->needs_more) return &*mark;
  const bool colon = word.to < text.size() && text[word.to] == ':';
  const std::string next = lowered(wordAfter(text, word.to).of(text));
  if (isBy(next) || colon) return &*mark;
  // "Rev. John Smith" is a clergyman.
  return dot && !(first && (low == "rev" || low == "ed")) ? &*mark : nullptr;
}

}  // namespace

std::vector<Marked> splitAtMarks(std::string_view text) {
  std::vector<Marked> parts(1);
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size();) {
    const WordAt word = wordAfter(text, at);
    if (word.from == word.to) break;
    const MarkWord* mark = markAt(text, word, trimmed(text.substr(0, word.from)).empty());
    at = word.to;
    if (mark == nullptr) continue;
    parts.back().text = stretch(text.substr(start, word.from - start), true);
    start = skipToName(text, word.to, mark->word.size() > 6);
    at = start;
    // "arr. and orch. by X" is one mark.
    const bool empty = parts.back().text.empty() || lowered(parts.back().text) == "and";
    if (empty && parts.size() > 1 && parts.back().mark == mark->mark) {
      parts.back().text.clear();
    } else {
      parts.push_back({mark->mark, {}});
    }
  }
  parts.back().text = stretch(text.substr(start), false);
  return parts;
}

bool namesNobody(std::string_view text) {
  constexpr std::size_t kLongest = 24;
  if (text.size() > kLongest) return false;
  const std::string folded = foldText(text);
  if (folded.empty()) return true;
  static constexpr std::array<std::string_view, 47> kNobody = {"nan",
                                                               "n a",
                                                               "na",
                                                               "none",
                                                               "null",
                                                               "nil",
                                                               "unknown",
                                                               "unknown composer",
                                                               "unknown artist",
                                                               "composer unknown",
                                                               "unbekannt",
                                                               "inconnu",
                                                               "various",
                                                               "various artists",
                                                               "various composers",
                                                               "varios",
                                                               "varii",
                                                               "diverse",
                                                               "div",
                                                               "verschiedene",
                                                               "v a",
                                                               "va",
                                                               "n n",
                                                               "nn",
                                                               "tbd",
                                                               "tba",
                                                               "not known",
                                                               "no composer",
                                                               "no arranger",
                                                               "not applicable",
                                                               "miscellaneous",
                                                               "misc",
                                                               "other",
                                                               "others",
                                                               "undefined",
                                                               "missing",
                                                               "x",
                                                               "0",
                                                               "unspecified",
                                                               "not specified",
                                                               "unlisted",
                                                               "blank",
                                                               "empty",
                                                               "the composer",
                                                               "composer",
                                                               "arranger",
                                                               "different composers"};
  return std::find(kNobody.begin(), kNobody.end(), folded) != kNobody.end();
}

std::string_view nobodysName(std::string_view text) {
  constexpr std::size_t kLongest = 48;
  if (text.size() > kLongest) return {};
  const std::string folded = foldText(text);
  static constexpr std::array<std::string_view, 19> kTraditional = {
      "traditional",  "trad",         "tradition",  "traditionnel", "tradicional",
      "tradizionale", "traditionell", "folk",       "folk song",    "folksong",
      "folk music",   "volkslied",    "volksweise", "popular",      "anon trad",
      "trad anon",    "spiritual",    "народная",   "народные"};
  static constexpr std::array<std::string_view, 8> kAnonymous = {
      "anonymous", "anon", "anonymus", "anonyme", "anonimo", "anonym", "anonymer", "аноним"};
  if (std::find(kTraditional.begin(), kTraditional.end(), folded) != kTraditional.end())
    return "Traditional";
  if (std::find(kAnonymous.begin(), kAnonymous.end(), folded) != kAnonymous.end())
    return "Anonymous";
  // "Traditional Irish", "Trad. Swedish"; "Anonymous (16th century)"
  const std::size_t space = folded.find(' ');
  const std::string_view first = std::string_view(folded).substr(0, space);
  const auto words = std::count(folded.begin(), folded.end(), ' ');
  if (space != std::string::npos && words <= 3 && (first == "traditional" || first == "trad"))
    return "Traditional";
  if (space != std::string::npos && words <= 3 && (first == "anonymous" || first == "anon"))
    return "Anonymous";
  for (const std::string_view ending : {" traditional", " trad", " folk song", " folksong",
                                        " folk tune", " folk melody", " spiritual"}) {
    if (folded.size() > ending.size() && folded.substr(folded.size() - ending.size()) == ending) {
      return "Traditional";
    }
  }
  return {};
}

bool isNobodysName(std::string_view name) { return name == "Traditional" || name == "Anonymous"; }

}  // namespace attacca::archive
