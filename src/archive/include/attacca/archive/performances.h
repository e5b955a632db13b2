// Performances: which tracks record one work together.
#pragma once

#include <span>
#include <vector>

#include "attacca/archive/types.h"

namespace attacca::archive {

struct Performance {
  WorkId work;
  AlbumId album;
  std::vector<TrackId> tracks;  // in movement order, never empty
};

// The performances that `tracks` hold, each track of a work in exactly one; tracks without a work
// are in none. Only album, disc and track number, work, movement number, title and id are looked
// at.
//
// Tracks of one work that follow one another on an album are one performance. Its movements are in
// the order of their numbers where all have one, else in the album's. Another performance begins
// - where a movement comes that the performance has already (by number, or by title where it has
//   none), or one before its first;
// - after tracks of other works, unless the numbers go on ("I. II." applause "III.");
// - where a place on the album is taken twice (the album in two encodings): then there are two
//   performances side by side.
// Places that no given track holds part nothing (a file that is missing), so give whole albums,
// with tracks that are offline or removed. Tracks of no album are performances of their own.
//
// Pure; the answer does not depend on the order of `tracks`, and is in the order of each
// performance's smallest id.
std::vector<Performance> performances(std::span<const Track> tracks);

}  // namespace attacca::archive
