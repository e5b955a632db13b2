#include "attacca/archive/works.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/text.h"

#include "character.h"
#include "grouping.h"
#include "no_music.h"
#include "title_parts.h"
#include "work_rows.h"

namespace attacca::archive {
namespace {

// Stands between the composer and the title of a work that was set apart by hand.
constexpr std::string_view kOwn = "\nown\n";

class Conclusion {
 public:
  Conclusion(std::span<const WrittenTrack> tracks, const Joins& joins)
      : written_(tracks), joins_(joins), authority_(NameAuthority::shipped()) {}

  Conclusions run() {
    result_.tracks.resize(written_.size());
    rows_ = readRows(written_, concludePeople(written_, joins_, result_.tracks), result_.tracks);
    for (Row& row : rows_) {
      const auto own = joins_.own_work.find(row.written->id);
      if (own != joins_.own_work.end()) row.own_work = &own->second;
    }
    const std::vector<std::size_t> order = playingOrder(rows_);
    continueWorks(rows_, order);
    for (std::size_t i = 0; i < rows_.size(); ++i) composersOfHead(i);
    group();
    joinWorks();
    numberMovements(rows_, order, result_.tracks);
    for (std::size_t i = 0; i < rows_.size(); ++i) movement(i);
    works();
    return std::move(result_);
  }

 private:
  // Whoever made a work made what goes on with it, where the fields name nobody, or all composers
  // of the album.
  void composersOfHead(std::size_t i) {
    Row& row = rows_[i];
    ConcludedTrack& track = result_.tracks[i];
    if (row.head == kNone || row.elsewhere || written_[i].fixed.composers ||
        !(track.composers.empty() || row.any_of_composers))
      return;
    const Row& head = rows_[row.head];
    const std::vector<Credit>& makers = result_.tracks[row.head].composers;
    if (makers.empty() || (head.any_of_composers && makers.size() > 1)) return;
    track.composers = makers;
    row.composer = head.composer;
    for (Credit& credit : track.composers) {
      constexpr double kGoesOn = 0.75;
      credit.confidence = std::min(credit.confidence, kGoesOn);
      credit.reason = "it goes on with the work of the track before";
    }
  }

  void group() {
    std::unordered_map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      Row& row = rows_[i];
      const std::string* own = row.own_work;
      const bool none =
          (written_[i].fixed.work && written_[i].fixed.work->empty()) ||
          (!written_[i].fixed.work && written_[i].work.empty() && namesNoMusic(written_[i].title));
      if (none && !written_[i].fixed.composers && namesTalk(written_[i].title))
        result_.tracks[i].composers.clear();  // who talks
      if (own == nullptr && none) continue;
      if (row.head != kNone) continue;
      Reading reading;
      reading.composer = row.composer;
      // Without a composer, the same title on another album may be anything.
      if (row.composer.empty()) reading.composer = '\n' + written_[i].album_title;
      reading.name = own != nullptr ? readWork(plainText(*own)) : row.title.work;
      if (reading.name.text.empty())
        reading.name = readWork(row.title.movement.empty() ? plainText(written_[i].title)
                                                           : row.title.movement);
      if (own != nullptr) {
        (reading.composer += kOwn) += *own;
        row.known = nullptr;
        row.title.movement.clear();
        row.title.movement_number = row.known_movement = 0;
        row.known_confidence = 1;
        row.known_reason = kByHand;
      } else {
        reading.known = row.known;
        reading.part = row.part;
      }
      std::string key = reading.composer + '\t';
      for (const std::string& token : reading.name.tokens) key += token + ' ';
      if (reading.name.tokens.empty()) key += reading.name.text;
      key +=
          '\t' + reading.part + (reading.known != nullptr ? reading.known->title : std::string());
      const auto [at, fresh] = seen.try_emplace(std::move(key), readings_.size());
      if (fresh) readings_.push_back(std::move(reading));
      row.reading = at->second;
    }
    for (Row& row : rows_) {
      if (row.head == kNone) continue;
      const Row& head = rows_[row.head];
      row.reading = head.reading;
      row.known = head.known;
      row.part = head.part;
      if (row.known != nullptr) row.known_movement = movementNamed(*row.known, row.title.movement);
    }
    groups_ = groupReadings(readings_);
    for (Row& row : rows_) {
      if (row.reading != kNone) row.group = groups_[row.reading].first;
    }
    sameIds();
    keys();
  }

  // A MusicBrainz work is one work whatever its titles say.
  void sameIds() {
    std::map<std::pair<std::string, std::string>, std::size_t> by_id;
    std::map<std::size_t, std::size_t> into;
    const auto root = [&](std::size_t group) {
      for (auto at = into.find(group); at != into.end(); at = into.find(group)) group = at->second;
      return group;
    };
    for (const Row& row : rows_) {
      if (row.group == kNone || row.written->musicbrainz_work.empty() || row.written->fixed.work)
        continue;
      const auto [at, fresh] =
          by_id.try_emplace({row.written->musicbrainz_work, row.composer}, row.group);
      const std::size_t a = root(at->second);
      const std::size_t b = root(row.group);
      if (a != b) into[b] = a;
    }
    for (Row& row : rows_) {
      if (row.group != kNone) row.group = root(row.group);
    }
  }

