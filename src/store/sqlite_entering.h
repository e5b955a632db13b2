// The SQL of entering a file: archive/identity.h decides, this carries it out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "attacca/archive/entry.h"
#include "attacca/archive/identity.h"

#include "sqlite_database.h"

namespace attacca::store {

// Works inside the caller's transaction.
class Entering {
 public:
  explicit Entering(Database& database) : database_(database) {}

  TrackId enter(const archive::Arrival& arrival);
  // Makes a track's path and offline what its places say.
  void refresh(TrackId track);

 private:
  std::vector<archive::KnownTrack> knownTracks(RecordingId recording, std::string_view path);
  RecordingId recordingOf(const archive::Arrival& arrival);
  AlbumId albumOf(const archive::Entry& entry, std::optional<TrackId> track);
  void describeAlbum(AlbumId album, const archive::Entry& entry);
  std::optional<WorkId> workOf(const archive::Entry& entry);
  PersonId personOf(const std::string& name);
  TrackId newTrack(RecordingId recording, const archive::Entry& entry,
                   const archive::Arrival& arrival);
  void describe(TrackId track, const archive::Entry& entry);
  void credit(TrackId track, std::string_view role, const std::vector<std::string>& names);
  void absorb(TrackId track, TrackId other);
  void dropUnused(AlbumId album, WorkId work);

  Database& database_;
};

}  // namespace attacca::store
