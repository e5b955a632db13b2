// Finding the one person that a spelling means.
#include <algorithm>
#include <cstdlib>

#include "attacca/archive/people.h"

#include "name_index.h"

namespace attacca::archive {
namespace {

using Index = NameAuthority::Index;

// How surely each way of writing a name means the person; the order is what matters.
constexpr double kSpelled = 1;
constexpr double kGivenPart = 0.97;
constexpr double kInitials = 0.95;
constexpr double kSound = 0.93;
constexpr double kSurname = 0.9;
constexpr double kFamousSurname = 0.85;
constexpr double kTypo = 0.85;
constexpr double kMoreNames = 0.8;
constexpr double kCommonSurname = 0.7;
constexpr double kFamousOfMany = 0.6;
constexpr int kYearsSlack = 3;

bool isPatronymic(std::string_view word) {
  for (const std::string_view ending : {"vich", "vitch", "witsch", "vitsch", "wicz", "evic", "ovic",
                                        "ovna", "evna", "yich", "lich"}) {
    if (word.size() > ending.size() + 2 && word.substr(word.size() - ending.size()) == ending)
      return true;
  }
  return false;
}

// "Frz." is "Franz", "Wm" is "William": its letters in order, the first one in its place.
bool abbreviates(const NameWord& word, std::string_view name) {
  const std::string& text = word.text;
  if (text.size() < 2 || text.size() >= name.size() || text[0] != name[0]) return false;
  if (!word.dotted && text.find_first_of("aeiouy") != std::string::npos) return false;
  std::size_t at = 0;
  for (const char c : text) {
    at = name.find(c, at);
    if (at == std::string_view::npos) return false;
    ++at;
  }
  return true;
}

int allowedEdits(std::size_t length) { return length < 4 ? 0 : length < 10 ? 1 : 2; }

struct Candidate {
  std::uint32_t person = 0;
  int score = 0;
  bool bare = false;
  bool initials = false;
  bool exact_given = true;
  int unmatched = 0;
  bool covered = false;
  const NameForm* form = nullptr;
};

enum class Tier { spelled, sound, typo };

class Search {
 public:
  Search(const Index& index, const SpelledName& name) : index_(index), name_(name) {}

  Match run() {
    if (auto match = wholeName()) return *match;
    for (const Tier tier : {Tier::spelled, Tier::sound, Tier::typo}) {
      candidates_.clear();
      surname_seen_ = false;
      collect(tier);
      if (auto match = choose(tier)) return *match;
      // A surname that is there, with a given name that none of its people bears, is someone else.
      if (surname_seen_ && tier == Tier::spelled) break;
    }
    return {};
  }

 private:
  std::string joined(std::size_t from, std::size_t to) const {
    std::string key;
    for (std::size_t i = from; i < to; ++i) key += name_.words[i].text;
    return key;
  }

  bool yearsAgree(std::uint32_t person) const {
    const Person& one = index_.people[person];
    const auto differ = [](std::optional<int> a, std::optional<int> b) {
      return a && b && std::abs(*a - *b) > kYearsSlack;
    };
    return !differ(one.born, name_.born) && !differ(one.died, name_.died);
  }

  bool generationsAgree(std::uint32_t person) const {
    const int one = index_.generations[person];
    const int other = generationOf(name_.suffix);
    return one == 0 || other == 0 || one == other;
  }

  Match found(std::uint32_t person, double confidence, std::string reason) const {
    return {&index_.people[person], confidence, std::move(reason), {}};
  }

