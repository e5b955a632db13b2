// Made-up listening over a catalogue, to try recommenders on before anybody has listened.
//
// Listeners have tastes for catalogue facts alone (composers, periods, instrumentations); nothing
// that was heard in a recording, and nothing derived from an embedding, plays a part, so that no
// model is favoured by how its data were made. It is no model of people: what wins here may lose in
// a real archive.
//
// - What everybody likes: each work, and each track beside it, has a popularity, log-normal.
// - What a listener likes: the sum of tastes for its facts, normal, one number for each of them.
// - Days: each listener has a pace, log-normal about `sessions_a_day`; sessions begin in the
// evening
//   more often than in the morning, and last a few tracks.
// - In a session a movement is followed by the next one with `follow`, else a track of its album
//   with `album`, else anything, by popularity and taste (a softmax over all tracks).
// - What is liked is heard to its end; the less it is, the likelier it is left before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "attacca/base/id.h"
#include "attacca/base/units.h"

namespace attacca::study {

struct SimulatedTrack {
  TrackId track;
  AlbumId album;
  WorkId work;       // none: of no work
  int movement = 0;  // of the work; 0: none
  Seconds duration{};
  std::vector<std::string> composers;
  std::string period;
  std::string instrumentation;
};

struct World {
  std::size_t listeners = 100;
  int days = 90;
  UnixTime until{};  // the last day ends here
  std::uint64_t seed = 1;
  double sessions_a_day = 0.5;  // of five tracks on average; the median listener's
  double follow = 0.7;          // 0 to 1
  double album = 0.3;           // 0 to 1
  double taste = 1;             // 0: everybody likes the same
  double popularity = 1;        // 0: all tracks are liked alike
};

struct SimulatedPlay {
  std::size_t listener = 0;  // from 0
  TrackId track;
  UnixTime at{};
  double fraction = 1;
};

// The pace of a median listener who plays about a quarter of an archive in that many days, 10
// tracks at least, and no more than a session every other day: where most has been heard, there is
// nothing left to recommend.
double sessionsADay(std::size_t tracks, int days);

// By listener, then time. Equal tracks and worlds give equal plays. Throws Fault::usage for no
// track, no listener or no day.
std::vector<SimulatedPlay> simulate(std::span<const SimulatedTrack> tracks, const World& world);

}  // namespace attacca::study
