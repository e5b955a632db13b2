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
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/archive/corrections.h"
#include "attacca/archive/types.h"
#include "attacca/archive/written.h"

namespace attacca::archive {

struct TrackFilter {
  std::optional<AlbumId> album = std::nullopt;
  std::optional<WorkId> work = std::nullopt;
  bool removed = false;  // only the removed ones instead of only the others
  int limit = -1;        // -1: all
  int offset = 0;
};

struct CatalogueCounts {
  std::int64_t tracks = 0;     // not removed
  std::int64_t offline = 0;    // heard, but no place is there now
  std::int64_t not_heard = 0;  // rows of an imported catalogue without audio
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

// What a call that brings the conclusions up to date changed.
struct ConclusionChanges {
  std::int64_t attached = 0;  // catalogue rows whose audio was found
  std::int64_t tracks = 0;    // whose shown values or reasons changed
  std::int64_t albums = 0;    // whose title, artists or date changed
  std::int64_t works = 0;     // new, changed or gone
  std::int64_t people = 0;    // new or changed

  bool any() const { return attached + tracks + albums + works + people > 0; }
};

struct RowsEntered {
  std::int64_t added = 0;
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;
  std::vector<std::size_t> changed_rows;  // positions in what was given
  // Tracks, not removed, of rows that earlier imports of this catalogue had and that are not among
  // these: they stay. Rows are of one catalogue when an import had them together.
  std::vector<TrackId> missing;
  ConclusionChanges conclusions;
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
  // in part; else those whose title, album and composers together do. At most `limit`, -1: all.
  virtual std::vector<Track> find(std::string_view text, int limit) const = 0;
  virtual std::optional<Recording> recording(const AudioHash& hash) const = 0;
  virtual std::optional<Place> place(std::string_view path) const = 0;
  virtual std::vector<Place> places(TrackId id) const = 0;
  // Places whose path is `folder` or below it, in order of paths.
  virtual std::vector<Place> placesUnder(std::string_view folder) const = 0;
  virtual std::optional<RefusedFile> refusedFile(std::string_view path) const = 0;
  virtual std::vector<RefusedFile> refusedFiles() const = 0;  // by path
  virtual CatalogueCounts counts() const = 0;
  // Those with a track that is not removed, in order of their composers' sort names, then titles.
  virtual std::vector<Work> works() const = 0;
  virtual std::optional<Work> work(WorkId id) const = 0;
  virtual std::vector<CataloguePerson> people() const = 0;  // in order of sort names
  virtual TrackReasons reasons(TrackId id) const = 0;       // empty for an unknown track
  // What the sources of a track say; nullopt where it has no such source.
  virtual std::optional<Written> tagsOf(TrackId id) const = 0;
  virtual std::optional<CatalogueRow> rowOf(TrackId id) const = 0;
  virtual std::vector<Correction> corrections() const = 0;  // oldest first

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

  // Enters rows of a catalogue and concludes, in one transaction: all of it or nothing. A row whose
  // key is known becomes what is given; one that is equal to what is there changes nothing. A row
  // that is new is a track that was not heard yet, until its audio is found (archive/attach.h).
  // With `dry_run` everything is tried and nothing kept. Throws Fault::cancelled on request.
  virtual RowsEntered enterRows(std::span<const CatalogueRow> rows, bool dry_run,
                                const std::stop_token& stop) = 0;
  // Brings everything that is concluded up to date with what is written and corrected: albums that
  // are one, rows and the audio that belongs to them, people, works, movements. Writes only what
  // changed, in one transaction.
  virtual ConclusionChanges conclude() = 0;
  // Keeps corrections and concludes, in one transaction. One that says what an earlier one in force
  // says already changes nothing.
  virtual ConclusionChanges correct(std::span<const Correction> corrections) = 0;
  // Takes corrections back and concludes. Throws Fault::notFound, changing nothing, for an unknown
  // id.
  virtual ConclusionChanges undoCorrections(std::span<const std::int64_t> ids) = 0;
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
  // Calls with each interaction there is, by user, then time, then track. `take` does not use the
  // log.
  virtual void each(const std::function<void(const Interaction&)>& take) const = 0;
};

}  // namespace attacca::archive
