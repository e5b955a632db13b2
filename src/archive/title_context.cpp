// What titles hold beside work and movement: arrangers, makers, where an excerpt is from.
#include <algorithm>
#include <utility>

#include "marks.h"
#include "performers.h"
#include "title_parts.h"

namespace attacca::archive {
namespace {

bool saysBy(std::string_view word) {
  return isOneOf(word, {"by", "von", "par", "por", "door", "av", "af"});
}

// "Concerto for String Orch. (1948)", "arr. strings": what stands there decides.
bool marksArrangement(std::string_view text, const std::vector<Token>& tokens, std::size_t i) {
  const Token& token = tokens[i];
  const ArrangerWord word = arrangerWord(token.text);
  if (word == ArrangerWord::no) return false;
  const bool abbreviation = isOneOf(token.text, {"orch", "trans", "adapt", "instr"});
  if (word == ArrangerWord::surely && !abbreviation) return true;
  if (i > 0 && (wordOf(tokens[i - 1].text).filler || wordOf(tokens[i - 1].text).instruments != 0 ||
                isOneOf(tokens[i - 1].text, {"chamber", "symphony", "youth", "festival", "small"})))
    return false;
  if (i + 1 >= tokens.size()) return false;
  const Token& next = tokens[i + 1];
  if (saysBy(next.text)) return true;
  // "Satz: Weber", but "2. Satz: Adagio", "Version: 1948" and "Red Earth"
  const bool marked = token.end < text.size() && (text[token.end] == '.' || text[token.end] == ':');
  const bool counted =
      i > 0 && (plainNumber(tokens[i - 1].text) > 0 || romanNumber(tokens[i - 1].text) > 0 ||
                wordOf(tokens[i - 1].text).ordinal);
  if (!abbreviation &&
      (!marked || counted ||
       isOneOf(token.text, {"version", "setting", "fassung", "set", "red", "edition"})))
    return false;
  const char first = text[next.begin];
  // "harm. A. H. Mann"
  const bool initial = next.text.size() == 1 && text.substr(next.end).starts_with('.');
  return !(first >= 'a' && first <= 'z') && !(first >= '0' && first <= '9') &&
         (initial || (!wordOf(next.text).known() && romanNumber(next.text) == 0));
}
// The first word that marks an arrangement; the number of tokens where there is none.
std::size_t arrangementMark(std::string_view text, const std::vector<Token>& tokens) {
  std::size_t i = 0;
  while (i < tokens.size() && !marksArrangement(text, tokens, i)) ++i;
  return i;
}
bool isRecordingWord(std::string_view word) {
  return isOneOf(word,
                 {"live",           "remastered", "remaster",   "encore",       "bonus",
                  "mono",           "stereo",     "premiere",   "version",      "recording",
                  "zugabe",         "bis",        "compulsory", "obligada",     "obligatoria",
                  "pflichtstuck",   "imposee",    "impose",     "commissioned", "urauffuhrung",
                  "erstauffuhrung", "estreno",    "creation",   "obligatorio"});
}
bool saysFrom(std::string_view word) {
  return isOneOf(word, {"from", "aus", "dal", "dalla", "dall", "dai", "extrait", "extr", "tire",
                        "iz", "uit", "ur", "z"});
}
// "a. "Der Messias"", "a.d. Nußknacker-Suite"
bool abbreviatesFrom(std::string_view text, const Token& word) {
  return word.text == "a" && text[word.begin] == 'a' && text.substr(word.end).starts_with('.') &&
         word.begin > 0 && text[word.begin - 1] == ' ';
}
// "Dichterliebe, Op. 48: 2. Aus meinen Tränen": the word begins the title of a song, after its
// number or after a work that is already named by its own.
bool beginsPart(std::string_view text, const Token& before, const Token& word) {
  const std::string_view gap = text.substr(before.end, word.begin - before.end);
  const std::string_view left = text.substr(0, before.end);
  const bool after_number = gap.find('.') != std::string_view::npos &&
                            (plainNumber(before.text) > 0 || romanNumber(before.text) > 0) &&
                            left.find_last_of(":-", before.begin) != std::string_view::npos;
  // "Symphony No. 9 "Aus der Neuen Welt": Largo"
  if (after_number || gap.ends_with('"')) return true;
  return gap.find_first_of(":-") != std::string_view::npos && !readWork(left).numbers.empty();
}

// "Dvořák's" too
bool isSurname(std::string_view word, std::span<const std::string> surnames) {
  return std::any_of(surnames.begin(), surnames.end(), [&](const std::string& surname) {
    return word == surname ||
           (word.size() == surname.size() + 1 && word.ends_with('s') && word.starts_with(surname));
  });
}

// "(M. de Falla)" where Falla is credited
bool areSurnames(const std::vector<Token>& tokens, std::span<const std::string> surnames) {
  bool any = false;
  for (const Token& token : tokens) {
    const bool surname = std::find(surnames.begin(), surnames.end(), token.text) != surnames.end();
    if (!surname && token.text.size() > 2) return false;
    any = any || surname;
  }
  return any;
}

// "An die Musik, D. 547 (Schober)": the catalogue number has said which work.
bool saysNothingNew(std::string_view before, std::string_view inside) {
  const std::vector<CatalogueNumber> numbers = readWork(before).numbers;
  if (numbers.empty() || takeNumber(inside).number > 0 || beginsMovement(inside)) return false;
  const bool piece = !numbers.back().part.empty() || numbers.back().scheme != "Op.";
  return piece && readWork(inside).numbers.empty();
}

// Whether brackets name the work of which the words before are a part.
bool isWhole(std::string_view before, std::string_view inside) {
  const WorkName whole = readWork(inside);
  if (whole.shape != Shape::cyclic) return false;
  if (onlyMovement(before)) return true;
  const bool says_which =
      !whole.words.empty() || whole.key || whole.number != 0 || !whole.numbers.empty();
  if (!says_which) return false;
  const WorkName part = readWork(before);
  return part.shape != Shape::cyclic && part.numbers.empty() && !part.key && part.number == 0 &&
         !part.tokens.empty();
}

// "Chaconne/Intermezzo/March": all that the track holds.
bool listsMovements(std::string_view inside) {
  int movements = 0;
  for (std::size_t at = 0; at <= inside.size();) {
    const std::size_t end = std::min(inside.find('/', at), inside.size());
    if (!beginsMovement(trimmed(inside.substr(at, end - at)))) return false;
    ++movements;
    at = end + 1;
  }
  return movements > 1;
}

}  // namespace

std::string_view withoutEncore(std::string_view text) {
  constexpr std::size_t kLongest = 16;
  const std::size_t mark = std::min(text.find(':'), text.find(" -"));
  if (mark > kLongest) return text;
  const std::vector<Token> tokens = tokensOf(text.substr(0, mark));
  const bool encore =
      tokens.size() == 1 &&
      isOneOf(tokens[0].text, {"encore", "encores", "zugabe", "zugaben", "bis", "toegift",
                               "toegiften", "propina", "pridavek", "extranummer", "ekstranummer"});
  return encore ? trimmed(text.substr(mark)) : text;
}

std::optional<std::string_view> afterSame(std::string_view text) {
  constexpr std::size_t kLongest = 16;
  const std::vector<Token> tokens = tokensOf(text.substr(0, std::min(text.size(), kLongest)));
  if (tokens.empty() || tokens[0].begin > 0 ||
      !isOneOf(tokens[0].text, {"id", "idem", "ibid", "ibidem", "dto", "ditto", "ebenda", "ebd"}))
    return std::nullopt;
  const std::string_view rest = text.substr(tokens[0].end);
  // "Id" alone may be a title.
  const bool alone = rest.empty() && tokens[0].text != "id";
  if (!alone && rest.find_first_of(".:,-") > 1) return std::nullopt;
  return trimmed(rest);
}

std::string withoutBrackets(std::string_view text, Title& title, std::string& source,
                            std::string& movement, std::span<const std::string> surnames,
                            const PeopleTest& is_people) {
  std::string kept;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = text.find_first_of("([", at);
    const std::size_t close =
        open == std::string_view::npos ? open : text.find_first_of(")]", open);
    if (close == std::string_view::npos) break;
    kept += text.substr(at, open - at);
    const std::string_view inside = text.substr(open + 1, close - open - 1);
    at = close + 1;
    const std::vector<Token> tokens = tokensOf(inside);
    const auto any = [&](auto&& is) {
      return std::any_of(tokens.begin(), tokens.end(),
                         [&](const Token& token) { return is(token.text); });
    };
    if (tokens.empty()) continue;
    const bool last = trimmed(text.substr(at)).empty();
    const std::size_t mark = arrangementMark(inside, tokens);
    const bool arrangement = mark < tokens.size();
    if (!arrangement && areSurnames(tokens, surnames)) continue;
    if (arrangement) {
      if (title.arranger.empty()) title.arranger = std::string(inside);
      // "(Schumann, arr. Liszt)", but "(Liszt arr.)"
      if (mark > 0 && mark + 1 < tokens.size())
        title.maker = std::string(trimmed(inside.substr(0, tokens[mark].begin)));
      // "Folk Dances (arr. Willner) - Stick Dance": what parts them stays.
      if (!last && !kept.empty() && kept.back() == ' ') kept.pop_back();
    } else if (is_people && is_people(inside)) {
      title.people = std::string(inside);
    } else if (saysFrom(tokens[0].text) && tokens.size() > 1) {
      source = std::string(trimmed(inside.substr(tokens[0].end)));
    } else if (any(isRecordingWord) || namesSinger(inside) || listsMovements(inside) ||
               (last && saysNothingNew(kept, inside))) {
      continue;
    } else if (isWhole(kept, inside)) {
      source = std::string(trimmed(inside));  // "Rigaudon (Holberg Suite)"
    } else if (last && (takeNumber(inside).number > 0 || onlyMovement(inside)) &&
               tokensOf(kept).size() > 1) {
      movement = std::string(inside);
    } else {
      if (last) {
        title.before_brackets = std::string(trimmed(kept));
        title.in_brackets = std::string(trimmed(inside));
      }
      kept += text.substr(open, close - open + 1);
    }
  }
  if (at < text.size()) kept += text.substr(at);
  return std::string(trimmed(kept));
}

