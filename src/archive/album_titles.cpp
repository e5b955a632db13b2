// Whom the titles of an album's tracks name, where the fields of names do not tell.
#include "album_titles.h"

#include <algorithm>

#include "attacca/base/text.h"

namespace attacca::archive {

AlbumTitles::AlbumTitles(std::span<const WrittenTrack> written,
                         std::span<const NameFields* const> fields_of,
                         const NameAuthority& authority, TitlePeople& title_people)
    : written_(written),
      fields_(fields_of),
      authority_(authority),
      title_people_(title_people),
      named_(written.size(), nullptr) {
  Marks marks;
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < written_.size(); ++i) {
    const NameFields& fields = *fields_[i];
    const WrittenTrack& track = written_[i];
    if (track.fixed.composers) continue;
    if (fields.names > 1 || (fields.composer && !fields.known)) ++inAlbum(i).of_fields;
    if (fields.known && fields.names == 1) {
      named_[i] = otherThan(i);
      continue;
    }
    open.push_back(i);
    ++tracks_[track.album];
    const NamedInTitle* named = inTitle(track, fields.composer && !plays(track));
    if (named == nullptr) continue;
    if (!named->mark.empty()) ++marks[{track.album, named->mark}];
    if (fields.composer) inAlbum(i).composers.insert(named->credits[0].name);
    named_[i] = named;
  }
  for (const std::size_t i : open) {
    const NameFields& fields = *fields_[i];
    if (fields.names > 1) {
      named_[i] = oneOfList(i, named_[i]);
      continue;
    }
    // A name under which an album has the works of several is a performer's.
    const bool performer = fields.composer && inAlbum(i).composers.size() > 1;
    if (named_[i] == nullptr && performer) named_[i] = inTitle(written_[i], false);
    if (named_[i] != nullptr || (fields.composer && !performer)) continue;
    named_[i] = asOthers(i, marks);
    if (named_[i] == nullptr && performer) named_[i] = &nobody_;
  }
}

// Where two titles of the album set composers' names apart, another may name somebody unknown
// there.
const NamedInTitle* AlbumTitles::asOthers(std::size_t i, const Marks& marks) {
  constexpr int kHabit = 2;
  const std::int64_t album = written_[i].album;
  for (auto at = marks.lower_bound({album, ""}); at != marks.end() && at->first.first == album;
       ++at) {
    if (at->second < kHabit) continue;
    const bool usual = 2 * at->second >= tracks_[album];
    NamedInTitle other = title_people_.asOthers(written_[i].title, at->first.second, usual);
    if (!other.credits.empty()) return &made_.emplace_back(std::move(other));
  }
  return nullptr;
}

const NamedInTitle* AlbumTitles::inTitle(const WrittenTrack& track, bool clearly) {
  for (const std::string* text : {&track.work, &track.title}) {
    if (text->empty()) continue;
    const NamedInTitle& named = title_people_.composers(*text, clearly);
    if (!named.credits.empty()) return &named;
  }
  return nullptr;
}

// Whether the fields' only composer, whom nobody knows, is among the performers too.
bool AlbumTitles::plays(const WrittenTrack& track) const {
  const std::string name = foldText(track.composers.empty() ? "" : track.composers[0]);
  if (name.empty()) return false;
  return foldText(track.album_title).starts_with(name) ||
         std::any_of(track.artists.begin(), track.artists.end(), [&](const std::string& artist) {
           return foldText(artist).find(name) != std::string::npos;
         });
}

// "Schumann: Widmung" in a row of Liszt's: a work known to be by the one whom the title names,
// and the other, who came later, arranged it.
const NamedInTitle* AlbumTitles::otherThan(std::size_t i) {
  const WrittenTrack& track = written_[i];
  const NameFields& fields = *fields_[i];
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
  constexpr int kElder = 25;  // years: Liszt arranged Saint-Saëns
  if (person == nullptr || other == nullptr || person == other || !person->born || !other->born ||
      *person->born + kElder < *other->born ||
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
  return &made_.emplace_back(std::move(both));
}

bool AlbumTitles::isListOfAlbum(std::size_t i) const {
  constexpr int kMany = 3;
  const int names = fields_[i]->names;
  if (names < 2) return false;
  const auto at = albums_.find({written_[i].album, fields_[i]});
  if (at == albums_.end()) return false;
  const InAlbum& album = at->second;
  return album.composers.size() > 1 || (names >= kMany && album.of_fields >= kMany);
}

// Of several names in the field, those with whom the title begins: the others are the composers
// of the album's other tracks.
const NamedInTitle* AlbumTitles::oneOfList(std::size_t i, const NamedInTitle* named) {
  const NameFields& fields = *fields_[i];
  if (!isListOfAlbum(i)) return nullptr;
  const auto isListed = [&](const Credit& credit) {
    return credit.role == CreditRole::arranger ||
           std::any_of(fields.credits.begin(), fields.credits.end(),
                       [&](const Credit& one) { return one.name == credit.name; });
  };
  if (named != nullptr && !named->rest.empty() &&
      std::all_of(named->credits.begin(), named->credits.end(), isListed))
    return named;
  NamedInTitle one = title_people_.oneOf(fields.credits, written_[i].title);
  return one.credits.empty() ? nullptr : &made_.emplace_back(std::move(one));
}

}  // namespace attacca::archive
