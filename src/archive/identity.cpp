#include "attacca/archive/identity.h"

#include <algorithm>

namespace attacca::archive {
namespace {

template <class Predicate>
const KnownTrack* firstOf(std::span<const KnownTrack> known, Predicate matches) {
  const auto found = std::find_if(known.begin(), known.end(), matches);
  return found == known.end() ? nullptr : &*found;
}

}  // namespace

Decision decide(const AlbumKey& album, std::span<const KnownTrack> known) {
  const KnownTrack* own = firstOf(known, [](const KnownTrack& track) { return track.holds_path; });
  const KnownTrack* same = firstOf(
      known, [&](const KnownTrack& track) { return !track.holds_path && track.album == album; });

  if (own != nullptr) {
    if (own->album == album) return {.track = own->id};
    if (own->other_places_online == 0) {
      // Re-tagged to another album. If a copy of it went there before, the two are one again.
      Decision decision{.track = own->id};
      if (same != nullptr) decision.absorbs = same->id;
      return decision;
    }
    // Its other places keep the track on the old album; this one leaves it.
  }
  if (same != nullptr) return {.track = same->id, .takes_metadata = same->other_places_online == 0};
  if (own == nullptr) {
    // Renaming programs re-tag and move at once: a track whose files are all gone is this one.
    const KnownTrack* gone =
        firstOf(known, [](const KnownTrack& track) { return track.other_places_online == 0; });
    if (gone != nullptr) return {.track = gone->id};
  }
  return {};
}

}  // namespace attacca::archive
