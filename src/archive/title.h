// Reads titles as archives write them: "Quartetto Serioso No.11 In F Minor, Op.95 - Allegro Con
// Brio" names a work (form, number, key, catalogue number) and a movement.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lexicon.h"

namespace attacca::archive {

// One word of a title; [begin, end) are bytes of the text it was taken from.
struct Token {
  std::string text;  // folded
  std::size_t begin = 0, end = 0;
};

// Signs such as "♭" and "#" spelled out; otherwise as written, cleaned.
std::string plainText(std::string_view text);
// "No.", "Nr.", "núm.": folded, before a number.
bool saysNumber(std::string_view word);
// Letters and digits apart ("Op.95", "KV546" are two words each), so that spacing does not matter.
std::vector<Token> tokensOf(std::string_view text);

// "Op. 27 No. 3" is {"Op.", "27", "3"}; "S. 244/2" is {"S.", "244", "2"}.
struct CatalogueNumber {
  std::string scheme;  // usual spelling: "Op.", "K.", "BWV"; "" for a bare number: "Quartet 275"
  std::string number;  // "27a", "51:G9"
  std::string part;
  std::string text() const;
  std::string key() const;                              // "op 27a/3"
  bool sameNumber(const CatalogueNumber& other) const;  // but for the part
  bool operator==(const CatalogueNumber& other) const {
    return sameNumber(other) && part == other.part;
  }
};

struct MusicKey {
  enum class Mode { unknown, major, minor };
  char tonic = 0;      // 'A' to 'G'; 0 for no key
  int alteration = 0;  // -1 flat, 1 sharp
  Mode mode = Mode::unknown;
  explicit operator bool() const { return tonic != 0; }
  std::string text() const;  // "E-flat major"; "" for no key
};
// Two different keys. A key without a mode agrees with both.
bool differ(const MusicKey& a, const MusicKey& b);

// What a text says about the work that it names.
struct WorkName {
  std::string text;  // as written, without what belongs to the recording
  std::vector<CatalogueNumber> numbers;
  MusicKey key;
  std::string_view form;  // "" for none
  Shape shape = Shape::none;
  int number = 0;  // "No. 11"; 0 for none
  Instruments instruments = 0;
  std::vector<std::string> words;   // folded; what is left: "kreutzer", "verklarte nacht"
  std::vector<std::string> tokens;  // folded; all of it
  bool plural_form = false;         // "Caprices", "Slavonic Dances": names a set
};

WorkName readWork(std::string_view text);

struct Title {
  WorkName work;               // empty text when the title names only a movement
  std::string movement;        // as written, without its number; "" for none
  int movement_number = 0;     // 0 for none
  bool set_number = false;     // it was "No. 3", as in sets of pieces
  bool movement_only = false;  // "II. Allegro"
  bool excerpt = false;        // "X from Y"
  bool same = false;           // "id. : Andante": the work before it goes on
  std::string arranger;        // "Kreisler" of "(arr. Kreisler)"
  std::string maker;           // "Schumann" of "(Schumann, arr. Liszt)"
  std::string people;          // "Bach-Wilhelmj" of "Air (Bach-Wilhelmj)"
  // "Nana" and "Siete canciones populares" of "Nana (Siete canciones populares)", which may be a
  // part and its whole.
  std::string before_brackets, in_brackets;
  // "last movement", "langsamer Satz": which of a work that is known.
  enum class Place { unsaid, last, slow } place = Place::unsaid;
  // Where more than one reading is possible: what follows the work without a mark between them.
  bool loose = false;
};

// `surnames`: folded names of the credited composers, which some titles repeat.
// `is_people` tells whether brackets hold only names of people.
using PeopleTest = std::function<bool(std::string_view)>;
Title readTitle(std::string_view title, std::span<const std::string> surnames = {},
                const PeopleTest& is_people = {});

// Begins as titles of movements do: a number, or a word for a tempo, a dance or a part.
bool beginsMovement(std::string_view text);
// Nothing but such words.
bool onlyMovement(std::string_view text);

}  // namespace attacca::archive
