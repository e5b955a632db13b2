#include "title_people.h"

#include <algorithm>
#include <array>
#include <utility>

#include "attacca/base/text.h"

#include "confidence.h"
#include "marks.h"
#include "performers.h"
#include "title_parts.h"

namespace attacca::archive {
namespace {

constexpr std::size_t kLongestNames = 60;

// What may be a name, before the authority is asked: most brackets and beginnings are not.
bool mayBeNames(std::string_view text) {
  constexpr std::size_t kShortest = 3;
  constexpr std::size_t kMostWords = 8;
  if (text.size() < kShortest || text.size() > kLongestNames) return false;
  const std::vector<Token> tokens = tokensOf(text);
  if (tokens.empty() || tokens.size() > kMostWords) return false;
  if (text[0] >= 'a' && text[0] <= 'z' &&
      !isOneOf(tokens[0].text, {"trad", "traditional", "anon", "anonymous", "spiritual", "folk",
                                "attr", "attrib", "attributed"}))
    return false;
  return std::none_of(tokens.begin(), tokens.end(), [](const Token& token) {
    if (arrangerWord(token.text) != ArrangerWord::no) return false;
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

// "Schumann, arr. Liszt S. 566" without the number.
std::string_view withoutNumber(std::string_view names) {
  const std::vector<Token> tokens = tokensOf(names);
  for (std::size_t i = 2; i < tokens.size(); ++i) {
    const bool digit = tokens[i].text[0] >= '0' && tokens[i].text[0] <= '9';
    if (digit && !readWork(names.substr(tokens[i - 1].begin)).numbers.empty())
      return trimmed(names.substr(0, tokens[i - 1].begin));
  }
  return names;
}

constexpr std::array<std::string_view, 4> kMarks = {":", " - ", " / ", ", "};
constexpr std::string_view kCapitals = "capitals";
constexpr std::string_view kBrackets = "brackets";  // "Carol (Smith)"
constexpr std::string_view kTail = "end";           // "Carol - Smith"

// What brackets at the end of the text hold; "" where there are none.
std::string_view lastBracket(std::string_view text) {
  if (!text.ends_with(')') && !text.ends_with(']')) return {};
  const std::size_t open = text.find_last_of("([");
  if (open == std::string_view::npos || open == 0) return {};
  return text.substr(open + 1, text.size() - open - 2);
}

}  // namespace

bool mayBeginName(std::string_view word) {
  const std::vector<Token> tokens = tokensOf(word);
  if (tokens.empty() || (tokens[0].text[0] >= '0' && tokens[0].text[0] <= '9')) return false;
  return !wordOf(tokens[0].text).known();
}

const std::vector<Credit>& TitlePeople::known(std::string_view text) {
  static const std::vector<Credit> kNobody;
  if (text.size() > kLongestNames) return kNobody;
  const auto [at, fresh] = names_.try_emplace(std::string(text));
  if (!fresh || !mayBeNames(text)) return at->second;
  const std::vector<std::string> field = {std::string(text)};
  std::vector<Credit> credits = authority_.read(field, {});
  const bool known = std::all_of(credits.begin(), credits.end(), [](const Credit& credit) {
    return credit.known || isNobodysName(credit.name) || credit.marked;
  });
  if (known && !credits.empty() && credits[0].role == CreditRole::composer)
    at->second = std::move(credits);
  return at->second;
}

const std::vector<Credit>& TitlePeople::surely(std::string_view text, std::string_view rest) {
  static const std::vector<Credit> kNobody;
  const std::vector<Credit>& credits = known(text);
  const bool sure = std::all_of(credits.begin(), credits.end(), [](const Credit& credit) {
    return credit.role == CreditRole::arranger || credit.confidence >= kSurelyMeant;
  });
  if (sure || credits.empty()) return credits;
  // "FRANCK Violin Sonata": many are called so, but he has written one.
  const Title title = rest.empty() ? Title() : readTitle(rest);
  const bool his =
      !rest.empty() && credits.size() == 1 && known_.find(credits[0].name, title).has_value();
  return his ? credits : kNobody;
}

bool TitlePeople::hasKnownWork(std::string_view rest, const std::vector<Credit>& composers) const {
  const Title title = readTitle(rest);
  return std::any_of(composers.begin(), composers.end(), [&](const Credit& credit) {
    return credit.role == CreditRole::composer && known_.find(credit.name, title).has_value();
  });
}

bool TitlePeople::namesWork(std::string_view rest, const std::vector<Credit>& composers,
                            bool clearly) const {
  const WorkName name = readWork(rest);
  if (name.shape == Shape::cyclic || !name.numbers.empty() || name.key) return true;
  if (!clearly && !name.form.empty()) return true;
  return hasKnownWork(rest, composers);
}

std::vector<Credit> TitlePeople::head(std::string_view text, std::string_view rest) {
  const std::size_t open = text.ends_with(')') ? text.rfind('(') : std::string_view::npos;
  if (open == std::string_view::npos || open == 0) return surely(text, rest);
  const std::vector<Credit>& maker = surely(trimmed(text.substr(0, open)), rest);
  const std::vector<Credit>& whole = known(text);
  // "Bach (CPE)" is another Bach.
  if (maker.empty() || (!whole.empty() && whole[0].name != maker[0].name))
    return surely(text, rest);
  std::vector<Credit> credits = maker;
  const std::string_view inside = text.substr(open + 1, text.size() - open - 2);
  if (inside.find_first_of("0123456789") != std::string_view::npos) return credits;
  for (Credit& other : arrangers(inside, maker[0].name)) credits.push_back(std::move(other));
  return credits;
}

NamedInTitle TitlePeople::headed(std::string_view text, bool clearly) {
  for (const std::string_view mark : kMarks) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) continue;
    const std::string_view rest = trimmed(text.substr(at + mark.size()));
    if (rest.empty()) continue;
    std::vector<Credit> named = head(trimmed(text.substr(0, at)), rest);
    if (named.empty()) continue;
    const bool in_full = std::all_of(named.begin(), named.end(), [](const Credit& credit) {
      return credit.role == CreditRole::arranger || credit.confidence >= kInFull;
    });
    const bool comma = mark[0] == ',';
    if (comma && !in_full && !namesWork(rest, named, clearly)) continue;
    if (clearly && !(in_full && !comma) && !namesWork(rest, named, true)) continue;
    return {std::move(named), std::string(rest), mark};
  }
  return {};
}

NamedInTitle TitlePeople::inCapitals(std::string_view text, const std::vector<Token>& tokens) {
  constexpr std::size_t kLongestName = 4;
  for (std::size_t count = std::min(kLongestName, tokens.size() - 1); count > 0; --count) {
    const std::string_view name = text.substr(0, tokens[count - 1].end);
    const std::string_view rest = text.substr(tokens[count].begin);
    if (!isInCapitals(name) ||
        isInCapitals(text.substr(tokens[count].begin, tokens[count].end - tokens[count].begin)))
      continue;
    const std::vector<Credit>& named = surely(name, rest);
    if (!named.empty()) return {named, std::string(rest), kCapitals};
  }
  return {};
}

NamedInTitle TitlePeople::find(std::string_view title, bool clearly) {
  const std::string plain = plainText(title);
  const std::string_view text = withoutEncore(trimmed(plain));
  NamedInTitle named = headed(text, clearly);
  if (!named.credits.empty()) return named;
  const std::vector<Token> tokens = tokensOf(text);
  if (tokens.size() > 1) named = inCapitals(text, tokens);
  if (!named.credits.empty() && (!clearly || namesWork(named.rest, named.credits, false)))
    return named;
  if (clearly) return {};
  if (const std::string_view inside = lastBracket(text); !inside.empty()) {
    const std::string_view before =
        text.substr(0, static_cast<std::size_t>(inside.data() - text.data()) - 1);
    if (!saysAbout(before)) {
      named.credits = surely(withoutNumber(inside), before);
      if (!named.credits.empty()) return {named.credits, "", kBrackets};
    }
  }
  for (const std::string_view mark : {" - ", " / ", ", ", " by "}) {
    // "Air - Bach, arr. Smith": the names may hold a comma.
    for (const std::size_t at : {text.rfind(mark), text.find(mark)}) {
      if (at == std::string_view::npos || at == 0 || saysAbout(text.substr(0, at))) continue;
      std::string_view names = text.substr(at + mark.size());
      const std::vector<Credit>& at_end = surely(names, text.substr(0, at));
      if (!at_end.empty()) return {at_end, "", mark[1] == '-' ? kTail : std::string_view()};
      // "Sonata No. 8 by Beethoven: 2. Adagio", "Sonata, D. Scarlatti, K. 208"
      names = names.substr(0, names.find_first_of(mark == ", " ? "," : ":,("));
      const std::vector<Credit>& between = surely(trimmed(names), text.substr(0, at));
      if (!between.empty() && (mark != ", " || between[0].confidence >= kInFull))
        return {between, "", ""};
    }
  }
  // "Haydn Variations" are by Brahms.
  if (known_.beginsLikeAWork(tokens)) return {};
  constexpr std::size_t kLongestName = 4;
  for (std::size_t count = std::min(kLongestName, tokens.empty() ? 0 : tokens.size() - 1);
       count > 0; --count) {
    const std::string_view next = tokens[count].text;
    if (wordOf(next).form == "variations" || wordOf(next).form == "rhapsody" ||
        isOneOf(next, {"paraphrase", "reminiscences", "transcription", "year", "festival"}))
      continue;
    std::string_view maker = text.substr(0, tokens[count - 1].end);
    for (const std::string_view of : {"'s", "\xE2\x80\x99s"}) {
      if (maker.ends_with(of)) maker.remove_suffix(of.size());
    }
    const std::string_view rest = text.substr(tokens[count].begin);
    const std::vector<Credit>& at_head = surely(maker, rest);
    if (!at_head.empty() && namesWork(rest, at_head, false))
      return {at_head, std::string(rest), ""};
  }
  return {};
}

const NamedInTitle& TitlePeople::composers(const std::string& title, bool clearly) {
  std::string question = title + (clearly ? "\1" : "\2");
  const auto [at, fresh] = titles_.try_emplace(std::move(question));
  if (!fresh) return at->second;
  at->second = find(title, clearly);
  for (Credit& credit : at->second.credits) {
    credit.confidence = std::min(credit.confidence, 0.85);
    credit.reason = "the title names " + credit.name;
  }
  return at->second;
}

std::pair<std::string_view, std::string_view> TitlePeople::cutAt(std::string_view text,
                                                                 std::string_view mark) {
  if (mark == kCapitals) {
    const std::vector<Token> tokens = tokensOf(text);
    std::size_t count = 0;
    while (count < tokens.size() &&
           isInCapitals(text.substr(tokens[count].begin, tokens[count].end - tokens[count].begin)))
      ++count;
    if (count < 2 || count == tokens.size()) return {};
    return {text.substr(0, tokens[count - 1].end), text.substr(tokens[count].begin)};
  }
  if (mark == kBrackets) {
    return {lastBracket(text), {}};
  }
  if (mark == kTail) {
    const std::size_t dash = text.rfind(" - ");
    if (dash == std::string_view::npos) return {};
    return {trimmed(text.substr(dash + 1)), {}};
  }
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return {};
  return {trimmed(text.substr(0, at)), trimmed(text.substr(at + mark.size()))};
}

NamedInTitle TitlePeople::asOthers(const std::string& title, std::string_view mark, bool usual) {
  const std::string plain = plainText(title);
  const std::string_view text = withoutEncore(trimmed(plain));
  const auto [name, rest] = cutAt(text, mark);
  if (name.empty() || (rest.empty() && mark != kBrackets && mark != kTail)) return {};
  const bool person =
      looksLikeAPerson(name, usual && !rest.empty() && !known_.beginATitle(tokensOf(name)));
  NamedInTitle named;
  named.credits = surely(name, rest);
  if (named.credits.empty() && !person) return {};
  if (named.credits.empty()) {
    const std::vector<std::string> field = {std::string(name)};
    named.credits = authority_.read(field, {});
  }
  for (Credit& credit : named.credits) {
    credit.confidence = std::min(credit.confidence, 0.7);
    credit.reason = "the title has the name where others of the album have composers'";
  }
  named.rest = rest;
  named.mark = mark;
  return named;
}

bool TitlePeople::looksLikeAPerson(std::string_view name, bool any_given) const {
  constexpr std::size_t kMostWords = 5;
  const std::vector<Token> tokens = tokensOf(name);
  if (tokens.size() < 2 || tokens.size() > kMostWords || !mayBeNames(name) || namesEnsemble(name))
    return false;
  constexpr std::size_t kParticle = 3;  // "van", "de"
  const bool capitals = std::all_of(tokens.begin(), tokens.end(), [&](const Token& token) {
    return !(name[token.begin] >= 'a' && name[token.begin] <= 'z') ||
           token.text.size() <= kParticle;
  });
  const bool fillers = std::any_of(tokens.begin(), tokens.end(), [](const Token& token) {
    return wordOf(token.text).filler && token.text.size() > 1 && token.text != "von" &&
           token.text != "de" && token.text != "da" && token.text != "di" && token.text != "del";
  });
  const bool given = tokens[0].text.size() == 1 || authority_.isGivenName(tokens[0].text);
  return capitals && (given || (any_given && !fillers));
}

NamedInTitle TitlePeople::oneOf(const std::vector<Credit>& listed, const std::string& title) {
  const std::string plain = plainText(title);
  const std::string_view text = withoutEncore(trimmed(plain));
  for (const std::string_view mark : kMarks) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) continue;
    const std::string_view name = trimmed(text.substr(0, at));
    const std::size_t open = name.ends_with(')') ? name.rfind('(') : name.size();
    const std::vector<Token> said = tokensOf(name.substr(0, open));
    const auto isMeant = [&](const Credit& credit) {
      const std::vector<Token> own = tokensOf(credit.name + ' ' + credit.written);
      return std::any_of(said.begin(), said.end(),
                         [](const Token& word) { return word.text.size() > 2; }) &&
             std::all_of(said.begin(), said.end(), [&](const Token& word) {
               return std::any_of(own.begin(), own.end(), [&](const Token& other) {
                 return other.text == word.text ||
                        (word.text.size() == 1 && other.text[0] == word.text[0]);
               });
             });
    };
    const auto meant = std::find_if(listed.begin(), listed.end(), isMeant);
    if (meant == listed.end() || std::count_if(listed.begin(), listed.end(), isMeant) > 1) continue;
    NamedInTitle named{{*meant}, std::string(trimmed(text.substr(at + mark.size()))), mark};
    named.credits[0].role = CreditRole::composer;
    named.credits[0].reason = "of those in the field, the title names " + meant->name;
    if (open < name.size()) {
      for (Credit& other : arrangers(name.substr(open + 1, name.size() - open - 2), meant->name))
        named.credits.push_back(std::move(other));
    }
    return named;
  }
  return {};
}

const std::vector<Credit>& TitlePeople::makers(std::string_view said) {
  return surely(trimmed(said));
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
