// Where the work ends in a title and the movement begins.
#include "title.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace attacca::archive {
namespace {

bool isSpace(char c) { return c == ' '; }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kEdges = " ,;:-.";
  while (!text.empty() && kEdges.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
  while (!text.empty() && (isSpace(text.back()) || text.back() == ',' || text.back() == ':' ||
                           text.back() == ';' || text.back() == '-')) {
    text.remove_suffix(1);
  }
  return text;
}

bool oneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool isArrangementWord(std::string_view word) {
  return oneOf(word, {"arr", "arranged", "arrangement", "transcr", "transcribed", "transcription", "orch",
                      "orchestrated", "orchestration", "bearb", "bearbeitung", "arrgt", "arrang"});
}
bool isRecordingWord(std::string_view word) {
  return oneOf(word, {"live", "remastered", "remaster", "encore", "bonus", "mono", "stereo", "premiere", "version",
                      "recording", "zugabe", "bis"});
}
bool saysFrom(std::string_view word) {
  return oneOf(word, {"from", "aus", "dal", "dalla", "extrait", "tire"});
}

bool isUpperRoman(std::string_view text, const Token& token) {
  return romanNumber(token.text) > 0 && std::isupper(static_cast<unsigned char>(text[token.begin])) != 0 &&
         std::isupper(static_cast<unsigned char>(text[token.end - 1])) != 0;
}

bool isMovementNoun(std::string_view word) {
  return oneOf(word, {"satz", "mvt", "movement", "mov", "mouvement", "movimento", "tempo", "mvmt"});
}

struct Numbered {
  int number = 0;
  bool set_number = false;  // "No. 3": a number of a set rather than of a movement
  std::size_t end = 0;      // where the title after the number begins
};

// The number that `text` begins with, as movements' titles do.
Numbered takeNumber(std::string_view text) {
  const std::size_t quote = text.find_first_not_of(" \"'(");
  if (quote == std::string_view::npos || quote > 1) return {};
  constexpr std::size_t kHead = 24;
  const std::vector<Token> tokens = tokensOf(text.substr(0, std::min(text.size(), kHead)));
  if (tokens.empty()) return {};
  const auto after = [&](const Token& token) {
    return token.end < text.size() ? text[token.end] : '\0';
  };
  const std::string& first = tokens[0].text;
  if (tokens.size() > 1 && oneOf(first, {"no", "nr", "n"})) {
    int number = plainNumber(tokens[1].text);
    if (number == 0 && isUpperRoman(text, tokens[1])) number = romanNumber(tokens[1].text);
    if (number > 0) return {number, true, tokens[1].end};
  }
  if (tokens.size() > 1 && isMovementNoun(first) && first != "tempo") {
    int number = plainNumber(tokens[1].text);
    if (number == 0) number = romanNumber(tokens[1].text);
    if (number > 0) return {number, false, tokens[1].end};
  }
  const Word& word = wordOf(first);
  if (tokens.size() > 1 && isMovementNoun(tokens[1].text) && (word.ordinal || plainNumber(first) > 0)) {
    const int number = word.ordinal ? word.number : plainNumber(first);
    return {number, false, tokens[1].end};
  }
  const bool roman = isUpperRoman(text, tokens[0]);
  const int number = roman ? romanNumber(first) : plainNumber(first);
  constexpr int kMostMovements = 60;
  if (number == 0 || number > kMostMovements) return {};
  const char mark = after(tokens[0]);
  if (mark == '.' || mark == ')' || mark == ':' || (mark == '-' && roman) || mark == '\0') {
    // "1.5"
    if (mark == '.' && tokens[0].end + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[tokens[0].end + 1])) != 0) {
      return {};
    }
    return {number, false, tokens[0].end + (mark == '\0' ? 0 : 1)};
  }
  if (mark == ' ' && tokens.size() > 1) {
    const bool dash = text[tokens[0].end + 1] == '-';
    // "24 Bagatelles" counts pieces.
    const Word& next = wordOf(tokens[1].text);
    if (dash || (roman ? next.movement : next.tempo)) return {number, false, tokens[0].end};
  }
  return {};
}

