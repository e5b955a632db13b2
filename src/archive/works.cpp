#include "attacca/archive/works.h"

#include <algorithm>
#include <memory>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/text.h"
#include "character.h"
#include "grouping.h"
#include "rows.h"

namespace attacca::archive {
namespace {

constexpr const char* kByHand = "set by hand";

bool oneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "Track 01", "Applause": no music is named.
bool saysNothing(std::string_view title) {
  const std::vector<Token> tokens = tokensOf(title);
  if (tokens.empty()) return true;
  if (tokens.size() > 2) return false;
  const bool numbered = tokens.size() == 2 && plainNumber(tokens[1].text) > 0;
  return oneOf(tokens[0].text, {"track", "untitled", "unknown", "nan", "titel", "piste"}) && (tokens.size() == 1 || numbered);
}

int discOf(const WrittenTrack& track) {
  if (track.disc) return *track.disc;
  const std::vector<Token> tokens = tokensOf(track.album_title);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!oneOf(tokens[i].text, {"disc", "disk", "cd"})) continue;
    const int number = plainNumber(tokens[i + 1].text);
    return number > 0 ? number : romanNumber(tokens[i + 1].text);
  }
  return 0;
}

class Conclusion {
 public:
  Conclusion(std::span<const WrittenTrack> tracks, const Joins& joins)
      : written_(tracks), joins_(joins), authority_(NameAuthority::shipped()), known_(KnownWorks::shipped()) {}

  Conclusions run() {
    people();
    read();
    const std::vector<std::size_t> order = playingOrder(rows_);
    continueWorks(rows_, order);
    group();
    joinWorks();
    numberMovements(rows_, order, result_.tracks);
    for (std::size_t i = 0; i < rows_.size(); ++i) movement(i);
    works();
    return std::move(result_);
  }

 private:
  using Surnames = std::shared_ptr<const std::vector<std::string>>;
  // What the fields of names say; many rows share it.
  struct Fields {
    std::vector<Credit> credits;
    Surnames surnames;
  };

  static Surnames surnamesIn(const std::vector<Credit>& credits) {
    std::vector<std::string> surnames;
    for (const Credit& credit : credits) {
      if (credit.role != CreditRole::composer) continue;
      for (const std::string* name : {&credit.name, &credit.written}) {
        for (Token& token : tokensOf(*name)) {
          if (token.text.size() > 2) surnames.push_back(std::move(token.text));
        }
      }
    }
    return std::make_shared<const std::vector<std::string>>(std::move(surnames));
  }

  // Who made what. Most rows share their fields with many others.
  void people() {
    std::unordered_map<std::string, Fields> read;
    std::set<std::string> unknown;
    result_.tracks.resize(written_.size());
    const auto fieldsOf = [](const WrittenTrack& track) {
      std::string fields;
      for (const std::string& name : track.composers) fields += name + '\n';
      fields += '\r';
      for (const std::string& name : track.arrangers) fields += name + '\n';
      return fields;
    };
    for (const WrittenTrack& track : written_) {
      const auto [at, fresh] = read.try_emplace(fieldsOf(track));
      if (!fresh) continue;
      at->second.credits = authority_.read(track.composers, track.arrangers);
      for (const Credit& credit : at->second.credits) {
        if (!credit.known && !isNobodysName(credit.name)) unknown.insert(credit.name);
      }
    }
    const std::vector<std::string> names(unknown.begin(), unknown.end());
    const std::map<std::string, std::string> one_name = groupUnknown(names);
    for (auto& [written, fields] : read) {
      for (Credit& credit : fields.credits) {
        const auto same = credit.known ? one_name.end() : one_name.find(credit.name);
        if (same == one_name.end() || same->second == credit.name) continue;
        credit.reason = fmt::format("taken for \"{}\", who is in the catalogue too", same->second);
        credit.name = same->second;
      }
      fields.surnames = surnamesIn(fields.credits);
    }
    surnames_.reserve(written_.size());
    for (std::size_t i = 0; i < written_.size(); ++i) {
      ConcludedTrack& track = result_.tracks[i];
      track.id = written_[i].id;
      const Fields& fields = read.find(fieldsOf(written_[i]))->second;
      surnames_.push_back(fields.surnames);
      for (const Credit& credit : fields.credits) {
        (credit.role == CreditRole::composer ? track.composers : track.arrangers).push_back(credit);
      }
      const Fixed& fixed = written_[i].fixed;
      if (fixed.composers) track.composers = byHand(*fixed.composers, CreditRole::composer);
      if (fixed.arrangers) track.arrangers = byHand(*fixed.arrangers, CreditRole::arranger);
      for (auto* credits : {&track.composers, &track.arrangers}) {
        for (Credit& credit : *credits) joinPerson(credit);
      }
    }
  }

