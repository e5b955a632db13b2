// How well a strategy foretells what was held out: always against all tracks, never a sample.
#pragma once

#include <cstddef>
#include <span>
#include <stop_token>

#include "attacca/index/snapshot.h"
#include "attacca/recommend/strategy.h"
#include "attacca/recommend/trained_model.h"
#include "attacca/study/split.h"

namespace attacca::study {

// Where the next track is among all tracks that its listener had not heard, by the strategy's
// scores; means over the plays. Equal scores are in an order drawn at random: each measure is its
// expectation, exactly. Where the strategy has nothing to go by, that is so for all tracks; what it
// never suggests (Scores::near_only) has no place. Tracks that the snapshot lacks are passed over.
// Throws Fault::cancelled.
recommend::Judged judge(const recommend::Strategy& strategy, std::span<const HeldOutPlay> held_out,
                        const std::stop_token& stop = {});

// NDCG@10 of an order drawn at random, over the same plays.
double chanceNdcg10(const index::Snapshot& snapshot, std::span<const HeldOutPlay> held_out);

// At most `most` of them, spread evenly.
std::vector<HeldOutPlay> thinned(std::span<const HeldOutPlay> held_out, std::size_t most);

}  // namespace attacca::study