  std::optional<Match> wholeName() const {
    SpelledName turned = name_;
    if (turned.comma > 0) {
      std::rotate(turned.words.begin(),
                  turned.words.begin() + static_cast<std::ptrdiff_t>(turned.comma),
                  turned.words.end());
      turned.comma = 0;
    }
    const std::string key = wholeKey(turned);
    const auto holders = index_.whole.find(key);
    if (holders != index_.whole.end()) {
      std::vector<NameClaim> fitting;
      std::copy_if(holders->second.begin(), holders->second.end(), std::back_inserter(fitting),
                   [&](const NameClaim& one) { return yearsAgree(one.person); });
      const auto claiming = std::find_if(fitting.begin(), fitting.end(),
                                         [](const NameClaim& one) { return one.claims; });
      if (claiming != fitting.end()) {
        Match match = found(claiming->person, kFamousSurname, "the best known of that name");
        match.others = bearersOf(key, claiming->person);
        return match;
      }
      if (fitting.size() == 1) {
        if (turned.words.size() == 1 &&
            index_.people[fitting[0].person].name.find(' ') != std::string::npos) {
          return isCommonSurname(key)
                     ? found(fitting[0].person, kCommonSurname, "surname alone, which many bear")
                     : found(fitting[0].person, kSurname, "known by this name alone");
        }
        return found(fitting[0].person, kSpelled, "known by this name");
      }
    }
    if (turned.words.size() < 2) return std::nullopt;
    const auto sounds = index_.whole_sounds.find(wholeSound(turned));
    if (sounds == index_.whole_sounds.end() || sounds->second.size() != 1 ||
        !yearsAgree(sounds->second[0]))
      return std::nullopt;
    return found(sounds->second[0], kSound, "the same name in another transliteration");
  }

  // Who else has the surname.
  std::vector<const Person*> bearersOf(const std::string& surname, std::uint32_t but) const {
    std::vector<const Person*> others;
    const auto forms = index_.by_surname.find(surname);
    if (forms == index_.by_surname.end()) return others;
    for (const std::uint32_t form : forms->second) {
      const std::uint32_t person = index_.forms[form].person;
      const Person* one = &index_.people[person];
      if (person != but && std::find(others.begin(), others.end(), one) == others.end())
        others.push_back(one);
    }
    return others;
  }

  void collect(Tier tier) {
    const std::size_t count = name_.words.size();
    if (name_.comma > 0) {
      tryForms(tier, 0, name_.comma, name_.comma, count);
      return;
    }
    for (std::size_t length = std::min<std::size_t>(count, 4); length > 0; --length) {
      tryForms(tier, count - length, count, 0, count - length);
      if (length < count && tier != Tier::typo)
        tryForms(tier, 0, length, length, count);  // "Bach J. S."
    }
  }

  void tryForms(Tier tier, std::size_t from, std::size_t to, std::size_t given_from,
                std::size_t given_to) {
    const std::string surname = joined(from, to);
    const std::vector<NameWord> given(name_.words.begin() + static_cast<std::ptrdiff_t>(given_from),
                                      name_.words.begin() + static_cast<std::ptrdiff_t>(given_to));
    if (tier == Tier::typo) {
      tryTypos(surname, given);
      return;
    }
    const auto& map = tier == Tier::spelled ? index_.by_surname : index_.by_sound;
    const std::string key = tier == Tier::spelled ? surname : soundOf(surname);
    if (tier == Tier::sound) {
      // What sounds alike must be long enough to be no accident.
      const bool initials = !given.empty() && given[0].text.size() == 1;
      if (key.size() < (given.empty() ? 5U : initials ? 6U : 4U)) return;
    }
    const auto forms = map.find(key);
    if (forms == map.end()) return;
    // "Bach" before given names, or any surname of some length, is that surname.
    if (from > 0 || name_.comma > 0) surname_seen_ = true;
    for (const std::uint32_t form : forms->second) add(index_.forms[form], given, 0, to < given_to);
  }