// Parts of a title between marks that part a movement from its work.
struct Segment {
  std::string_view text;
  char mark = 0;  // before it
};

std::vector<Segment> segmentsOf(std::string_view text) {
  std::vector<Segment> segments;
  std::size_t begin = 0;
  char mark = 0;
  int depth = 0;
  bool quoted = false;
  const auto cut = [&](std::size_t end, std::size_t next, char with) {
    const std::string_view part = trimmed(text.substr(begin, end - begin));
    if (!part.empty()) {
      segments.push_back({part, mark});
      mark = with;
    }
    begin = next;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '(' || c == '[') ++depth;
    if ((c == ')' || c == ']') && depth > 0) --depth;
    if (c == '"') quoted = !quoted && text.find('"', at + 1) != std::string_view::npos;
    if (depth > 0 || quoted) continue;
    const bool space_after = at + 1 < text.size() && isSpace(text[at + 1]);
    const bool space_before = at > 0 && isSpace(text[at - 1]);
    if ((c == ':' || c == ';') && space_after) {
      cut(at, at + 1, c);
    } else if (c == '-' && (space_after || space_before) && at > 0) {
      cut(at, at + 1, '-');
    } else if ((c == ',' || c == '.' || isSpace(c)) && at > begin && (space_after || isSpace(c))) {
      // "..., II. Andante", "... Op. 3 II. Andante"
      const std::string_view rest = text.substr(at + (isSpace(c) ? 1 : 2));
      if (rest.empty() || (rest[0] != 'I' && rest[0] != 'V' && rest[0] != 'X' && !(c == ',' && std::isdigit(static_cast<unsigned char>(rest[0])) != 0))) continue;
      const Numbered numbered = takeNumber(rest);
      const bool marked = numbered.end > 0 && (rest[numbered.end - 1] == '.' || rest[numbered.end - 1] == ')');
      const std::string_view left = trimmed(text.substr(begin, at - begin));
      const bool number_awaited = [&] {
        const std::vector<Token> before = tokensOf(left);
        return before.empty() || oneOf(before.back().text, {"no", "nr", "op", "hob", "book", "band", "act", "and", "part"});
      }();
      if (numbered.number > 0 && marked && !number_awaited && numbered.end < rest.size()) {
        cut(at, at + 1, ',');
      }
    }
  }
  cut(text.size(), text.size(), 0);
  return segments;
}

// A segment after the first that names a work, so that the first names a collection or a maker:
// "The Four Seasons: Concerto No. 1, RV 269".
bool namesWork(const WorkName& name) {
  if (!name.numbers.empty()) return true;
  const bool strict = oneOf(name.form, {"sonata", "concerto", "quartet", "quintet", "symphony", "sextet", "octet",
                                        "suite", "partita", "serenade", "divertimento", "mass"});
  return strict && (name.key || name.number != 0 || name.instruments != 0);
}

void setMovement(Title& title, std::string_view text) {
  const Numbered numbered = takeNumber(text);
  if (numbered.number > 0) {
    title.movement_number = numbered.number;
    title.set_number = numbered.set_number;
    text.remove_prefix(numbered.end);
  }
  std::string_view rest = trimmed(text);
  // "2. Satz Largo"
  const std::vector<Token> tokens = tokensOf(rest.substr(0, std::min<std::size_t>(rest.size(), 16)));
  if (numbered.number > 0 && tokens.size() > 1 && oneOf(tokens[0].text, {"satz", "mvt", "movement", "mouvement"})) {
    rest = trimmed(rest.substr(tokens[0].end));
  }
  title.movement = std::string(rest);
}

