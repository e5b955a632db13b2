// Who made what: the credits of all tracks.
#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/text.h"

#include "joins.h"
#include "marks.h"
#include "title_people.h"
#include "work_rows.h"

namespace attacca::archive {
namespace {

class People {
 public:
  People(std::span<const WrittenTrack> written, const Joins& joins,
         std::vector<ConcludedTrack>& tracks)
      : written_(written),
        joins_(joins),
        tracks_(tracks),
        authority_(NameAuthority::shipped()),
        title_people_(authority_, KnownWorks::shipped()) {}

  // Who made what. Most rows share their fields with many others.
  std::vector<SaidOfTrack> run() {
    tracks_.resize(written_.size());
    readFields();
    readTitles();
    arrangersAmongArtists();
    oneNameForEach();
    std::vector<SaidOfTrack> said(written_.size());
    for (std::size_t i = 0; i < written_.size(); ++i) {
      const Fields& fields = *fields_[i];
      SaidOfTrack& of_track = said[i];
      of_track.surnames = fields.surnames;
      of_track.any_of_composers = named_[i] == nullptr && isListOfAlbum(i);
      const NamedInTitle* named = named_[i];
      if (named != nullptr) {
        of_track.surnames = surnamesOf(named->credits);
        of_track.rest = named->rest;
      }
      credit(i, named == nullptr ? fields.credits : named->credits);
    }
    return said;
  }

 private:
  // What the fields of names say; many rows share it.
  struct Fields {
    std::vector<Credit> credits;
    Surnames surnames;
    int names = 0;          // in the composers' field, without those that a mark makes arrangers
    bool composer = false;  // somebody is named
    bool known = false;     // whom the authority knows, or who is no person
  };

  // What the titles of an album's tracks with the same fields begin with.
  struct InAlbum {
    int of_fields = 0;  // tracks with these fields
    std::set<std::string> composers;
  };

  void readFields() {
    const auto textOf = [](const WrittenTrack& track) {
      std::string fields;
      for (const std::string& name : track.composers) fields += name + '\n';
      fields += '\r';
      for (const std::string& name : track.arrangers) fields += name + '\n';
      fields += '\r';
      if (!track.composers.empty()) return fields;
      for (const std::string& name : track.artists) fields += name + '\n';
      return fields;
    };
    fields_.reserve(written_.size());
    for (const WrittenTrack& track : written_) {
      const auto [at, fresh] = read_.try_emplace(textOf(track));
      Fields& fields = at->second;
      fields_.push_back(&fields);
      if (!fresh) continue;
      fields.credits = authority_.read(track.composers, track.arrangers);
      if (track.composers.empty()) artistsAsComposers(track.artists, fields.credits);
      fields.surnames = surnamesIn(fields.credits);
      for (const Credit& credit : fields.credits) {
        if (!credit.marked) ++fields.names;
        if (credit.role != CreditRole::composer) continue;
        fields.composer = true;
        fields.known = fields.known || credit.known || isNobodysName(credit.name);
      }
    }
  }

  InAlbum& inAlbum(std::size_t i) { return albums_[{written_[i].album, fields_[i]}]; }

