// The people of the authority, made ready for comparing. Private to the room.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "attacca/archive/people.h"

#include "name_text.h"

namespace attacca::archive {

// How one person may be written: given names and a surname.
struct NameForm {
  std::uint32_t person = 0;
  bool alias = false;
  std::vector<std::string> given;
  std::string surname;  // its words joined: "vaughanwilliams"
};

struct NameClaim {
  std::uint32_t person = 0;
  bool claims = false;  // "Bach!": others bear the name, but this one is meant
};

struct NameAuthority::Index {
  std::vector<Person> people;
  std::vector<int> generations;  // of each person, see generationOf
  std::vector<NameForm> forms;
  std::vector<std::uint32_t> letters;                      // of each form's surname, see letterMask
  std::unordered_map<std::string, std::uint32_t> by_name;  // canonical, not folded
  std::unordered_map<std::string, std::vector<NameClaim>> whole;  // all words joined
  std::unordered_map<std::string, std::vector<std::uint32_t>> whole_sounds;
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_surname;  // forms
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_sound;    // forms, of the surname
  std::unordered_map<std::string, int> given;  // every given name; those of one class are one name

  int givenClass(const std::string& word) const;  // -1: no given name
  bool claims(std::uint32_t person, const std::string& surname) const;
};

// Given-name words that fit a form's, in order; 0 when they do not. Higher is closer.
struct GivenFit {
  int score = 0;
  int unmatched = 0;     // words of the spelling that the form lacks
  bool covered = false;  // the form's given names are all there, the first one written in full
  bool exact = true;     // no typo
  bool initials = false;
  bool translated = false;  // a given name in another language
};
GivenFit fitGiven(const NameAuthority::Index& index, const NameForm& form,
                  const std::vector<NameWord>& given);

}  // namespace attacca::archive
