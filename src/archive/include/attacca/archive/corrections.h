// What people corrected. Corrections overrule what is written and what was concluded, are kept
// apart from both, and name things by what survives: so they outlive a rescan, a re-import and a
// new catalogue, and can be shared.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/archive/works.h"
#include "attacca/base/units.h"

namespace attacca::archive {

enum class Subject {
  track,   // key: the first that there is of TrackKeys
  album,   // key: the first that there is of albumKeys()
  work,    // key: the work's key
  person,  // key: the name
};
std::string_view name(Subject subject);
std::optional<Subject> subjectCalled(std::string_view name);

// What corrections of a track may be known by; "" where the track has none.
struct TrackKeys {
  std::string id;     // "id:<external id>"
  std::string audio;  // "audio:<audio hash>": every track of the recording
  std::string row;    // "row:<key of the catalogue row>"

  std::vector<std::string> all() const;  // those that there are, in this order
};
TrackKeys trackKeys(std::string_view external_id, std::string_view audio, std::string_view row_key);

// What is written of an album that corrections of it may be known by.
struct AlbumNames {
  std::vector<std::string> catalogue_ids;  // in imported catalogues
  std::string title_key;                   // AlbumKey's
  std::string artists_key;
  // Names of the folders that hold its files, without those above them; "" for the title that
  // stands in the place of a folder.
  std::vector<std::string> folders;
};
// In the order in which they tell it from others: "id:7", "name:serenades/orchestra",
// "folder:dvorak/serenades".
std::vector<std::string> albumKeys(const AlbumNames& names);

struct Correction {
  std::int64_t id = 0;  // the catalogue's; 0 for one that it does not hold yet
  Subject subject = Subject::track;
  std::string key;
  std::string field;
  std::string value;  // several names are joined by ';'; "" sets the field to nothing
  UnixTime at{};

  // The same statement, whenever it was made.
  bool says(const Correction& other) const;
};

// The fields that a subject has, for help and messages.
std::span<const std::string_view> fieldsOf(Subject subject);

// A correction with its value in the form that it is kept in. Throws Fault::usage, naming the
// field, for a field that the subject lacks or a value that makes no sense.
Correction checked(Correction correction);

// The later of two that speak of the same field of the same thing overrules the earlier.
std::vector<Correction> inForce(std::span<const Correction> corrections);

std::vector<std::string> splitNames(std::string_view text);  // at ';', cleaned
std::string joinNames(std::span<const std::string> names);   // "A; B"

}  // namespace attacca::archive