// Words at the end that can only be a movement's: "Serenade for Strings Op. 48 Walzer".
std::size_t looseMovement(std::string_view text, const WorkName& work) {
  const std::vector<Token> tokens = tokensOf(text);
  if (tokens.size() < 2 || (work.numbers.empty() && work.shape != Shape::cyclic)) return text.size();
  std::size_t first = tokens.size();
  while (first > 1) {
    const Word& word = wordOf(tokens[first - 1].text);
    if (!(word.movement || (word.filler && first < tokens.size()))) break;
    --first;
  }
  while (first < tokens.size() && !wordOf(tokens[first].text).movement) ++first;
  if (first >= tokens.size() || first == 0) return text.size();
  const WorkName left = readWork(trimmed(text.substr(0, tokens[first].begin)));
  if (left.numbers.size() < work.numbers.size()) return text.size();
  const Word& before = wordOf(tokens[first - 1].text);
  const bool dangling = before.filler && !oneOf(tokens[first - 1].text, {"major", "minor", "dur", "moll", "flat", "sharp", "majeur", "mineur", "minore", "maggiore"}) &&
                        std::isdigit(static_cast<unsigned char>(tokens[first - 1].text[0])) == 0;
  if (dangling || text[tokens[first].begin - 1] == '"' || text[tokens[first].begin - 1] == '-') return text.size();
  if (left.numbers.empty() && left.shape != Shape::cyclic) return text.size();
  if (left.numbers.empty()) {
    const bool plain = tokens.size() - first >= 2 ||
                       oneOf(tokens[first].text, {"allegro", "adagio", "andante", "largo", "presto", "vivace", "finale", "scherzo",
                                                  "menuetto", "lento", "moderato", "allegretto", "larghetto", "andantino", "grave"});
    if (!plain) return text.size();
  }
  return tokens[first].begin;
}

// Takes what belongs to the recording or the arrangement out of the title.
std::string withoutBrackets(std::string_view text, Title& title, std::string& source, std::string& movement) {
  std::string kept;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = text.find_first_of("([", at);
    const std::size_t close = open == std::string_view::npos ? open : text.find_first_of(")]", open);
    if (close == std::string_view::npos) break;
    kept += text.substr(at, open - at);
    const std::string_view inside = text.substr(open + 1, close - open - 1);
    at = close + 1;
    const std::vector<Token> tokens = tokensOf(inside);
    const auto any = [&](auto&& is) {
      return std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) { return is(token.text); });
    };
    if (tokens.empty()) continue;
    if (any(isArrangementWord)) {
      if (title.arranger.empty()) title.arranger = std::string(inside);
    } else if (saysFrom(tokens[0].text) && tokens.size() > 1) {
      source = std::string(trimmed(inside.substr(tokens[0].end)));
    } else if (any(isRecordingWord)) {
      continue;
    } else if (readWork(inside).shape == Shape::cyclic && onlyMovement(kept)) {
      source = std::string(trimmed(inside));  // "Rigaudon (Holberg Suite)"
    } else if (trimmed(text.substr(at)).empty() && (takeNumber(inside).number > 0 || onlyMovement(inside)) &&
               tokensOf(kept).size() > 1) {
      movement = std::string(inside);
    } else {
      kept += text.substr(open, close - open + 1);
    }
  }
  if (at < text.size()) kept += text.substr(at);
  return std::string(trimmed(kept));
}

// "arr. by Fritz Kreisler for violin" says Kreisler.
std::string arrangerIn(std::string_view said) {
  const std::vector<Token> tokens = tokensOf(said);
  std::size_t begin = said.size();
  std::size_t end = said.size();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (begin == said.size() && (isArrangementWord(tokens[i].text) || tokens[i].text == "by")) {
      if (i + 1 < tokens.size() && tokens[i + 1].text != "by") begin = tokens[i + 1].begin;
    } else if (begin < said.size() && oneOf(tokens[i].text, {"for", "fur", "pour", "per", "para"})) {
      end = tokens[i].begin;
      break;
    }
  }
  return begin < end ? std::string(trimmed(said.substr(begin, end - begin))) : std::string();
}

