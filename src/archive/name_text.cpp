#include "name_text.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "attacca/base/text.h"

namespace attacca::archive {
namespace {

bool isAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<signed char>(c) >= 0; });
}
bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool isAsciiLetter(char c) { return isUpper(c) || (c >= 'a' && c <= 'z'); }

struct Replacement {
  std::string_view from, to;
};

// Letters that Unicode does not decompose, and Cyrillic, as Latin ones.
constexpr auto kLatin = std::to_array<Replacement>(
    {{"ø", "o"}, {"ł", "l"},  {"æ", "ae"}, {"œ", "oe"}, {"đ", "d"},  {"ð", "d"},    {"þ", "th"},
     {"ı", "i"}, {"ə", "a"},  {"а", "a"},  {"б", "b"},  {"в", "v"},  {"г", "g"},    {"д", "d"},
     {"е", "e"}, {"ж", "zh"}, {"з", "z"},  {"и", "i"},  {"к", "k"},  {"л", "l"},    {"м", "m"},
     {"н", "n"}, {"о", "o"},  {"п", "p"},  {"р", "r"},  {"с", "s"},  {"т", "t"},    {"у", "u"},
     {"ф", "f"}, {"х", "kh"}, {"ц", "ts"}, {"ч", "ch"}, {"ш", "sh"}, {"щ", "shch"}, {"ъ", ""},
     {"ы", "y"}, {"ь", ""},   {"э", "e"},  {"ю", "yu"}, {"я", "ya"}, {"і", "i"},    {"є", "e"},
     {"ґ", "g"}});

constexpr auto kParticles = std::to_array<std::string_view>(
    {"van", "von",    "de",           "der",  "den",  "di",     "da",      "du",
     "des", "del",    "della",        "la",   "le",   "les",    "zu",      "zum",
     "of",  "dos",    "do",           "y",    "e",    "the",    "ter",     "ten",
     "vom", "sir",    "dame",         "dr",   "prof", "mr",     "mrs",     "mlle",
     "mme", "madame", "mademoiselle", "frau", "herr", "signor", "signora", "maestro"});

bool isParticle(std::string_view folded, std::string_view raw) {
  if (folded.size() == 1) return raw == "v" || raw == "d" || raw == "y" || raw == "e";
  if (folded == "the") return raw == "the";
  return isAscii(raw) && archive::isParticle(folded);
}

// What stands between the words of a name, at `at`: its length in bytes, or 0.
std::size_t gapAt(std::string_view text, std::size_t at) {
  static constexpr std::string_view kAscii = " .,-_()[]\"/:;&+|";
  if (kAscii.find(text[at]) != std::string_view::npos) return 1;
  static constexpr std::array<std::string_view, 10> kWide = {"‐", "‑", "‒", "–", "—",
                                                             "“", "”", "„", "«", "»"};
  for (const std::string_view gap : kWide) {
    if (text.compare(at, gap.size(), gap) == 0) return gap.size();
  }
  return 0;
}

std::string foldWord(std::string_view raw) {
  std::string word;
  if (isAscii(raw)) {
    for (const char c : raw) {
      if (c == '\'' || c == '`') continue;
      if (c == '?') {
        word += '*';
      } else if (isAsciiLetter(c) || isDigit(c) || c == '*') {
        word += isUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
      }
    }
    return word;
  }
  // Lost characters would fold to a gap.
  std::string kept;
  bool lost = false;
  for (std::size_t at = 0; at < raw.size();) {
    static constexpr std::array<std::string_view, 5> kApostrophes = {"’", "‘", "´", "ʹ", "ʼ"};
    const bool replaced = raw.compare(at, 3, "\xEF\xBF\xBD") == 0;
    if (replaced || raw[at] == '?') {
      kept += "qxq";
      lost = true;
      at += replaced ? 3 : 1;
      continue;
    }
    const auto apostrophe = std::find_if(kApostrophes.begin(), kApostrophes.end(), [&](auto mark) {
      return raw.compare(at, mark.size(), mark) == 0;
    });
    if (apostrophe != kApostrophes.end()) {
      at += apostrophe->size();
      continue;
    }
    kept += raw[at++];
  }
  word = latinLetters(foldText(kept));
  word.erase(std::remove(word.begin(), word.end(), ' '), word.end());
  for (std::size_t at = 0; lost && (at = word.find("qxq")) != std::string::npos;) {
    word.erase(at, 2);
    word[at] = '*';
  }
  return word;
}

