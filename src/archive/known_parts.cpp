// Which part of its work a title names.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "title_parts.h"
#include "work_rows.h"

namespace attacca::archive {
namespace {

// Which movement is the last, or the only slow one; 0 for none.
int placed(const KnownWork& work, Title::Place place) {
  if (place == Title::Place::last) return static_cast<int>(work.movements.size());
  int slow = 0;
  for (std::size_t i = 0; i < work.movements.size() && place == Title::Place::slow; ++i) {
    const std::vector<std::string>& words = work.movements[i].names[0];
    if (words.empty() || !isOneOf(words[0], {"adagio", "largo", "lento", "andante", "larghetto",
                                             "grave", "adagietto", "andantino", "langsam"}))
      continue;
    if (slow != 0) return 0;
    slow = static_cast<int>(i) + 1;
  }
  return slow;
}

// "Nr. 14 "Der Hölle Rache"": a number that the work does not have counts its parts.
void numberOfPart(Row& row) {
  Title& title = row.title;
  if (title.movement_number != 0 || !title.movement.empty() || row.known->name.number != 0) return;
  const Numbered numbered = takeNumber(title.work.text);
  if (!numbered.set_number || numbered.end >= title.work.text.size()) return;
  title.movement_number = numbered.number;
  title.movement = std::string(trimmed(std::string_view(title.work.text).substr(numbered.end)));
}

// "Nunc dimittis in G": which movement is called so, where the title says no more but the key.
int inItsKey(const KnownWork& work, const WorkName& name) {
  if (!name.key || !name.numbers.empty()) return 0;
  const auto says = [&](const Phrase& phrase) {
    const std::vector<std::string>& words = name.tokens;
    return phrase.size() < words.size() &&
           std::equal(phrase.begin(), phrase.end(), words.begin()) &&
           std::all_of(
               words.begin() + static_cast<std::ptrdiff_t>(phrase.size()), words.end(),
               [](const std::string& word) { return word.size() == 1 || wordOf(word).filler; });
  };
  for (std::size_t i = 0; i < work.movements.size(); ++i) {
    const std::vector<Phrase>& names = work.movements[i].names;
    if (std::any_of(names.begin(), names.end(), says)) return static_cast<int>(i) + 1;
  }
  return 0;
}

}  // namespace

int movementCalled(const KnownWork& work, std::string_view name) {
  Phrase words;
  for (Token& token : tokensOf(name)) words.push_back(std::move(token.text));
  const auto at =
      std::find_if(work.movements.begin(), work.movements.end(), [&](const KnownMovement& one) {
        return std::find(one.names.begin(), one.names.end(), words) != one.names.end();
      });
  return at == work.movements.end() ? 0 : static_cast<int>(at - work.movements.begin()) + 1;
}

void knownMovement(Row& row) {
  const KnownWork& work = *row.known;
  numberOfPart(row);
  if (work.movements.empty()) {
    row.known_movement = 0;
    return;
  }
  if (row.known_movement > static_cast<int>(work.movements.size())) row.known_movement = 0;
  if (!row.title.movement.empty()) {
    const int named = movementNamed(work, row.title.movement);
    if (named > 0) row.known_movement = named;
  } else if (row.known_movement == 0 && row.title.movement_number == 0 &&
             !row.title.work.form.empty() && row.title.work.form != work.name.form) {
    // "Scherzo, Op. 81": the work is "Four Pieces".
    row.known_movement = movementNamed(work, row.title.work.text);
  }
  if (row.known_movement == 0 && row.title.movement.empty() && row.title.movement_number == 0)
    row.known_movement = inItsKey(work, row.title.work);
  if (row.known_movement == 0 && row.title.movement_number == 0)
    row.known_movement = placed(work, row.title.place);
  if (row.known_movement > 0 && row.title.movement.empty() && row.title.movement_number == 0) {
    row.title.movement = work.movements[static_cast<std::size_t>(row.known_movement) - 1].title;
  }
}

void numberOfSet(Title& title) {
  WorkName& name = title.work;
  if (!title.set_number || name.shape != Shape::piece || title.movement_number == 0) return;
  if (!name.numbers.empty() && name.numbers.back().part.empty()) {
    name.numbers.back().part = std::to_string(title.movement_number);
  } else if (name.number == 0) {
    name.number = title.movement_number;
  } else {
    return;
  }
  if (!name.key) name.key = readWork(title.movement).key;
  name.tokens.push_back(std::to_string(title.movement_number));
  name.text += fmt::format(" No. {}", title.movement_number);
  if (!title.movement.empty()) name.text += " " + title.movement;
  title.movement.clear();
  title.movement_number = 0;
}

}  // namespace attacca::archive