// These take the text's tokens; whether they changed the text.
bool dropArrangement(std::string& text, const std::vector<Token>& tokens, Title& title) {
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    if (!isArrangementWord(tokens[i].text)) continue;
    if (title.arranger.empty()) title.arranger = text.substr(tokens[i].begin);
    text = std::string(trimmed(std::string_view(text).substr(0, tokens[i].begin)));
    return true;
  }
  return false;
}

bool dropSurname(std::string& text, const std::vector<Token>& tokens, std::span<const std::string> surnames) {
  std::size_t count = 0;
  while (count < tokens.size() && count < 4 &&
         (std::find(surnames.begin(), surnames.end(), tokens[count].text) != surnames.end() ||
          (count + 1 < tokens.size() && tokens[count].text.size() <= 2 && text[tokens[count].end] == '.'))) {
    ++count;
  }
  if (count == 0 || count == tokens.size() ||
      std::find(surnames.begin(), surnames.end(), tokens[count - 1].text) == surnames.end()) {
    return false;
  }
  const std::string_view rest = std::string_view(text).substr(tokens[count - 1].end);
  const bool marked = rest.starts_with(":") || rest.starts_with(" -") || rest.starts_with(",");
  if (!marked && readWork(rest).form.empty()) return false;
  text = std::string(trimmed(rest));
  return true;
}

// The place of "from" in "Waltz from String Serenade": {end of left, begin of right}.
std::pair<std::size_t, std::size_t> fromIn(std::string_view text, const std::vector<Token>& tokens) {
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    const std::string& word = tokens[i].text;
    if (oneOf(word, {"variations", "variationen", "fantasy", "fantasia", "fantasie", "fantaisie", "paraphrase", "on", "uber", "medley",
                     "suite", "music", "themes", "styles", "reminiscences", "selections", "excerpts", "highlights"})) {
      break;
    }
    if (saysFrom(word)) return {tokens[i].begin, tokens[i + (tokens[i + 1].text == "de" ? 1 : 0)].end};
  }
  return {text.size(), text.size()};
}

// "String Symphony after Kreutzer Sonata": an arrangement is the work that it arranges.
std::string original(const std::string& text, const std::vector<Token>& tokens) {
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    if (!oneOf(tokens[i].text, {"after", "nach"})) continue;
    std::string right = text.substr(tokens[i + 1].begin);
    const WorkName name = readWork(right);
    if (!name.numbers.empty() || name.shape == Shape::cyclic) return right;
  }
  return text;
}

