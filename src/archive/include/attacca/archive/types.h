// What the archive knows: the things of DESIGN.md's "Words", as plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "attacca/base/hearing.h"
#include "attacca/base/id.h"
#include "attacca/base/sha256.h"
#include "attacca/base/units.h"

namespace attacca::archive {

struct Album {
  AlbumId id;
  std::string title;                 // "" for files that name none; then one album a folder
  std::vector<std::string> artists;  // album artists, else the artists all its tracks share
  std::string date;
  int tracks = 0;   // not removed
  std::string key;  // what corrections of it are kept by
};

// One sound, however many files hold it.
struct Recording {
  RecordingId id;
  AudioHash hash;
  Seconds duration{};
  Loudness loudness;
  std::string format;
  int rate_hz = 0;
  int channels = 0;
};

// A catalogue entry: one recording's place on an album, with what lists need to show: what is
// written, overruled by what was concluded, overruled by what a person corrected.
struct Track {
  TrackId id;
  RecordingId recording;  // none for a row of an imported catalogue whose audio is not here
  AlbumId album;
  WorkId work;              // none where no work is known
  AudioHash hash;           // all zero where there is no recording
  std::string external_id;  // in the imported catalogue, "" where there is none
  std::string title;
  std::string album_title;
  std::vector<std::string> artists;
  std::vector<std::string> composers;
  std::vector<std::string> conductors;
  std::vector<std::string> arrangers;
  std::string work_title;
  std::string movement;
  std::optional<int> movement_number;
  std::optional<int> disc_number;
  std::optional<int> track_number;
  Seconds duration{};    // of a track that was not heard: as its catalogue row has it, else 0
  std::string path;      // of a place that is online, else of the last that was; "" if never heard
  bool offline = false;  // no place is there now; so it is for a track that was not heard
  bool removed = false;  // by `remove`, which can be undone

  bool heard() const { return static_cast<bool>(recording); }
};

// How sure a conclusion is, and why, in words for people.
struct Why {
  double confidence = 0;  // 0 to 1; 1 for what a person corrected
  std::string reason;     // "" where nothing was concluded

  friend bool operator==(const Why&, const Why&) = default;
};

// A composition that the archive holds a recording or a catalogue row of.
struct Work {
  WorkId id;        // the same as long as the key is
  std::string key;  // archive/works.h
  std::string title;
  std::vector<std::string> composers;
  std::vector<std::string> catalogue_numbers;
  std::string music_key;  // "C major", else ""
  std::string period;     // "baroque", else ""; the names are those of archive/works.h
  Why period_why;
  std::string instrumentation;  // "string orchestra", else ""
  Why instrumentation_why;
  int tracks = 0;  // not removed
};

// Somebody who composed, arranged or performed a track that is not removed.
struct CataloguePerson {
  PersonId id;
  std::string name;
  std::string sort_name;
  std::optional<int> born, died;
  std::vector<std::string> spellings;  // other ways in which the sources write the name
  int works = 0;                       // composed
  int composed = 0;                    // tracks
  int arranged = 0;
  int performed = 0;  // artist, conductor or performer
};

// Why a track's people, work and movement are what they are.
struct CreditReason {
  std::string name;
  std::string role;     // "composer" or "arranger"
  std::string written;  // what it was read from
  Why why;
};
struct TrackReasons {
  std::vector<CreditReason> credits;
  Why work;
  Why movement;
};

// What tells whether a file has changed since it was heard.
struct FileStamp {
  std::uint64_t size = 0;        // bytes
  std::int64_t modified_ns = 0;  // since 1970

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

// A file that holds a track.
struct Place {
  PlaceId id;
  TrackId track;
  std::string path;  // absolute; any bytes but NUL, as the file system has them
  FileStamp stamp;
  bool offline = false;
};

// A file that could not be used; tried again only when its stamp changes.
struct RefusedFile {
  std::string path;
  FileStamp stamp;
  std::string reason;
  UnixTime at{};
};

// A file that was identified and heard, ready to be entered.
struct Arrival {
  std::string path;
  FileStamp stamp;
  Identity identity;
  Heard heard;
};

struct Interaction {
  UserId user;
  TrackId track;
  UnixTime at{};
  double fraction = 1;  // of the track that was heard, 0 to 1
};

}  // namespace attacca::archive
