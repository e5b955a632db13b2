// Where the work ends in a title and the movement begins.
#include <algorithm>
#include <cctype>
#include <utility>

#include "title_parts.h"

namespace attacca::archive {
namespace {

bool isSpace(char c) { return c == ' '; }

// "1st movement", "no 4", "II Satz": worth a look.
bool isOrdinalOrNo(std::string_view text) {
  if (text.size() < 3) return false;
  if (std::isdigit(static_cast<unsigned char>(text[0])) != 0) return true;
  return isOneOf(text.substr(0, 3),
                 {"no ", "No ", "no.", "No.", "nr.", "Nr.", "mov", "mvt", "Mov",
                  "Mvt", "II ", "III", "IV ", "fir", "Fir", "sec", "Sec", "thi",
                  "Thi", "Sat", "mou", "Mou", "cz.", "Cz.", "dee", "Dee", "sat"});
}

// Whose "II" is no movement: "Book II", "Henry V", "Partita II".
bool countsWorks(const Token& token) {
  return !wordOf(token.text).form.empty() ||
         isOneOf(token.text,
                 {"no",    "nr",    "op",      "opus",    "book",   "act",    "vol",      "volume",
                  "part",  "teil",  "heft",    "band",    "cahier", "livre",  "buch",     "series",
                  "serie", "set",   "scene",   "grosso",  "and",    "und",    "et",       "y",
                  "henry", "louis", "richard", "charles", "edward", "george", "heinrich", "ludwig",
                  "disc",  "cd",    "grossi",  "libro",   "tomo",   "hob",    "k",        "in"});
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
    } else if ((c == '-' && (space_after || space_before) && at > 0) ||
               (c == '/' && space_after && space_before)) {
      cut(at, at + 1, '-');
    } else if ((c == ',' || c == '.' || isSpace(c)) && at > begin && (space_after || isSpace(c))) {
      // "..., II. Andante", "... Op. 3 II. Andante", "..., mvt 2 - Andante"
      const std::string_view rest = text.substr(at + (isSpace(c) ? 1 : 2));
      if (c == ',' || isOrdinalOrNo(rest)) {
        const std::string_view before = trimmed(text.substr(begin, at - begin));
        const auto counts = [&] {  // "op. 7: Mouvement de valse"
          const std::vector<Token> words = tokensOf(before);
          return !words.empty() && countsWorks(words.back()) && c != ',' &&
                 wordOf(words.back().text).form.empty();
        };
        const auto part_of_opus = [&] {  // "op. 29/2 no 4 Finale"
          const std::vector<CatalogueNumber> numbers = readWork(before).numbers;
          return !numbers.empty() && !numbers.back().part.empty();
        };
        if (!before.empty() &&
            (saysMovementNumber(rest) || (takeNumber(rest).set_number && part_of_opus())) &&
            !counts()) {
          cut(at, at + 1, ',');
          continue;
        }
      }
      if (rest.empty() || (rest[0] != 'I' && rest[0] != 'V' && rest[0] != 'X' &&
                           !(c == ',' && std::isdigit(static_cast<unsigned char>(rest[0])) != 0)))
        continue;
      const Numbered numbered = takeNumber(rest);
      bool marked =
          numbered.end > 0 && (rest[numbered.end - 1] == '.' || rest[numbered.end - 1] == ')');
      // "(1948) I Allegro", "'American' IV Finale"
      if (!marked && numbered.end > 0 && at > begin && isSpace(c) && rest[numbered.end] == ' ')
        marked = std::string_view(")]\"'").find(text[at - 1]) != std::string_view::npos ||
                 std::isdigit(static_cast<unsigned char>(text[at - 1])) != 0;
      const std::string_view left = trimmed(text.substr(begin, at - begin));
      const bool number_awaited = [&] {
        const std::vector<Token> before = tokensOf(left);
        return before.empty() || isOneOf(before.back().text, {"no", "nr", "op", "hob", "book",
                                                              "band", "act", "and", "part"});
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
  const bool strict =
      isOneOf(name.form, {"sonata", "concerto", "quartet", "quintet", "symphony", "sextet", "octet",
                          "suite", "partita", "serenade", "divertimento", "mass"});
  return strict && (name.key || name.number != 0 || name.instruments != 0);
}

// "String Quartet #12 'American' II": a numeral at the end of what is surely a work, with nothing
// before it that it could count.
bool trailingNumeral(std::string_view text, Title& title) {
  const std::vector<Token> tokens = tokensOf(text);
  if (tokens.size() < 2) return false;
  const Token& last = tokens.back();
  const Token& before = tokens[tokens.size() - 2];
  constexpr int kMost = 15;
  const int number = romanNumber(last.text);
  if (number == 0 || number > kMost || text[last.begin] < 'A' || text[last.begin] > 'Z' ||
      !trimmed(text.substr(last.end)).empty()) {
    return false;
  }
  const std::string_view gap = text.substr(before.end, last.begin - before.end);
  if (countsWorks(before) && gap.find_first_of(",\"')") == std::string_view::npos) return false;
  const std::string_view left = trimmed(text.substr(0, last.begin));
  const WorkName work = readWork(left);
  if (work.numbers.empty() && work.shape != Shape::cyclic) return false;
  title.work = readWork(left);
  title.movement_number = number;
  title.loose = true;
  return true;
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
  const std::vector<Token> tokens =
      tokensOf(rest.substr(0, std::min<std::size_t>(rest.size(), 16)));
  if (numbered.number > 0 && tokens.size() > 1 && isMovementNoun(tokens[0].text)) {
    rest = trimmed(rest.substr(tokens[0].end));
  }
  title.movement = std::string(rest);
}

// Words at the end that can only be a movement's: "Serenade for Strings Op. 48 Walzer".
std::size_t looseMovement(std::string_view text, const WorkName& work) {
  const std::vector<Token> tokens = tokensOf(text);
  if (tokens.size() < 2 || (work.numbers.empty() && work.shape != Shape::cyclic))
    return text.size();
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
  const bool dangling =
      before.filler &&
      !isOneOf(tokens[first - 1].text, {"major", "minor", "dur", "moll", "flat", "sharp", "majeur",
                                        "mineur", "minore", "maggiore"}) &&
      std::isdigit(static_cast<unsigned char>(tokens[first - 1].text[0])) == 0;
  if (dangling || text[tokens[first].begin - 1] == '"' || text[tokens[first].begin - 1] == '-')
    return text.size();
  if (left.numbers.empty() && left.shape != Shape::cyclic) return text.size();
  // "Suite in the Old Style, Praeludium"
  const bool comma =
      text.substr(tokens[first - 1].end, tokens[first].begin - tokens[first - 1].end).find(',') !=
      std::string_view::npos;
  if (left.numbers.empty() && !comma) {
    const bool plain =
        tokens.size() - first >= 2 ||
        isOneOf(tokens[first].text,
                {"allegro", "adagio", "andante", "largo", "presto", "vivace", "finale", "scherzo",
                 "menuetto", "lento", "moderato", "allegretto", "larghetto", "andantino", "grave"});
    if (!plain) return text.size();
  }
  return tokens[first].begin;
}

// "9. Sinfonie e-moll Op. 95" is no ninth movement.
bool countsAWork(std::string_view text, const Numbered& numbered) {
  const std::string_view rest = text.substr(numbered.end);
  const std::vector<Token> tokens = tokensOf(rest);
  if (tokens.empty() || wordOf(tokens[0].text).shape != Shape::cyclic ||
      wordOf(tokens[0].text).movement)
    return false;
  const WorkName name = readWork(rest);
  return (name.key || !name.numbers.empty()) && name.number == 0;
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
  for (std::size_t i = work + 2;
       i < segments.size() && takeNumber(segments[work + 1].text).number == 0; ++i) {
    const Numbered numbered = takeNumber(segments[i].text);
    if (numbered.number == 0 || numbered.set_number) continue;
    if (!onlyMovement(segments[i - 1].text)) work = i - 1;
    break;
  }
  const Numbered head = takeNumber(segments[0].text);
  if (work == 0 && head.number > 0 && !head.set_number && !countsAWork(segments[0].text, head)) {
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
    // "Madame: X" is no tenth movement.
    constexpr int kSeldomSoMany = 10;
    const bool lone_letter = !anchored && name.words.size() == 1 &&
                             tokensOf(next.text).size() == 1 && next.text.size() == 1 &&
                             numbered.number >= kSeldomSoMany;
    if (of_piece || lone_letter || (next.mark == '-' && !anchored && !beginsMovement(next.text))) {
      end = text.data() + text.size();
    } else {
      setMovement(title,
                  trimmed(text.substr(static_cast<std::size_t>(next.text.data() - text.data()))));
    }
  }
  const std::string_view said(begin, static_cast<std::size_t>(end - begin));
  const bool one_segment = begin == segments[work].text.data() &&
                           end == begin + segments[work].text.size() && !names[work].text.empty();
  title.work = one_segment ? std::move(names[work]) : readWork(said);
  if (!title.movement.empty() || title.movement_number > 0) return;
  if (onlyMovement(said)) {
    title.movement_only = true;
    title.movement = std::string(said);
    return;
  }
  if (trailingNumeral(said, title)) return;
  if (const std::size_t cut = looseMovement(said, title.work); cut < said.size()) {
    setMovement(title, said.substr(cut));
    title.work = readWork(trimmed(said.substr(0, cut)));
    title.loose = true;
  }
}

}  // namespace

Title readTitle(std::string_view written, std::span<const std::string> surnames,
                const PeopleTest& is_people) {
  Title title;
  const std::string plain = plainText(written);
  if (const auto rest = afterSame(plain)) {
    title.same = true;
    setMovement(title, *rest);
    return title;
  }
  std::string source;
  std::string movement;
  std::string text =
      withoutBrackets(withoutEncore(plain), title, source, movement, surnames, is_people);
  if (is_people || !surnames.empty()) dropPeople(text, title, surnames, is_people);
  std::vector<Token> tokens = tokensOf(text);
  if (dropArrangement(text, tokens, title)) tokens = tokensOf(text);
  if (!title.arranger.empty()) title.arranger = arrangerIn(title.arranger);
  if (dropSurname(text, tokens, surnames)) tokens = tokensOf(text);
  dropPlace(text, tokens, title);
  if (title.place != Title::Place::unsaid) tokens = tokensOf(text);
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