  // Whom the title names where the fields name nobody, or only somebody unknown, who then played;
  // or which of several.
  void readTitles() {
    named_.resize(written_.size(), nullptr);
    std::map<std::pair<std::int64_t, std::string_view>, int> marks;
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < written_.size(); ++i) {
      const Fields& fields = *fields_[i];
      const WrittenTrack& track = written_[i];
      if (track.fixed.composers) continue;
      if (fields.names > 1 || (fields.composer && !fields.known)) ++inAlbum(i).of_fields;
      if (fields.known && fields.names == 1) {
        named_[i] = otherThan(i);
        continue;
      }
      open.push_back(i);
      const NamedInTitle* named = inTitle(track, fields.composer && !plays(track));
      if (named == nullptr) continue;
      if (!named->mark.empty()) ++marks[{track.album, named->mark}];
      if (fields.composer) inAlbum(i).composers.insert(named->credits[0].name);
      named_[i] = named;
    }
    for (const std::size_t i : open) {
      const Fields& fields = *fields_[i];
      if (fields.names > 1) {
        named_[i] = oneOfList(i, named_[i]);
        continue;
      }
      // A name under which an album has the works of several is a performer's.
      const bool performer = fields.composer && inAlbum(i).composers.size() > 1;
      if (named_[i] == nullptr && performer) named_[i] = inTitle(written_[i], false);
      if (named_[i] != nullptr || (fields.composer && !performer)) continue;
      constexpr int kHabit = 2;
      for (const auto& [mark, count] : marksOf(marks, written_[i].album)) {
        if (count < kHabit) continue;
        NamedInTitle unknown = title_people_.unknown(written_[i].title, mark);
        if (unknown.credits.empty()) continue;
        named_[i] = &unknown_.emplace_back(std::move(unknown));
        break;
      }
      if (named_[i] == nullptr && performer) named_[i] = &nobody_;
    }
  }

  static std::vector<std::pair<std::string_view, int>> marksOf(
      const std::map<std::pair<std::int64_t, std::string_view>, int>& marks, std::int64_t album) {
    std::vector<std::pair<std::string_view, int>> its;
    for (auto at = marks.lower_bound({album, ""}); at != marks.end() && at->first.first == album;
         ++at)
      its.emplace_back(at->first.second, at->second);
    return its;
  }

  const NamedInTitle* inTitle(const WrittenTrack& track, bool clearly) {
    for (const std::string* text : {&track.work, &track.title}) {
      if (text->empty()) continue;
      const NamedInTitle& named = title_people_.composers(*text, clearly);
      if (!named.credits.empty()) return &named;
    }
    return nullptr;
  }

  // Whether the fields' only composer, whom nobody knows, is among the performers too.
  bool plays(const WrittenTrack& track) const {
    const std::string name = foldText(track.composers.empty() ? "" : track.composers[0]);
    if (name.empty()) return false;
    return foldText(track.album_title).starts_with(name) ||
           std::any_of(track.artists.begin(), track.artists.end(), [&](const std::string& artist) {
             return foldText(artist).find(name) != std::string::npos;
           });
  }

  // "Schumann: Widmung" in a row of Liszt's: a work known to be by the one whom the title names,
  // and the other, who came later, arranged it.
  const NamedInTitle* otherThan(std::size_t i) {
    const WrittenTrack& track = written_[i];
    const Fields& fields = *fields_[i];
    if (track.title.find_first_of(":-/") == std::string::npos) return nullptr;
    const std::string_view first =
        std::string_view(track.title).substr(0, track.title.find_first_of(" :,-"));
    if (first.empty() || !mayBeginName(first)) return nullptr;
    const NamedInTitle& named = title_people_.composers(track.title, true);
    if (named.credits.empty() || named.rest.empty() || fields.credits.size() != 1) return nullptr;
    const Credit& credited = fields.credits[0];
    const Credit& maker = named.credits[0];
    const Person* person = authority_.named(credited.name);
    const Person* other = authority_.named(maker.name);
    constexpr int kYounger = 5;
    if (person == nullptr || other == nullptr || person == other || !person->born || !other->born ||
        *person->born < *other->born + kYounger ||
        !title_people_.hasKnownWork(named.rest, named.credits) ||
        title_people_.hasKnownWork(track.title, fields.credits))
      return nullptr;
    NamedInTitle both = named;
    if (both.credits.size() == 1) {
      both.credits.push_back(credited);
      both.credits.back().role = CreditRole::arranger;
      both.credits.back().confidence = 0.7;
      both.credits.back().reason =
          "named as the composer of what the title says is " + other->name + "'s";
    }
    return &unknown_.emplace_back(std::move(both));
  }

  // Whether the field holds the composers of all the album's tracks.
  bool isListOfAlbum(std::size_t i) {
    constexpr int kMany = 3;
    const int names = fields_[i]->names;
    if (names < 2) return false;
    const InAlbum& album = inAlbum(i);
    return album.composers.size() > 1 || (names >= kMany && album.of_fields >= kMany);
  }