  static std::string keyOf(const Reading& reading) {
    const std::size_t own = reading.composer.find(kOwn);
    std::string key = foldText(reading.composer.substr(0, own)) + '/';
    if (own != std::string::npos) return key + "own/" + foldText(reading.name.text);
    if (reading.known != nullptr) {
      key += reading.known->numbers.empty() ? foldText(reading.known->title)
                                            : reading.known->numbers[0].key();
      return reading.part.empty() ? key : key + '/' + reading.part;
    }
    const WorkName& name = reading.name;
    if (!name.numbers.empty()) {
      key += name.numbers[0].key();
      // One opus may hold several works.
      if (name.numbers[0].part.empty() && name.number != 0 && name.numbers[0].scheme == "Op.")
        key += fmt::format(" no {}", name.number);
      return key;
    }
    if (!name.form.empty() && (name.key || name.number != 0)) {
      key += std::string(name.form);
      if (name.number != 0) key += fmt::format(" {}", name.number);
      if (name.key) key += " " + foldText(name.key.text());
      for (const std::string& word : name.words) key += ' ' + word;
      return key;
    }
    return key + foldText(name.text);
  }

  // Each group's key is that of its fullest reading, so that it does not hang on the order of rows.
  void keys() {
    std::map<std::size_t, std::size_t> fullest;
    const auto weight = [&](const Reading& reading) {
      return std::tuple(reading.known != nullptr, !reading.name.numbers.empty(),
                        static_cast<bool>(reading.name.key), reading.name.number != 0,
                        reading.name.text.size());
    };
    for (const Row& row : rows_) {
      if (row.reading == kNone) continue;
      const auto [at, fresh] = fullest.try_emplace(row.group, row.reading);
      if (fresh) continue;
      const Reading& now = readings_[at->second];
      const Reading& other = readings_[row.reading];
      if (weight(other) > weight(now) ||
          (weight(other) == weight(now) && other.name.text < now.name.text))
        at->second = row.reading;
    }
    std::map<std::string, std::vector<std::pair<std::string, std::size_t>>> same;
    for (const auto& [group, reading] : fullest)
      same[keyOf(readings_[reading])].emplace_back(readings_[reading].name.text, group);
    for (auto& [key, groups] : same) {
      std::sort(groups.begin(), groups.end());
      for (std::size_t i = 0; i < groups.size(); ++i) {
        const std::string unique = i == 0 ? key : fmt::format("{}#{}", key, i + 1);
        group_of_[unique] = groups[i].second;
        key_of_[groups[i].second] = unique;
      }
    }
    fullest_ = std::move(fullest);
  }

  void joinWorks() {
    std::map<std::size_t, std::size_t> into;
    for (const auto& [from, to] : joins_.works) {
      const auto group = group_of_.find(from);
      if (group == group_of_.end()) continue;
      // The last work of the chain that the catalogue has.
      for (const std::string* key = &to; key != nullptr;) {
        const auto other = group_of_.find(*key);
        if (other != group_of_.end()) into[group->second] = other->second;
        const auto next = joins_.works.find(*key);
        key = next == joins_.works.end() ? nullptr : &next->second;
      }
    }
    if (into.empty()) return;
    for (Row& row : rows_) {
      const auto at = into.find(row.group);
      if (at == into.end()) continue;
      row.group = at->second;
      row.known_confidence = 1;
      row.known_reason = kByHand;
    }
  }

  void movement(std::size_t i) {
    const Row& row = rows_[i];
    ConcludedTrack& track = result_.tracks[i];
    track.movement_title =
        !row.written->movement.empty() ? row.written->movement : row.title.movement;
    const Fixed& fixed = row.written->fixed;
    if (fixed.movement) track.movement_title = *fixed.movement;
    if (fixed.movement_number) {
      track.movement_number.reset();
      if (*fixed.movement_number > 0) track.movement_number = fixed.movement_number;
    }
    if (fixed.movement || fixed.movement_number) track.movement_why = {1, kByHand};
    if (row.title.movement_only && row.head == kNone && row.group != kNone &&
        !track.movement_number)
      track.movement_title.clear();
    if (!track.movement_title.empty() && track.movement_why.reason.empty())
      track.movement_why = {0.7, "the title names it after the work"};
    for (const auto* credits : {&track.composers, &track.arrangers}) {
      for (const Credit& credit : *credits) {
        if (const Person* person = authority_.named(credit.name))
          result_.people.try_emplace(person->name, *person);
      }
    }
  }

