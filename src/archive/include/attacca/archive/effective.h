// From what is written, through what is concluded, to what is shown: corrections overrule
// conclusions, conclusions overrule what is written. A pure function of the whole catalogue.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/archive/corrections.h"
#include "attacca/archive/types.h"
#include "attacca/archive/written.h"

namespace attacca::archive {

// What is known of a track from without.
struct TrackSources {
  TrackId id;
  AlbumId album;
  std::string audio;  // its recording's hash in hex; "" where it has none
  std::string external_id;
  std::string row_key;  // CatalogueRow::key; "" where it has no row
  std::optional<Written> tags;
  std::optional<Written> row;
};

// An album, which is what the sources of its tracks say of it.
struct AlbumSources {
  AlbumId id;
  std::vector<std::string> keys;  // albumKeys()
};

struct EffectiveAlbum {
  AlbumId id;
  std::string title;  // "" where no source names one
  std::vector<std::string> artists;
  std::string date;
};

struct EffectiveTrack {
  TrackId id;
  std::string title;
  std::vector<std::string> artists, conductors, performers;
  std::vector<Credit> composers, arrangers;
  std::optional<std::size_t> work;  // into Effective::works
  Why work_why;
  std::string movement;
  std::optional<int> movement_number;
  Why movement_why;
  std::optional<int> disc_number, track_number;
  std::string genre;
};

struct Effective {
  std::vector<EffectiveTrack> tracks;  // in the order given
  std::vector<EffectiveAlbum> albums;  // in the order given
  std::vector<Work> works;             // without ids; each has a track
  std::vector<Person> people;          // those of whom more is known than their name; by name
};

// `corrections`: oldest first. Of an album's title, artists and date, those count that most of its
// tracks have.
Effective effective(std::span<const TrackSources> tracks, std::span<const AlbumSources> albums,
                    std::span<const Correction> corrections);

// A digest of this room's rules and facts: the same sources conclude the same as long as it stays.
std::string_view rules();

// "Sacred & Profane (Disc II)" is "Sacred & Profane", disc 2.
struct AlbumAndDisc {
  std::string title;
  std::optional<int> disc;
};
AlbumAndDisc withoutDisc(std::string_view album_title);

}  // namespace attacca::archive