void readParts(std::string_view text, Title& title) {
  const std::vector<Segment> segments = segmentsOf(text);
  if (segments.empty()) return;
  std::vector<WorkName> names;
  names.reserve(segments.size());
  std::size_t work = 0;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    // What begins with a number names no work, and is not read as one.
    const bool numbered = i > 0 && takeNumber(segments[i].text).number > 0;
    names.push_back(numbered ? WorkName{} : readWork(segments[i].text));
    if (i > 0 && !numbered && namesWork(names[i]) && !onlyMovement(segments[i].text)) work = i;
  }
  // "The Four Seasons: Summer - III. Presto": the number begins the movement.
  for (std::size_t i = work + 2; i < segments.size() && takeNumber(segments[work + 1].text).number == 0; ++i) {
    const Numbered numbered = takeNumber(segments[i].text);
    if (numbered.number == 0 || numbered.set_number) continue;
    if (!onlyMovement(segments[i - 1].text)) work = i - 1;
    break;
  }
  const Numbered head = takeNumber(segments[0].text);
  if (work == 0 && head.number > 0 && !head.set_number) {
    title.movement_only = true;
    setMovement(title, text);
    return;
  }
  if (segments.size() > 1 && beginsMovement(segments[0].text) && onlyMovement(text)) {
    title.movement_only = true;
    title.movement = std::string(text);
    title.work = readWork(text);
    return;
  }
  const char* end = segments[work].text.data() + segments[work].text.size();
  // "Finale: Symphony No. 5": the movement comes first.
  const bool reversed = work > 0 && onlyMovement(segments[0].text);
  const char* begin = reversed ? segments[1].text.data() : segments[0].text.data();
  if (reversed) setMovement(title, segments[0].text);
  // "Prelude in E flat, Op. 23: No. 6": the number is the catalogue number's.
  if (work + 1 < segments.size() && !reversed) {
    const Segment& next = segments[work + 1];
    const Numbered numbered = takeNumber(next.text);
    const WorkName& name = names[work];
    const bool of_piece = numbered.set_number && name.shape == Shape::piece && !name.plural_form &&
                          !name.numbers.empty() && name.numbers.back().part.empty();
    const bool anchored = !name.numbers.empty() || name.shape == Shape::cyclic || name.key;
    if (of_piece || (next.mark == '-' && !anchored && !beginsMovement(next.text))) {
      end = text.data() + text.size();
    } else {
      setMovement(title, trimmed(text.substr(static_cast<std::size_t>(next.text.data() - text.data()))));
    }
  }
  const std::string_view said(begin, static_cast<std::size_t>(end - begin));
  const bool one_segment = begin == segments[work].text.data() && end == begin + segments[work].text.size() && !names[work].text.empty();
  title.work = one_segment ? std::move(names[work]) : readWork(said);
  if (!title.movement.empty() || title.movement_number > 0) return;
  if (onlyMovement(said)) {
    title.movement_only = true;
    title.movement = std::string(said);
    return;
  }
  if (const std::size_t cut = looseMovement(said, title.work); cut < said.size()) {
    setMovement(title, said.substr(cut));
    title.work = readWork(trimmed(said.substr(0, cut)));
    title.loose = true;
  }
}

}  // namespace

bool beginsMovement(std::string_view text) {
  if (takeNumber(text).number > 0) return true;
  constexpr std::size_t kHead = 30;
  const std::vector<Token> tokens = tokensOf(text.substr(0, std::min(text.size(), kHead)));
  return !tokens.empty() && wordOf(tokens[0].text).movement;
}

bool onlyMovement(std::string_view text) {
  bool any = false;
  for (const Token& token : tokensOf(text)) {
    const Word& word = wordOf(token.text);
    if (word.movement) {
      any = true;
    } else if (!word.filler && word.number == 0) {
      return false;
    } else if (word.filler && oneOf(token.text, {"for", "fur", "pour", "major", "minor", "op", "no", "dur", "moll"})) {
      return false;
    }
  }
  return any;
}

Title readTitle(std::string_view written, std::span<const std::string> surnames) {
  Title title;
  std::string source;
  std::string movement;
  std::string text = withoutBrackets(plainText(written), title, source, movement);
  std::vector<Token> tokens = tokensOf(text);
  if (dropArrangement(text, tokens, title)) tokens = tokensOf(text);
  if (!title.arranger.empty()) title.arranger = arrangerIn(title.arranger);
  if (dropSurname(text, tokens, surnames)) tokens = tokensOf(text);
  if (source.empty()) {
    const auto [left, right] = fromIn(text, tokens);
    if (right < text.size()) {
      source = std::string(trimmed(std::string_view(text).substr(right)));
      text = std::string(trimmed(std::string_view(text).substr(0, left)));
    }
  }
  if (!source.empty()) {
    title.excerpt = true;
    readParts(original(source, tokensOf(source)), title);
    title.movement_only = false;
    if (title.work.text.empty()) title.work = readWork(source);
    if (title.movement_number != 0 && !onlyMovement(text)) {
      // "Winter from The Four Seasons: II. Largo"
      title.work = readWork(text + " " + title.work.text);
    } else if (title.movement_number == 0) {
      setMovement(title, text);
    } else {
      title.movement = text;
    }
    return title;
  }
  readParts(original(text, tokens), title);
  if (!movement.empty() && title.movement.empty()) {
    setMovement(title, movement);
    title.movement_only = false;
  }
  if (title.work.text.empty() && !title.movement_only) title.work = readWork(text);
  return title;
}

}  // namespace attacca::archive