  std::vector<Credit> byHand(const std::vector<std::string>& names, CreditRole role) const {
    std::vector<Credit> credits;
    for (const std::string& name : names) {
      const Person* person = authority_.find(name);
      credits.push_back({person != nullptr ? person->name : name, name, role, person != nullptr, 1, kByHand});
    }
    return credits;
  }

  void joinPerson(Credit& credit) const {
    for (std::size_t steps = 0; steps <= joins_.people.size(); ++steps) {
      const auto join = std::find_if(joins_.people.begin(), joins_.people.end(), [&](const auto& pair) { return pair.first == credit.name; });
      if (join == joins_.people.end() || join->second == credit.name) return;
      credit.name = join->second;
      credit.known = authority_.named(credit.name) != nullptr;
      credit.confidence = 1;
      credit.reason = kByHand;
    }
  }

  static Title titleOf(const WrittenTrack& written, std::span<const std::string> surnames) {
    if (written.fixed.work) {
      Title title = readTitle(written.title, surnames);
      title.work = readWork(plainText(*written.fixed.work));
      title.movement_only = false;
      return title;
    }
    if (written.work.empty()) return readTitle(written.title, surnames);
    Title title = readTitle(written.work, surnames);
    const Title own = readTitle(written.title, surnames);
    if (title.work.text.empty()) title.work = readWork(plainText(written.work));
    title.movement_only = false;
    title.arranger = own.arranger;
    if (own.movement_number > 0) title.movement_number = own.movement_number;
    title.movement = !written.movement.empty() ? written.movement : !own.movement.empty() ? own.movement : title.movement;
    return title;
  }

  void read() {
    rows_.resize(written_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      Row& row = rows_[i];
      row.written = &written_[i];
      row.disc = discOf(written_[i]);
      ConcludedTrack& track = result_.tracks[i];
      row.title = titleOf(written_[i], *surnames_[i]);
      if (!track.composers.empty()) row.composer = track.composers[0].name;
      findKnown(row, track);
      if (!row.title.arranger.empty() && track.arrangers.empty() && !written_[i].fixed.arrangers) {
        const std::vector<std::string> said = {row.title.arranger};
        for (Credit& credit : authority_.read({}, said)) {
          credit.reason = "the title says so";
          credit.role = CreditRole::arranger;
          if (credit.known) track.arrangers.push_back(std::move(credit));
        }
      }
    }
  }

  // The movements of a work ask the same again and again.
  const std::optional<KnownWorks::Found>& find(const std::string& composer, const Title& title) {
    std::string question = composer + '\n' + title.work.text + '\n';
    question += std::to_string(title.movement_number * (title.set_number || title.work.shape == Shape::piece ? 2 : 0) + (title.set_number ? 1 : 0));
    const auto [at, fresh] = answers_.try_emplace(std::move(question));
    if (fresh) at->second = known_.find(composer, title);
    return at->second;
  }

