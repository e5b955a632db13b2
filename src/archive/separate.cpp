#include "separate.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "attacca/base/text.h"

#include "confidence.h"
#include "marks.h"
#include "name_text.h"
#include "performers.h"

namespace attacca::archive {
namespace {

constexpr char kBracket = '\x01';  // in text: the name after it stood in brackets

bool isKnown(Recall& recall, std::string_view text) {
  const Match& match = recall.match(text);
  return match.person != nullptr || !match.others.empty();
}

bool isSurelyKnown(Recall& recall, std::string_view text) {
  return recall.match(text).confidence >= kSurelyMeant;
}

// "Jr.", "the Elder", "II"
bool isSuffixText(std::string_view text) {
  const SpelledName name = takeApart(text);
  return name.words.size() == 1 && !suffixOf(name.words[0].text).empty();
}

bool hasYear(std::string_view text) {
  int digits = 0;
  for (const char c : text) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits == 4) return true;
  }
  return false;
}

std::string_view trimmedName(std::string_view text) {
  text = trimmed(text, " ,;:/|&+");
  while (!text.empty() && (text.back() == '-')) text = trimmed(text.substr(0, text.size() - 1));
  while (!text.empty() && (text.front() == '-')) text = trimmed(text.substr(1));
  return text;
}

// A separator that parts names wherever it stands; its length, or 0.
struct Separator {
  char kind = 0;
  std::size_t length = 0;
};

Separator separatorAt(std::string_view text, std::size_t at) {
  switch (text[at]) {
    case ';':
    case '|':
      return {';', 1};
    case '&':
    case '+':
      return {'&', 1};
    case '/':
    case '\\':
      return {'/', 1};
    case kBracket:
      return {'(', 1};
    default:
      break;
  }
  for (const std::string_view dash : {"–", "—"}) {
    if (text.compare(at, dash.size(), dash) == 0) return {'-', dash.size()};
  }
  if (text[at] != ' ') return {};
  for (const std::string_view word : {" and ", " und ", " et ", " with ", " And ", " AND "}) {
    if (text.compare(at, word.size(), word) == 0) return {'&', word.size()};
  }
  for (const std::string_view dash : {" - ", " -- ", " -", "- "}) {
    if (text.compare(at, dash.size(), dash) == 0) return {'-', dash.size()};
  }
  return {};
}

// "W.A.", "Johann", "Johann Sebastian": given names, for what follows a comma.
bool looksGiven(const NameAuthority& authority, std::string_view text) {
  const SpelledName name = takeApart(text);
  if (name.words.empty()) return false;
  return std::all_of(name.words.begin(), name.words.end(), [&](const NameWord& word) {
    return word.text.size() == 1 || word.upper || authority.isGivenName(word.text);
  });
}

// Where the last name in `text` begins, for taking off a performer's: "Kim, Ji-won" is one name.
std::size_t lastNameIn(Recall& recall, std::string_view text) {
  std::size_t from = 0;
  for (const std::string_view mark : {";", "|", "/", "&", "+", " and ", " und ", " - "}) {
    const std::size_t at = text.rfind(mark);
    if (at != std::string_view::npos) from = std::max(from, at + mark.size());
  }
  const std::size_t comma = text.rfind(',');
  if (comma == std::string_view::npos || comma < from) return from;
  const std::string_view name = trimmed(text.substr(comma + 1));
  const std::size_t before = text.rfind(',', comma - 1);
  const std::size_t start = before == std::string_view::npos || before < from ? from : before + 1;
  const std::string_view last = trimmed(text.substr(start, comma - start));
  const bool one_name = name.find(' ') == std::string_view::npos &&
                        last.find(' ') == std::string_view::npos && !isKnown(recall, last);
  return one_name ? start : comma + 1;
}

// Without the name that `text` ends with, who only played. A composer of old did not.
std::string withoutPerformer(Recall& recall, const std::string& text) {
  constexpr int kFirstRecords = 1900;
  const std::size_t from = lastNameIn(recall, text);
  const Match& match = recall.match(trimmedName(std::string_view(text).substr(from)));
  if (match.person != nullptr && match.person->died && *match.person->died < kFirstRecords)
    return text;
  return text.substr(0, from);
}

