// What each track's title and tags say, and which known work they mean.
#include "work_rows.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "attacca/base/in_parts.h"

#include "album_works.h"
#include "namesakes.h"
#include "no_music.h"
#include "title_parts.h"
#include "title_people.h"

namespace attacca::archive {
namespace {

int discOf(const WrittenTrack& track) {
  if (track.disc) return *track.disc;
  const std::vector<Token> tokens = tokensOf(track.album_title);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!isOneOf(tokens[i].text, {"disc", "disk", "cd"})) continue;
    const int number = plainNumber(tokens[i + 1].text);
    return number > 0 ? number : romanNumber(tokens[i + 1].text);
  }
  return 0;
}

class TitleReader {
 public:
  TitleReader(std::span<const WrittenTrack> written, std::span<const SaidOfTrack> said,
              const Namesakes& namesakes, std::vector<ConcludedTrack>& tracks)
      : written_(written),
        said_(said),
        namesakes_(namesakes),
        tracks_(tracks),
        authority_(NameAuthority::shipped()),
        known_(KnownWorks::shipped()),
        people_(authority_, known_),
        album_works_(authority_, known_, people_) {}

  // Each row says the same whichever others are read with it.
  void read(std::size_t i, Row& row) {
    row.written = &written_[i];
    row.disc = discOf(written_[i]);
    ConcludedTrack& track = tracks_[i];
    if (!track.composers.empty()) row.composer = track.composers[0].name;
    const PeopleTest is_people = [&](std::string_view inside) {
      return people_.isPeople(inside, row.composer);
    };
    row.any_of_composers = said_[i].any_of_composers;
    row.title = titleOf(written_[i], said_[i], is_people);
    if (!row.title.maker.empty() && !written_[i].fixed.composers) makerInTitle(row, track);
    if (row.title.same) return;
    const bool nobody =
        track.composers.empty() && !written_[i].fixed.composers && !namesNoMusic(written_[i].title);
    Title title;
    if (nobody) title = row.title;
    findKnown(row, track);
    if (nobody && row.known == nullptr) {
      row.title = std::move(title);
      ofAlbum(row, track);
    }
    const std::string& said = row.title.arranger.empty() ? row.title.people : row.title.arranger;
    if (!said.empty() && track.arrangers.empty() && !written_[i].fixed.arrangers)
      track.arrangers = people_.arrangers(said, row.composer);
  }

 private:
  // The album's title names whoever made what the track's title says, or the work that it is of.
  void ofAlbum(Row& row, ConcludedTrack& track) {
    AlbumWork of = album_works_.find(row.written->album_title, row.title);
    if (!of.composer) return;
    row.composer = of.composer->name;
    track.composers = {std::move(*of.composer)};
    if (!of.named) findKnown(row, track);
    if (row.known == nullptr && of.work == nullptr) numberOfSet(row.title);
    if (row.known != nullptr || of.work == nullptr) return;
    // "Finale" may go on with a work that a neighbour names.
    if (!of.named && row.title.movement_only && !row.title.set_number &&
        row.title.movement_number > 0)
      return;
    row.known = of.work;
    row.known_movement = of.movement;
    knownMovement(row);
    if (row.title.movement.empty()) row.title.movement = row.title.work.text;
    row.title.movement_only = false;
    row.known_confidence = track.composers[0].confidence;
    row.known_reason = "the album's title names the work";
  }

  // Those who play or arrange what others made: nobody whom the authority knows as a composer.
  bool mayHaveArranged(const ConcludedTrack& track, const Title& title) const {
    return std::all_of(track.composers.begin(), track.composers.end(), [&](const Credit& credit) {
      const Person* person = authority_.named(credit.name);
      // Somebody unknown may have written another "Toccata and Fugue".
      return person != nullptr ? person->mostly_arranges
                               : !isNobodysName(credit.name) && !title.work.words.empty();
    });
  }

  // "Widmung (Schumann, transcr. Liszt)": the title says who made it, where the field says only who
  // arranged it.
  void makerInTitle(Row& row, ConcludedTrack& track) {
    const std::vector<Credit>& makers = people_.makers(row.title.maker);
    if (makers.empty()) return;
    const std::vector<Credit> arrangers = people_.arrangers(row.title.arranger, makers[0].name);
    const bool only_arrangers =
        std::all_of(track.composers.begin(), track.composers.end(), [&](const Credit& composer) {
          return std::any_of(arrangers.begin(), arrangers.end(), [&](const Credit& arranger) {
            return arranger.name == composer.name;
          });
        });
    if (!only_arrangers) return;
    track.composers = makers;
    for (Credit& credit : track.composers) credit.reason = "the title names " + credit.name;
    row.composer = makers[0].name;
  }

