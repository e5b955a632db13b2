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
  // The row and the audio are one track from now on: the older of the two.
  void attach(TrackId row, TrackId audio);
  // Makes a track's path and offline what its places say.
  void refresh(TrackId track);

 private:
  std::vector<archive::KnownTrack> knownTracks(RecordingId recording, std::string_view path);
  RecordingId recordingOf(const archive::Arrival& arrival);
  TrackId newTrack(RecordingId recording, const archive::Entry& entry,
                   const archive::Arrival& arrival);
  void describe(TrackId track, const archive::Entry& entry, const Tags& tags);
  void credit(TrackId track, std::string_view role, const std::vector<std::string>& names);
  void absorb(TrackId track, TrackId other);
  void absorbRow(TrackId track, TrackId other);

  Database& database_;
};

}  // namespace attacca::store