// What brackets hold, as text that the rest of the reading understands.
std::string unbracketed(Recall& recall, std::string_view before, std::string_view inside) {
  const std::vector<Marked> parts = splitAtMarks(inside);
  if (parts.size() > 1) return fmt::format(" {} {}", inside, parts.back().text.empty() ? "" : "; ");
  if (hasYear(inside)) return fmt::format(" ({}) ", inside);
  if (isSuffixText(inside)) return fmt::format(" {} ", inside);
  if (const std::string turned = fmt::format("{}, {}", before, inside);
      looksGiven(recall.authority(), inside) && isKnown(recall, turned)) {
    return fmt::format(", {} ", inside);  // "Bach (CPE)"
  }
  const Match& match = recall.match(inside);
  if (match.person != nullptr && match.confidence >= kSurelyMeant) {
    const Match& outside = recall.match(before);
    if (outside.person == match.person) return " ";
    // Else, as in "Pyotr (Peter) Smith", it may be a name of the same person.
    if (outside.person != nullptr || !nobodysName(before).empty()) {
      return fmt::format("{}{}", kBracket, inside);
    }
  }
  return " ";
}

// "1685-1750", "b. 1932", "ca. 1525-1594", "1950-"
bool isYears(std::string_view text) {
  static constexpr auto kWords =
      std::to_array<std::string_view>({"b", "d", "c", "ca", "fl", "born", "died", "active",
                                       "approximately", "or", "century", "th"});
  if (text.find_first_of("0123456789") == std::string_view::npos) return false;
  for (const std::string& word : splitWords(foldText(text))) {
    const std::string_view letters = trimmed(word, "0123456789");
    if (!letters.empty() && std::find(kWords.begin(), kWords.end(), letters) == kWords.end())
      return false;
  }
  return true;
}

bool isOneWord(std::string_view text) { return text.find_first_of(" .") == std::string_view::npos; }

class Separating {
 public:
  explicit Separating(Recall& recall) : recall_(recall) {}

  std::vector<Piece> run(std::string_view text) {
    people(text);
    for (std::size_t i = 0; i + 1 < pieces_.size(); ++i) shareSurname(pieces_[i], pieces_[i + 1]);
    return std::move(pieces_);
  }

 private:
  void keep(std::string_view text, char separator) {
    text = trimmedName(text);
    if (!text.empty()) pieces_.push_back({std::string(text), pieces_.empty() ? '\0' : separator});
  }

  void people(std::string_view text) {
    text = trimmedName(text);
    if (text.empty()) return;
    char separator = 0;
    std::size_t start = 0;
    bool tried = false;
    for (std::size_t i = 0; i < text.size();) {
      const Separator found = separatorAt(text, i);
      if (found.length == 0) {
        ++i;
        continue;
      }
      if (!tried && found.kind == '-') {
        // "Saint - Saëns" and "Rimsky – Korsakov" are one name
        tried = true;
        if (isSurelyKnown(recall_, text.substr(start))) break;
      }
      commas(text.substr(start, i - start), separator);
      separator = found.kind;
      i += found.length;
      start = i;
    }
    commas(text.substr(start), separator);
  }

