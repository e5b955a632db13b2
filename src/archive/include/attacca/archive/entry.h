// What a file's tags say about its place in the catalogue: the rules of archive that are not SQL.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/archive/types.h"
#include "attacca/base/hearing.h"

namespace attacca::archive {

// Two files name the same album when these are equal, whatever their case, accents and punctuation.
// An album without album artists is told from others of its title by the folder, see Entry.
struct AlbumKey {
  std::string title;    // folded; "" for files that name no album
  std::string artists;  // folded album artists, joined by kJoin; "" when the tags name none

  friend bool operator==(const AlbumKey&, const AlbumKey&) = default;
};

constexpr char kJoin = '\x1f';  // ASCII unit separator; folded text never holds it

// A file as the catalogue enters it. Lists hold no name twice.
struct Entry {
  AlbumKey album_key;
  std::string album_title;
  std::string album_date;
  std::vector<std::string> album_artists;
  std::string album_musicbrainz;
  // The folder that holds the album's files, any bytes: the file's own, or the one above a folder
  // that is named as a disc ("CD 2"). Files without album artists belong to the album of their
  // title in this folder, since many albums are called "Symphonies".
  std::string album_folder;

  std::string title;                 // never empty: else the file's name
  std::vector<std::string> artists;  // else the album's
  std::vector<std::string> composers;
  std::vector<std::string> conductors;
  std::vector<std::string> arrangers;
  std::vector<std::string> performers;
  std::string movement;
  std::optional<int> movement_number;
  std::optional<int> movement_count;
  std::optional<int> disc_number;
  std::optional<int> track_number;
  std::string genre;
  std::string musicbrainz;  // of the recording
};

Entry entryOf(const Arrival& arrival);

// What titles are found by: folded, but for text that folds to nothing ("???"), which stays.
std::string searchKey(std::string_view text);

// Orders titles and names as people expect: folded, without a leading English article, numbers by
// value ("Symphony No. 9" before "Symphony No. 10").
std::string sortKey(std::string_view text);

}  // namespace attacca::archive
