// The catalogue and the listening log as ports; `store` has the adapters.
//
// Reading may be done from any thread and process at any time and sees whole changes only. Writing
// to the catalogue belongs to the one process that holds the archive's writer lock (add, remove,
// restore); each writing call is one transaction, durable on return. The log may be written by
// anyone. All throw Error (io, corrupt, busy, notFound).
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/archive/types.h"

namespace attacca::archive {

struct TrackFilter {
  std::optional<AlbumId> album;
  bool removed = false;  // only the removed ones instead of only the others
  int limit = -1;        // -1: all
  int offset = 0;
};

struct CatalogueCounts {
  std::int64_t tracks = 0;  // not removed
  std::int64_t offline = 0;
  std::int64_t removed = 0;
  std::int64_t recordings = 0;
  std::int64_t albums = 0;
  std::int64_t works = 0;
  std::int64_t people = 0;
  std::int64_t refused = 0;
  std::int64_t users = 0;
  std::int64_t interactions = 0;
  Seconds duration{};
};

class Catalogue {
 public:
  virtual ~Catalogue() = default;

  // ---- Reading. Lists are in album, disc, track, id order unless said otherwise.
  virtual std::optional<Track> track(TrackId id) const = 0;
  // In the order of `ids`; unknown ids are left out.
  virtual std::vector<Track> tracks(std::span<const TrackId> ids) const = 0;
  virtual std::vector<Track> tracks(const TrackFilter& filter) const = 0;
  virtual std::vector<Album> albums() const = 0;
  // Tracks (not removed) that a person may mean: the one with that id or with that path; else those
  // whose folded title is the folded text; else those whose title contains all its words, whole or
  // in part; else those whose album and title together do. At most `limit`, -1: all.
  virtual std::vector<Track> find(std::string_view text, int limit) const = 0;
  virtual std::optional<Recording> recording(const AudioHash& hash) const = 0;
  virtual std::optional<Place> place(std::string_view path) const = 0;
  virtual std::vector<Place> places(TrackId id) const = 0;
  // Places whose path is `folder` or below it, in order of paths.
  virtual std::vector<Place> placesUnder(std::string_view folder) const = 0;
  virtual std::optional<RefusedFile> refusedFile(std::string_view path) const = 0;
  virtual std::vector<RefusedFile> refusedFiles() const = 0;  // by path
  virtual CatalogueCounts counts() const = 0;

  // ---- Writing.
  // Enters a file by DESIGN.md's rules of identity and returns its track:
  // - a known path with the same audio keeps its track, whose metadata becomes the tags' (a track
  //   that has other places with the old album stays there, and this place gets a track of its
  //   own);
  // - another path with audio and album that a track has is one more place of that track; where all
  //   its other places are gone, the file has moved;
  // - known audio on another album is a new track of the same recording, unless the recording has a
  //   track whose places are all gone: then a renaming program moved and re-tagged it at once. So
  //   setOffline what is gone before entering what is new;
  // - a known path with other audio is a place of the track that audio belongs to; the old track
  //   stays, offline if it has no other place;
  // - where both copies of a file are re-tagged to the same album, one after the other, the track
  //   is one again, with the older id and all history.
  // A removed track that arrives again is no longer removed. Clears a refusal of the same path.
  virtual TrackId enter(const Arrival& arrival) = 0;
  // The same for many in one transaction: all of them or none. One fsync instead of one for each.
  virtual std::vector<TrackId> enterAll(std::span<const Arrival> arrivals) = 0;
  // Replaces an earlier refusal of the path. A place of that path goes offline: the file no longer
  // holds its track.
  virtual void refuse(const RefusedFile& file) = 0;
  // A refusal that no longer holds because the file is gone or is not meant to be music.
  virtual void forgetRefusal(std::string_view path) = 0;
  // Marks places as gone (offline) or back. Unknown ids are passed over.
  virtual void setOffline(std::span<const PlaceId> places, bool offline) = 0;
  // Takes tracks out of lists and snapshots, or back; what they are and their history stay.
  // Throws Fault::notFound, changing nothing, when one of them is unknown.
  virtual void setRemoved(std::span<const TrackId> tracks, bool removed) = 0;
};

class ListeningLog {
 public:
  virtual ~ListeningLog() = default;

  // The user of that name, made if there is none. Names are compared exactly after cleanText.
  virtual UserId user(std::string_view name) = 0;
  virtual std::optional<UserId> findUser(std::string_view name) const = 0;
  // Durable on return, all or none. Throws Fault::notFound for an unknown user or track,
  // Fault::usage for a fraction outside 0 to 1. An interaction that is already there (same user,
  // track and time) changes nothing. Returns how many were new.
  virtual std::int64_t record(std::span<const Interaction> interactions) = 0;
  // Oldest first, at most the `most` newest.
  virtual std::vector<Interaction> history(UserId user, std::int64_t most) const = 0;
};

}  // namespace attacca::archive
