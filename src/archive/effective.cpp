#include "attacca/archive/effective.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <unordered_map>
#include <utility>

#include "attacca/base/text.h"

#include "joins.h"

namespace attacca::archive {
namespace {

constexpr const char* kByHand = "corrected by hand";

struct Said {
  std::string value;
  std::size_t at = 0;  // later is newer
};
using Fields = std::map<std::string, Said>;

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
    const std::vector<Correction> in_force = inForce(corrections);
    // Who is who first: it tells what the names in the keys of works are now.
    for (const Correction& one : in_force) {
      if (one.subject == Subject::person) person(one);
    }
    Chains folded;
    for (const auto& [from, to] : joins_.people) {
      folded.emplace(foldText(from), foldText(endOf(joins_.people, to)));
    }
    for (std::size_t i = 0; i < in_force.size(); ++i) {
      const Correction& one = in_force[i];
      const Said said{one.value, i};
      switch (one.subject) {
        case Subject::track:
          tracks_[one.key][one.field] = said;
          break;
        case Subject::album:
          albums_[one.key][one.field] = said;
          break;
        case Subject::work:
          if (one.field == "same_as") {
            lead(joins_.works, renamed(one.key, folded), renamed(one.value, folded));
          } else {
            take(works_[renamed(one.key, folded)], one.field, said);
          }
          break;
        case Subject::person:
          if (!isName(one.field)) take(people_[endOf(joins_.people, one.key)], one.field, said);
          break;
      }
    }
  }

  // By whichever name the track was corrected: the newest counts.
  Fields ofTrack(const TrackSources& track) const {
    Fields fields;
    if (tracks_.empty()) return fields;
    const TrackKeys keys = trackKeys(track.external_id, track.audio, track.row_key);
    for (const std::string& key : keys.all()) takeAll(fields, tracks_, key);
    // Two ways to say of which work it is.
    const auto work = fields.find("work");
    const auto own = fields.find("own_work");
    if (work != fields.end() && own != fields.end()) {
      fields.erase(work->second.at < own->second.at ? work : own);
    }
    return fields;
  }
  Fields ofAlbum(const AlbumSources& album) const {
    Fields fields;
    if (albums_.empty()) return fields;
    for (const std::string& key : album.keys) takeAll(fields, albums_, key);
    return fields;
  }
  const Fields* ofWork(const std::string& key) const {
    const auto found = works_.find(key);
    return found == works_.end() ? nullptr : &found->second;
  }
  const std::map<std::string, Fields>& people() const { return people_; }
  Joins& joins() { return joins_; }

  // Everybody under the name that holds, nobody twice.
  void rename(std::vector<std::string>& names) const {
    if (joins_.people.empty()) return;
    std::vector<std::string> kept;
    for (const std::string& name : names) {
      const std::string& now = endOf(joins_.people, name);
      if (std::find(kept.begin(), kept.end(), now) == kept.end()) kept.push_back(now);
    }
    names = std::move(kept);
  }

 private:
  using All = std::map<std::string, Fields>;

  static bool isName(const std::string& field) {
    return field == "same_as" || field == "name" || field == "split";
  }
  static void take(Fields& fields, const std::string& field, const Said& said) {
    const auto [at, fresh] = fields.try_emplace(field, said);
    if (!fresh && at->second.at < said.at) at->second = said;
  }
  static void takeAll(Fields& fields, const All& all, const std::string& key) {
    const auto found = all.find(key);
    if (found == all.end()) return;
    for (const auto& [field, said] : found->second) take(fields, field, said);
  }
  // A work's key begins with its composer.
  static std::string renamed(const std::string& key, const Chains& folded) {
    const std::size_t end = key.find('/');
    const auto composer = folded.find(key.substr(0, end));
    if (end == std::string::npos || composer == folded.end()) return key;
    return composer->second + key.substr(end);
  }

