#include "attacca/archive/effective.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <unordered_map>
#include <utility>

#include "attacca/base/text.h"

namespace attacca::archive {
namespace {

constexpr const char* kByHand = "corrected by hand";

using Fields = std::map<std::string, std::string>;

std::optional<int> numberOf(const std::string& text) {
  int number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// What was corrected, by what it is about.
class Corrected {
 public:
  explicit Corrected(std::span<const Correction> corrections) {
    for (const Correction& one : inForce(corrections)) {
      switch (one.subject) {
        case Subject::track:
          tracks_[one.key][one.field] = one.value;
          break;
        case Subject::work:
          if (one.field == "same_as") {
            joins_.works.emplace_back(one.key, one.value);
          } else {
            works_[one.key][one.field] = one.value;
          }
          break;
        case Subject::person:
          person(one);
          break;
      }
    }
  }

  // Of the audio first, then of the catalogue's id, which is the more particular.
  Fields ofTrack(const TrackSources& track) const {
    Fields fields;
    if (tracks_.empty()) return fields;
    const TrackKeys keys = trackKeys(track.external_id, track.audio, track.row_key);
    for (const std::string* key : {&keys.id, &keys.row, &keys.audio}) {
      const auto found = tracks_.find(*key);
      if (found != tracks_.end()) fields.insert(found->second.begin(), found->second.end());
    }
    return fields;
  }
  const Fields* ofWork(const std::string& key) const { return find(works_, key); }
  const std::map<std::string, Fields>& people() const { return people_; }
  Joins& joins() { return joins_; }

 private:
  static const Fields* find(const std::map<std::string, Fields>& all, const std::string& key) {
    const auto found = all.find(key);
    return found == all.end() ? nullptr : &found->second;
  }

  void person(const Correction& one) {
    if (one.field == "same_as" || one.field == "name") {
      joins_.people.emplace_back(one.key, one.value);
    } else if (one.field == "split") {
      joins_.people.emplace_back(one.value, one.value);
    } else {
      people_[one.key][one.field] = one.value;
    }
  }

  std::map<std::string, Fields> tracks_;
  std::map<std::string, Fields> works_;
  std::map<std::string, Fields> people_;
  Joins joins_;
};

std::optional<std::string> valueOf(const Fields& fields, const std::string& field) {
  const auto found = fields.find(field);
  if (found == fields.end()) return std::nullopt;
  return found->second;
}

void overrule(std::vector<std::string>& names, const Fields& fields, const std::string& field) {
  if (const auto value = valueOf(fields, field)) names = splitNames(*value);
}

void overrule(std::optional<int>& number, const Fields& fields, const std::string& field) {
  if (const auto value = valueOf(fields, field)) number = numberOf(*value);
}

// What a person corrected is as good as written so, but for what conclude() obeys.
void overruleWritten(Written& written, const Fields& fields) {
  if (const auto title = valueOf(fields, "title")) written.title = *title;
  if (const auto genre = valueOf(fields, "genre")) written.genre = *genre;
  overrule(written.artists, fields, "artist");
  overrule(written.conductors, fields, "conductor");
  overrule(written.performers, fields, "performer");
  overrule(written.disc_number, fields, "disc");
  overrule(written.track_number, fields, "track");
}

Fixed fixedBy(const Fields& fields) {
  Fixed fixed;
  if (const auto value = valueOf(fields, "composer")) fixed.composers = splitNames(*value);
  if (const auto value = valueOf(fields, "arranger")) fixed.arrangers = splitNames(*value);
  fixed.work = valueOf(fields, "work");
  fixed.movement = valueOf(fields, "movement");
  if (const auto value = valueOf(fields, "movement_number")) {
    fixed.movement_number = numberOf(*value).value_or(0);
  }
  return fixed;
}

Work workOf(ConcludedWork&& concluded, const Fields* fields) {
  Work work;
  work.key = std::move(concluded.key);
  work.title = std::move(concluded.title);
  work.composers = std::move(concluded.composers);
  work.catalogue_numbers = std::move(concluded.catalogue_numbers);
  work.music_key = std::move(concluded.music_key);
  if (concluded.period != Period::unknown) work.period = name(concluded.period);
  work.period_why = std::move(concluded.period_why);
  if (concluded.instrumentation != Instrumentation::unknown) {
    work.instrumentation = name(concluded.instrumentation);
  }
  work.instrumentation_why = std::move(concluded.instrumentation_why);
  if (fields == nullptr) return work;
  if (const auto value = valueOf(*fields, "title")) work.title = *value;
  if (const auto value = valueOf(*fields, "key")) work.music_key = *value;
  if (const auto value = valueOf(*fields, "period")) {
    work.period = *value;
    work.period_why = {1, kByHand};
  }
  if (const auto value = valueOf(*fields, "instrumentation")) {
    work.instrumentation = *value;
    work.instrumentation_why = {1, kByHand};
  }
  return work;
}

std::vector<Person> peopleOf(std::map<std::string, Person>&& known, const Corrected& corrected) {
  for (const auto& [key, fields] : corrected.people()) {
    Person& person = known[key];
    person.name = key;
    if (const auto value = valueOf(fields, "sort_name")) person.sort_name = *value;
    overrule(person.born, fields, "born");
    overrule(person.died, fields, "died");
  }
  std::vector<Person> people;
  people.reserve(known.size());
  for (auto& [key, person] : known) people.push_back(std::move(person));
  return people;
}

// "ii" is 2; 0 for what is no number of a disc.
int discNumber(std::string_view folded) {
  static constexpr std::array<std::string_view, 10> kRoman = {"i",  "ii",  "iii",  "iv", "v",
                                                              "vi", "vii", "viii", "ix", "x"};
  const auto* roman = std::find(kRoman.begin(), kRoman.end(), folded);
  if (roman != kRoman.end()) return static_cast<int>(roman - kRoman.begin()) + 1;
  constexpr std::size_t kDigits = 3;
  return folded.size() <= kDigits ? numberOf(std::string(folded)).value_or(0) : 0;
}

}  // namespace

AlbumAndDisc withoutDisc(std::string_view album_title) {
  auto whole = AlbumAndDisc{std::string(album_title), std::nullopt};
  // "(Disc II)", "[CD 2]", ", Disc 2", "- Disk 2"
  const std::size_t cut = album_title.find_last_of("([,-:");
  if (cut == std::string_view::npos || cut == 0) return whole;
  const auto words = splitWords(foldText(album_title.substr(cut)));
  static constexpr std::array<std::string_view, 5> kDisc = {"disc", "disk", "cd", "lp", "dvd"};
  if (words.size() != 2 || std::find(kDisc.begin(), kDisc.end(), words[0]) == kDisc.end()) {
    return whole;
  }
  const int disc = discNumber(words[1]);
  std::string title = cleanText(album_title.substr(0, cut), album_title.size());
  if (disc == 0 || title.empty()) return whole;
  return {std::move(title), disc};
}

Effective effective(std::span<const TrackSources> tracks, std::span<const Correction> corrections) {
  Corrected corrected(corrections);
  Effective result;
  result.tracks.reserve(tracks.size());
  std::vector<WrittenTrack> written;
  written.reserve(tracks.size());
  for (const TrackSources& track : tracks) {
    Written values = merged(track.row ? &*track.row : nullptr, track.tags ? &*track.tags : nullptr);
    const Fields fields = corrected.ofTrack(track);
    overruleWritten(values, fields);
    if (const auto own = valueOf(fields, "own_work")) {
      corrected.joins().own_work.emplace_back(track.id.value, *own);
    }
    EffectiveTrack shown;
    shown.id = track.id;
    shown.title = values.title;
    shown.artists = values.artists;
    shown.conductors = std::move(values.conductors);
    shown.performers = std::move(values.performers);
    shown.disc_number = values.disc_number;
    if (!shown.disc_number && track.row) shown.disc_number = withoutDisc(values.album).disc;
    shown.track_number = values.track_number;
    shown.genre = std::move(values.genre);
    result.tracks.push_back(std::move(shown));
    written.push_back({track.id.value, track.album ? track.album.value : -1, values.disc_number,
                       values.track_number, std::move(values.title), std::move(values.album),
                       std::move(values.composers), std::move(values.arrangers),
                       std::move(values.work), std::move(values.movement), values.movement_number,
                       std::move(values.musicbrainz_work), fixedBy(fields),
                       std::move(values.artists)});
  }

  Conclusions concluded = conclude(written, corrected.joins());
  for (std::size_t i = 0; i < result.tracks.size(); ++i) {
    EffectiveTrack& shown = result.tracks[i];
    ConcludedTrack& track = concluded.tracks[i];
    shown.composers = std::move(track.composers);
    shown.arrangers = std::move(track.arrangers);
    shown.work = track.work;
    shown.work_why = std::move(track.work_why);
    shown.movement = std::move(track.movement_title);
    shown.movement_number = track.movement_number;
    shown.movement_why = std::move(track.movement_why);
  }
  result.works.reserve(concluded.works.size());
  for (ConcludedWork& work : concluded.works) {
    const Fields* fields = corrected.ofWork(work.key);
    result.works.push_back(workOf(std::move(work), fields));
  }
  result.people = peopleOf(std::move(concluded.people), corrected);
  return result;
}

}  // namespace attacca::archive