  void findKnown(Row& row, ConcludedTrack& track) {
    std::optional<KnownWorks::Found> found;
    for (const Credit& credit : track.composers) {
      const auto& one = find(credit.name, row.title);
      if (one && (!found || one->score > found->score)) {
        found = one;
        row.composer = credit.name;
      }
    }
    if (!found && !row.title.movement.empty() && row.title.movement_number == 0 && !row.title.movement_only) {
      // "Winter from The Four Seasons": together they name it.
      Title whole;
      whole.work = readWork(row.title.excerpt ? row.title.movement + " " + row.title.work.text : row.title.work.text + " " + row.title.movement);
      for (const Credit& credit : track.composers) {
        if (found) break;
        found = find(credit.name, whole);
        if (!found) continue;
        row.composer = credit.name;
        if (found->movement == 0) row.title.movement.clear();
      }
    }
    const bool fixed = row.written->fixed.composers.has_value();
    // "Pugnani, Kreisler: Praeludium and Allegro": who seems to have arranged it composed it.
    for (std::size_t i = 0; i < track.arrangers.size() && !found && !fixed; ++i) {
      found = find(track.arrangers[i].name, row.title);
      if (!found) continue;
      Credit maker = std::move(track.arrangers[i]);
      track.arrangers.erase(track.arrangers.begin() + static_cast<std::ptrdiff_t>(i));
      maker.role = CreditRole::composer;
      maker.reason = fmt::format("\"{}\" is by {}", found->work->title, maker.name);
      row.composer = maker.name;
      track.composers = {std::move(maker)};
    }
    if (!found && !fixed) {
      if (const KnownWork* work = known_.unmistakable(row.title)) {
        found = KnownWorks::Found{work, "", 0, 1, 0.9, fmt::format("\"{}\" is by {}, whoever is credited", work->title, work->composer)};
        const std::string said = track.composers.empty() ? std::string() : track.composers[0].written;
        track.composers = {{work->composer, said, CreditRole::composer, authority_.named(work->composer) != nullptr, 0.85,
                            fmt::format("\"{}\" is by {}{}", work->title, work->composer, said.empty() ? "" : ", though the catalogue says " + said)}};
        row.composer = work->composer;
      }
    }
    if (!found) {
      numberOfSet(row.title);
      return;
    }
    if (!fixed && track.composers.size() > 1) {
      // The work is known to be by one of them; the others arranged it.
      for (std::size_t i = 0; i < track.composers.size();) {
        if (track.composers[i].name == row.composer) {
          ++i;
          continue;
        }
        Credit other = std::move(track.composers[i]);
        track.composers.erase(track.composers.begin() + static_cast<std::ptrdiff_t>(i));
        other.role = CreditRole::arranger;
        other.confidence = std::min(other.confidence, 0.8);
        other.reason = fmt::format("\"{}\" is by {}", found->work->title, row.composer);
        track.arrangers.push_back(std::move(other));
      }
    }
    row.known = found->work;
    row.part = std::move(found->part);
    row.known_movement = found->movement;
    row.known_confidence = found->confidence;
    row.known_reason = std::move(found->reason);
    if (row.known->set) {
      const bool part_of_movement = row.part == std::to_string(row.title.movement_number) && row.title.work.number == 0 &&
                                    std::none_of(row.title.work.numbers.begin(), row.title.work.numbers.end(), [](const CatalogueNumber& number) { return !number.part.empty(); });
      if (part_of_movement) {
        row.title.movement_number = 0;
        row.title.movement.clear();
      }
      return;
    }
    knownMovement(row);
  }

  // The movement of a known work, and its title where the track's has none.
  static void knownMovement(Row& row) {
    const KnownWork& work = *row.known;
    if (work.movements.empty()) {
      row.known_movement = 0;
      return;
    }
    if (row.known_movement > static_cast<int>(work.movements.size())) row.known_movement = 0;
    if (!row.title.movement.empty()) {
      const int named = movementNamed(work, row.title.movement);
      if (named > 0) row.known_movement = named;
    } else if (row.known_movement == 0 && row.title.movement_number == 0 && !row.title.work.form.empty() &&
               row.title.work.form != work.name.form) {
      // "Scherzo, Op. 81": the work is "Four Pieces".
      row.known_movement = movementNamed(work, row.title.work.text);
    }
    if (row.known_movement > 0 && row.title.movement.empty() && row.title.movement_number == 0) {
      row.title.movement = work.movements[static_cast<std::size_t>(row.known_movement) - 1].title;
    }
  }

