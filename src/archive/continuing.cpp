// What the titles of neighbours, and of the same composer's other works, say about a title.
#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "title_parts.h"
#include "work_rows.h"

namespace attacca::archive {
namespace {

const Word& firstWord(std::string_view text) {
  const std::vector<Token> tokens = tokensOf(text);
  return wordOf(tokens.empty() ? std::string_view() : std::string_view(tokens[0].text));
}

bool isDance(const Word& word) {
  return word.movement &&
         isOneOf(word.form, {"waltz", "mazurka", "polonaise", "dance", "march", "polka", "tango",
                             "minuet", "sarabande", "gavotte", "bourree", "gigue", "aria",
                             "prelude", "overture", "intermezzo", "tarantella", "canon"});
}

// Whether `row` is not somebody else's: its fields name nobody, or the composers of the album.
bool mayBeBy(const Row& row, const Row& head) {
  return row.composer.empty() || row.composer == head.composer || row.any_of_composers;
}

// Whether `row`, which names a movement only, goes on with what `before` is of.
bool continues(const Row& row, const Row& before, const Row& head) {
  if (!neighbours(row, before)) return false;
  if (!mayBeBy(row, head)) return false;
  const bool credited = !row.composer.empty() || !head.composer.empty();
  const int number = row.title.movement_number;
  const int last = before.title.movement_number;
  // "Symphony No. 40", then "I. Molto allegro": the first names what the others are of.
  if (number == 1) {
    return last == 0 && before.head == kNone && !row.composer.empty() &&
           head.title.movement.empty() && head.title.work.shape == Shape::cyclic &&
           !head.title.movement_only;
  }
  if (number > 1) return last == 0 ? number == 2 || before.head != kNone : number > last;
  // Without numbers, only a work that was named whole, or with its first movement, goes on.
  const bool whole = head.title.movement.empty() && head.title.movement_number == 0;
  const bool first = !whole && head.title.movement_number == 0 && head.known_movement <= 1 &&
                     credited && !head.title.excerpt;
  if (isLast(before)) return false;
  if (!whole && !first) {
    // "Clair de lune", then "Passepied"
    const int named = head.known != nullptr && credited && !head.title.excerpt
                          ? movementNamed(*head.known, row.title.movement)
                          : 0;
    return head.title.movement_number == 0 && head.known_movement > 0 &&
           named > std::max(before.known_movement, head.known_movement);
  }
  if (head.known != nullptr && !head.known->movements.empty()) {
    // Where the movements are known, this must be a later one.
    const int named = movementNamed(*head.known, row.title.movement);
    if (named > std::max(1, before.known_movement)) return true;
    if (named > 0 && first) return false;
  }
  const bool suite = isOneOf(head.title.work.form, {"suite", "partita", "overture", "ballet"}) ||
                     (first && isDance(firstWord(head.title.movement)));
  const std::vector<Token> said = tokensOf(row.title.movement);
  // "Allegro moderato alla polka": what follows a tempo says how it goes.
  const bool tempo = !said.empty() && wordOf(said[0].text).tempo;
  for (const Token& token : said) {
    // An elegy or a waltz may as well be an encore.
    const Word& word = wordOf(token.text);
    if (tempo && word.movement) continue;
    const bool usual = word.tempo || word.filler || word.form == "scherzo" ||
                       word.form == "minuet" || word.form == "trio" || word.form == "rondo" ||
                       word.form == "variations" || word.form == "fugue" ||
                       (suite && isDance(word));
    if (!usual) return false;
  }
  return head.title.work.shape == Shape::cyclic ||
         (head.known != nullptr && head.known->movements.size() > 1) ||
         (first && !head.title.work.numbers.empty());
}

// A title that was read as a work without parts, and by rules alone.
bool isPlain(const Row& row) {
  return !row.title.movement_only && row.title.movement.empty() && row.title.movement_number == 0 &&
         row.written->work.empty() && !row.written->fixed.work && row.own_work == nullptr &&
         !row.composer.empty();
}

bool isPart(std::string_view text) {
  const WorkName name = readWork(text);
  return !name.tokens.empty() && name.numbers.empty() && !name.key && name.shape != Shape::cyclic &&
         !takeNumber(text).set_number && (!name.words.empty() || beginsMovement(text));
}

// "5 Folksongs in Counterpoint, Calvary" and "..., Clementine": what both begin with is the work.
void shareBeginnings(std::vector<Row>& rows, std::span<const std::size_t> order) {
  const auto beginning = [](const Row& a, const Row& b) -> std::size_t {
    const std::string& left = a.title.work.text;
    const std::string& right = b.title.work.text;
    std::size_t same = 0;
    while (same < left.size() && same < right.size() && left[same] == right[same]) ++same;
    std::size_t best = 0;
    for (const std::string_view mark : {", ", " - ", " / ", ": "}) {
      const std::size_t at = left.rfind(mark, same);
      if (at == std::string::npos || at + mark.size() > same) continue;
      if (right.compare(at, mark.size(), mark) == 0) best = std::max(best, at);
    }
    if (best == 0) return 0;
    const std::string_view whole = std::string_view(left).substr(0, best);
    const WorkName name = readWork(whole);
    const bool work = name.tokens.size() > 1 && !name.words.empty() && !onlyMovement(whole) &&
                      !isOneOf(name.tokens[0], {"encore", "encores", "zugabe", "bis", "medley"});
    return work ? best : 0;
  };
  const auto part = [](Row& row, std::size_t at) {
    const std::string text = row.title.work.text;
    row.title.movement = std::string(trimmed(std::string_view(text).substr(at + 1)));
    row.title.work = readWork(std::string_view(text).substr(0, at));
  };
  std::vector<std::size_t> cut(rows.size(), 0);
  for (std::size_t i = 1; i < order.size(); ++i) {
    const Row& before = rows[order[i - 1]];
    const Row& row = rows[order[i]];
    if (!neighbours(before, row) || before.composer != row.composer || !isPlain(before) ||
        !isPlain(row) || before.known != nullptr || row.known != nullptr)
      continue;
    const std::size_t at = beginning(before, row);
    if (at == 0) continue;
    const auto right = [&](const Row& one) {
      return trimmed(std::string_view(one.title.work.text).substr(at + 1));
    };
    if (right(before) == right(row) || !isPart(right(before)) || !isPart(right(row))) continue;
    cut[order[i - 1]] = cut[order[i - 1]] == 0 ? at : std::min(cut[order[i - 1]], at);
    cut[order[i]] = at;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (cut[i] > 0) part(rows[i], cut[i]);
  }
}

// "Prelude in A minor, BWV 543" and "Fugue in A minor, BWV 543", or without the number a fugue that
// follows in the same key: the parts of one work.
void partByForm(std::vector<Row>& rows, std::span<const std::size_t> order) {
  const auto isPart = [](const Row& row) {
    return isPlain(row) && (!row.title.work.numbers.empty() || row.title.work.key) &&
           row.title.work.shape == Shape::piece && row.title.work.tokens.size() > 1 &&
           !row.title.work.plural_form && (row.known == nullptr || !row.known->set) &&
           wordOf(row.title.work.tokens[0]).form == row.title.work.form;
  };
  std::vector<bool> parts(rows.size(), false);
  for (std::size_t i = 1; i < order.size(); ++i) {
    const Row& before = rows[order[i - 1]];
    const Row& row = rows[order[i]];
    if (!isPart(before) || !isPart(row) || !neighbours(before, row) ||
        before.composer != row.composer || before.known != row.known ||
        before.title.work.form == row.title.work.form || before.title.work.number != 0 ||
        row.title.work.number != 0 || !(before.title.work.numbers == row.title.work.numbers) ||
        differ(before.title.work.key, row.title.work.key))
      continue;
    if (row.title.work.numbers.empty() &&
        !(row.title.work.form == "fugue" && before.title.work.key && row.title.work.key))
      continue;
    // "Nocturne" and "Mazurka" of one opus are two works; what follows these belongs to them.
    if (!isOneOf(before.title.work.form, {"prelude", "fantasy", "toccata", "adagio", "fugue",
                                          "chaconne", "passacaglia", "variations", "andante"}))
      continue;
    parts[order[i - 1]] = parts[order[i]] = true;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!parts[i]) continue;
    const std::vector<Token> tokens = tokensOf(rows[i].title.work.text);
    rows[i].title.movement =
        rows[i].title.work.text.substr(tokens[0].begin, tokens[0].end - tokens[0].begin);
  }
}

// "La Primavera 1", "La Primavera 2": numbers that count up after what is no form ("Sonata 1").
void countUp(std::vector<Row>& rows, std::span<const std::size_t> order) {
  struct Counted {
    std::string beginning;
    int number = 0;
  };
  const auto counted = [](const Row& row) -> Counted {
    const std::string& written = row.written->title;
    if (written.empty() || std::isdigit(static_cast<unsigned char>(written.back())) == 0) return {};
    std::size_t digits = written.size();
    while (digits > 0 && std::isdigit(static_cast<unsigned char>(written[digits - 1])) != 0)
      --digits;
    constexpr int kMost = 12;
    const int number = plainNumber(std::string_view(written).substr(digits));
    if (number == 0 || number > kMost || digits < 2 || written[digits - 1] != ' ') return {};
    const std::vector<Token> before = tokensOf(std::string_view(written).substr(0, digits));
    if (before.empty() || !wordOf(before.back().text).form.empty() ||
        wordOf(before.back().text).filler ||
        isOneOf(before.back().text, {"book", "act", "vol", "volume", "part", "heft", "scene", "k",
                                     "kv", "bwv", "d", "rv", "hwv", "woo", "take", "track"}))
      return {};
    return {written.substr(0, digits), number};
  };
  const auto number = [](Row& row, const Counted& said) {
    row.title.movement_number = said.number;
    if (row.known == nullptr) row.title.work = readTitle(said.beginning).work;
  };
  Counted last;
  for (std::size_t i = 0; i < order.size(); ++i) {
    Row& row = rows[order[i]];
    const bool open = row.title.movement_number == 0 && !row.title.movement_only &&
                      (row.known == nullptr || !row.known->set);
    Counted now = open ? counted(row) : Counted{};
    if (now.number > 1 && last.number == now.number - 1 && last.beginning == now.beginning &&
        neighbours(row, rows[order[i - 1]]) && row.composer == rows[order[i - 1]].composer) {
      const WorkName work = readWork(now.beginning);
      if (row.known != nullptr || work.shape == Shape::cyclic || !work.numbers.empty()) {
        if (rows[order[i - 1]].title.movement_number == 0) number(rows[order[i - 1]], last);
        number(row, now);
      }
    }
    last = std::move(now);
  }
}

// "Playful Pizzicato" alone is a movement where the same composer's "Simple Symphony: Playful
// Pizzicato" is in the catalogue.
void findElsewhere(std::vector<Row>& rows) {
  const auto wordsOf = [](std::string_view text) {
    std::string words;
    for (const Token& token : tokensOf(text)) {
      constexpr std::size_t kYear = 4;
      const bool year = token.text.size() == kYear && plainNumber(token.text) > 0;
      if (!wordOf(token.text).filler && !year) words += token.text + ' ';
    }
    return words;
  };
  // "Adagio" is a movement of many works; a word that is no tempo or dance is of few.
  const auto says = [](std::string_view text) {
    const std::vector<Token> tokens = tokensOf(text);
    return std::any_of(tokens.begin(), tokens.end(), [](const Token& token) {
      constexpr std::size_t kShort = 3;
      return token.text.size() > kShort && !wordOf(token.text).known();
    });
  };
  std::map<std::pair<std::string, std::string>, std::size_t> movements;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    if (row.title.movement.empty() || row.composer.empty() || !says(row.title.movement)) continue;
    const std::size_t head = row.head != kNone ? row.head : i;
    const auto [at, fresh] =
        movements.try_emplace({row.composer, wordsOf(row.title.movement)}, head);
    if (fresh || at->second == kNone) continue;
    const Row& other = rows[at->second];
    const bool same = other.known != nullptr || rows[head].known != nullptr
                          ? other.known == rows[head].known
                          : other.title.work.tokens == rows[head].title.work.tokens;
    if (!same) at->second = kNone;
  }
  // "Lantern Songs - Flame", where "Lantern Songs: II. Flame" tells what the work is called.
  const auto mayBePart = [](const Row& row) {
    return isPlain(row) && row.known == nullptr && row.head == kNone;
  };
  std::set<std::string> composers;
  for (const Row& row : rows) {
    if (mayBePart(row) && row.title.work.text.find_first_of(",-/") != std::string::npos)
      composers.insert(row.composer);
  }
  std::set<std::pair<std::string, std::string>> works;
  for (const Row& row : rows) {
    if (!row.title.movement.empty() && row.known == nullptr && !row.title.movement_only &&
        composers.count(row.composer) > 0)
      works.emplace(row.composer, wordsOf(row.title.work.text));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Row& row = rows[i];
    if (!mayBePart(row)) continue;
    const std::string& text = row.title.work.text;
    for (const std::string_view mark : {" - ", ", ", " / "}) {
      const std::size_t at = text.find(mark);
      if (at == std::string::npos || !isPart(text.substr(at + mark.size())) ||
          works.count({row.composer, wordsOf(text.substr(0, at))}) == 0)
        continue;
      row.title.movement = text.substr(at + mark.size());
      row.title.work = readWork(text.substr(0, at));
      break;
    }
    if (!row.title.movement.empty() || !row.title.work.numbers.empty() ||
        row.title.work.shape == Shape::cyclic)
      continue;
    const auto at = movements.find({row.composer, wordsOf(row.title.work.text)});
    if (at == movements.end() || at->second == kNone || at->second == i) continue;
    row.head = at->second;
    row.elsewhere = true;
    row.title.movement = row.title.work.text;
  }
}

