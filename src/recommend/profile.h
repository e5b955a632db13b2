// What a history says about a listener.
#pragma once

#include <span>
#include <vector>

#include "list.h"

namespace attacca::recommend {

struct ProfileTrack {
  Row row = -1;
  double weight = 0;  // above 0
};

struct Profile {
  std::vector<ProfileTrack> tracks;  // heaviest first, equal weights by row; at most 100
  std::vector<Row> heard;            // every row in the history, skipped ones too, ascending
  std::size_t unknown = 0;           // plays of tracks that the snapshot does not hold
};

// RecommendationService says how plays weigh.
Profile makeProfile(const Snapshot& snapshot, std::span<const HeardTrack> history, UnixTime now);

// True for a track without sound or without an embedding: all zeros, as near to one as to another.
bool isSilent(const Snapshot& snapshot, Row row);

}  // namespace attacca::recommend
