#include "attacca/archive/corrections.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "attacca/archive/entry.h"
#include "attacca/archive/row_reader.h"
#include "attacca/base/error.h"
#include "attacca/base/text.h"

namespace attacca::archive {
namespace {

constexpr std::size_t kMaxValueBytes = 4096;

constexpr std::array<std::string_view, 13> kTrackFields = {
    "title",    "composer", "arranger",        "artist", "conductor", "performer", "work",
    "own_work", "movement", "movement_number", "disc",   "track",     "genre"};
constexpr std::array<std::string_view, 4> kAlbumFields = {"title", "artist", "conductor", "date"};
constexpr std::array<std::string_view, 5> kWorkFields = {"title", "key", "period",
                                                         "instrumentation", "same_as"};
constexpr std::array<std::string_view, 6> kPersonFields = {"name", "sort_name", "born",
                                                           "died", "same_as",   "split"};

constexpr std::array<std::string_view, 5> kNumbers = {"movement_number", "disc", "track", "born",
                                                      "died"};
constexpr std::array<std::string_view, 5> kNames = {"composer", "arranger", "artist", "conductor",
                                                    "performer"};
// What nothing can be put in the place of.
constexpr std::array<std::string_view, 4> kNeeded = {"name", "same_as", "split", "own_work"};

template <class List>
bool holds(const List& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

template <class List>
std::string listed(const List& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string checkedNumber(std::string_view field, std::string_view value) {
  if (value.empty()) return {};
  int number = 0;
  const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (fault != std::errc{} || end != value.data() + value.size() || number < 0 || number > 9999) {
    throw Error(Fault::usage, fmt::format("{} cannot be \"{}\"", field, value),
                "give a whole number, or nothing for none");
  }
  return std::to_string(number);
}

std::string checkedDate(std::string_view value) {
  if (value.empty()) return {};
  if (auto date = readDate(value, std::nullopt)) return std::move(*date);
  throw Error(Fault::usage, fmt::format("date cannot be \"{}\"", value),
              "give it as 2008-07-26, 2008-07, 2008 or 1997-2006, or nothing for none");
}

template <class Kind>
std::string checkedKind(std::string_view field, std::string_view value, Kind last) {
  if (value.empty()) return {};
  std::vector<std::string_view> known;
  for (int i = 1; i <= static_cast<int>(last); ++i) {
    known.push_back(name(static_cast<Kind>(i)));
    if (foldText(known.back()) == foldText(value)) return std::string(known.back());
  }
  throw Error(Fault::usage, fmt::format("{} cannot be \"{}\"", field, value),
              fmt::format("give one of: {}; or nothing for none", listed(known)));
}

}  // namespace

std::string_view name(Subject subject) {
  switch (subject) {
    case Subject::album:
      return "album";
    case Subject::work:
      return "work";
    case Subject::person:
      return "person";
    case Subject::track:
      break;
  }
  return "track";
}

TrackKeys trackKeys(std::string_view external_id, std::string_view audio,
                    std::string_view row_key) {
  const auto key = [](std::string_view kind, std::string_view value) {
    return value.empty() ? std::string() : std::string(kind).append(value);
  };
  return {key("id:", external_id), key("audio:", audio), key("row:", row_key)};
}

std::vector<std::string> TrackKeys::all() const {
  std::vector<std::string> keys;
  for (const std::string* key : {&id, &audio, &row}) {
    if (!key->empty()) keys.push_back(*key);
  }
  return keys;
}

std::vector<std::string> albumKeys(const AlbumNames& names) {
  std::vector<std::string> keys;
  const auto add = [&keys](std::string key) {
    if (!holds(keys, key)) keys.push_back(std::move(key));
  };
  for (const std::string& id : names.catalogue_ids) add("id:" + id);
  if (!names.artists_key.empty()) {
    std::string artists = names.artists_key;
    std::replace(artists.begin(), artists.end(), kJoin, ';');
    add(fmt::format("name:{}/{}", names.title_key, artists));
  }
  for (const std::string& folder : names.folders) {
    add(folder.empty() ? "name:" + names.title_key
                       : fmt::format("folder:{}/{}", searchKey(folder), names.title_key));
  }
  return keys;
}

std::optional<Subject> subjectCalled(std::string_view called) {
  for (const Subject subject : {Subject::track, Subject::album, Subject::work, Subject::person}) {
    if (name(subject) == called) return subject;
  }
  return std::nullopt;
}

bool Correction::says(const Correction& other) const {
  return std::tie(subject, key, field, value) ==
         std::tie(other.subject, other.key, other.field, other.value);
}

std::span<const std::string_view> fieldsOf(Subject subject) {
  switch (subject) {
    case Subject::album:
      return kAlbumFields;
    case Subject::work:
      return kWorkFields;
    case Subject::person:
      return kPersonFields;
    case Subject::track:
      break;
  }
  return kTrackFields;
}

Correction checked(Correction correction) {
  const auto fields = fieldsOf(correction.subject);
  if (!holds(fields, correction.field)) {
    throw Error(Fault::usage,
                fmt::format("a {} has no field \"{}\"", name(correction.subject), correction.field),
                fmt::format("it has: {}", listed(fields)));
  }
  if (correction.key.empty()) {
    throw Error(Fault::usage, fmt::format("a correction names no {}", name(correction.subject)));
  }
  std::string value = cleanText(correction.value, kMaxValueBytes);
  if (holds(kNumbers, correction.field)) value = checkedNumber(correction.field, value);
  if (holds(kNames, correction.field)) value = joinNames(splitNames(value));
  if (correction.field == "date") value = checkedDate(value);
  if (correction.field == "period") value = checkedKind("period", value, Period::contemporary);
  if (correction.field == "instrumentation") {
    value = checkedKind("instrumentation", value, Instrumentation::electronic);
  }
  const bool needed = holds(kNeeded, correction.field) ||
                      (correction.field == "title" && correction.subject != Subject::person);
  if (value.empty() && needed) {
    throw Error(Fault::usage, fmt::format("{} cannot be nothing", correction.field));
  }
  correction.value = std::move(value);
  return correction;
}

std::vector<Correction> inForce(std::span<const Correction> corrections) {
  std::map<std::tuple<Subject, std::string, std::string>, std::size_t> last;
  for (std::size_t i = 0; i < corrections.size(); ++i) {
    const Correction& one = corrections[i];
    // Many spellings may be split from one person.
    const std::string field = one.field == "split" ? one.field + '=' + one.value : one.field;
    last[{one.subject, one.key, field}] = i;
  }
  std::vector<std::size_t> kept;
  kept.reserve(last.size());
  for (const auto& [what, at] : last) kept.push_back(at);
  std::sort(kept.begin(), kept.end());
  std::vector<Correction> list;
  list.reserve(kept.size());
  for (const std::size_t at : kept) list.push_back(corrections[at]);
  return list;
}

std::vector<std::string> splitNames(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    std::string one = cleanText(text.substr(0, end), kMaxValueBytes);
    if (!one.empty() && !holds(names, one)) names.push_back(std::move(one));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return names;
}

std::string joinNames(std::span<const std::string> names) {
  std::string text;
  for (const std::string& one : names) text += (text.empty() ? "" : "; ") + one;
  return text;
}

}  // namespace attacca::archive
