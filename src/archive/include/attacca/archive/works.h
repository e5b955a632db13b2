// From what is written to what is meant: which people made a track's music, which work it belongs
// to, which movement it is, from which period, for whom to play. ARCHITECTURE.md has the way of a
// title.
//
// Conclusions are a pure function of what is written in the whole catalogue and of what people
// corrected: nothing is learned on the way, the order of the rows' arrival plays no part, and the
// same rows give the same conclusions. Nothing here keeps state; every function may be called from
// any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/archive/people.h"
#include "attacca/archive/types.h"

namespace attacca::archive {

// What a person set by hand. It is obeyed with confidence 1.
struct Fixed {
  std::optional<std::vector<std::string>> composers;
  std::optional<std::vector<std::string>> arrangers;
  std::optional<std::string> work;      // title; "" for no work
  std::optional<std::string> movement;  // title; "" for none
  std::optional<int> movement_number;   // 0 for none
};

// A track as its tags or its catalogue row have it, uncleaned.
struct WrittenTrack {
  std::int64_t id = 0;     // the caller's
  std::int64_t album = 0;  // tracks with the same number are neighbours; negative for none
  std::optional<int> disc;
  std::optional<int> position;  // on its disc, from 1
  std::string title;
  std::string album_title;  // "... (Disc II)" tells the disc where `disc` is missing
  std::vector<std::string> composers;
  std::vector<std::string> arrangers;
  std::string work;
  std::string movement;
  std::optional<int> movement_number;
  std::string musicbrainz_work;
  Fixed fixed;
  std::vector<std::string> artists;  // looked at where nobody is named as composer
};

enum class Period {
  unknown,
  medieval,
  renaissance,
  baroque,
  classical,
  romantic,
  modern,
  contemporary
};

// What a work was written for, whoever plays it: an arrangement has the instrumentation of its
// original.
enum class Instrumentation {
  unknown,
  orchestra,         // symphonies, overtures, ballets
  concerto,          // one or several soloists and an orchestra of any size
  string_orchestra,  // without soloists
  chamber,           // two to ten players, one to a part
  solo_keyboard,     // piano, organ, harpsichord
  solo_strings,      // one bowed instrument alone
  solo_other,
  choral,  // with a choir, or sacred works for several voices
  opera,   // operettas and musicals too
  voice,   // songs
  band,
  electronic,
};

std::string_view name(Period period);                    // "baroque"
std::string_view name(Instrumentation instrumentation);  // "string orchestra"

struct ConcludedTrack {
  std::int64_t id = 0;
  std::vector<Credit> composers;
  std::vector<Credit> arrangers;
  std::optional<std::size_t> work;  // into Conclusions::works
  Why work_why;
  std::optional<int> movement_number;
  std::string movement_title;
  Why movement_why;
};

struct ConcludedWork {
  // Made of composers and what tells the work best (catalogue number; else form, number and key;
  // else the words of its title). It stays as it is while the rows of the work do.
  std::string key;
  std::string title;  // for people: "Serenade for Strings in C major, Op. 48"
  std::vector<std::string> composers;
  std::vector<std::string> catalogue_numbers;  // "Op. 48", in usual spelling
  std::string music_key;                       // "C major", else ""
  Period period = Period::unknown;
  Why period_why;
  Instrumentation instrumentation = Instrumentation::unknown;
  Why instrumentation_why;
};

struct Conclusions {
  std::vector<ConcludedTrack> tracks;    // in the order given
  std::vector<ConcludedWork> works;      // ordered by key; each has a track
  std::map<std::string, Person> people;  // by name, those whom the authority knows
};

// Corrections that are not of one track. No chain of "is the same as" leads back to its beginning.
struct Joins {
  std::map<std::string, std::string> people;  // the first name is the second person
  std::map<std::string, std::string> works;   // the first key is the second work
  // Whom a field writes like the second (folded) is not the first; then the name is the third.
  struct Split {
    std::string person;
    std::string written;
    std::string name;
  };
  std::vector<Split> splits;
  // This track is of a work of its own, of this title, whatever the rules say.
  std::map<std::int64_t, std::string> own_work;
};

// 100,000 tracks take some 2.5 s of one core.
Conclusions conclude(std::span<const WrittenTrack> tracks, const Joins& joins = {});

}  // namespace attacca::archive