// "Waltz of the Flowers" after "Nutcracker Suite: March": called as a later part of what goes on,
// though it may have another work's name too.
bool isNextPart(const Row& row, const Row& before, const Row& head) {
  const int last = std::max(before.title.movement_number, before.known_movement);
  if (head.known == nullptr || head.known->set || last == 0 || row.known == head.known ||
      row.composer != head.composer || row.title.movement_number != 0 ||
      !row.title.work.numbers.empty() || row.title.work.key)
    return false;
  const std::string& name = row.title.movement_only ? row.title.movement : row.written->title;
  return movementCalled(*head.known, name) > last;
}

// "2 Intermezzo" after "Suite - 1 March": the number needs no mark where it counts on.
bool countsOn(Row& row, const Row& before) {
  const int last = std::max(before.title.movement_number, before.known_movement);
  const std::string text = plainText(row.written->title);
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (row.known != nullptr || last == 0 || plainNumber(text.substr(0, digits)) != last + 1 ||
      digits == text.size() || text[digits] != ' ' || !beginsMovement(text.substr(digits + 1)))
    return false;
  row.title.movement_number = last + 1;
  row.title.movement = text.substr(digits + 1);
  return true;
}

}  // namespace

bool neighbours(const Row& a, const Row& b) {
  return a.written->album >= 0 && a.written->album == b.written->album && a.disc == b.disc;
}