  void person(const Correction& one) {
    if (one.field == "split") {
      // Whoever was taken for the other before is no longer.
      joins_.people.erase(one.value);
      joins_.splits.push_back({one.key, foldText(one.value), one.value});
    } else if (isName(one.field)) {
      lead(joins_.people, one.key, one.value);
    }
  }

  All tracks_, albums_, works_, people_;
  Joins joins_;
};

std::optional<std::string> valueOf(const Fields& fields, const std::string& field) {
  const auto found = fields.find(field);
  if (found == fields.end()) return std::nullopt;
  return found->second.value;
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

// What the tracks of an album say of it, each with how many say so; the first track's first.
template <class Value>
class Votes {
 public:
  void add(const Value& value) {
    if (value == Value()) return;
    for (auto& [known, count] : votes_) {
      if (known == value && ++count > 0) return;
    }
    votes_.emplace_back(value, 1);
  }
  Value most() const {
    const auto best =
        std::max_element(votes_.begin(), votes_.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    return best == votes_.end() ? Value() : best->first;
  }

 private:
  std::vector<std::pair<Value, int>> votes_;
};

class Albums {
 public:
  Albums(std::span<const AlbumSources> albums, const Corrected& corrected) {
    albums_.reserve(albums.size());
    for (const AlbumSources& album : albums) {
      at_.emplace(album.id, albums_.size());
      albums_.push_back({album.id, corrected.ofAlbum(album), {}, {}, {}});
    }
  }

  // What was corrected of the track's album holds for the track, unless that was corrected itself.
  void overruleTrack(AlbumId id, Written& written) const {
    const auto found = at_.find(id);
    if (found != at_.end())
      overrule(written.conductors, albums_[found->second].fields, "conductor");
  }
  void see(AlbumId id, const TrackSources& track, const Written& written) {
    const auto found = at_.find(id);
    if (found == at_.end()) return;
    One& album = albums_[found->second];
    album.titles.add(track.row ? withoutDisc(written.album).title : written.album);
    album.artists.add(written.album_artists);
    album.dates.add(written.date);
  }
  std::vector<EffectiveAlbum> shown(const Corrected& corrected) const {
    std::vector<EffectiveAlbum> list;
    list.reserve(albums_.size());
    for (const One& one : albums_) {
      EffectiveAlbum album{one.id, one.titles.most(), one.artists.most(), one.dates.most()};
      if (const auto value = valueOf(one.fields, "title")) album.title = *value;
      overrule(album.artists, one.fields, "artist");
      if (const auto value = valueOf(one.fields, "date")) album.date = *value;
      corrected.rename(album.artists);
      list.push_back(std::move(album));
    }
    return list;
  }

 private:
  struct One {
    AlbumId id;
    Fields fields;
    Votes<std::string> titles;
    Votes<std::vector<std::string>> artists;
    Votes<std::string> dates;
  };
  std::vector<One> albums_;
  std::unordered_map<AlbumId, std::size_t> at_;
};

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

Effective effective(std::span<const TrackSources> tracks, std::span<const AlbumSources> albums,
                    std::span<const Correction> corrections) {
  Corrected corrected(corrections);
  Albums of_tracks(albums, corrected);
  Effective result;
  result.tracks.reserve(tracks.size());
  std::vector<WrittenTrack> written;
  written.reserve(tracks.size());
  for (const TrackSources& track : tracks) {
    Written values = merged(track.row ? &*track.row : nullptr, track.tags ? &*track.tags : nullptr);
    of_tracks.see(track.album, track, values);
    of_tracks.overruleTrack(track.album, values);
    const Fields fields = corrected.ofTrack(track);
    overruleWritten(values, fields);
    if (const auto own = valueOf(fields, "own_work")) {
      corrected.joins().own_work.emplace(track.id.value, *own);
    }
    for (auto* names : {&values.artists, &values.conductors, &values.performers}) {
      corrected.rename(*names);
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

  result.albums = of_tracks.shown(corrected);
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