  // "Slavonic Dances, Op. 46: No. 8 in G minor": a piece of a set is a work of its own.
  static void numberOfSet(Title& title) {
    WorkName& name = title.work;
    if (!title.set_number || name.shape != Shape::piece || title.movement_number == 0) return;
    if (!name.numbers.empty() && name.numbers.back().part.empty()) {
      name.numbers.back().part = std::to_string(title.movement_number);
    } else if (name.number == 0) {
      name.number = title.movement_number;
    } else {
      return;
    }
    if (!name.key) name.key = readWork(title.movement).key;
    name.tokens.push_back(std::to_string(title.movement_number));
    name.text += fmt::format(" No. {}", title.movement_number);
    if (!title.movement.empty()) name.text += " " + title.movement;
    title.movement.clear();
    title.movement_number = 0;
  }

  const std::string* ownWork(std::int64_t id) const {
    for (const auto& [track, title] : joins_.own_work) {
      if (track == id) return &title;
    }
    return nullptr;
  }

  void group() {
    std::unordered_map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      Row& row = rows_[i];
      const std::string* own = joins_.own_work.empty() ? nullptr : ownWork(written_[i].id);
      if (own == nullptr && written_[i].fixed.work) own = written_[i].fixed.work->empty() ? nullptr : own;
      const bool none = (written_[i].fixed.work && written_[i].fixed.work->empty()) ||
                        (!written_[i].fixed.work && written_[i].work.empty() && saysNothing(written_[i].title));
      if (own == nullptr && none) continue;
      if (own == nullptr && row.head != kNone) continue;
      row.head = kNone;
      Reading reading;
      reading.composer = row.composer;
      // Without a composer, the same title on another album may be anything.
      if (row.composer.empty()) reading.composer = '\n' + written_[i].album_title;
      reading.name = own != nullptr ? readWork(plainText(*own)) : row.title.work;
      if (reading.name.text.empty()) reading.name = readWork(row.title.movement.empty() ? plainText(written_[i].title) : row.title.movement);
      if (own != nullptr) {
        reading.composer += "\nown";
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
      key += '\t' + reading.part + (reading.known != nullptr ? reading.known->title : std::string());
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
      if (row.group == kNone || row.written->musicbrainz_work.empty() || row.written->fixed.work) continue;
      const auto [at, fresh] = by_id.try_emplace({row.written->musicbrainz_work, row.composer}, row.group);
      const std::size_t a = root(at->second);
      const std::size_t b = root(row.group);
      if (a != b) into[b] = a;
    }
    for (Row& row : rows_) {
      if (row.group != kNone) row.group = root(row.group);
    }
  }

