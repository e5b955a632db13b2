// What the sources of tracks say, as rows: archive/written.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/archive/written.h"

#include "sqlite_database.h"

namespace attacca::store {

inline constexpr std::string_view kTags = "tags";
inline constexpr std::string_view kRow = "row";

struct StoredWritten {
  TrackId track;
  bool is_row = false;
  archive::CatalogueRow row;   // of tags, `written` alone
  std::int64_t catalogue = 0;  // of rows: the number of the catalogue that it is of
};

// Of one track or of all, in order of tracks, row before tags.
std::vector<StoredWritten> readWritten(Database& database, std::optional<TrackId> track,
                                       bool rows_only = false);

// Replaces what the source said of the track.
void keepTags(Database& database, TrackId track, const archive::Written& written,
              const archive::AlbumKey& album);
// `is_new`: no row said anything of the track before.
void keepRow(Database& database, TrackId track, const archive::CatalogueRow& row,
             std::int64_t catalogue, bool is_new);

// The source speaks of the other track from now on, unless that has such a source already.
void moveSource(Database& database, TrackId from, TrackId to, std::string_view source);

}  // namespace attacca::store
