// Several people in one field. Private to the room.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "attacca/archive/people.h"

namespace attacca::archive {

// The authority's answers while one field is read, which asks for the same names again and again.
class Recall {
 public:
  explicit Recall(const NameAuthority& authority) : authority_(authority) {}

  const NameAuthority& authority() const { return authority_; }
  const Match& match(std::string_view spelling);

 private:
  const NameAuthority& authority_;
  std::deque<std::pair<std::string, Match>> asked_;
};

// Cuts a field into stretches that stand for themselves ("Bach; arr. Busoni | Handel"): repaired,
// without the names of languages and peoples that stand in brackets. Brackets that hold an arranger
// mark or another known person become text: "Bach (arr. Busoni)" is "Bach arr. Busoni".
std::vector<std::string> splitField(Recall& recall, std::string_view field);

struct Piece {
  std::string text;    // one person's name
  char separator = 0;  // before it: ';' '&' ',' '/' '-' '(', or 0 for the first
};

// Takes apart a stretch without marks. Keeps "Saint-Saëns" and "Bach, Johann Sebastian" whole.
std::vector<Piece> separate(Recall& recall, std::string_view text);

}  // namespace attacca::archive