// A year of "(1685-1750)", "b. 1932", "*1932": words of four digits.
std::optional<int> yearOf(std::string_view word) {
  if (word.size() != 4 || !std::all_of(word.begin(), word.end(), isDigit)) return std::nullopt;
  int year = 0;
  for (const char c : word) year = year * 10 + (c - '0');
  return year;
}

}  // namespace

bool isParticle(std::string_view folded) {
  return std::find(kParticles.begin(), kParticles.end(), folded) != kParticles.end();
}

std::string latinLetters(std::string_view folded) {
  if (isAscii(folded)) return std::string(folded);
  std::string text;
  for (std::size_t at = 0; at < folded.size();) {
    if (static_cast<signed char>(folded[at]) >= 0) {
      text += folded[at++];
      continue;
    }
    const auto found = std::find_if(kLatin.begin(), kLatin.end(), [&](const Replacement& one) {
      return folded.compare(at, one.from.size(), one.from) == 0;
    });
    if (found == kLatin.end()) {
      text += folded[at++];
    } else {
      text += found->to;
      at += found->from.size();
    }
  }
  return text;
}

std::string_view trimmed(std::string_view text, std::string_view what) {
  const std::size_t first = text.find_first_not_of(what);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(what) - first + 1);
}

SpelledName takeApart(std::string_view spelling) {
  SpelledName name;
  bool hyphen = false;
  bool years = false;
  for (std::size_t at = 0; at < spelling.size();) {
    if (const std::size_t gap = gapAt(spelling, at); gap > 0) {
      hyphen = spelling[at] == '-' || gap > 1;
      if (spelling[at] == ',' && name.comma == 0) name.comma = name.words.size();
      at += gap;
      continue;
    }
    std::size_t end = at;
    while (end < spelling.size() && gapAt(spelling, end) == 0) ++end;
    const std::string_view raw = spelling.substr(at, end - at);
    const bool dotted = end < spelling.size() && spelling[end] == '.';
    at = end;
    std::string word = foldWord(raw);
    if (word.empty()) continue;
    if (std::any_of(word.begin(), word.end(), isDigit)) {
      const auto year = yearOf(trimmed(word, "bdc*"));
      if (year && !years && !(hyphen && name.born)) {
        (word.front() == 'd' ? name.died : name.born) = year;
        years = true;
      } else if (year) {
        name.died = year;
      }
      continue;
    }
    if (isParticle(word, raw)) continue;
    if (word == "st" || word == "ste") word = word == "st" ? "saint" : "sainte";
    const bool upper =
        raw.size() <= 3 && raw.size() >= 2 && std::all_of(raw.begin(), raw.end(), isUpper);
    name.words.push_back({std::move(word), dotted, upper, hyphen && !name.words.empty()});
    hyphen = false;
  }
  if (name.comma >= name.words.size()) name.comma = 0;
  if (name.words.empty()) {  // a name of particles only ("Le") is itself
    if (std::string word = foldWord(trimmed(spelling, " .,-_()[]\"/:;&+|")); !word.empty()) {
      name.words.push_back({std::move(word)});
    }
  }
  return name;
}

std::string soundOf(std::string_view word) {
  // The longest that fits is taken first.
  static constexpr auto kSounds = std::to_array<Replacement>(
      {{"schtsch", "s"}, {"shtch", "s"}, {"chtch", "s"}, {"shch", "s"}, {"tsch", "k"}, {"tch", "k"},
       {"tsh", "k"},     {"sch", "s"},   {"tsj", "k"},   {"tj", "k"},   {"cz", "k"},   {"ch", "k"},
       {"kh", "k"},      {"ck", "k"},    {"sh", "s"},    {"sz", "s"},   {"zh", "s"},   {"ts", "s"},
       {"tz", "s"},      {"ph", "f"},    {"th", "t"},    {"dt", "t"},   {"ks", "x"},   {"ae", "a"},
       {"oe", "o"},      {"ue", "u"},    {"ou", "u"},    {"ei", "ai"},  {"ey", "ai"},  {"ay", "ai"},
       {"aj", "ai"},     {"ej", "ai"},   {"w", "v"},     {"y", "i"},    {"j", "i"},    {"z", "s"},
       {"c", "k"},       {"q", "k"}});
  std::string sound;
  for (std::size_t at = 0; at < word.size();) {
    const auto found = std::find_if(kSounds.begin(), kSounds.end(), [&](const Replacement& one) {
      return one.from[0] == word[at] && word.compare(at, one.from.size(), one.from) == 0;
    });
    const std::string_view piece = found == kSounds.end() ? word.substr(at, 1) : found->to;
    at += found == kSounds.end() ? 1 : found->from.size();
    for (const char c : piece) {
      if (sound.empty() || sound.back() != c) sound += c;
    }
  }
  // "-off", "-ow", "-of" are all "-ov"
  const std::size_t size = sound.size();
  if (size > 3 && sound[size - 1] == 'f' && (sound[size - 2] == 'o' || sound[size - 2] == 'e'))
    sound.back() = 'v';
  return sound;
}

