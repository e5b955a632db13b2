// People whom the authority does not know, written in more than one way.
#include <algorithm>

#include "attacca/archive/people.h"

#include "name_text.h"

namespace attacca::archive {
namespace {

struct Spelling {
  std::string name;
  std::vector<std::string> sounds;  // given names, then surname
  std::string key;                  // the sounds joined
  int quality = 0;                  // which spelling stands for the group
};

Spelling spell(const std::string& name) {
  SpelledName taken = takeApart(repairText(name));
  if (taken.comma > 0) {
    std::rotate(taken.words.begin(), taken.words.begin() + static_cast<std::ptrdiff_t>(taken.comma),
                taken.words.end());
  }
  Spelling spelling{name, {}, {}, 0};
  for (const NameWord& word : taken.words) {
    spelling.sounds.push_back(soundOf(word.text));
    spelling.key += spelling.sounds.back() + ' ';
    spelling.quality += word.text.size() > 1 ? 10 : 5;
  }
  const bool lower =
      std::any_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  const bool upper =
      std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  const bool accents =
      std::any_of(name.begin(), name.end(), [](char c) { return static_cast<signed char>(c) < 0; });
  spelling.quality += (lower && upper ? 4 : 0) + (accents ? 2 : 0) + (taken.comma == 0 ? 1 : 0);
  return spelling;
}

// "J. Smith" and "Smith" may be short for "John Smith"; "John Smith" for "John Robert Smith".
bool mayBeShortFor(const Spelling& brief, const Spelling& full) {
  if (brief.sounds.empty() || full.sounds.size() < 2 || brief.key == full.key ||
      brief.sounds.back() != full.sounds.back())
    return false;
  if (brief.sounds.size() > full.sounds.size()) return false;
  if (brief.sounds.size() == 1) {
    const std::string& surname = brief.sounds[0];
    return surname.size() >= 4 && !isCommonSurname(surname);
  }
  std::size_t next = 0;
  for (std::size_t i = 0; i + 1 < brief.sounds.size(); ++i) {
    const std::string& word = brief.sounds[i];
    bool found = false;
    while (!found && next + 1 < full.sounds.size()) {
      const std::string& own = full.sounds[next++];
      found = word == own || (word.size() == 1 && own[0] == word[0]);
      if (!found && i == 0) return false;  // the first given name leads
    }
    if (!found) return false;
  }
  return true;
}

}  // namespace

std::map<std::string, std::string> groupUnknown(std::span<const std::string> names) {
  std::map<std::string, std::vector<Spelling>> groups;  // by key
  for (const std::string& name : names) {
    Spelling spelling = spell(name);
    std::string key = spelling.key.empty() ? name : spelling.key;
    groups[key].push_back(std::move(spelling));
  }
  std::map<std::string, std::vector<const Spelling*>> by_surname;
  std::map<std::string, std::string> best;  // key -> spelling
  for (const auto& [key, spellings] : groups) {
    const auto chosen = std::max_element(
        spellings.begin(), spellings.end(), [](const Spelling& a, const Spelling& b) {
          return a.quality != b.quality ? a.quality < b.quality : a.name > b.name;
        });
    best[key] = chosen->name;
    if (!chosen->sounds.empty()) by_surname[chosen->sounds.back()].push_back(&*chosen);
  }
  // What a short form stands for: only where all fuller forms that fit are of one person.
  std::map<std::string, std::string> stands_for;  // key -> key
  for (const auto& [surname, people] : by_surname) {
    for (const Spelling* brief : people) {
      std::vector<const Spelling*> fuller;
      std::copy_if(people.begin(), people.end(), std::back_inserter(fuller),
                   [&](const Spelling* one) { return mayBeShortFor(*brief, *one); });
      if (fuller.empty()) continue;
      const Spelling* fullest =
          *std::max_element(fuller.begin(), fuller.end(), [](const Spelling* a, const Spelling* b) {
            return a->quality != b->quality ? a->quality < b->quality : a->name > b->name;
          });
      const bool one = std::all_of(fuller.begin(), fuller.end(), [&](const Spelling* other) {
        return other == fullest || mayBeShortFor(*other, *fullest);
      });
      if (one) stands_for[brief->key] = fullest->key;
    }
  }
  std::map<std::string, std::string> result;
  for (const auto& [key, spellings] : groups) {
    std::string last = key;
    for (auto next = stands_for.find(last); next != stands_for.end(); next = stands_for.find(last))
      last = next->second;
    for (const Spelling& spelling : spellings) result[spelling.name] = best[last];
  }
  return result;
}

}  // namespace attacca::archive
