// Who made what: the credits of all tracks.
#include <algorithm>
#include <memory>
#include <set>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/text.h"

#include "joins.h"
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
  std::vector<Surnames> run() {
    std::unordered_map<std::string, Fields> read;
    std::set<std::string> unknown;
    tracks_.resize(written_.size());
    const auto fieldsOf = [](const WrittenTrack& track) {
      std::string fields;
      for (const std::string& name : track.composers) fields += name + '\n';
      fields += '\r';
      for (const std::string& name : track.arrangers) fields += name + '\n';
      fields += '\r';
      if (!track.composers.empty()) return fields;
      for (const std::string& name : track.artists) fields += name + '\n';
      return fields;
    };
    for (const WrittenTrack& track : written_) {
      const auto [at, fresh] = read.try_emplace(fieldsOf(track));
      if (!fresh) continue;
      at->second.credits = authority_.read(track.composers, track.arrangers);
      if (track.composers.empty()) artistsAsComposers(track.artists, at->second.credits);
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
      for (const Credit& credit : fields.credits) {
        if (credit.role != CreditRole::composer) continue;
        fields.composer = true;
        fields.known = fields.known || credit.known || isNobodysName(credit.name);
      }
    }
    std::vector<Surnames> surnames;
    surnames.reserve(written_.size());
    for (std::size_t i = 0; i < written_.size(); ++i) {
      ConcludedTrack& track = tracks_[i];
      track.id = written_[i].id;
      const Fields& fields = read.find(fieldsOf(written_[i]))->second;
      const std::vector<Credit>* said = &fields.credits;
      surnames.push_back(fields.surnames);
      if (!fields.known && !written_[i].fixed.composers) {
        if (const Named* named = inTitle(written_[i], fields.composer)) {
          said = &named->credits;
          surnames.back() = named->surnames;
        }
      }
      for (const Credit& credit : *said) {
        (credit.role == CreditRole::composer ? track.composers : track.arrangers).push_back(credit);
      }
      const Fixed& fixed = written_[i].fixed;
      if (fixed.composers) track.composers = byHand(*fixed.composers, CreditRole::composer);
      if (fixed.arrangers) track.arrangers = byHand(*fixed.arrangers, CreditRole::arranger);
      for (auto* credits : {&track.composers, &track.arrangers}) {
        for (Credit& credit : *credits) joinPerson(credit);
      }
    }
    return surnames;
  }

 private:
  // What the fields of names say; many rows share it.
  struct Fields {
    std::vector<Credit> credits;
    Surnames surnames;
    bool composer = false;  // somebody is named
    bool known = false;     // whom the authority knows, or who is no person
  };

  // Whom the title names where the fields name nobody, or only somebody unknown, who then played.
  struct Named {
    std::vector<Credit> credits;
    Surnames surnames;
  };
  const Named* inTitle(const WrittenTrack& track, bool clearly) {
    for (const std::string* text : {&track.work, &track.title}) {
      if (text->empty()) continue;
      const std::vector<Credit>& credits = title_people_.composers(*text, clearly);
      if (credits.empty()) continue;
      std::string key;
      for (const Credit& credit : credits) key += credit.written + '\n';
      const auto [at, fresh] = in_titles_.try_emplace(std::move(key));
      if (fresh) at->second = {credits, surnamesIn(credits)};
      return &at->second;
    }
    return nullptr;
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
  std::unordered_map<std::string, Named> in_titles_;
};

}  // namespace

std::vector<Surnames> concludePeople(std::span<const WrittenTrack> written, const Joins& joins,
                                     std::vector<ConcludedTrack>& tracks) {
  return People(written, joins, tracks).run();
}

}  // namespace attacca::archive
