#include "title_people.h"

#include <algorithm>
#include <utility>

#include "marks.h"
#include "title_parts.h"

namespace attacca::archive {
namespace {

constexpr double kSure = 0.84;  // a surname alone, or better
constexpr std::size_t kLongestNames = 60;

// What may be a name, before the authority is asked: most brackets and beginnings are not.
bool mayBeNames(std::string_view text) {
  constexpr std::size_t kShortest = 3;
  constexpr std::size_t kMostWords = 6;
  if (text.size() < kShortest || text.size() > kLongestNames) return false;
  if (text[0] >= 'a' && text[0] <= 'z') return false;
  const std::vector<Token> tokens = tokensOf(text);
  if (tokens.empty() || tokens.size() > kMostWords) return false;
  return std::none_of(tokens.begin(), tokens.end(), [](const Token& token) {
    const Word& word = wordOf(token.text);
    constexpr std::size_t kYear = 4;
    const bool digits = token.text[0] >= '0' && token.text[0] <= '9';
    return !word.form.empty() || word.movement || word.instruments != 0 || word.number != 0 ||
           (digits && token.text.size() != kYear) ||
           // They head movements and works more often than they name Peter Winter or Zoe Spring.
           isOneOf(token.text,
                   {"winter", "sommer", "spring", "summer", "autumn", "herbst", "carmen", "encore",
                    "zugabe", "medley", "part", "disc", "cd", "act", "no"});
  });
}

// "Variations on a theme of Haydn", "Hommage à Bach": who is named there did not compose it.
bool saysAbout(std::string_view before) {
  const std::vector<Token> tokens = tokensOf(before);
  return std::any_of(tokens.begin(), tokens.end(), [](const Token& token) {
    return isOneOf(token.text, {"theme", "thema", "theme", "tema", "hommage", "homage", "tribute",
                                "after", "nach", "memory", "memoriam", "style", "stile", "manner",
                                "uber", "portrait", "letter", "birthday", "variations"});
  });
}

std::string_view withoutEncore(std::string_view text) {
  for (const std::string_view word : {"Encore", "ENCORE", "Zugabe", "Bis", "encore"}) {
    if (!text.starts_with(word)) continue;
    const std::string_view rest = text.substr(word.size());
    if (rest.starts_with(":") || rest.starts_with(" -")) return trimmed(rest);
  }
  return text;
}

}  // namespace

const std::vector<Credit>& TitlePeople::known(std::string_view text) {
  static const std::vector<Credit> kNobody;
  if (text.size() > kLongestNames) return kNobody;
  const auto [at, fresh] = names_.try_emplace(std::string(text));
  if (!fresh || !mayBeNames(text)) return at->second;
  const std::vector<std::string> field = {std::string(text)};
  std::vector<Credit> credits = authority_.read(field, {});
  const bool known = std::all_of(credits.begin(), credits.end(), [](const Credit& credit) {
    return credit.known || isNobodysName(credit.name);
  });
  if (known && !credits.empty() && credits[0].role == CreditRole::composer)
    at->second = std::move(credits);
  return at->second;
}

const std::vector<Credit>& TitlePeople::surely(std::string_view text, std::string_view rest) {
  static const std::vector<Credit> kNobody;
  const std::vector<Credit>& credits = known(text);
  const bool sure = std::all_of(credits.begin(), credits.end(), [](const Credit& credit) {
    return credit.role == CreditRole::arranger || credit.confidence >= kSure;
  });
  if (sure || credits.empty()) return credits;
  // "FRANCK Violin Sonata": many are called so, but he has written one.
  const Title title = rest.empty() ? Title() : readTitle(rest);
  const bool his =
      !rest.empty() && credits.size() == 1 && known_.find(credits[0].name, title).has_value();
  return his ? credits : kNobody;
}

bool TitlePeople::namesWork(std::string_view rest, const std::vector<Credit>& composers,
                            bool clearly) const {
  const WorkName name = readWork(rest);
  if (name.shape == Shape::cyclic || !name.numbers.empty() || name.key) return true;
  if (!clearly && !name.form.empty()) return true;
  const Title title = readTitle(rest);
  return std::any_of(composers.begin(), composers.end(), [&](const Credit& credit) {
    return known_.find(credit.name, title).has_value();
  });
}

std::vector<Credit> TitlePeople::find(std::string_view title, bool clearly) {
  if (clearly && title.find_first_of(":-/\xE2") == std::string_view::npos) return {};
  const std::string plain = plainText(title);
  const std::string_view text = withoutEncore(trimmed(plain));
  for (const std::string_view mark : {":", " - ", " / "}) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) continue;
    const std::string_view rest = trimmed(text.substr(at + mark.size()));
    const std::vector<Credit>& named = surely(trimmed(text.substr(0, at)), rest);
    if (!named.empty() && !rest.empty() && (!clearly || namesWork(rest, named, true))) return named;
  }
  if (clearly) return {};
  if (text.ends_with(')')) {
    const std::size_t open = text.rfind('(');
    if (open != std::string_view::npos && open > 0 && !saysAbout(text.substr(0, open))) {
      const std::vector<Credit>& named =
          surely(text.substr(open + 1, text.size() - open - 2), text.substr(0, open));
      if (!named.empty()) return named;
    }
  }
  for (const std::string_view mark : {" - ", " / ", ", ", " by "}) {
    const std::size_t at = text.rfind(mark);
    if (at == std::string_view::npos || at == 0 || saysAbout(text.substr(0, at))) continue;
    const std::vector<Credit>& named = surely(text.substr(at + mark.size()), text.substr(0, at));
    if (!named.empty()) return named;
  }
  const std::vector<Token> tokens = tokensOf(text);
  // "Haydn Variations" are by Brahms.
  if (known_.beginsLikeAWork(tokens)) return {};
  constexpr std::size_t kLongestName = 4;
  for (std::size_t count = std::min(kLongestName, tokens.empty() ? 0 : tokens.size() - 1);
       count > 0; --count) {
    const std::string_view next = tokens[count].text;
    if (wordOf(next).form == "variations" || wordOf(next).form == "rhapsody" ||
        isOneOf(next, {"paraphrase", "reminiscences", "transcription", "year", "festival"}))
      continue;
    std::string_view head = text.substr(0, tokens[count - 1].end);
    for (const std::string_view of : {"'s", "\xE2\x80\x99s"}) {
      if (head.ends_with(of)) head.remove_suffix(of.size());
    }
    const std::string_view rest = text.substr(tokens[count].begin);
    const std::vector<Credit>& named = surely(head, rest);
    if (!named.empty() && namesWork(rest, named, false)) return named;
  }
  return {};
}

