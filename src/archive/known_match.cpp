// Which known work a title means.
#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "known_works.h"

namespace attacca::archive {
namespace {

Phrase wordsOf(std::string_view text) {
  Phrase words;
  for (Token& token : tokensOf(text)) words.push_back(std::move(token.text));
  return words;
}

bool similar(std::string_view a, std::string_view b) {
  if (a == b) return true;
  // "2" and "two"
  const int number = plainNumber(a) != 0 ? plainNumber(a) : wordOf(a).number;
  if (number != 0 && number == (plainNumber(b) != 0 ? plainNumber(b) : wordOf(b).number))
    return true;
  constexpr std::size_t kLong = 5;
  constexpr std::size_t kVeryLong = 9;
  const std::size_t shorter = std::min(a.size(), b.size());
  if (shorter < kLong) return false;
  if (within(a, b, shorter < kVeryLong ? 1 : 2)) return true;
  // "Valse" and "Walzer" are one word.
  const Word& word = wordOf(a);
  return !word.form.empty() && word.form == wordOf(b).form;
}

bool sameWord(std::string_view a, std::string_view b) {
  if (similar(a, b)) return true;
  const Word& word = wordOf(a);
  return !word.form.empty() && word.form == wordOf(b).form;
}

template <typename Same>
bool holds(const std::vector<std::string>& tokens, const Phrase& phrase, std::size_t at,
           Same same) {
  if (at + phrase.size() > tokens.size()) return false;
  for (std::size_t i = 0; i < phrase.size(); ++i) {
    if (!same(tokens[at + i], phrase[i])) return false;
  }
  return true;
}

// Words that tell what music it is: without those for key, instruments and number.
std::vector<std::string> content(const std::vector<std::string>& tokens) {
  std::vector<std::string> words;
  for (const std::string& token : tokens) {
    const Word& word = wordOf(token);
    const bool skip = (word.filler && !word.movement && word.form.empty()) ||
                      (word.instruments != 0 && word.form.empty()) || token.size() == 1 ||
                      word.number != 0 || plainNumber(token) != 0;
    if (!skip) words.push_back(token);
  }
  return words;
}

std::string_view digitsOf(std::string_view number) {
  std::size_t end = 0;
  while (end < number.size() && number[end] >= '0' && number[end] <= '9') ++end;
  return number.substr(0, end);
}

enum class Numbers { silent, agree, roughly, differ };

struct NumberMatch {
  Numbers verdict = Numbers::silent;
  std::string part;
};

NumberMatch compare(const KnownWork& work, const WorkName& name) {
  NumberMatch result;
  for (const CatalogueNumber& written : name.numbers) {
    for (const CatalogueNumber& known : work.numbers) {
      if (written.scheme.empty() && written.number == known.number) return {Numbers::agree, ""};
      if (written.scheme != known.scheme) continue;
      // The part is the work's own ("Op. 29 No. 2"), and says no movement.
      if (written == known) return {Numbers::agree, ""};
      if (written.sameNumber(known)) {
        if (work.set && known.part.empty()) return {Numbers::agree, written.part};
        // "Sonata No. 3, Op. 27" is Op. 27 No. 3; "Op. 81 No. 2" is a part of Op. 81.
        if (written.part.empty() && (plainNumber(known.part) == name.number ||
                                     (name.key && !differ(name.key, work.name.key)))) {
          return {Numbers::agree, ""};
        }
        if (known.part.empty()) return {Numbers::agree, written.part};
      }
      // An arrangement by the composer has the number and a letter: Op. 110a.
      const std::string_view a = digitsOf(written.number);
      const std::string_view b = digitsOf(known.number);
      if (!a.empty() && a == b && written.part == known.part && written.scheme == "Op." &&
          !work.set) {
        result.verdict = Numbers::roughly;
      } else if (result.verdict == Numbers::silent) {
        result.verdict = Numbers::differ;
      }
    }
  }
  return result;
}

// A catalogue number of a catalogue in which the work has none.
bool hasOtherNumber(const KnownWork& work, const WorkName& name) {
  return work.numbers.empty() && !name.numbers.empty();
}

}  // namespace

int movementNamed(const KnownWork& work, std::string_view movement) {
  const Phrase words = wordsOf(movement);
  if (words.empty()) return 0;
  int best = 0;
  std::size_t best_length = 0;
  bool tied = false;
  for (std::size_t i = 0; i < work.movements.size(); ++i) {
    std::size_t length = 0;
    for (const Phrase& name : work.movements[i].names) {
      std::size_t same = 0;
      while (same < name.size() && same < words.size() && sameWord(words[same], name[same])) ++same;
      // The beginning of the name, or all of it somewhere: "Finale: Rondo" is "Rondo".
      if (same < name.size() && same < words.size()) same = 0;
      if (same == 0 && !name.empty()) {
        for (std::size_t at = 1; at < words.size() && same == 0; ++at) {
          if (holds(words, name, at, sameWord)) same = name.size();
        }
        if (same > 0) same = same * 2 - 1;
      } else {
        same = same * 2 + (same == words.size() && same == name.size() ? 1 : 0);
      }
      length = std::max(length, same);
    }
    if (length == 0) continue;
    tied = length == best_length;
    if (length > best_length) {
      best_length = length;
      best = static_cast<int>(i) + 1;
      tied = false;
    }
  }
  if (tied || best == 0) return 0;
  // "Adagio and Fugue" are two movements, unless one is called so.
  const auto joins = [](const std::string& word) {
    return word == "and" || word == "und" || word == "et";
  };
  const std::vector<Phrase>& names = work.movements[static_cast<std::size_t>(best) - 1].names;
  const bool two = std::any_of(words.begin(), words.end(), joins) &&
                   std::none_of(names.begin(), names.end(), [&](const Phrase& name) {
                     return std::any_of(name.begin(), name.end(), joins);
                   });
  const auto at = std::find_if(words.begin(), words.end(), joins);
  if (two && at + 1 < words.end() && wordOf(*(at + 1)).movement) return 0;
  return best;
}

const KnownWork* KnownWorks::unmistakable(const Title& title, bool credited) const {
  const std::vector<std::string>& tokens = title.work.tokens;
  // "Le Cygne", and not "Le Cygne noir": names and title of the work say all that the title does.
  const auto says_all = [words = content(tokens)](const KnownWork& work) {
    return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
      const auto has = [&](const Phrase& name) {
        return std::find(name.begin(), name.end(), word) != name.end();
      };
      return has(work.name.tokens) || std::any_of(work.aliases.begin(), work.aliases.end(), has);
    });
  };
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    const auto entries = unmistakable_.find(tokens[at]);
    if (entries == unmistakable_.end()) continue;
    for (const Index::Entry& entry : entries->second) {
      const KnownWork& work = works_[entry.work];
      if (entry.uncredited && (credited || !says_all(work))) continue;
      // Fauré's "Clair de lune, Op. 46 No. 2" is not Debussy's.
      if (holds(tokens, *entry.phrase, at, std::equal_to<>()) &&
          compare(work, title.work).verdict != Numbers::differ &&
          !hasOtherNumber(work, title.work) && !differ(title.work.key, work.name.key))
        return &work;
    }
  }
  return nullptr;
}