std::string arrangerIn(std::string_view said) {
  // "arr. M. Okafor for strings", "transcription: Casals", "for strings by X", "Kreisler arr."
  const std::vector<Token> tokens = tokensOf(said);
  std::size_t begin = said.size();
  std::size_t end = said.size();
  bool marked = false;
  bool skipping = false;  // past "for string orchestra", up to "by"
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool by = saysBy(tokens[i].text);
    if (begin == said.size()) {
      const ArrangerWord word = arrangerWord(tokens[i].text);
      const bool mark = word == ArrangerWord::surely || (word != ArrangerWord::no && !marked);
      const bool linking =
          by || isOneOf(tokens[i].text, {"and", "und", "et", "freely", "di", "da"});
      const bool purpose =
          isOneOf(tokens[i].text, {"for", "fur", "pour", "per", "para", "dlya", "voor"});
      if (mark || by) {
        marked = true;
        skipping = false;
      } else if (marked && purpose) {
        skipping = true;
      } else if (marked && !skipping && !linking) {
        begin = tokens[i].begin;
      }
    } else if (isOneOf(tokens[i].text, {"for", "fur", "pour", "per", "para", "dlya", "voor"})) {
      end = tokens[i].begin;
      break;
    } else if (tokens[i].text[0] >= '0' && tokens[i].text[0] <= '9') {
      // "arr. Liszt S. 566", "arr. Busoni 1893"
      const bool numbered = !readWork(said.substr(tokens[i - 1].begin)).numbers.empty();
      end = numbered ? tokens[i - 1].begin : tokens[i].begin;
      break;
    }
  }
  if (begin < end) return std::string(trimmed(said.substr(begin, end - begin)));
  // "Kreisler arr."
  const bool last = tokens.size() > 1 && arrangerWord(tokens.back().text) != ArrangerWord::no;
  return last ? std::string(trimmed(said.substr(0, tokens.back().begin))) : std::string();
}

