// Which part of its work a title names.
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

}  // namespace

void knownMovement(Row& row) {
  const KnownWork& work = *row.known;
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
