#include "marks.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "attacca/archive/people.h"
#include "attacca/base/text.h"

#include "name_text.h"

namespace attacca::archive {
namespace {

struct MarkWord {
  Mark mark = Mark::none;
  bool needs_more = false;  // a mark only before "." or ":" or "by": "ed.", not "Ed"
};

// Folded words.
struct MarkWords {
  Mark mark;
  bool needs_more;
  std::string_view words;
};
constexpr auto kMarks = std::to_array<MarkWords>(
    {{Mark::arranger, false,
      "arr arrang arrg arrgt arranged arrangement arrangements arranger arrangers arrangeur "
      "arrangiert arrange arreglo arreglos arreglada arreglado arrangiamento arrangemang arranjo "
      "aranz aranzacja aranzh aranzhirovka arranzh aranzman "
      "orchestrated orchestration orchestrations orchestrator orchestriert orchestree orchestre "
      "orchestrazione orquestacion orquestada orquestado orkestrovka orkestrering orkestratie "
      "instrumentation instrumented instrumentiert instrumentirovka instrumentierung "
      "strumentazione "
      "transcr transc transcribed transcription transcriptions transcriber transcripcion "
      "transcrit transcrite transcrita transcrito trascr trascrizione transkription transkribiert "
      "transkripcja transkripce transkriptsiya transkr "
      "bearb bearbeitet bearbeiter bearbeitung bearbeidet bearbejdet bearbetning bearbeidelse bew "
      "bewerkt bewerking eingerichtet einrichtung gesetzt ubertragen ubertragung "
      "edited editor revised realised realized realisation realization realisiert realizzazione "
      "realizacion completed completion erganzt "
      "adapted adaptation adaptacion adattamento adaptiert adapte adaptee "
      "elaborated elaborazione harmonized harmonised harmonisation harmonisiert harmonise "
      "harmonisee armonizzazione armonizz armonizzato armonizacion armonizado harmonisering "
      "reconstructed reconstruction rekonstruktion "
      "opracowanie oprac obr obrabotka obrobka perelozhenie perel uprava upravil riduzione "
      "sovitus sovittanut atirat atdolgozta aranjament"},
     {Mark::arranger, true,
      "orch instr trans ed edition rev compl adapt elab harm version setting satz set satze "
      "einr ubertr real rid red reduction reduccion fassung versione versie redaktsiya upr sov "
      "hrsg "
      "orkestr arm recon tr opr"},
     {Mark::source, false, "after nach dapres"},
     {Mark::composer, false,
      "composer composers composed komponist compositeur compositore compositor kompozitor"},
     {Mark::composer, true, "comp music composition written musik musique musica"},
     {Mark::attributed, false, "attributed attrib attribuee attribue zugeschrieben attribuito"},
     {Mark::attributed, true, "attr zugeschr atr"},
     {Mark::dropped, false,
      "lyrics lyricist libretto cadenza cadenzas kadenz kadenzen style manner conductor"},
     {Mark::dropped, true, "words text cad cond texte testo letra poem"}});

using MarkTable = std::unordered_map<std::string_view, MarkWord>;

const MarkTable& marks() {
  static const MarkTable kTable = [] {
    MarkTable table;
    for (const MarkWords& entry : kMarks) {
      for (std::size_t at = 0; at < entry.words.size();) {
        const std::size_t end = std::min(entry.words.find(' ', at), entry.words.size());
        table[entry.words.substr(at, end - at)] = {entry.mark, entry.needs_more};
        at = end + 1;
      }
    }
    return table;
  }();
  return kTable;
}

MarkWord markOf(std::string_view folded) {
  constexpr std::size_t kLongest = 17;
  if (folded.size() > kLongest) return {};
  const auto found = marks().find(folded);
  return found == marks().end() ? MarkWord() : found->second;
}

constexpr std::string_view kBreaks = " \t,;:/|()[]+&\"";

// As title.h folds words: "d'après" is "dapres", "обр" is "obr".
std::string foldedWord(std::string_view low) {
  std::string word;
  bool ascii = true;
  for (const char c : low) {
    ascii = ascii && static_cast<signed char>(c) >= 0;
    if (c != '\'') word += c;
  }
  if (ascii) return word;
  word = latinLetters(foldText(low));
  std::erase(word, ' ');
  return word;
}

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
  static constexpr std::array<std::string_view, 12> kBy = {"by", "von", "par",  "per", "por", "to",
                                                           "of", "da",  "door", "av",  "af",  "v."};
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

struct FoundMark {
  Mark mark = Mark::none;
  bool long_word = false;  // before which "de" and "di" say by whom
};

FoundMark markAt(std::string_view text, const WordAt& word, bool first) {
  std::string low = lowered(word.of(text));
  const bool dot = low.size() > 1 && low.back() == '.';
  if (dot) low.pop_back();
  // "-arr" and "arr-" as in "Bach -arr. Busoni"
  while (!low.empty() && low.front() == '-') low.erase(0, 1);
  const std::string folded = foldedWord(low);
  const MarkWord mark = markOf(folded);
  if (mark.mark == Mark::none) return {};
  constexpr std::size_t kLong = 6;
  const FoundMark found{mark.mark, folded.size() > kLong};
  if (!mark.needs_more) return found;
  const bool colon = word.to < text.size() && text[word.to] == ':';
  const std::string next = lowered(wordAfter(text, word.to).of(text));
  if (isBy(next) || colon) return found;
  // "Rev. John Smith" is a clergyman.
  return dot && !(first && (low == "rev" || low == "ed")) ? found : FoundMark();
}

}  // namespace

ArrangerWord arrangerWord(std::string_view folded) {
  const MarkWord mark = markOf(folded);
  if (mark.mark != Mark::arranger) return ArrangerWord::no;
  return mark.needs_more ? ArrangerWord::before_name : ArrangerWord::surely;
}

std::vector<Marked> splitAtMarks(std::string_view text) {
  std::vector<Marked> parts(1);
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size();) {
    const WordAt word = wordAfter(text, at);
    if (word.from == word.to) break;
    const FoundMark mark = markAt(text, word, trimmed(text.substr(0, word.from)).empty());
    at = word.to;
    if (mark.mark == Mark::none) continue;
    parts.back().text = stretch(text.substr(start, word.from - start), true);
    start = skipToName(text, word.to, mark.long_word);
    at = start;
    // "arr. and orch. by X" is one mark.
    const bool empty = parts.back().text.empty() || lowered(parts.back().text) == "and";
    if (empty && parts.size() > 1 && parts.back().mark == mark.mark) {
      parts.back().text.clear();
    } else {
      parts.push_back({mark.mark, {}});
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
  static constexpr std::array<std::string_view, 27> kTraditional = {
      "traditional",  "trad",      "tradition",   "traditionnel", "tradicional", "tradizionale",
      "traditionell", "folk",      "folk song",   "folksong",     "folk music",  "volkslied",
      "volksweise",   "popular",   "anon trad",   "trad anon",    "spiritual",   "народная",
      "народные",     "popolare",  "folkemelodi", "folkevise",    "folkvisa",    "folkton",
      "volksmelodie", "folketone", "volkslieder"};
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
  if (space != std::string::npos && words <= 3 &&
      (first == "traditional" || first == "trad" || first == "popular" || first == "tradicional" ||
       first == "popolare" || first == "traditionnel"))
    return "Traditional";
  if (space != std::string::npos && words <= 3 && (first == "anonymous" || first == "anon"))
    return "Anonymous";
  for (const std::string_view ending :
       {" traditional", " trad", " folk song", " folksong", " folk tune", " folk melody",
        " spiritual", " volksweise", " volkslied", " volksmelodie", " folkemelodi", " folkevise",
        " folketone", " folkvisa", " folkmelodi"}) {
    if (folded.size() > ending.size() && folded.substr(folded.size() - ending.size()) == ending) {
      return "Traditional";
    }
  }
  return {};
}

bool isNobodysName(std::string_view name) { return name == "Traditional" || name == "Anonymous"; }

}  // namespace attacca::archive