const std::vector<Credit>& TitlePeople::composers(const std::string& title, bool clearly) {
  std::string question = title + (clearly ? "\1" : "\2");
  const auto [at, fresh] = titles_.try_emplace(std::move(question));
  if (!fresh) return at->second;
  at->second = find(title, clearly);
  for (Credit& credit : at->second) {
    credit.confidence = std::min(credit.confidence, 0.85);
    credit.reason = "the title names " + credit.name;
  }
  return at->second;
}

bool TitlePeople::isPeople(std::string_view inside, const std::string& composer) {
  const Person* maker = authority_.named(composer);
  if (maker == nullptr) return false;
  const std::vector<Credit>& named = surely(inside);
  constexpr int kYounger = 5;
  return !named.empty() && std::all_of(named.begin(), named.end(), [&](const Credit& credit) {
    const Person* person = authority_.named(credit.name);
    if (person == nullptr) return false;
    // "Sonata (Kreutzer)": the old do not arrange the music of the young.
    return person == maker || person->mostly_arranges ||
           (maker->born && person->born && *person->born >= *maker->born + kYounger);
  });
}

std::vector<Credit> TitlePeople::arrangers(std::string_view said, const std::string& composer) {
  std::vector<Credit> found;
  const bool people = isPeople(said, composer);
  const std::vector<std::string> field = {people ? std::string() : std::string(said)};
  for (Credit credit : people ? surely(said) : authority_.read({}, field)) {
    if (credit.name == composer) continue;
    credit.role = CreditRole::arranger;
    credit.reason = "the title says so";
    const std::vector<Token> words = tokensOf(credit.name);
    constexpr std::size_t kMostWords = 5;
    const bool name = !words.empty() && words.size() <= kMostWords &&
                      !(credit.name[0] >= 'a' && credit.name[0] <= 'z') &&
                      credit.name.find_first_of("0123456789") == std::string::npos &&
                      !std::all_of(words.begin(), words.end(), [](const Token& word) {
                        return wordOf(word.text).known() || word.text == "own";
                      });
    if (credit.known || (name && !namesNobody(credit.name))) found.push_back(std::move(credit));
  }
  return found;
}

}  // namespace attacca::archive