void dropPeople(std::string& text, Title& title, std::span<const std::string> surnames,
                const PeopleTest& is_people) {
  const std::string_view whole = text;
  const std::size_t mark = std::min(whole.find(": "), whole.find(" - "));
  if (mark != std::string_view::npos && is_people && title.people.empty()) {
    const std::string_view head = whole.substr(0, mark);
    if (head.find_first_of("-/") != std::string_view::npos && is_people(head)) {
      title.people = std::string(head);
      text = std::string(trimmed(whole.substr(mark + 1)));
      return;
    }
  }
  for (const std::string_view dash : {" - ", ", ", " / ", " by "}) {
    const std::size_t at = whole.rfind(dash);
    if (at == std::string_view::npos || at == 0) continue;
    const std::string_view tail = whole.substr(at + dash.size());
    constexpr std::size_t kLongestName = 40;
    if (tail.size() > kLongestName || tail.empty() || !(tail[0] < '0' || tail[0] > '9') ||
        (tail[0] >= 'a' && tail[0] <= 'z') || !areSurnames(tokensOf(tail), surnames))
      continue;
    text = std::string(trimmed(whole.substr(0, at)));
    return;
  }
}

bool dropArrangement(std::string& text, const std::vector<Token>& tokens, Title& title) {
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    if (!marksArrangement(text, tokens, i)) continue;
    // "Syrinx - Kreisler arr." says it the other way round.
    std::size_t begin = tokens[i].begin;
    if (i + 1 == tokens.size()) {
      const std::size_t mark = std::min(text.rfind(" - ", begin), text.rfind(", ", begin));
      if (mark != std::string::npos && mark > 0) begin = mark;
    }
    // "Air, arr. Willner: I. Allegro": the movement stays.
    std::size_t end = text.size();
    for (const std::string_view next : {": ", " - "}) {
      const std::size_t at = text.find(next, tokens[i].end + 1);
      if (at != std::string::npos && beginsMovement(trimmed(std::string_view(text).substr(at))))
        end = std::min(end, at);
    }
    if (title.arranger.empty()) title.arranger = text.substr(begin, end - begin);
    std::string rest = text.substr(end);
    text = std::string(trimmed(std::string_view(text).substr(0, begin)));
    if (!rest.empty()) text += rest;
    return true;
  }
  return false;
}