bool KnownWorks::beginsLikeAWork(std::span<const Token> words) const {
  std::vector<std::string> tokens;
  for (const Token& word : words) tokens.push_back(word.text);
  if (tokens.empty()) return false;
  return std::any_of(by_composer_.begin(), by_composer_.end(), [&](const auto& composer) {
    // A composer's own "Pachelbel Canon" says who made it.
    const std::vector<Token> own = tokensOf(composer.first);
    if (!own.empty() && own.back().text == tokens[0]) return false;
    const auto entries = composer.second.phrases.find(tokens[0]);
    return entries != composer.second.phrases.end() &&
           std::any_of(entries->second.begin(), entries->second.end(), [&](const auto& entry) {
             return entry.movement == 0 && entry.phrase->size() > 1 &&
                    holds(tokens, *entry.phrase, 0, std::equal_to<>());
           });
  });
}

bool KnownWorks::beginATitle(std::span<const Token> words) const {
  const auto begins = [&](const std::vector<std::string>& title) {
    return title.size() >= words.size() &&
           std::equal(
               words.begin(), words.end(), title.begin(),
               [](const Token& word, const std::string& other) { return word.text == other; });
  };
  return std::any_of(works_.begin(), works_.end(), [&](const KnownWork& work) {
    return begins(work.name.tokens) ||
           std::any_of(work.aliases.begin(), work.aliases.end(), begins);
  });
}

