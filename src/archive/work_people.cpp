// Who made what: the credits of all tracks.
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/text.h"

#include "album_titles.h"
#include "joins.h"
#include "marks.h"
#include "performers.h"
#include "title_parts.h"
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
    titles_ = std::make_unique<AlbumTitles>(written_, fields_, authority_, title_people_);
    arrangersAmongArtists();
    oneNameForEach();
    std::vector<SaidOfTrack> said(written_.size());
    for (std::size_t i = 0; i < written_.size(); ++i) {
      const NameFields& fields = *fields_[i];
      SaidOfTrack& of_track = said[i];
      of_track.surnames = fields.surnames;
      const NamedInTitle* named = titles_->named(i);
      of_track.any_of_composers = named == nullptr && titles_->isListOfAlbum(i);
      if (named != nullptr) {
        of_track.surnames = surnamesOf(named->credits);
        of_track.rest = named->rest;
      }
      credit(i, named == nullptr ? fields.credits : named->credits);
    }
    return said;
  }

 private:
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
      NameFields& fields = at->second;
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

  // "Strings; arr. J. Moreno", where nothing else names an arranger.
  void arrangersAmongArtists() {
    std::unordered_map<std::string_view, std::vector<Credit>> read;
    for (std::size_t i = 0; i < written_.size(); ++i) {
      for (const std::string& artist : written_[i].artists) {
        if (artist.find_first_of(".:") == std::string::npos &&
            artist.find(" by ") == std::string::npos)
          continue;
        const auto [at, fresh] = read.try_emplace(artist);
        if (fresh) at->second = arrangersIn(artist);
        if (at->second.empty()) continue;
        std::vector<Credit>& credits = among_artists_[i];
        credits.insert(credits.end(), at->second.begin(), at->second.end());
      }
    }
  }

  std::vector<Credit> arrangersIn(const std::string& artist) const {
    std::vector<Credit> credits;
    for (const Marked& part : splitAtMarks(artist)) {
      if (part.mark != Mark::arranger || part.text.empty()) continue;
      const std::vector<std::string> field = {
          part.text.substr(0, part.text.find_first_of(";,/(+|"))};
      for (Credit& credit : authority_.read({}, field)) {
        credit.confidence = std::min(credit.confidence, 0.8);
        credit.reason = "named as the arranger among the performers";
        credits.push_back(std::move(credit));
      }
    }
    return credits;
  }

  // "Paul Tidewell, organ; N. N." holds "Paul Tidewell".
  static std::vector<std::string_view> playersIn(std::string_view artist) {
    std::vector<std::string_view> players;
    for (std::size_t at = 0; at < artist.size();) {
      const std::size_t end = std::min(artist.find_first_of(",;/(+&|", at), artist.size());
      if (const std::string_view player = trimmed(artist.substr(at, end - at)); !player.empty())
        players.push_back(player);
      at = end + 1;
    }
    return players;
  }

  // One spelling for each whom the authority does not know.
  void oneNameForEach() {
    std::set<std::string> unknown;
    std::set<const NameFields*> short_names;
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
    for (const NamedInTitle& named : titles_->made()) collect(named.credits);
    for (const auto& [track, credits] : among_artists_) collect(credits);
    // "HALDANE" is the Peter Haldane who plays.
    for (std::size_t i = 0; i < written_.size() && !short_names.empty(); ++i) {
      if (!short_names.contains(fields_[i])) continue;
      for (const std::string& artist : written_[i].artists) {
        for (const std::string_view player : playersIn(artist)) {
          const std::string folded = foldText(player);
          for (const Credit& one : fields_[i]->credits) {
            if (!one.known && folded.ends_with(' ' + foldText(one.name)))
              unknown.insert(std::string(player));
          }
        }
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
    for (NamedInTitle& named : titles_->made()) rename(named.credits);
    for (auto& [track, credits] : among_artists_) rename(credits);
  }

  void credit(std::size_t i, const std::vector<Credit>& said) {
    ConcludedTrack& track = tracks_[i];
    track.id = written_[i].id;
    const NamedInTitle* in_title = titles_->named(i);
    const bool list = in_title == nullptr && titles_->isListOfAlbum(i);
    for (const Credit& credit : said) {
      const bool composed =
          credit.role == CreditRole::composer || (list && credit.known && !credit.marked);
      (composed ? track.composers : track.arrangers).push_back(credit);
    }
    dropSinger(written_[i].title, track);
    // The arrangers' field holds, whoever the title names.
    if (in_title != nullptr) {
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

  // "Recondita armonia (ten. Franco Corelli)": the field names who the title says sang.
  static void dropSinger(std::string_view title, ConcludedTrack& track) {
    const std::size_t open = title.rfind('(');
    if (open == std::string_view::npos || track.composers.empty()) return;
    const std::string_view inside = title.substr(open + 1, title.find(')', open) - open - 1);
    if (!namesSinger(inside)) return;
    const std::vector<Token> singer = tokensOf(inside);
    std::erase_if(track.composers, [&](const Credit& credit) {
      const std::vector<Token> own = tokensOf(credit.written);
      return std::all_of(own.begin(), own.end(), [&](const Token& word) {
        return std::any_of(singer.begin(), singer.end(),
                           [&](const Token& other) { return other.text == word.text; });
      });
    });
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
  std::unordered_map<std::string, NameFields> read_;
  std::vector<const NameFields*> fields_;  // of each track
  std::unique_ptr<AlbumTitles> titles_;
  std::unordered_map<std::size_t, std::vector<Credit>> among_artists_;
  std::unordered_map<std::string, Surnames> in_titles_;
};

}  // namespace

std::vector<SaidOfTrack> concludePeople(std::span<const WrittenTrack> written, const Joins& joins,
                                        std::vector<ConcludedTrack>& tracks) {
  return People(written, joins, tracks).run();
}

}  // namespace attacca::archive