  static std::string keyOf(const Reading& reading) {
    std::string key = foldText(reading.composer) + '/';
    if (reading.composer.ends_with("\nown")) return key + "own/" + foldText(reading.name.text);
    if (reading.known != nullptr) {
      key += reading.known->numbers.empty() ? foldText(reading.known->title) : reading.known->numbers[0].key();
      return reading.part.empty() ? key : key + '/' + reading.part;
    }
    const WorkName& name = reading.name;
    if (!name.numbers.empty()) {
      key += name.numbers[0].key();
      // One opus may hold several works.
      if (name.numbers[0].part.empty() && name.number != 0 && name.numbers[0].scheme == "Op.") key += fmt::format(" no {}", name.number);
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
      return std::tuple(reading.known != nullptr, !reading.name.numbers.empty(), static_cast<bool>(reading.name.key), reading.name.number != 0,
                        reading.name.text.size());
    };
    for (const Row& row : rows_) {
      if (row.reading == kNone) continue;
      const auto [at, fresh] = fullest.try_emplace(row.group, row.reading);
      if (fresh) continue;
      const Reading& now = readings_[at->second];
      const Reading& other = readings_[row.reading];
      if (weight(other) > weight(now) || (weight(other) == weight(now) && other.name.text < now.name.text)) at->second = row.reading;
    }
    std::map<std::string, std::vector<std::pair<std::string, std::size_t>>> same;
    for (const auto& [group, reading] : fullest) same[keyOf(readings_[reading])].emplace_back(readings_[reading].name.text, group);
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
      const auto a = group_of_.find(from);
      const auto b = group_of_.find(to);
      if (a != group_of_.end() && b != group_of_.end() && a->second != b->second) into[a->second] = b->second;
    }
    if (into.empty()) return;
    for (Row& row : rows_) {
      for (std::size_t steps = 0; steps <= into.size(); ++steps) {
        const auto at = into.find(row.group);
        if (at == into.end()) break;
        row.group = at->second;
        row.known_confidence = 1;
        row.known_reason = kByHand;
      }
    }
  }

  void movement(std::size_t i) {
    const Row& row = rows_[i];
    ConcludedTrack& track = result_.tracks[i];
    track.movement_title = !row.written->movement.empty() ? row.written->movement : row.title.movement;
    const Fixed& fixed = row.written->fixed;
    if (fixed.movement) track.movement_title = *fixed.movement;
    if (fixed.movement_number) {
      track.movement_number.reset();
      if (*fixed.movement_number > 0) track.movement_number = *fixed.movement_number;
    }
    if (fixed.movement || fixed.movement_number) track.movement_why = {1, kByHand};
    if (row.title.movement_only && row.head == kNone && row.group != kNone && !track.movement_number) track.movement_title.clear();
    if (!track.movement_title.empty() && track.movement_why.reason.empty()) track.movement_why = {0.7, "the title names it after the work"};
    for (const auto* credits : {&track.composers, &track.arrangers}) {
      for (const Credit& credit : *credits) {
        if (const Person* person = authority_.named(credit.name)) result_.people.try_emplace(person->name, *person);
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
          track.work_why = {0.75, "it goes on with the work of the track before"};
        } else if (row.known_confidence > 0) {
          track.work_why = {row.known_confidence, row.known_reason};
        } else {
          track.work_why = {group.confidence, group.reason};
        }
      }
    }
  }

  ConcludedWork workOf(const std::string& key, const std::vector<std::size_t>& rows) const {
    ConcludedWork work;
    work.key = key;
    const Row& first = rows_[rows[0]];
    const Reading& reading = readings_[fullest_.at(first.group)];
    std::set<std::string> numbers;
    const auto addNumber = [&](const CatalogueNumber& number) {
      if (!number.scheme.empty() && numbers.insert(number.key()).second) work.catalogue_numbers.push_back(number.text());
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
          if (work.title.ends_with(whole)) work.title.replace(work.title.size() - whole.size(), whole.size(), its[0].text());
        } else {
          work.title += " No. " + reading.part;
        }
      }
      for (const CatalogueNumber& number : its) addNumber(number);
      work.music_key = known->set ? name.key.text() : known->name.key.text();
      if (name.form.empty()) name = known->name;
    } else {
      work.title = name.text.empty() ? first.written->title : name.text;
      work.music_key = name.key.text();
    }
    if (first.written->fixed.work && !first.written->fixed.work->empty()) work.title = *first.written->fixed.work;
    for (const std::size_t i : rows) {
      const WorkName& other = readings_[rows_[i].reading].name;
      if (reading.known == nullptr) {
        for (const CatalogueNumber& number : other.numbers) addNumber(number);
      }
      if (work.music_key.empty() && reading.known == nullptr) work.music_key = other.key.text();
      if (name.instruments == 0) name.instruments = other.instruments;
      if (name.form.empty()) name.form = other.form;
    }
    for (const Credit& credit : result_.tracks[rows[0]].composers) work.composers.push_back(credit.name);
    const Person* composer = authority_.named(first.composer);
    concludePeriod(work, reading.known, composer);
    concludeInstrumentation(work, reading.known, name, composer);
    return work;
  }

  std::span<const WrittenTrack> written_;
  const Joins& joins_;
  const NameAuthority& authority_;
  const KnownWorks& known_;
  Conclusions result_;
  std::vector<Surnames> surnames_;
  std::vector<Row> rows_;
  std::unordered_map<std::string, std::optional<KnownWorks::Found>> answers_;
  std::vector<Reading> readings_;
  std::vector<Group> groups_;
  std::map<std::string, std::size_t> group_of_;
  std::map<std::size_t, std::string> key_of_;
  std::map<std::size_t, std::size_t> fullest_;
};

}  // namespace

Conclusions conclude(std::span<const WrittenTrack> tracks, const Joins& joins) { return Conclusion(tracks, joins).run(); }

}  // namespace attacca::archive