  void commas(std::string_view text, char separator) {
    text = trimmedName(text);
    if (text.find(',') == std::string_view::npos) {
      hyphens(text, separator);
      return;
    }
    const std::size_t dash = text.rfind('-');
    if (dash != std::string_view::npos && dash > text.find(',') && !isKnown(recall_, text) &&
        isSurelyKnown(recall_, text.substr(0, dash)) &&
        isSurelyKnown(recall_, text.substr(dash + 1))) {  // "Bach, J. S.-Stokowski"
      keep(text.substr(0, dash), separator);
      keep(text.substr(dash + 1), '-');
      return;
    }
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find(',', at), text.size());
      const std::string_view part = trimmed(text.substr(at, end - at));
      if (!parts.empty() && saysPerformer(part)) {  // "Ken Sato, piano"
        parts.pop_back();
      } else if (!part.empty()) {
        parts.push_back(part);
      }
      at = end + 1;
    }
    const bool two = parts.size() == 2;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      std::size_t last = i;
      if (i + 1 < parts.size() &&
          (isPair(parts[i], parts[i + 1]) || (two && i == 0 && isUnknownPair(parts[0], parts[1]))))
        last = i + 1;
      while (last + 1 < parts.size() &&
             (isSuffixText(parts[last + 1]) || isYears(parts[last + 1]))) {
        ++last;
      }
      if (isYears(parts[i])) continue;
      const std::string_view name(
          parts[i].data(),
          static_cast<std::size_t>(parts[last].data() + parts[last].size() - parts[i].data()));
      if (last == i) {
        hyphens(name, separator);
      } else {
        keep(name, separator);
      }
      i = last;
      separator = ',';
    }
  }

  // "Robert & Clara Schumann"
  void shareSurname(Piece& given, const Piece& full) {
    const std::size_t space = full.text.rfind(' ');
    if (full.separator != '&' || space == std::string::npos || !isOneWord(given.text) ||
        !looksGiven(recall_.authority(), given.text)) {
      return;
    }
    const std::string whole = given.text + full.text.substr(space);
    if (isKnown(recall_, whole)) given.text = whole;
  }

  // "Last" and "First"
  bool isPair(std::string_view last, std::string_view first) {
    const std::string both = fmt::format("{}, {}", last, first);
    if (isKnown(recall_, both)) return true;
    // "Kowalski, Adam", but "Bach, Adam"
    if (isSurelyKnown(recall_, last) && isSurelyKnown(recall_, first)) return false;
    if (isSurelyKnown(recall_, first) && takeApart(first).words.size() > 1) return false;
    return looksGiven(recall_.authority(), first) && takeApart(last).words.size() <= 2;
  }

  // "Oyelaran, Folasade": of two names that nobody knows, catalogues turn one round more often than
  // they put two surnames side by side.
  bool isUnknownPair(std::string_view last, std::string_view first) {
    if (isKnown(recall_, last) || isKnown(recall_, first)) return false;
    if (first.front() >= 'a' && first.front() <= 'z') return false;  // "iPalpiti"
    const SpelledName surname = takeApart(last);
    constexpr std::size_t kMostGiven = 3;
    // "J. Cohen, Somebody" are two.
    return !surname.words.empty() && surname.words[0].text.size() > 1 &&
           std::all_of(surname.words.begin() + 1, surname.words.end(),
                       [](const NameWord& word) { return word.hyphened; }) &&
           takeApart(first).words.size() <= kMostGiven;
  }

  void hyphens(std::string_view text, char separator) {
    text = trimmedName(text);
    if (text.find('-') == std::string_view::npos || isKnown(recall_, text)) {
      adjacent(text, separator);
      return;
    }
    for (std::size_t dash = text.rfind('-'); dash != std::string_view::npos && dash > 0;
         dash = text.rfind('-', dash - 1)) {
      const std::string_view left = trimmedName(text.substr(0, dash));
      const std::string_view right = trimmedName(text.substr(dash + 1));
      if (right.size() < 3 || !isSurelyKnown(recall_, left)) continue;
      const bool known = isSurelyKnown(recall_, right);
      // "Bach-Lerman", but not "Anna Bach-Lerman"
      if (!known && !isOneWord(right)) continue;
      keep(left, separator);
      keep(right, '-');
      return;
    }
    keep(text, separator);
  }

  // "Tartini Kreisler": two surnames, and no other mark
  void adjacent(std::string_view text, char separator) {
    const std::size_t space = text.find(' ');
    if (space != std::string_view::npos && text.find(' ', space + 1) == std::string_view::npos &&
        !isKnown(recall_, text)) {
      const std::string_view left = text.substr(0, space);
      const std::string_view right = text.substr(space + 1);
      if (!looksGiven(recall_.authority(), left) && !looksGiven(recall_.authority(), right) &&
          isSurelyKnown(recall_, left) && isSurelyKnown(recall_, right)) {
        keep(left, separator);
        keep(right, '-');
        return;
      }
    }
    keep(text, separator);
  }

  Recall& recall_;
  std::vector<Piece> pieces_;
};

}  // namespace

const Match& Recall::match(std::string_view spelling) {
  const auto known = std::find_if(asked_.begin(), asked_.end(),
                                  [&](const auto& one) { return one.first == spelling; });
  if (known != asked_.end()) return known->second;
  return asked_.emplace_back(spelling, authority_.match(spelling)).second;
}

std::vector<std::string> splitField(Recall& recall, std::string_view field) {
  std::vector<std::string> segments;
  for (std::size_t line = 0; line <= field.size();) {
    const std::size_t end =
        std::min(field.find_first_of(std::string_view("\n\r\x1f\0", 4), line), field.size());
    const std::string text = repairText(field.substr(line, end - line));
    line = end + 1;
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t open = std::min(text.find_first_of("([{", at), text.size());
      plain += text.substr(at, open - at);
      if (open == text.size()) break;
      const std::size_t close = std::min(text.find_first_of(")]}", open), text.size());
      const std::string_view inside =
          trimmed(std::string_view(text).substr(open + 1, close - open - 1));
      if (saysPerformer(inside)) {
        plain = withoutPerformer(recall, plain);
      } else {
        plain += unbracketed(recall, trimmedName(plain), inside);
      }
      at = close + 1;
    }
    for (std::size_t at = 0; at <= plain.size();) {
      const std::size_t stop = std::min(plain.find_first_of(";|", at), plain.size());
      if (const std::string_view segment = trimmed(std::string_view(plain).substr(at, stop - at));
          !segment.empty())
        segments.emplace_back(segment);
      at = stop + 1;
    }
  }
  return segments;
}

std::vector<Piece> separate(Recall& recall, std::string_view text) {
  if (namesNobody(text)) return {};
  return Separating(recall).run(text);
}

}  // namespace attacca::archive
