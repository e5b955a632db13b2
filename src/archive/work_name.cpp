// What a text says about the work it names: catalogue numbers, key, form, number, instruments.
#include <algorithm>
#include <array>
#include <cctype>
#include <unordered_map>
#include <utility>

#include "title_parts.h"

namespace attacca::archive {
namespace {

struct Scheme {
  std::string_view word;   // folded
  std::string_view usual;  // as printed
};

// "BMV" is a frequent slip for "BWV"; "KV" and "K" are one catalogue.
constexpr std::array kSchemes = std::to_array<Scheme>({
    {"op", "Op."},       {"opus", "Op."},   {"opp", "Op."}, {"k", "K."},      {"kv", "K."},
    {"kk", "K."},        {"kochel", "K."},  {"bwv", "BWV"}, {"bmv", "BWV"},   {"bvw", "BWV"},
    {"d", "D."},         {"deutsch", "D."}, {"rv", "RV"},   {"ryom", "RV"},   {"hob", "Hob."},
    {"hoboken", "Hob."}, {"hwv", "HWV"},    {"sz", "Sz."},  {"bb", "BB"},     {"s", "S."},
    {"woo", "WoO"},      {"th", "TH"},      {"g", "G."},    {"gerard", "G."}, {"z", "Z."},
    {"m", "M."},         {"l", "L."},       {"fwv", "FWV"}, {"js", "JS"},     {"jb", "JB"},
    {"b", "B."},         {"twv", "TWV"},    {"wq", "Wq."},  {"h", "H."},      {"buxwv", "BuxWV"},
    {"wwv", "WWV"},      {"zwv", "ZWV"},    {"sv", "SV"},   {"trv", "TrV"},   {"ms", "MS"},
    {"eg", "EG"},        {"wab", "WAB"},    {"w", "W."},    {"p", "P."},      {"fs", "FS"},
    {"cff", "CFF"},      {"t", "T."},       {"f", "F."},    {"r", "R."},      {"soch", "Op."},
    {"oeuvre", "Op."},   {"fp", "FP"},      {"mwv", "MWV"}, {"swv", "SWV"},   {"hess", "Hess"},
    {"cnw", "CNW"},      {"j", "J."},       {"lwv", "LWV"}, {"ucc", "UCC"},
});

const Scheme* schemeOf(std::string_view word) {
  static const std::unordered_map<std::string_view, const Scheme*> kByWord = [] {
    std::unordered_map<std::string_view, const Scheme*> by_word;
    for (const Scheme& scheme : kSchemes) by_word[scheme.word] = &scheme;
    return by_word;
  }();
  constexpr std::size_t kLongest = 8;
  if (word.size() > kLongest) return nullptr;
  const auto found = kByWord.find(word);
  return found == kByWord.end() ? nullptr : found->second;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

class Reader {
 public:
  Reader(std::string_view text, std::vector<Token> tokens)
      : text_(text), tokens_(std::move(tokens)), used_(tokens_.size(), false) {}

  WorkName read() {
    WorkName name;
    name.text = std::string(text_);
    catalogueNumbers(name);
    key(name);
    number(name);
    forms(name);
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      name.tokens.push_back(tokens_[i].text);
      if (used_[i]) continue;
      const Word& word = wordOf(tokens_[i].text);
      // "(1948)" is when, not what.
      if (gap(i).ends_with('(') && tokens_[i].text.size() == 4 && plainNumber(tokens_[i].text) > 0)
        continue;
      if (!word.filler && (word.instruments == 0 || !word.form.empty()) && word.number == 0) {
        name.words.push_back(tokens_[i].text);
      }
    }
    return name;
  }

 private:
  std::string_view gap(std::size_t i) const {  // before token i
    const std::size_t from = i == 0 ? 0 : tokens_[i - 1].end;
    return text_.substr(from, tokens_[i].begin - from);
  }
  // The token follows with nothing but spaces, dots and `also` between.
  bool follows(std::size_t i, std::string_view also = "") const {
    const std::string_view between = gap(i);
    return std::all_of(between.begin(), between.end(), [&](char c) {
      return c == ' ' || c == '.' || also.find(c) != std::string_view::npos;
    });
  }

  // "Litanies, JA 119", "GWV 1102": capitals and a number at the end are of some catalogue.
  bool looksLikeScheme(std::size_t i) const {
    constexpr std::size_t kLongest = 5;
    const Token& token = tokens_[i];
    const std::size_t size = token.end - token.begin;
    if (i == 0 || i + 2 < tokens_.size() || used_[i] || size < 2 || size > kLongest ||
        !isDigit(tokens_[i + 1].text[0]) || !follows(i + 1) || romanNumber(token.text) > 0 ||
        isOneOf(token.text, {"no", "nr", "cd", "vol", "pt", "part", "dvd", "lp", "act", "disc",
                             "in", "bar", "take", "suite", "book", "opus"}))
      return false;
    const std::string_view written = text_.substr(token.begin, size);
    return std::all_of(written.begin(), written.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  }

  void catalogueNumbers(WorkName& name) {
    for (std::size_t i = 0; i + 1 < tokens_.size(); ++i) {
      const Scheme* scheme = schemeOf(tokens_[i].text);
      if (scheme == nullptr && looksLikeScheme(i)) {
        name.numbers.push_back(
            {std::string(text_.substr(tokens_[i].begin, tokens_[i].end - tokens_[i].begin)),
             tokens_[i + 1].text, ""});
        used_[i] = used_[i + 1] = true;
        continue;
      }
      if (scheme == nullptr || used_[i] || !follows(i + 1)) continue;
      // "Op. VI" is Op. 6.
      const int roman_opus = scheme->usual == "Op." && text_[tokens_[i + 1].begin] < 'a'
                                 ? romanNumber(tokens_[i + 1].text)
                                 : 0;
      const bool roman_allowed = scheme->usual == "Hob." || roman_opus > 0;
      if (!isDigit(tokens_[i + 1].text[0]) && !roman_allowed) continue;
      // "in D 4": a key, not a catalogue.
      if (tokens_[i].text.size() == 1 && i > 0 &&
          (tokens_[i - 1].text == "in" || tokens_[i - 1].text == "en"))
        continue;
      CatalogueNumber number;
      number.scheme = scheme->usual;
      // Numbers such as "51:G9" and "VIIb:1" hold marks.
      std::size_t end = tokens_[i + 1].begin;
      const bool marks = scheme->usual == "Hob." || scheme->usual == "TWV";
      while (end < text_.size() &&
             (std::isalnum(static_cast<unsigned char>(text_[end])) != 0 ||
              (marks && (text_[end] == ':' || text_[end] == '/') && end + 1 < text_.size() &&
               std::isalnum(static_cast<unsigned char>(text_[end + 1])) != 0))) {
        ++end;
      }
      number.number = std::string(text_.substr(tokens_[i + 1].begin, end - tokens_[i + 1].begin));
      if (roman_opus > 0) number.number = std::to_string(roman_opus);
      std::size_t j = i + 1;
      while (j < tokens_.size() && tokens_[j].begin < end) used_[j++] = true;
      used_[i] = true;
      if (!marks) part(number, j);
      if (number.scheme == "L." && number.number == "1") continue;
      name.numbers.push_back(std::move(number));
    }
  }

  // "No. 3", "/3", "Nr. 3" after the number; `next` is the token after it.
  void part(CatalogueNumber& number, std::size_t next) {
    if (next >= tokens_.size()) return;
    if (isDigit(tokens_[next].text[0]) &&
        (gap(next) == "/" || gap(next) == "," || gap(next) == " #" || gap(next) == ", #" ||
         gap(next) == "/ ")) {
      number.part = tokens_[next].text;
      used_[next] = true;
      return;
    }
    const bool sets = number.scheme == "Op." || number.scheme == "D." || number.scheme == "WoO" ||
                      number.scheme == "S." || number.scheme == "B.";
    if (!sets || next + 1 >= tokens_.size() || !saysNumber(tokens_[next].text) ||
        !follows(next, ",:/-") || !follows(next + 1, "\xC2\xBA\xB0") ||
        !isDigit(tokens_[next + 1].text[0])) {
      return;
    }
    number.part = tokens_[next + 1].text;
    used_[next] = used_[next + 1] = true;
  }

  struct Mode {
    std::string_view word;
    MusicKey::Mode mode;
    bool german;
  };
  static const Mode* modeOf(std::string_view word) {
    using enum MusicKey::Mode;
    static constexpr std::array kModes = std::to_array<Mode>({{"major", major, false},
                                                              {"maj", major, false},
                                                              {"minor", minor, false},
                                                              {"min", minor, false},
                                                              {"dur", major, true},
                                                              {"moll", minor, true},
                                                              {"majeur", major, false},
                                                              {"mineur", minor, false},
                                                              {"maggiore", major, false},
                                                              {"magg", major, false},
                                                              {"minore", minor, false},
                                                              {"mayor", major, false},
                                                              {"menor", minor, false},
                                                              {"mol", minor, true},
                                                              {"mazhor", major, false},
                                                              {"majoor", major, false},
                                                              {"maior", major, false}});
    const auto* found = std::find_if(kModes.begin(), kModes.end(),
                                     [&](const Mode& mode) { return mode.word == word; });
    return found == kModes.end() ? nullptr : found;
  }
  // The note a word names in English or German letters or in syllables.
  static MusicKey noteOf(std::string_view word, bool german) {
    MusicKey key;
    static constexpr std::array<std::pair<std::string_view, char>, 8> kSyllables = {{{"do", 'C'},
                                                                                     {"ut", 'C'},
                                                                                     {"re", 'D'},
                                                                                     {"mi", 'E'},
                                                                                     {"fa", 'F'},
                                                                                     {"sol", 'G'},
                                                                                     {"la", 'A'},
                                                                                     {"si", 'B'}}};
    for (const auto& [syllable, tonic] : kSyllables) {
      if (word == syllable) key.tonic = tonic;
    }
    if (key || word.empty()) return key;
    const char letter = word[0];
    if (letter < 'a' || letter > 'h' || word.size() > 3) return key;
    const std::string_view ending = word.substr(1);
    if (ending.empty()) {
      key.tonic = static_cast<char>(letter - 'a' + 'A');
      if (letter == 'h') key.tonic = 'B';
      if (german && letter == 'b') key.alteration = -1;
    } else if (ending == "is") {
      key.tonic = static_cast<char>(letter - 'a' + 'A');
      key.alteration = 1;
    } else if (ending == "b" || ending == "bb" || ending == "es" ||
               ((letter == 'e' || letter == 'a') && ending == "s")) {
      key.tonic = static_cast<char>(letter - 'a' + 'A');
      key.alteration = -1;
    }
    return key;
  }

  // What ends with token `next`: a mark follows, or a catalogue number, or nothing.
  bool ends(std::size_t next) const {
    if (next >= tokens_.size() || used_[next] || schemeOf(tokens_[next].text) != nullptr)
      return true;
    return gap(next).find_first_of(",:;(-/\"") != std::string_view::npos;
  }

  void key(WorkName& name) {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (used_[i]) continue;
      std::size_t j = i + 1;
      int alteration = 0;
      if (j < tokens_.size()) {
        const std::string& word = tokens_[j].text;
        if (isOneOf(word, {"flat", "bemol", "bemolle", "bemoll"})) alteration = -1;
        if (isOneOf(word, {"sharp", "diese", "diesis", "sostenido", "diez"})) alteration = 1;
        if (alteration != 0) ++j;
      }
      const Mode* mode = j < tokens_.size() ? modeOf(tokens_[j].text) : nullptr;
      const bool after_in = i > 0 && (tokens_[i - 1].text == "in" || tokens_[i - 1].text == "en");
      const bool letter = tokens_[i].text.size() == 1;
      const bool flat = tokens_[i].text.size() == 2 && tokens_[i].text[1] == 'b' && after_in;
      // "en mi bémol" leaves out the mode.
      const bool syllable = after_in && alteration != 0;
      if (mode == nullptr && !syllable && !((letter || flat) && (after_in || alteration != 0)))
        continue;
      MusicKey found = noteOf(tokens_[i].text, mode != nullptr && mode->german);
      if (!found) continue;
      const bool lower_case = text_[tokens_[i].begin] >= 'a';
      // "in a minor key", "in a bottle": lower case needs a mode, or an end.
      if (mode == nullptr && lower_case && !ends(j)) continue;
      found.alteration += alteration;
      if (mode != nullptr) found.mode = mode->mode;
      if (mode == nullptr && lower_case && letter) found.mode = MusicKey::Mode::minor;
      if (!name.key) name.key = found;
      for (std::size_t k = i; k < j + (mode != nullptr ? 1 : 0); ++k) used_[k] = true;
    }
  }

  // "9. Sinfonie", "IX Symfonia"
  bool leadsAsNumber(std::size_t i) const {
    if (i != 0 || tokens_.size() < 2 || wordOf(tokens_[1].text).shape != Shape::cyclic)
      return false;
    return plainNumber(tokens_[0].text) > 0 ? gap(1).starts_with('.') : leadingRoman() > 0;
  }
  int leadingRoman() const {
    const char first = text_[tokens_[0].begin];
    return first >= 'A' && first <= 'Z' ? romanNumber(tokens_[0].text) : 0;
  }
  // "Gymnopédie 1": what the last word counts has no form.
  bool endsAsNumber(std::size_t i) const {
    constexpr int kMost = 30;
    constexpr std::size_t kShort = 4;
    if (i == 0 || i + 1 != tokens_.size() || used_[i - 1] || !follows(i)) return false;
    const int value = plainNumber(tokens_[i].text);
    const std::string& before = tokens_[i - 1].text;
    return value > 0 && value <= kMost && before.size() > kShort && !wordOf(before).known() &&
           !isOneOf(before, {"volume", "scene", "cahier", "livre", "track", "apollo"});
  }

  // "24e Caprice", "11th Nocturne"; "18th Variation" is a part. 0: none.
  int highOrdinal(std::size_t i) const {
    constexpr int kLowest = 11;  // the lexicon has the lower ones
    if (i + 1 >= tokens_.size()) return 0;
    const std::string_view word = tokens_[i].text;
    const std::size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
    if (!isOneOf(word.substr(digits), {"e", "eme", "th", "st", "nd", "rd"})) return 0;
    const std::string_view form = wordOf(tokens_[i + 1].text).form;
    const int value = plainNumber(word.substr(0, digits));
    return value >= kLowest && !form.empty() && form != "variations" ? value : 0;
  }

  void number(WorkName& name) {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (used_[i]) continue;
      const std::string& word = tokens_[i].text;
      if (i + 1 < tokens_.size() && saysNumber(word) && !used_[i + 1] &&
          follows(i + 1, "\xC2\xBA\xB0")) {
        int value = plainNumber(tokens_[i + 1].text);
        if (value == 0) value = romanNumber(tokens_[i + 1].text);
        if (value == 0) continue;
        if (name.number == 0) name.number = value;
        used_[i] = used_[i + 1] = true;
      } else if (gap(i).ends_with('#') && plainNumber(word) > 0) {
        if (name.number == 0) name.number = plainNumber(word);
        used_[i] = true;
      } else if (i > 0 && plainNumber(word) > 0 && follows(i) &&
                 !wordOf(tokens_[i - 1].text).form.empty()) {
        // "Sonata 3" counts; "Quartet 275" is a catalogue number that lost its letter.
        constexpr int kMostOfAForm = 110;
        const int value = plainNumber(word);
        if (value > kMostOfAForm) {
          name.numbers.push_back({"", word, ""});
        } else if (name.number == 0) {
          name.number = value;
        }
        used_[i] = true;
      } else if (wordOf(word).ordinal && i + 1 < tokens_.size() && name.number == 0 &&
                 (wordOf(tokens_[i + 1].text).shape == Shape::cyclic ||
                  (isDigit(word[0]) && !wordOf(tokens_[i + 1].text).known()))) {
        name.number = wordOf(word).number;
        used_[i] = true;
      } else if (const int value = highOrdinal(i); value > 0 && name.number == 0) {
        name.number = value;
        used_[i] = true;
      } else if (name.number == 0 && (leadsAsNumber(i) || endsAsNumber(i))) {
        name.number = plainNumber(word) > 0 ? plainNumber(word) : romanNumber(word);
        used_[i] = true;
      }
    }
  }