std::optional<KnownWorks::Found> KnownWorks::find(std::string_view composer,
                                                  const Title& title) const {
  const auto found = by_composer_.find(composer);
  if (found == by_composer_.end()) return std::nullopt;
  const Index& index = found->second;
  const WorkName& name = title.work;
  struct Candidate {
    double score = 0;
    Found found;
  };
  std::vector<Candidate> candidates;
  const auto propose = [&](std::size_t i, double score, double confidence, std::string reason,
                           int movement = 0, std::string part = "") {
    for (Candidate& other : candidates) {
      if (other.found.work != &works_[i]) continue;
      if (other.found.movement == 0) other.found.movement = movement;
      if (movement == 0) movement = other.found.movement;
      if (score > other.score)
        other = {score,
                 {&works_[i], std::move(part), movement, score, confidence, std::move(reason)}};
      return;
    }
    candidates.push_back(
        {score, {&works_[i], std::move(part), movement, score, confidence, std::move(reason)}});
  };

  const std::vector<std::string> words = content(name.tokens);
  const auto phrases = [&](bool exactly) {
    for (std::size_t at = 0; at < name.tokens.size(); ++at) {
      const auto consider = [&](const Index::Entry& entry) {
        const KnownWork& work = works_[entry.work];
        const NumberMatch numbers = compare(work, name);
        if (numbers.verdict == Numbers::differ) return;
        const bool holding = exactly ? holds(name.tokens, *entry.phrase, at, std::equal_to<>())
                                     : holds(name.tokens, *entry.phrase, at, similar);
        if (!holding) return;
        // One word that is a form or a movement's name must be all that is said.
        const bool plain = entry.phrase->size() == 1 && wordOf(entry.phrase->front()).known();
        const bool alone = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
          const auto& its = work.name.tokens;
          return std::find(entry.phrase->begin(), entry.phrase->end(), word) !=
                     entry.phrase->end() ||
                 word == "theme" || std::find(its.begin(), its.end(), word) != its.end() ||
                 (!exactly && content(*entry.phrase).size() >= words.size());
        });
        if (entry.movement != 0 && !alone && entry.phrase->size() < 3) {
          if (words.size() > entry.phrase->size() && name.form != work.name.form) return;
        }
        if (plain && !alone) return;
        if (entry.movement == 0 && differ(name.key, work.name.key)) return;
        // "Razumovsky Quartet No. 1" has a number of its own in its name.
        const bool numbered =
            exactly && entry.phrase->size() > 1 && plainNumber(entry.phrase->back()) == name.number;
        if (name.number != 0 && work.name.number != 0 && name.number != work.name.number &&
            name.form == work.name.form && !numbered)
          return;
        const double length = static_cast<double>(entry.phrase->size());
        propose(entry.work, (exactly ? 3.0 : 2.6) + 0.2 * length - (entry.movement != 0 ? 0.5 : 0),
                exactly ? 0.95 : 0.8, fmt::format("the title names \"{}\"", work.title),
                entry.movement,
                work.set && name.number != 0 ? std::to_string(name.number) : std::string());
      };
      if (exactly) {
        if (const auto entries = index.phrases.find(name.tokens[at]);
            entries != index.phrases.end()) {
          for (const Index::Entry& entry : entries->second) consider(entry);
        }
      } else if (!wordOf(name.tokens[at]).filler) {
        const std::string_view letter = std::string_view(name.tokens[at]).substr(0, 1);
        for (auto same = index.phrases.lower_bound(letter);
             same != index.phrases.end() && same->first.starts_with(letter); ++same) {
          if (!similar(same->first, name.tokens[at])) continue;
          for (const Index::Entry& entry : same->second) consider(entry);
        }
      }
    }
  };
  phrases(true);

  int of_form = 0;
  for (const std::size_t i : index.works)
    of_form +=
        works_[i].name.form == name.form && agree(works_[i].name.instruments, name.instruments) > 0
            ? 1
            : 0;
  for (const std::size_t i : index.works) {
    const KnownWork& work = works_[i];
    const NumberMatch numbers = compare(work, name);
    if (numbers.verdict == Numbers::differ) continue;
    const bool key_differs = differ(name.key, work.name.key);
    if (numbers.verdict == Numbers::agree || numbers.verdict == Numbers::roughly) {
      // The number of one of many spellings may be a slip; the key then says so.
      if (key_differs && name.form != work.name.form && !work.set) continue;
      const bool rough = numbers.verdict == Numbers::roughly;
      std::string part = work.set ? numbers.part : std::string();
      if (work.set && part.empty() && name.number != 0) part = std::to_string(name.number);
      if (work.set && part.empty() && title.movement_number != 0 &&
          (title.set_number || name.shape == Shape::piece))
        part = std::to_string(title.movement_number);
      propose(i, (rough ? 4.0 : 5.0) + (work.set ? -0.5 : 0) - (key_differs ? 1 : 0),
              key_differs ? 0.7
              : rough     ? 0.85
                          : 0.98,
              rough ? "the catalogue number is that of its arrangement by the composer"
                    : "the catalogue number is its own",
              work.set ? 0 : plainNumber(numbers.part), std::move(part));
      continue;
    }
    if (name.form.empty() || name.form != work.name.form || key_differs) continue;
    const int instruments = agree(name.instruments, work.name.instruments);
    if (instruments < 0) continue;
    const bool number_same = name.number != 0 && name.number == work.name.number;
    if (name.number != 0 && work.name.number != 0 && !number_same) continue;
    if (work.set) {
      // "Caprice No. 24": sets of which the title's words say no other.
      if (name.number == 0 || name.shape != Shape::piece ||
          !std::all_of(name.words.begin(), name.words.end(), [&](const std::string& word) {
            return std::find(work.name.words.begin(), work.name.words.end(), word) !=
                   work.name.words.end();
          })) {
        continue;
      }
      propose(i, 2.5, 0.8, fmt::format("a numbered piece of \"{}\"", work.title), 0,
              std::to_string(name.number));
      continue;
    }
    // Names that the title has and the work has not are of another work.
    const auto strange =
        std::count_if(name.words.begin(), name.words.end(), [&](const std::string& word) {
          return std::find(work.name.words.begin(), work.name.words.end(), word) ==
                 work.name.words.end();
        });
    const bool key_same = name.key && work.name.key;
    if (!key_same && !number_same && (instruments < 1 || of_form > 1 || strange > 0)) continue;
    if (strange > 1) continue;
    propose(i,
            2.0 + (key_same ? 0.4 : 0) + (number_same ? 0.5 : 0) + (instruments > 0 ? 0.3 : 0) -
                (strange > 0 ? 0.5 : 0),
            0.85,
            key_same && number_same ? "form, number and key are its own"
            : key_same              ? "form and key are its own"
            : number_same           ? "form and number are its own"
                          : "the only one of this form for these instruments that is known");
  }
  constexpr std::size_t kShort = 2;
  if (candidates.empty() && (!name.words.empty() || name.tokens.size() <= kShort)) phrases(false);
  if (candidates.empty()) return std::nullopt;
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
  constexpr double kClear = 0.15;
  if (candidates.size() > 1 && candidates[0].score - candidates[1].score < kClear)
    return std::nullopt;
  Found best = std::move(candidates[0].found);
  // A piece of a set must say which, of those that there are.
  const int most = best.work->pieces;
  const bool none = best.part.empty() || (most > 0 && plainNumber(best.part) > most);
  if (best.work->set && none) return std::nullopt;
  return best;
}

}  // namespace attacca::archive
