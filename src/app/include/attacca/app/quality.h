// Do the lists make sense? What an archive's own catalogue can tell about its embeddings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "attacca/archive/types.h"
#include "attacca/index/snapshot.h"

namespace attacca::app {

// One track's nearest tracks of other works, among those whose composer is known.
struct NeighbourList {
  TrackId seed;
  std::vector<TrackId> neighbours;  // nearest first
  double share = 0;                 // by one of the seed's composers
  double possible = 0;              // the largest share the archive allows
};

// How often near tracks have a composer in common, against the same neighbours with the composers
// dealt out anew (a permutation test; p by Phipson and Smyth 2010: (better + 1) / (dealt + 1)).
struct Agreement {
  double share = 0;           // of all neighbours
  double chance = 0;          // mean share over the permutations
  double chance_highest = 0;  // the largest
  double p = 1;
};

struct ComposerAgreement {
  std::size_t tracks = 0;  // with a known composer
  std::size_t composers = 0;
  std::size_t depth = 0;  // neighbours of each track that were looked at
  std::size_t permutations = 0;
  // Of all neighbours; composers are dealt to tracks.
  Agreement all;
  // Of neighbours of other works only: the movements of one work share their composer as a matter
  // of course, and their sound as a rule, so that `all` flatters. Composers are dealt to works (a
  // track of no work is one), which is what may be exchanged if the embedding knows nothing.
  Agreement across_works;
  // Lists whose share falls most short of what is possible, worst first; across works.
  std::vector<NeighbourList> worst;
};

// Plain nearest neighbours, no policies. Deterministic for a seed. `tracks` are those of the
// snapshot; those that are not in it are passed over. `tracks` is 0 in the answer when fewer than
// two have a composer.
ComposerAgreement composerAgreement(std::span<const archive::Track> tracks,
                                    const index::Snapshot& snapshot, std::size_t depth,
                                    std::size_t permutations, std::size_t worst,
                                    std::uint64_t seed);

}  // namespace attacca::app