  void forms(WorkName& name) {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const std::string& text = tokens_[i].text;
      const Word& word = wordOf(text);
      if (used_[i]) continue;
      if (!word.form.empty() && !word.tempo) {
        // The first cyclic form counts; else the first form.
        const bool better =
            name.form.empty() || (name.shape != Shape::cyclic && word.shape == Shape::cyclic);
        if (better) {
          name.form = word.form;
          name.shape = word.shape;
          name.plural_form = text.size() > 3 &&
                             (text.ends_with('s') || text.ends_with("en") || text == "lieder" ||
                              text == "tanze") &&
                             !text.ends_with("ss") && text != "variations";
        }
        used_[i] = true;
      } else if (!word.form.empty() && word.tempo && name.form.empty() && !tokens_.empty()) {
        name.form = word.form;
        name.shape = word.shape;
        used_[i] = true;
      }
      if (word.instruments != 0) {
        name.instruments |= word.instruments;
        // "Double Bass", "Bass Clarinet" and the like are one instrument each.
        if (text == "bass" && i > 0 && tokens_[i - 1].text == "double")
          name.instruments &= ~instrument::kTwo;
        if ((text == "clarinet" || text == "trombone" || text == "drum") && i > 0 &&
            tokens_[i - 1].text == "bass") {
          name.instruments &= ~instrument::kBass;
        }
        if (text == "mixed") name.instruments &= ~instrument::kChoir;
        int count = 0;
        if (i > 0) {
          count = wordOf(tokens_[i - 1].text).number;
          if (count == 0) count = used_[i - 1] ? 0 : plainNumber(tokens_[i - 1].text);
          if (count > 1 && !wordOf(tokens_[i - 1].text).ordinal) {
            used_[i - 1] = true;
            if (count == 2) name.instruments |= instrument::kTwo;
            if (count == 3) name.instruments |= instrument::kThree;
            if (count == 4) name.instruments |= instrument::kFour;
          }
        }
      }
    }
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::vector<bool> used_;
};

}  // namespace

WorkName readWork(std::string_view text) { return Reader(text, tokensOf(text)).read(); }

}  // namespace attacca::archive