  static Title titleOf(const WrittenTrack& written, const SaidOfTrack& said,
                       const PeopleTest& is_people) {
    const std::vector<std::string>& surnames = *said.surnames;
    if (written.work.empty() && !written.fixed.work && !said.rest.empty())
      return readTitle(said.rest, surnames, is_people);
    if (written.fixed.work) {
      Title title = readTitle(written.title, surnames, is_people);
      title.work = readWork(plainText(*written.fixed.work));
      title.movement_only = false;
      return title;
    }
    if (written.work.empty()) return readTitle(written.title, surnames, is_people);
    Title title = readTitle(written.work, surnames, is_people);
    const Title own = readTitle(written.title, surnames, is_people);
    if (title.work.text.empty()) title.work = readWork(plainText(written.work));
    title.movement_only = false;
    if (!own.arranger.empty()) title.arranger = own.arranger;
    if (!own.people.empty()) title.people = own.people;
    if (own.movement_number > 0) title.movement_number = own.movement_number;
    title.movement = !written.movement.empty() ? written.movement
                     : !own.movement.empty()   ? own.movement
                                               : title.movement;
    return title;
  }

  // The movements of a work ask the same again and again.
  const std::optional<KnownWorks::Found>& find(const std::string& composer, const Title& title) {
    std::string question = composer + '\n' + title.work.text + '\n';
    question += std::to_string(title.movement_number *
                                   (title.set_number || title.work.shape == Shape::piece ? 2 : 0) +
                               (title.set_number ? 1 : 0));
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
    if (!found && !row.written->fixed.composers) found = ofNamesake(row, track);
    if (row.title.movement.empty() && !row.title.movement_only) partInBrackets(row, track, found);
    if (!found && !row.title.movement.empty() && row.title.movement_number == 0 &&
        !row.title.movement_only) {
      // "Winter from The Four Seasons": together they name it.
      Title whole;
      whole.work = readWork(row.title.excerpt ? row.title.movement + " " + row.title.work.text
                                              : row.title.work.text + " " + row.title.movement);
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
      // "Traditional", arranged by Casals: known under his name.
      if (!track.composers.empty() && isNobodysName(track.composers[0].name)) {
        row.composer = track.arrangers[i].name;
        break;
      }
      Credit maker = std::move(track.arrangers[i]);
      track.arrangers.erase(track.arrangers.begin() + static_cast<std::ptrdiff_t>(i));
      maker.role = CreditRole::composer;
      maker.reason = fmt::format("\"{}\" is by {}", found->work->title, maker.name);
      row.composer = maker.name;
      track.composers = {std::move(maker)};
    }
    if (!found && !fixed) {
      const bool credited = !mayHaveArranged(track, row.title);
      if (const KnownWork* work = known_.unmistakable(row.title, credited)) {
        const auto& again = find(work->composer, row.title);
        const int movement = again && again->work == work ? again->movement : 0;
        found = KnownWorks::Found{
            work,
            "",
            movement,
            1,
            0.9,
            fmt::format("the title can only mean \"{}\" by {}", work->title, work->composer)};
        const std::string said =
            track.composers.empty() ? std::string() : track.composers[0].written;
        for (Credit& credit : track.composers) {
          if (credited || !credit.known) continue;
          credit.role = CreditRole::arranger;
          credit.reason = fmt::format("\"{}\" is by {}", work->title, work->composer);
          track.arrangers.push_back(std::move(credit));
        }
        track.composers = {
            {work->composer, said, CreditRole::composer,
             authority_.named(work->composer) != nullptr, 0.85,
             fmt::format("\"{}\" is by {}{}", work->title, work->composer,
                         said.empty() ? "" : ", though the catalogue says " + said)}};
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
        if (row.any_of_composers) continue;
        other.role = CreditRole::arranger;
        other.confidence = std::min(other.confidence, 0.8);
        other.reason = fmt::format("\"{}\" is by {}", found->work->title, row.composer);
        track.arrangers.push_back(std::move(other));
      }
    }
    if (!found->work->set && row.title.movement.empty() && row.title.movement_number == 0 &&
        !row.title.movement_only)
      partAfterMark(row, *found->work);
    row.known = found->work;
    row.part = std::move(found->part);
    row.known_movement = found->movement;
    row.known_confidence = found->confidence;
    row.known_reason = std::move(found->reason);
    if (row.known->set) {
      const bool part_of_movement =
          row.part == std::to_string(row.title.movement_number) && row.title.work.number == 0 &&
          std::none_of(row.title.work.numbers.begin(), row.title.work.numbers.end(),
                       [](const CatalogueNumber& number) { return !number.part.empty(); });
      if (part_of_movement) {
        row.title.movement_number = 0;
        row.title.movement.clear();
      }
      return;
    }
    knownMovement(row);
  }

