// What a listening history says about a listener.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "attacca/base/id.h"
#include "attacca/base/units.h"
#include "attacca/index/snapshot.h"

namespace attacca::recommend {

using index::Row;
using index::Snapshot;

struct HeardTrack {
  TrackId track;
  UnixTime at{};
  double fraction = 1;  // 0 to 1
};

// How much of a play counts: 0 for a skip (no more than a fifth of the track), rising to 1.
double completion(double fraction);

struct ProfileTrack {
  Row row = -1;
  double weight = 0;  // above 0
};

// A track that was heard and not skipped.
struct PlayedTrack {
  Row row = -1;
  std::size_t plays = 0;
  double recent = 0;  // sum over the plays of recency x completion, above 0

  // What it says about the listener's taste: repeated plays count ever less.
  double weight() const { return std::log1p(recent); }
};

// As many as published networks read at once.
constexpr std::size_t kSequencePlays = 300;

// A history as strategies see it: rows of one snapshot.
struct Listener {
  // What speaks for the listener's taste, weights as RecommendationService says: heaviest first,
  // equal weights by row; at most 100, none of them silent.
  std::vector<ProfileTrack> profile;
  std::vector<PlayedTrack> played;  // ascending rows
  std::vector<Row> heard;           // every row in the history, skipped ones too, ascending
  std::optional<Row> last;          // of the last play that was no skip
  std::vector<Row> sequence;        // of the newest kSequencePlays that were none, oldest first
  std::size_t plays = 0;            // the history's length
  std::size_t unknown = 0;          // plays of tracks that the snapshot does not hold
};

// `history`: oldest first. Plays later than `now` count as heard now.
Listener makeListener(const Snapshot& snapshot, std::span<const HeardTrack> history, UnixTime now);

}  // namespace attacca::recommend
