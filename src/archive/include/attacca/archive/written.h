// What the sources say about a track, before anybody concluded anything: its file's tags, and a row
// of a catalogue that was imported. Both are kept side by side, as they were written.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/archive/entry.h"
#include "attacca/base/units.h"

namespace attacca::archive {

struct Written {
  std::string title;
  std::string album;
  std::vector<std::string> album_artists;
  std::string date;
  std::vector<std::string> artists;
  std::vector<std::string> composers;
  std::vector<std::string> conductors;
  std::vector<std::string> arrangers;
  std::vector<std::string> performers;
  std::string work;
  std::string musicbrainz_work;
  std::string movement;
  std::optional<int> movement_number;
  std::optional<int> disc_number;
  std::optional<int> track_number;
  std::string genre;

  friend bool operator==(const Written&, const Written&) = default;
};

Written writtenOf(const Entry& entry, const Tags& tags);

// One row of an imported catalogue.
struct CatalogueRow {
  // What the row is known by when it comes again: "id:<external id>", else "file:<key>", else made
  // of album, place on it and title. Never empty.
  std::string key;
  std::string external_id;  // the catalogue's own id of the track; may be empty
  std::string album_id;     // the catalogue's own id of the album; may be empty
  std::string file;         // path or S3 key of the audio, as written; may be empty
  std::optional<Seconds> duration;
  Written written;
  // Columns that Attacca has no use for, and values that could not be read, as they were written.
  std::map<std::string, std::string> extra;

  friend bool operator==(const CatalogueRow&, const CatalogueRow&) = default;
};

// Field by field what the row says, where it says something, else the tags: a catalogue is kept by
// a person for the archive, tags come from anywhere.
Written merged(const Written* row, const Written* tags);

// "NaN", "N/A", "-", "unknown", ...: how tables say that there is nothing.
bool saysNothing(std::string_view text);

}  // namespace attacca::archive