int generationOf(std::string_view suffix) {
  if (suffix == "sr" || suffix == "i") return 1;
  if (suffix == "jr" || suffix == "ii") return 2;
  return suffix == "iii" ? 3 : 0;
}

std::string_view suffixOf(std::string_view word) {
  static constexpr auto kSuffixes = std::to_array<Replacement>({{"jr", "jr"},
                                                                {"junior", "jr"},
                                                                {"younger", "jr"},
                                                                {"son", "jr"},
                                                                {"sohn", "jr"},
                                                                {"fils", "jr"},
                                                                {"sr", "sr"},
                                                                {"senior", "sr"},
                                                                {"elder", "sr"},
                                                                {"father", "sr"},
                                                                {"vater", "sr"},
                                                                {"pere", "sr"},
                                                                {"i", "i"},
                                                                {"ii", "ii"},
                                                                {"iii", "iii"}});
  const auto suffix = std::find_if(kSuffixes.begin(), kSuffixes.end(),
                                   [&](const Replacement& one) { return one.from == word; });
  return suffix == kSuffixes.end() ? "" : suffix->to;
}

void takeSuffix(SpelledName& name) {
  for (std::size_t i = name.words.size(); i-- > 1;) {
    const NameWord& word = name.words[i];
    const std::string_view suffix = suffixOf(word.text);
    if (suffix.empty()) continue;
    // A lone "I" before the surname, or with a full stop, is an initial.
    const bool last = i + 1 == name.words.size() || i + 1 == name.comma;
    if (word.text == "i" && (word.dotted || !last)) continue;
    name.suffix = suffix;
    name.words.erase(name.words.begin() + static_cast<std::ptrdiff_t>(i));
    if (i < name.comma) --name.comma;
  }
  if (name.comma >= name.words.size()) name.comma = 0;  // "Johann Strauss, Jr."
}

std::string wholeKey(const SpelledName& name) {
  std::string key;
  for (const NameWord& word : name.words) key += word.text;
  return key + name.suffix;
}

std::string wholeSound(const SpelledName& name) {
  std::string sound;
  for (const NameWord& word : name.words) sound += soundOf(word.text);
  return sound + name.suffix;
}

bool isCommonSurname(std::string_view surname) {
  static constexpr auto kCommon = std::to_array<std::string_view>(
      {"allen",  "baker",   "brown",  "bush",    "chen",   "clark",  "cohen",    "cooper",
       "david",  "davis",   "dean",   "edwards", "ellis",  "fisher", "frank",    "garcia",
       "german", "gordon",  "green",  "hall",    "harris", "hart",   "hartmann", "hermann",
       "ivanov", "johnson", "jones",  "kim",     "king",   "klein",  "lang",     "lee",
       "levy",   "martin",  "marx",   "mayer",   "meyer",  "miller", "moore",    "muller",
       "newman", "petrov",  "price",  "richter", "roman",  "rose",   "schmidt",  "scott",
       "shaw",   "simpson", "smith",  "stanley", "taylor", "thomas", "thompson", "walker",
       "walter", "wang",    "weiner", "white",   "wilson", "wolfe",  "wood",     "young"});
  static const auto sounds = [] {
    std::set<std::string, std::less<>> all;
    for (const std::string_view name : kCommon) all.insert(soundOf(name));
    return all;
  }();
  return sounds.count(soundOf(surname)) > 0;
}

int editDistance(std::string_view a, std::string_view b, int most) {
  constexpr std::size_t kLongest = 48;
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() >= kLongest || static_cast<int>(b.size() - a.size()) > most) return most + 1;
  std::array<int, kLongest> before{}, last{}, now{};
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = static_cast<int>(i);
    int least = now[0];
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = a[i - 1] == b[j - 1] || a[i - 1] == '*' || b[j - 1] == '*';
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], before[j - 2] + 1);
      least = std::min(least, now[j]);
    }
    if (least > most) return most + 1;
    before = last;
    last = now;
  }
  return std::min(last[b.size()], most + 1);
}

std::uint32_t letterMask(std::string_view word) {
  std::uint32_t mask = 0;
  for (const char c : word) {
    if (c >= 'a' && c <= 'z') mask |= 1U << (c - 'a');
  }
  return mask;
}

}  // namespace attacca::archive
