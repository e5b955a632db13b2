// The words of titles, in the languages that catalogues mix: forms, tempi, instruments, numbers.
// All words are folded (base/text.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace attacca::archive {

// A set of instruments; bits of `Instrument`.
using Instruments = std::uint32_t;
namespace instrument {
inline constexpr Instruments kViolin = 1U << 0;
inline constexpr Instruments kViola = 1U << 1;
inline constexpr Instruments kCello = 1U << 2;
inline constexpr Instruments kBass = 1U << 3;
inline constexpr Instruments kPiano = 1U << 4;
inline constexpr Instruments kHarpsichord = 1U << 5;
inline constexpr Instruments kOrgan = 1U << 6;
inline constexpr Instruments kFlute = 1U << 7;
inline constexpr Instruments kOboe = 1U << 8;
inline constexpr Instruments kClarinet = 1U << 9;
inline constexpr Instruments kBassoon = 1U << 10;
inline constexpr Instruments kHorn = 1U << 11;
inline constexpr Instruments kTrumpet = 1U << 12;
inline constexpr Instruments kTrombone = 1U << 13;
inline constexpr Instruments kGuitar = 1U << 14;  // plucked: guitar, lute, mandolin
inline constexpr Instruments kHarp = 1U << 15;
inline constexpr Instruments kVoice = 1U << 16;
inline constexpr Instruments kChoir = 1U << 17;
inline constexpr Instruments kOtherSolo = 1U << 18;  // saxophone, accordion, tabla ...
inline constexpr Instruments kStrings = 1U << 19;
inline constexpr Instruments kOrchestra = 1U << 20;
inline constexpr Instruments kContinuo = 1U << 21;
inline constexpr Instruments kWinds = 1U << 22;
inline constexpr Instruments kBand = 1U << 23;
inline constexpr Instruments kElectronics = 1U << 24;
// Not instruments, but they tell works apart as instruments do.
inline constexpr Instruments kSolo = 1U << 25;
inline constexpr Instruments kTwo = 1U << 26;
inline constexpr Instruments kThree = 1U << 27;
inline constexpr Instruments kFour = 1U << 28;

inline constexpr Instruments kBowed = kViolin | kViola | kCello | kBass;
inline constexpr Instruments kKeyboard = kPiano | kHarpsichord | kOrgan;
inline constexpr Instruments kBlown =
    kFlute | kOboe | kClarinet | kBassoon | kHorn | kTrumpet | kTrombone;
inline constexpr Instruments kSoloists =
    kBowed | kKeyboard | kBlown | kGuitar | kHarp | kVoice | kOtherSolo;
inline constexpr Instruments kCounts = kTwo | kThree | kFour;
}  // namespace instrument

enum class Shape : std::uint8_t {
  none,    // not a form
  cyclic,  // has movements that belong to the whole: sonata, suite, mass
  piece,   // published in sets, but a work of its own: prelude, rhapsody, song
};

struct Word {
  std::string_view form;  // one word for a form in all languages: "sonata"; "" if it names none
  Shape shape = Shape::none;
  bool movement = false;  // may begin a movement's title: "Allegro", "Finale", "Minuet"
  bool tempo = false;     // says nothing but tempo or character
  bool filler = false;    // says nothing that tells works apart: "for", "and", "live"
  Instruments instruments = 0;
  int number = 0;  // "zwei", "third": 2, 3
  bool ordinal = false;
  bool known() const {
    return !form.empty() || movement || filler || instruments != 0 || number != 0;
  }
};

// What the word means; an empty Word if nothing. Long words may have one letter wrong.
const Word& wordOf(std::string_view folded);

// A word that titles in English do not use: "Konzert", "für", "moll", "archi". Names of works may
// be of any language, so only words for forms, keys, instruments and what joins them count.
bool isForeign(std::string_view folded);

// 1 to 60 of roman or arabic digits; 0 if `folded` is neither.
int romanNumber(std::string_view folded);
int plainNumber(std::string_view digits);

// At most `limit` insertions, deletions, changes and swaps of neighbours between the two.
bool within(std::string_view a, std::string_view b, std::size_t limit);

}  // namespace attacca::archive