  // Of several names in the field, those with whom the title begins: the others are the composers
  // of the album's other tracks.
  const NamedInTitle* oneOfList(std::size_t i, const NamedInTitle* named) {
    const Fields& fields = *fields_[i];
    if (named == nullptr || named->rest.empty()) return nullptr;
    const auto isListed = [&](const Credit& credit) {
      return credit.role == CreditRole::arranger ||
             std::any_of(fields.credits.begin(), fields.credits.end(),
                         [&](const Credit& one) { return one.name == credit.name; });
    };
    if (!isListOfAlbum(i) || !std::all_of(named->credits.begin(), named->credits.end(), isListed))
      return nullptr;
    return named;
  }

  // "Strings; arr. J. Moreno", where nothing else names an arranger.
  void arrangersAmongArtists() {
    for (std::size_t i = 0; i < written_.size(); ++i) {
      for (const std::string& artist : written_[i].artists) {
        if (artist.find_first_of(".:") == std::string::npos &&
            artist.find(" by ") == std::string::npos)
          continue;
        for (const Marked& part : splitAtMarks(artist)) {
          if (part.mark != Mark::arranger || part.text.empty()) continue;
          const std::vector<std::string> field = {
              part.text.substr(0, part.text.find_first_of(";,/(+|"))};
          for (Credit& credit : authority_.read({}, field)) {
            credit.confidence = std::min(credit.confidence, 0.8);
            credit.reason = "named as the arranger among the performers";
            among_artists_[i].push_back(std::move(credit));
          }
        }
      }
    }
  }

  // One spelling for each whom the authority does not know.
  void oneNameForEach() {
    std::set<std::string> unknown;
    std::set<const Fields*> short_names;
    const auto collect = [&](const std::vector<Credit>& credits) {
      bool short_name = false;
      for (const Credit& credit : credits) {
        if (credit.known || isNobodysName(credit.name)) continue;
        unknown.insert(credit.name);
        short_name = short_name || (credit.role == CreditRole::composer &&
                                    credit.name.find(' ') == std::string::npos);
      }
      return short_name;
    };
    for (const auto& [text, fields] : read_) {
      if (collect(fields.credits)) short_names.insert(&fields);
    }
    for (const NamedInTitle& named : unknown_) collect(named.credits);
    for (const auto& [track, credits] : among_artists_) collect(credits);
    // "HALDANE" is the Peter Haldane who plays.
    for (std::size_t i = 0; i < written_.size() && !short_names.empty(); ++i) {
      if (!short_names.contains(fields_[i])) continue;
      for (Credit& credit : authority_.read(written_[i].artists, {})) {
        const bool his = std::any_of(
            fields_[i]->credits.begin(), fields_[i]->credits.end(), [&](const Credit& one) {
              return foldText(credit.name).ends_with(' ' + foldText(one.name));
            });
        if (!credit.known && his) unknown.insert(credit.name);
      }
    }
    const std::vector<std::string> names(unknown.begin(), unknown.end());
    const std::map<std::string, std::string> one_name = groupUnknown(names);
    const auto rename = [&](std::vector<Credit>& credits) {
      for (Credit& credit : credits) {
        const auto same = credit.known ? one_name.end() : one_name.find(credit.name);
        if (same == one_name.end() || same->second == credit.name) continue;
        credit.reason = fmt::format("taken for \"{}\", who is in the catalogue too", same->second);
        credit.name = same->second;
      }
    };
    for (auto& [text, fields] : read_) {
      rename(fields.credits);
      fields.surnames = surnamesIn(fields.credits);
    }
    for (NamedInTitle& named : unknown_) rename(named.credits);
    for (auto& [track, credits] : among_artists_) rename(credits);
  }

