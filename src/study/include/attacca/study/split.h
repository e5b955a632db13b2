// Parting a log in time: what may be learned from, and what is to be foretold.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "attacca/base/id.h"
#include "attacca/base/units.h"
#include "attacca/recommend/listener.h"
#include "attacca/recommend/strategy.h"

namespace attacca::study {

// A listener's first play after the split of a track that they had not heard before it.
struct HeldOutPlay {
  std::int64_t listener = 0;
  std::vector<recommend::HeardTrack> before;  // oldest first, skips too; never empty
  TrackId next;                               // not in `before`
  UnixTime at{};
};

struct Split {
  UnixTime from{};                              // training ends here
  std::vector<recommend::LoggedPlay> training;  // by listener, then time
  std::vector<HeldOutPlay> held_out;            // by listener, one each at most
};

// One moment for all listeners, so that nothing that came later is learned from (global temporal
// split: Ji, Sun, Zhang and Li, ACM TOIS 2023): the plays from the moment on that has `share` of
// all plays after it. `log`: by listener, then time. Skips are never what is to be foretold. All is
// training where the log is of one moment or `share` is 0.
Split splitByTime(std::span<const recommend::LoggedPlay> log, double share);

// As most published figures are made: the last play of each listener of a track that they had not
// heard before is held out, whenever it was (leave one out). What others did later is learned from,
// which no recommender can; for comparison with such figures only.
Split splitLast(std::span<const recommend::LoggedPlay> log);

}  // namespace attacca::study
