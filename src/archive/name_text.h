// How names are compared: words, keys and distances. Private to the room.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace attacca::archive {

// A word of a name, folded to lower-case Latin letters; '*' stands for a character that was lost.
struct NameWord {
  std::string text;
  bool dotted = false;    // "Joh." may stand for any name that begins so
  bool upper = false;     // written in capitals only: "JS" may be initials
  bool hyphened = false;  // joined to the word before by a hyphen
};

// A spelling of one person taken apart.
struct SpelledName {
  std::vector<NameWord> words;    // without particles ("van"), titles ("Sir") and years
  std::size_t comma = 0;          // words before the comma; 0: no comma
  std::string suffix;             // "jr", "sr", "i", "ii" or "iii", see takeSuffix
  std::optional<int> born, died;  // "(1685-1750)"
};

SpelledName takeApart(std::string_view spelling);

// Cyrillic, and letters that Unicode does not decompose, as Latin ones. Takes folded text.
std::string latinLetters(std::string_view folded);

// The same name in different transliterations ("Tschaikowski", "Chaikovsky") has one sound.
std::string soundOf(std::string_view folded_word);

// Moves what tells one generation from another ("Strauss, Johann, Junior") from the words to the
// suffix.
void takeSuffix(SpelledName& name);
// "jr" for "junior", "Sohn", ..., "" for what is no such word.
std::string_view suffixOf(std::string_view folded_word);
// 1 for "sr" and "i", 2 for "jr" and "ii", 3 for "iii", else 0.
int generationOf(std::string_view suffix);

bool isParticle(std::string_view folded_word);  // "van"

// Many bear it ("Smith"): alone, it names nobody surely. Takes a folded word, or its sound.
bool isCommonSurname(std::string_view surname);

// All words of a name in one, in the order they stand: what is equal for equal names.
std::string wholeKey(const SpelledName& name);
std::string wholeSound(const SpelledName& name);

// Optimal string alignment (insert, delete, replace, swap neighbours); more than `most` is `most`
// + 1.
int editDistance(std::string_view a, std::string_view b, int most);

// Which letters occur: two strings within d edits differ in at most 2 d bits.
std::uint32_t letterMask(std::string_view folded_word);

// Text that was UTF-8 read as Windows-1252 ("DvoÅ™Ã¡k") or is Windows-1252 itself, as UTF-8;
// cleaned of control characters and surplus space.
std::string repairText(std::string_view text);

// "Vicente LUSITANO" is "Vicente Lusitano", "JAN VAN DER ROOST" is "Jan van der Roost". What may be
// an abbreviation ("BBC", "JS", "ABBA") stays.
std::string inUsualCase(std::string_view name);

std::string_view trimmed(std::string_view text, std::string_view what = " ");

}  // namespace attacca::archive