  void works() {
    std::map<std::string, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].group != kNone) members[key_of_.at(rows_[i].group)].push_back(i);
    }
    result_.works.reserve(members.size());
    for (const auto& [key, rows] : members) {
      result_.works.push_back(workOf(key, rows));
      for (const std::size_t i : rows) {
        ConcludedTrack& track = result_.tracks[i];
        track.work = result_.works.size() - 1;
        const Row& row = rows_[i];
        const Group& group = groups_[row.reading];
        if (row.written->fixed.work) {
          track.work_why = {1, kByHand};
        } else if (row.head != kNone) {
          track.work_why = row.elsewhere
                               ? Why{0.75, "another track names it as a movement of this work"}
                               : Why{0.75, "it goes on with the work of the track before"};
        } else if (row.known_confidence > 0) {
          track.work_why = {row.known_confidence, row.known_reason};
        } else {
          track.work_why = {group.confidence, group.reason};
        }
      }
    }
  }

  // Of the spellings of a work that is not known, the one that people see: one that says more than
  // the form; without words of other languages than English; not in capitals; with more of
  // catalogue number, key and number; which more tracks have; the longer, then by the alphabet.
  std::string clearest(const std::vector<std::size_t>& rows) const {
    struct Spelling {
      std::size_t reading = 0;
      int tracks = 0;
    };
    std::map<std::string, Spelling> spellings;
    for (const std::size_t i : rows) {
      const std::string& own = rows_[i].title.work.text;
      const bool names_it = rows_[i].head == kNone && rows_[i].own_work == nullptr && !own.empty();
      Spelling& spelling = spellings[names_it ? own : readings_[rows_[i].reading].name.text];
      spelling.reading = rows_[i].reading;
      ++spelling.tracks;
    }
    const auto clarity = [&](const std::string& text, const Spelling& spelling) {
      const WorkName& name = readings_[spelling.reading].name;
      const int facts =
          (name.numbers.empty() ? 0 : 1) + (name.key ? 1 : 0) + (name.number == 0 ? 0 : 1);
      const auto foreign = std::count_if(name.tokens.begin(), name.tokens.end(), isForeign);
      return std::tuple(facts > 0 || !name.words.empty(), -foreign, !isInCapitals(text), facts,
                        spelling.tracks, text.size());
    };
    auto best = spellings.begin();
    for (auto at = spellings.begin(); at != spellings.end(); ++at) {
      if (clarity(at->first, at->second) > clarity(best->first, best->second)) best = at;
    }
    return best->first;
  }

  ConcludedWork workOf(const std::string& key, const std::vector<std::size_t>& rows) const {
    ConcludedWork work;
    work.key = key;
    const Row& first = rows_[rows[0]];
    const Reading& reading = readings_[fullest_.at(first.group)];
    std::set<std::string> numbers;
    const auto addNumber = [&](const CatalogueNumber& number) {
      if (!number.scheme.empty() && numbers.insert(number.key()).second)
        work.catalogue_numbers.push_back(number.text());
    };
    WorkName name = reading.name;
    if (const KnownWork* known = reading.known) {
      work.title = known->title;
      std::vector<CatalogueNumber> its = known->numbers;
      if (!reading.part.empty()) {
        if (!its.empty()) {
          const std::string whole = its[0].text();
          its.resize(1);
          its[0].part = reading.part;
          if (work.title.ends_with(whole))
            work.title.replace(work.title.size() - whole.size(), whole.size(), its[0].text());
        } else {
          work.title += " No. " + reading.part;
        }
      }
      for (const CatalogueNumber& number : its) addNumber(number);
      work.music_key = known->set ? name.key.text() : known->name.key.text();
      if (name.form.empty()) name = known->name;
    } else {
      work.title = clearest(rows);
      if (work.title.empty()) work.title = first.written->title;
      work.music_key = name.key.text();
    }
    if (first.written->fixed.work && !first.written->fixed.work->empty())
      work.title = *first.written->fixed.work;
    for (const std::size_t i : rows) {
      const WorkName& other = readings_[rows_[i].reading].name;
      if (reading.known == nullptr) {
        for (const CatalogueNumber& number : other.numbers) addNumber(number);
      }
      if (work.music_key.empty() && reading.known == nullptr) work.music_key = other.key.text();
      if (name.instruments == 0) name.instruments = other.instruments;
      if (name.form.empty()) name.form = other.form;
    }
    for (const Credit& credit : result_.tracks[rows[0]].composers)
      work.composers.push_back(credit.name);
    const Person* composer = authority_.named(first.composer);
    concludePeriod(work, reading.known, composer);
    concludeInstrumentation(work, reading.known, name, composer);
    return work;
  }

  std::span<const WrittenTrack> written_;
  const Joins& joins_;
  const NameAuthority& authority_;
  Conclusions result_;
  std::vector<Row> rows_;
  std::vector<Reading> readings_;
  std::vector<Group> groups_;
  std::map<std::string, std::size_t> group_of_;
  std::map<std::size_t, std::string> key_of_;
  std::map<std::size_t, std::size_t> fullest_;
};

}  // namespace

Conclusions conclude(std::span<const WrittenTrack> tracks, const Joins& joins) {
  return Conclusion(tracks, joins).run();
}

}  // namespace attacca::archive