bool dropSurname(std::string& text, const std::vector<Token>& tokens,
                 std::span<const std::string> surnames) {
  std::size_t count = 0;
  while (count < tokens.size() && count < 4 &&
         (isSurname(tokens[count].text, surnames) ||
          (count + 1 < tokens.size() && tokens[count].text.size() <= 2 &&
           text[tokens[count].end] == '.'))) {
    ++count;
  }
  if (count == 0 || count == tokens.size() || !isSurname(tokens[count - 1].text, surnames)) {
    return false;
  }
  const std::string_view rest = std::string_view(text).substr(tokens[count - 1].end);
  const bool marked = rest.starts_with(':') || rest.starts_with(" -") || rest.starts_with(',');
  if (!marked && readWork(rest).form.empty()) return false;
  text = std::string(trimmed(rest));
  return true;
}

void dropPlace(std::string& text, const std::vector<Token>& tokens, Title& title) {
  if (tokens.size() < 3) return;
  const std::size_t noun = tokens.size() - 1;
  std::size_t which = noun - 1;
  if (isOneOf(tokens[which].text, {"movement", "satz", "mouvement", "movimento", "movimiento"}))
    which = noun;  // "mouvement lent"
  else if (!isOneOf(tokens[noun].text,
                    {"movement", "mvt", "mov", "satz", "mouvement", "movimento", "movimiento"}))
    return;
  if (isOneOf(tokens[which].text, {"last", "final", "closing", "letzter", "schlusssatz", "dernier",
                                   "ultimo", "final", "finale"})) {
    title.place = Title::Place::last;
  } else if (isOneOf(tokens[which].text,
                     {"slow", "langsamer", "lent", "lento", "middle", "mittlerer"})) {
    title.place = Title::Place::slow;
  } else {
    return;
  }
  text = std::string(
      trimmed(std::string_view(text).substr(0, tokens[std::min(which, noun - 1)].begin)));
}

std::pair<std::size_t, std::size_t> fromIn(std::string_view text,
                                           const std::vector<Token>& tokens) {
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    const std::string& word = tokens[i].text;
    if (isOneOf(word, {"variations", "variationen", "fantasy", "fantasia", "fantasie", "fantaisie",
                       "paraphrase", "on", "uber", "medley", "suite", "music", "themes", "styles",
                       "reminiscences", "selections", "excerpts", "highlights"})) {
      break;
    }
    const bool short_form = abbreviatesFrom(text, tokens[i]);
    // "Z. 583" counts.
    const bool counts = word.size() == 1 && plainNumber(tokens[i + 1].text) > 0;
    if (!(saysFrom(word) || short_form) || counts || beginsPart(text, tokens[i - 1], tokens[i]))
      continue;
    const bool article = tokens[i + 1].text == "de" || (short_form && tokens[i + 1].text == "d");
    return {tokens[i].begin, tokens[i + (article ? 1 : 0)].end};
  }
  return {text.size(), text.size()};
}

std::string original(const std::string& text, const std::vector<Token>& tokens) {
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    if (!isOneOf(tokens[i].text, {"after", "nach"})) continue;
    std::string right = text.substr(tokens[i + 1].begin);
    const WorkName name = readWork(right);
    if (!name.numbers.empty() || name.shape == Shape::cyclic) return right;
  }
  return text;
}

}  // namespace attacca::archive