  void tryTypos(const std::string& surname, const std::vector<NameWord>& given) {
    // A surname alone: a slip must leave most of it; of five letters, two may have changed places.
    constexpr std::size_t kSwapOnly = 5;
    const bool alone = given.empty();
    const int most = !alone                       ? allowedEdits(surname.size())
                     : surname.size() < kSwapOnly ? 0
                     : surname.size() < 10        ? 1
                                                  : 2;
    if (most == 0) return;
    const std::uint32_t letters = letterMask(surname);
    for (std::size_t i = 0; i < index_.forms.size(); ++i) {
      // More than two letters for each edit that only one of them has: clear them bit by bit.
      std::uint32_t differing = index_.letters[i] ^ letters;
      for (int bit = 0; bit < 2 * most; ++bit) differing &= differing - 1;
      if (differing != 0) continue;
      const NameForm& form = index_.forms[i];
      if (alone && form.surname[0] != surname[0]) continue;  // "Lerman" is not "German"
      if (alone && surname.size() == kSwapOnly &&
          (form.surname.size() != kSwapOnly || index_.letters[i] != letters)) {
        continue;
      }
      const int edits =
          editDistance(surname, form.surname, std::min(most, allowedEdits(form.surname.size())));
      if (edits > std::min(most, allowedEdits(form.surname.size()))) continue;
      add(form, given, edits, false);
    }
  }

  void add(const NameForm& form, const std::vector<NameWord>& given, int edits, bool turned) {
    const GivenFit fit = fitGiven(index_, form, given);
    if (fit.score == 0) return;
    if (turned && name_.comma == 0 && (!fit.exact || fit.unmatched > 0)) return;
    // Two doubtful halves do not make a name.
    if (edits > 0 && !given.empty()) {
      if (!fit.exact || fit.unmatched > 0) return;
      if (fit.translated && form.surname.size() < 7) return;  // "Hans Brahm"
      if (fit.initials && static_cast<int>(form.surname.size()) < 6 * edits) return;
    }
    if (!yearsAgree(form.person) || !generationsAgree(form.person)) return;
    Candidate one{form.person, fit.score - 40 * edits, given.empty(), fit.initials,
                  fit.exact,   fit.unmatched,          fit.covered,   &form};
    const auto known = std::find_if(candidates_.begin(), candidates_.end(),
                                    [&](const Candidate& c) { return c.person == one.person; });
    if (known == candidates_.end()) {
      candidates_.push_back(one);
    } else if (std::pair(-one.unmatched, one.score) > std::pair(-known->unmatched, known->score)) {
      *known = one;
    }
  }

