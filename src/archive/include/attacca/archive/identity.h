// Which track an arriving file is: DESIGN.md's rules of identity as one pure decision.
#pragma once

#include <optional>
#include <span>

#include "attacca/archive/entry.h"
#include "attacca/base/id.h"

namespace attacca::archive {

// A track of the same recording as the arriving file.
struct KnownTrack {
  TrackId id;
  AlbumKey album;
  bool holds_path = false;      // the arriving path is one of its places
  int other_places_online = 0;  // places but the arriving path that are there
};

struct Decision {
  // The track that the arriving path becomes a place of; nullopt: a new one.
  std::optional<TrackId> track = std::nullopt;
  // The track's metadata and album become those of the file.
  bool takes_metadata = true;
  // A second track of the recording on the same album, which `track` takes the places and the
  // listening history of.
  std::optional<TrackId> absorbs = std::nullopt;

  friend bool operator==(const Decision&, const Decision&) = default;
};

// `known` are the tracks of the recording, in order of ids (so the oldest wins).
Decision decide(const AlbumKey& album, std::span<const KnownTrack> known);

}  // namespace attacca::archive
