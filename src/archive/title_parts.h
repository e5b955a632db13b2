// The steps of reading a title, for title*.cpp.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "title.h"

namespace attacca::archive {

inline bool isOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Without spaces and marks at its ends.
std::string_view trimmed(std::string_view text);

struct Numbered {
  int number = 0;
  bool set_number = false;  // "No. 3": a number of a set rather than of a movement
  std::size_t end = 0;      // where the title after the number begins
};

// "Satz", "movement", "věta", folded.
bool isMovementNoun(std::string_view word);
// The number that `text` begins with, as movements' titles do.
Numbered takeNumber(std::string_view text);

// "mvt 2", "Satz 3 - Largo": a movement's number with the word for it.
bool saysMovementNumber(std::string_view text);

// The title without what belongs to the recording or the arrangement. `source` becomes what the
// music is from, `movement` the movement, where brackets say so.
std::string withoutBrackets(std::string_view text, Title& title, std::string& source,
                            std::string& movement, std::span<const std::string> surnames,
                            const PeopleTest& is_people);
// "Zugabe: Widmung" without the first word.
std::string_view withoutEncore(std::string_view text);
// Whether a title says that the work before it goes on ("id. : Andante"), and what follows.
std::optional<std::string_view> afterSame(std::string_view text);
// "arr. by Fritz Kreisler for violin" says Kreisler.
std::string arrangerIn(std::string_view said);
// These take the text's tokens; whether they changed the text.
bool dropArrangement(std::string& text, const std::vector<Token>& tokens, Title& title);
bool dropSurname(std::string& text, const std::vector<Token>& tokens,
                 std::span<const std::string> surnames);
// "Bach-Busoni: Chaconne", "Canon - Pachelbel"
void dropPeople(std::string& text, Title& title, std::span<const std::string> surnames,
                const PeopleTest& is_people);
// Takes "last movement" or "slow movement" off the end.
void dropPlace(std::string& text, const std::vector<Token>& tokens, Title& title);
// The place of "from" in "Waltz from String Serenade": {end of left, begin of right}.
std::pair<std::size_t, std::size_t> fromIn(std::string_view text, const std::vector<Token>& tokens);
// "String Symphony after Kreutzer Sonata": an arrangement is the work that it arranges.
std::string original(const std::string& text, const std::vector<Token>& tokens);

}  // namespace attacca::archive
