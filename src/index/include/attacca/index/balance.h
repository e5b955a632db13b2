// What a person may turn: how much the sound of recordings counts against their music.
#pragma once

#include <vector>

#include "attacca/index/snapshot.h"

namespace attacca::index {

// The scores of `row` with every track, itself among them, as they were if the weights of the
// recipe's parts that hear the sound added up to `sound` (0 to 1), and those of the others to
// 1 - `sound`, each side's parts in the proportions that the recipe has. At Recipe::sound() these
// are the snapshot's own scores, but for the last bits.
//
// Exact: every part with a weight is compared for every track. Nothing comes from stored neighbours
// or is estimated; only how widely each part's scores spread is what was measured when the snapshot
// was fitted, as in its own scores. Takes some tenths of a millisecond a track for each ordered
// part, unless its side counts for nothing, in `jobs` threads.
//
// Throws Fault::unsupported where the recipe has only one side, Fault::usage for a `sound` that is
// not from 0 to 1.
std::vector<float> balancedScores(const Snapshot& snapshot, Row row, double sound,
                                  unsigned jobs = 1);

}  // namespace attacca::index
