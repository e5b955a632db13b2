// Words by which fields name who played.
#include "performers.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "attacca/base/text.h"

#include "lexicon.h"
#include "name_text.h"

namespace attacca::archive {

bool saysPerformer(std::string_view text) {
  static constexpr auto kRoles = std::to_array<std::string_view>(
      {"vn",        "vln",      "vl",       "va",        "vla",        "vc",        "vlc",
       "vcl",       "cb",       "db",       "kb",        "pf",         "pno",       "fp",
       "fl",        "ob",       "cl",       "bn",        "fg",         "hn",        "tpt",
       "tbn",       "hp",       "gtr",      "hpd",       "cemb",       "org",       "perc",
       "sop",       "ten",      "bar",      "ms",        "ct",         "cond",      "conductor",
       "dir",       "director", "dirigent", "leitung",   "direction",  "direttore", "leader",
       "solo",      "soloist",  "soliste",  "performer", "performers", "player",    "perf",
       "narrator",  "speaker",  "sprecher", "recitant",  "bariton",    "baryton",   "alt",
       "violonist", "pianist",  "cellist",  "violinist", "singer",     "vocals",    "sax",
       "treble",    "sopraan",  "soprani",  "tenore",    "baritono",   "basso",     "altus",
       "soprano",   "solista",  "solisten", "solist",    "solistin",   "klavier",   "piano",
       "cantante",  "reciter",  "dirige",   "direktor",  "maestro",    "dirigerer", "dirigente"});
  const std::vector<std::string> words = splitWords(foldText(text));
  if (words.empty()) return false;
  bool any = false;
  for (const std::string& word : words) {
    const bool role = (wordOf(word).instruments & instrument::kSoloists) != 0 ||
                      std::find(kRoles.begin(), kRoles.end(), word) != kRoles.end();
    if (!role && word != "and" && word != "und" && word != "et" && word != "e" && word != "y")
      return false;
    any = any || role;
  }
  return any;
}

bool namesSinger(std::string_view text) {
  const std::size_t space = text.find_first_of(" .:");
  if (space == std::string_view::npos || !saysPerformer(text.substr(0, space))) return false;
  const std::string_view name = trimmed(text.substr(space + 1), " .:");
  return name.find(' ') != std::string_view::npos && name[0] >= 'A' && name[0] <= 'Z' &&
         !saysPerformer(name);
}

namespace {

// "Candidata 4", "Contestant No. 12", "Student"
bool namesContestant(const std::vector<std::string>& words) {
  static constexpr auto kContestants = std::to_array<std::string_view>(
      {"candidate",    "candidata",  "candidato",    "candidat",    "candidats",  "kandidat",
       "kandidatin",   "contestant", "concursante",  "concurrent",  "competitor", "participant",
       "participante", "teilnehmer", "teilnehmerin", "finalist",    "finalista",  "finaliste",
       "laureate",     "laureat",    "preistrager",  "prizewinner", "student",    "students",
       "schuler",      "schulerin",  "pupil",        "pupils",      "alumno",     "alumna",
       "eleve",        "eleves",     "group",        "gruppe",      "performer",  "entrant",
       "konkursant",   "uchastnik",  "soloist",      "interpreter", "interpret"});
  const auto isOne = [](std::string_view word) {
    return std::find(kContestants.begin(), kContestants.end(), word) != kContestants.end();
  };
  return !words.empty() && isOne(words[0]) &&
         std::all_of(words.begin() + 1, words.end(), [](const std::string& word) {
           return word == "no" || word == "nr" || word == "n" || word.size() == 1 ||
                  word.find_first_not_of("0123456789") == std::string::npos;
         });
}

}  // namespace

bool namesEnsemble(std::string_view text) {
  static constexpr auto kEnsembles = std::to_array<std::string_view>(
      {"quartet",       "quartett",       "quartetto",     "quatuor",
       "cuarteto",      "quarteto",       "kvartet",       "kvartett",
       "kwartet",       "trio",           "quintet",       "quintett",
       "quintetto",     "quintette",      "sextet",        "octet",
       "ensemble",      "ensembles",      "orchestra",     "orchester",
       "orchestre",     "orquesta",       "orkester",      "orkest",
       "orkestr",       "orchestr",       "philharmonic",  "philharmoniker",
       "philharmonie",  "philharmonia",   "filharmonia",   "filharmonie",
       "sinfonia",      "sinfonietta",    "symphony",      "symphoniker",
       "choir",         "choirs",         "chorus",        "chor",
       "choeur",        "coro",           "koor",          "kor",
       "sbor",          "chorale",        "kantorei",      "singers",
       "voices",        "vocal",          "camerata",      "soloists",
       "solisti",       "solistes",       "virtuosi",      "consort",
       "academy",       "collegium",      "players",       "strings",
       "winds",         "brass",          "blaser",        "blechblaser",
       "chamber",       "band",           "capella",       "cappella",
       "kapelle",       "schola",         "school",        "musikschule",
       "schule",        "conservatory",   "conservatoire", "conservatorio",
       "hochschule",    "college",        "university",    "opera",
       "philharmonics", "harmonie",       "banda",         "duo",
       "orfeon",        "cantoria",       "harmoniemusik", "musici",
       "musicians",     "musiciens",      "musicisti",     "baroque",
       "barocco",       "barockorchester"});
  static constexpr auto kEndings = std::to_array<std::string_view>(
      {"quartett", "quintett", "sextett", "ensemble", "orchester", "orchestra", "orkester",
       "kantorei", "klasse", "harmonie", "philharmonie"});
  const std::vector<std::string> words = splitWords(foldText(text));
  if (words.empty()) return false;
  if (namesContestant(words)) return true;
  const auto ends = [&](std::string_view word) {
    return std::any_of(kEndings.begin(), kEndings.end(), [&](std::string_view ending) {
      return word.size() > ending.size() + 2 && word.ends_with(ending);
    });
  };
  if (words.size() == 1 && ends(words[0])) return true;
  // "Choir", "Organ"
  using namespace instrument;
  const bool instruments = std::all_of(words.begin(), words.end(), [](const std::string& word) {
    return (wordOf(word).instruments &
            (kSoloists | kStrings | kOrchestra | kChoir | kWinds | kBand)) != 0;
  });
  if (instruments) return true;
  return words.size() > 1 && std::any_of(words.begin(), words.end(), [&](const std::string& word) {
           return std::find(kEnsembles.begin(), kEnsembles.end(), word) != kEnsembles.end() ||
                  ends(word);
         });
}

}  // namespace attacca::archive