  void credit(std::size_t i, const std::vector<Credit>& said) {
    ConcludedTrack& track = tracks_[i];
    track.id = written_[i].id;
    const bool list = named_[i] == nullptr && isListOfAlbum(i);
    for (const Credit& credit : said) {
      const bool composed =
          credit.role == CreditRole::composer || (list && credit.known && !credit.marked);
      (composed ? track.composers : track.arrangers).push_back(credit);
    }
    // The arrangers' field holds, whoever the title names.
    if (named_[i] != nullptr) {
      for (const Credit& credit : fields_[i]->credits) {
        const bool named = std::any_of(said.begin(), said.end(),
                                       [&](const Credit& one) { return one.name == credit.name; });
        if (credit.role == CreditRole::arranger && credit.marked && !named)
          track.arrangers.push_back(credit);
      }
    }
    if (const auto at = among_artists_.find(i);
        at != among_artists_.end() && track.arrangers.empty())
      track.arrangers = at->second;
    const Fixed& fixed = written_[i].fixed;
    if (fixed.composers) track.composers = byHand(*fixed.composers, CreditRole::composer);
    if (fixed.arrangers) track.arrangers = byHand(*fixed.arrangers, CreditRole::arranger);
    for (auto* credits : {&track.composers, &track.arrangers}) {
      for (Credit& credit : *credits) joinPerson(credit);
    }
  }

  // Many tag the composer as artist. Only one who died before there were records to tag can be
  // meant.
  void artistsAsComposers(const std::vector<std::string>& artists,
                          std::vector<Credit>& credits) const {
    constexpr int kFirstRecords = 1900;
    std::vector<Credit> composers = authority_.read(artists, {});
    for (const Credit& credit : composers) {
      const Person* person = credit.known ? authority_.named(credit.name) : nullptr;
      if (credit.role != CreditRole::composer || person == nullptr || !person->died ||
          *person->died > kFirstRecords)
        return;
    }
    for (Credit& credit : composers) {
      credit.confidence = std::min(credit.confidence, 0.7);
      credit.reason = "named as the artist, and nobody as the composer";
      credits.push_back(std::move(credit));
    }
  }

  Surnames surnamesOf(const std::vector<Credit>& credits) {
    std::string key;
    for (const Credit& credit : credits) key += credit.written + '\n';
    const auto [at, fresh] = in_titles_.try_emplace(std::move(key));
    if (fresh) at->second = surnamesIn(credits);
    return at->second;
  }

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

  std::vector<Credit> byHand(const std::vector<std::string>& names, CreditRole role) const {
    std::vector<Credit> credits;
    for (const std::string& name : names) {
      const Person* person = authority_.find(name);
      credits.push_back(
          {person != nullptr ? person->name : name, name, role, person != nullptr, 1, kByHand});
    }
    return credits;
  }

  void joinPerson(Credit& credit) const {
    std::string name = endOf(joins_.people, credit.name);
    for (const Joins::Split& split : joins_.splits) {
      if (name != split.person || foldText(credit.written) != split.written) continue;
      name = endOf(joins_.people, split.name);
      break;
    }
    if (name == credit.name) return;
    credit.name = std::move(name);
    credit.known = authority_.named(credit.name) != nullptr;
    credit.confidence = 1;
    credit.reason = kByHand;
  }

  std::span<const WrittenTrack> written_;
  const Joins& joins_;
  std::vector<ConcludedTrack>& tracks_;
  const NameAuthority& authority_;
  TitlePeople title_people_;
  std::unordered_map<std::string, Fields> read_;
  std::vector<const Fields*> fields_;  // of each track
  std::map<std::pair<std::int64_t, const Fields*>, InAlbum> albums_;
  std::vector<const NamedInTitle*> named_;  // of each track; nullptr: the fields hold
  std::deque<NamedInTitle> unknown_;
  const NamedInTitle nobody_;
  std::unordered_map<std::size_t, std::vector<Credit>> among_artists_;
  std::unordered_map<std::string, Surnames> in_titles_;
};

}  // namespace

std::vector<SaidOfTrack> concludePeople(std::span<const WrittenTrack> written, const Joins& joins,
                                        std::vector<ConcludedTrack>& tracks) {
  return People(written, joins, tracks).run();
}

}  // namespace attacca::archive
