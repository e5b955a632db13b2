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
  int tracks = 0;  // not removed
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

// A catalogue entry: one recording's place on an album, with what lists need to show.
struct Track {
  TrackId id;
  RecordingId recording;
  AlbumId album;
  WorkId work;  // none where no work is known
  AudioHash hash;
  std::string title;
  std::string album_title;
  std::vector<std::string> artists;
  std::vector<std::string> composers;
  std::vector<std::string> conductors;
  std::string work_title;
  std::string movement;
  std::optional<int> movement_number;
  std::optional<int> disc_number;
  std::optional<int> track_number;
  Seconds duration{};
  std::string path;      // of a place that is online, else of the last that was
  bool offline = false;  // no place is there now
  bool removed = false;  // by `remove`, which can be undone
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