  std::optional<Match> choose(Tier tier) {
    if (candidates_.empty()) return std::nullopt;
    std::vector<Candidate> fitting;
    std::copy_if(candidates_.begin(), candidates_.end(), std::back_inserter(fitting),
                 [](const Candidate& c) { return c.unmatched == 0; });
    bool more_names = false;
    if (fitting.empty()) {
      // A fuller name than the authority has: only where nobody else could be meant.
      if (tier != Tier::spelled || candidates_.size() != 1 || !candidates_[0].covered)
        return std::nullopt;
      fitting = candidates_;
      more_names = true;
    }
    std::stable_sort(fitting.begin(), fitting.end(),
                     [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
    const Candidate& best = fitting[0];
    if (fitting.size() > 1 && (best.bare || fitting[1].score == best.score)) {
      const auto famous = std::find_if(fitting.begin(), fitting.end(), [&](const Candidate& c) {
        return (c.bare || c.score == best.score) && index_.claims(c.person, c.form->surname);
      });
      if (famous != fitting.end()) {
        Match match = named(*famous, tier, kFamousOfMany, "the best known of those it could be");
        for (const Candidate& c : fitting) {
          if (c.person != famous->person) match.others.push_back(&index_.people[c.person]);
        }
        return match;
      }
      Match match{nullptr, 0, "could be more than one person", {}};
      for (const Candidate& c : fitting) match.others.push_back(&index_.people[c.person]);
      return match;
    }
    if (more_names) return named(best, tier, kMoreNames, "surname and first name agree");
    if (best.bare) {
      return isCommonSurname(best.form->surname)
                 ? named(best, tier, kCommonSurname, "surname alone, which many bear")
                 : named(best, tier, kSurname, "surname alone");
    }
    if (!best.exact_given) return named(best, tier, kTypo, "surname agrees, given name nearly");
    if (best.initials) return named(best, tier, kInitials, "surname and initials agree");
    return named(best, tier, kGivenPart, "surname and given name agree");
  }

  Match named(const Candidate& best, Tier tier, double confidence, std::string reason) const {
    if (tier == Tier::sound) reason += ", in another transliteration";
    if (tier == Tier::typo) reason += ", with a slip in the spelling";
    const double doubt = tier == Tier::sound ? kSound : tier == Tier::typo ? kTypo : 1;
    return found(best.person, confidence * doubt, std::move(reason));
  }

  const Index& index_;
  const SpelledName& name_;
  std::vector<Candidate> candidates_;
  bool surname_seen_ = false;
};

SpelledName withInitialsApart(const SpelledName& name) {
  SpelledName apart = name;
  apart.words.clear();
  for (std::size_t i = 0; i < name.words.size(); ++i) {
    if (i == name.comma && i > 0) apart.comma = apart.words.size();
    if (!name.words[i].upper) {
      apart.words.push_back(name.words[i]);
      continue;
    }
    for (const char letter : name.words[i].text)
      apart.words.push_back({std::string(1, letter), true, false, false});
  }
  return apart;
}

}  // namespace

GivenFit fitGiven(const Index& index, const NameForm& form, const std::vector<NameWord>& given) {
  GivenFit fit;
  fit.score = 100 - (form.alias ? 1 : 0) - static_cast<int>(form.given.size());
  std::size_t next = 0;
  int matched = 0;
  bool first = false;
  for (const NameWord& word : given) {
    int best = 0;
    std::size_t at = 0;
    for (std::size_t j = next; j < form.given.size() && best == 0; ++j) {
      const std::string& own = form.given[j];
      const int word_class = index.givenClass(word.text);
      if (word.text == own) {
        best = 10;
      } else if (word.text.size() == 1 || (own.size() == 1 && word_class >= 0)) {
        if (word.text[0] == own[0]) best = 4;
      } else if (word_class >= 0 && word_class == index.givenClass(own)) {
        best = 9;
      } else if (abbreviates(word, own)) {
        best = 7;
      } else if (soundOf(word.text) == soundOf(own)) {
        best = 8;
      } else if (word_class < 0 && editDistance(word.text, own, allowedEdits(own.size())) <=
                                       allowedEdits(own.size())) {
        best = 3;
      }
      at = j;
    }
    // "Sebastian Bach", but nobody is called by a middle name that only his fullest name has.
    if (form.alias && matched == 0 && at > 0) best = 0;
    if (best == 0) {
      if (!isPatronymic(word.text) || matched == 0) ++fit.unmatched;
      continue;
    }
    if (at == 0 && best >= 8 && fit.unmatched == 0) first = true;
    if (at == 0) fit.score += 5;
    if (best == 3) fit.exact = false;
    if (best == 4) fit.initials = true;
    if (best == 9) fit.translated = true;
    fit.score += best + 1;
    ++matched;
    next = at + 1;
  }
  if (!given.empty() && matched == 0) fit.score = 0;
  fit.covered = first && matched == static_cast<int>(form.given.size());
  return fit;
}

Match NameAuthority::match(std::string_view spelling) const {
  SpelledName name = takeApart(repairText(spelling));
  if (name.words.empty()) return {};
  takeSuffix(name);
  Match match = Search(*index_, name).run();
  if (match.person == nullptr && match.others.empty() &&
      std::any_of(name.words.begin(), name.words.end(),
                  [](const NameWord& word) { return word.upper; })) {
    match = Search(*index_, withInitialsApart(name)).run();
  }
  return match;
}

}  // namespace attacca::archive