bool isLast(const Row& row) {
  const std::vector<Token> tokens = tokensOf(row.title.movement);
  return !tokens.empty() && (tokens[0].text == "finale" || tokens[0].text == "final");
}

void continueWorks(std::vector<Row>& rows, std::span<const std::size_t> order) {
  shareBeginnings(rows, order);
  countUp(rows, order);
  partByForm(rows, order);
  for (std::size_t i = 1; i < order.size(); ++i) {
    Row& row = rows[order[i]];
    const Row& before = rows[order[i - 1]];
    const std::size_t last = before.head != kNone ? before.head : order[i - 1];
    const bool free = row.written->work.empty() && !row.written->fixed.work &&
                      row.own_work == nullptr && rows[last].own_work == nullptr;
    if (free && neighbours(row, before) && mayBeBy(row, rows[last]) &&
        (row.title.same || countsOn(row, before) || isNextPart(row, before, rows[last]))) {
      row.head = last;
      if (row.title.movement.empty() && !row.title.same) row.title.movement = row.title.work.text;
      if (rows[last].known != nullptr)
        row.known_movement = movementNamed(*rows[last].known, row.title.movement);
      continue;
    }
    const bool excused = row.known != nullptr || !row.written->work.empty() ||
                         row.written->fixed.work.has_value() || row.own_work != nullptr;
    // "Sarabande" may pass for a work that the composer has elsewhere.
    if (excused || !(row.title.movement_only || (isPlain(row) && !row.title.work.tokens.empty() &&
                                                 wordOf(row.title.work.tokens[0]).movement &&
                                                 onlyMovement(row.title.work.text))))
      continue;
    const std::size_t head = before.head != kNone ? before.head : order[i - 1];
    if (rows[head].own_work != nullptr) continue;
    // A row that is itself only a tempo is no work to go on with.
    if (rows[head].title.movement_only && rows[head].head == kNone && rows[head].known == nullptr)
      continue;
    if (row.title.movement.empty()) row.title.movement = row.title.work.text;
    if (continues(row, before, rows[head])) {
      row.head = head;
      if (rows[head].known != nullptr)
        row.known_movement = movementNamed(*rows[head].known, row.title.movement);
    } else if (!row.title.movement_only) {
      row.title.movement.clear();
    }
  }
  findElsewhere(rows);
}

}  // namespace attacca::archive