  // "Strauss: Don Juan": of those who bear the name, one is known to have composed it. Without such
  // a work, the only one of them whom the album names in full is meant.
  std::optional<KnownWorks::Found> ofNamesake(Row& row, ConcludedTrack& track) {
    for (Credit& credit : track.composers) {
      const std::vector<const Person*>& bearers = namesakes_.of(credit.written);
      if (bearers.empty() || credit.reason == kByHand) continue;
      const Person* maker = nullptr;
      std::optional<KnownWorks::Found> found;
      int makers = 0;
      for (const Person* person : bearers) {
        const auto& one = find(person->name, row.title);
        // Against the best known of the name, only what is sure counts.
        constexpr double kSure = 0.9;
        if (!one || (credit.known && one->confidence < kSure)) continue;
        maker = person;
        found = one;
        ++makers;
      }
      if (makers == 1) {
        const double confidence = std::min(0.9, found->confidence);
        rename(credit, *maker, confidence,
               fmt::format("\"{}\" is by {}", found->work->title, maker->name));
        row.composer = credit.name;
        return found;
      }
      if (credit.known) continue;
      if (const Person* neighbour = namesakes_.neighbour(row.written->album, bearers)) {
        rename(credit, *neighbour, 0.7, "the only one of this name whom the album names in full");
        if (&credit == track.composers.data()) row.composer = credit.name;
        return find(credit.name, row.title);
      }
    }
    return std::nullopt;
  }

  static void rename(Credit& credit, const Person& person, double confidence, std::string reason) {
    credit.name = person.name;
    credit.known = true;
    credit.confidence = confidence;
    credit.reason = std::move(reason);
  }

  // "Nana (Siete canciones populares)": the work that brackets name is the whole.
  void partInBrackets(Row& row, const ConcludedTrack& track,
                      std::optional<KnownWorks::Found>& found) {
    if (row.title.in_brackets.empty() || row.title.before_brackets.empty()) return;
    const Title whole = readTitle(row.title.in_brackets);
    const Title part = readTitle(row.title.before_brackets);
    for (const Credit& credit : track.composers) {
      const std::optional<KnownWorks::Found> one = find(credit.name, whole);
      if (!one || one->work->set || one->movement != 0) continue;
      const auto& other = find(credit.name, part);
      if (other && (other->work != one->work || other->movement == 0)) continue;
      const WorkName name = readWork(row.title.before_brackets);
      if (!name.numbers.empty() || name.key) continue;
      row.composer = credit.name;
      row.title.work = whole.work;
      row.title.movement = row.title.before_brackets;
      found = one;
      return;
    }
  }

  // "Folk Dances - Stick Dance", "Simple Symphony, Playful Pizzicato": what follows the name of a
  // known work is its part, unless it names the work again.
  void partAfterMark(Row& row, const KnownWork& work) {
    const std::string& text = row.title.work.text;
    for (const std::string_view mark : {" - ", " / ", ": ", ", "}) {
      for (std::size_t at = text.find(mark); at != std::string::npos;
           at = text.find(mark, at + mark.size())) {
        const std::string_view right = trimmed(std::string_view(text).substr(at + mark.size()));
        WorkName part = readWork(right);
        if (part.words.empty() && !beginsMovement(right)) continue;
        if (!part.numbers.empty() || part.key || part.shape == Shape::cyclic) continue;
        Title left;
        left.work = readWork(std::string_view(text).substr(0, at));
        const auto whole = find(row.composer, left);
        if (!whole || whole->work != &work || whole->movement != 0) continue;
        Title rest;
        rest.work = std::move(part);
        const auto& again = find(row.composer, rest);
        if (again && (again->work != &work || again->movement == 0)) continue;
        row.title.movement = std::string(right);
        row.title.work = std::move(left.work);
        return;
      }
    }
  }

  std::span<const WrittenTrack> written_;
  std::span<const SaidOfTrack> said_;
  const Namesakes& namesakes_;
  std::vector<ConcludedTrack>& tracks_;
  const NameAuthority& authority_;
  const KnownWorks& known_;
  TitlePeople people_;
  AlbumWorks album_works_;
  std::unordered_map<std::string, std::optional<KnownWorks::Found>> answers_;
};

}  // namespace

std::vector<Row> readRows(std::span<const WrittenTrack> written, std::span<const SaidOfTrack> said,
                          std::vector<ConcludedTrack>& tracks) {
  const Namesakes namesakes(written, tracks);
  std::vector<Row> rows(written.size());
  constexpr std::size_t kWorthAThread = 5000;
  inParts(rows.size(), kWorthAThread, [&](std::size_t begin, std::size_t end) {
    TitleReader reader(written, said, namesakes, tracks);
    for (std::size_t i = begin; i < end; ++i) reader.read(i, rows[i]);
  });
  oneNameForEach(written, tracks, rows);
  return rows;
}

}  // namespace attacca::archive
