// Do the lists make sense? What an archive's own catalogue can tell about its embeddings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "attacca/archive/catalogue.h"
#include "attacca/index/snapshot.h"

namespace attacca::app {

// One track's nearest other tracks among those whose composer is known.
struct NeighbourList {
  TrackId seed;
  std::vector<TrackId> neighbours;  // nearest first
  double share = 0;                 // by one of the seed's composers
  double possible = 0;              // the largest share the archive allows
};

// How often near tracks have a composer in common, against the same neighbours with the composers
// dealt out anew (a permutation test; p by Phipson and Smyth 2010: (better + 1) / (dealt + 1)).
struct ComposerAgreement {
  std::size_t tracks = 0;  // with a known composer
  std::size_t composers = 0;
  std::size_t depth = 0;  // neighbours of each track that were looked at
  double share = 0;       // mean over tracks
  std::size_t permutations = 0;
  double chance = 0;          // mean share over the permutations
  double chance_highest = 0;  // the largest
  double p = 1;
  // Lists whose share falls most short of what is possible, worst first.
  std::vector<NeighbourList> worst;
};

// Plain nearest neighbours, no policies. Deterministic for a seed. `tracks` is all zeros in the
// answer when fewer than two tracks have a composer.
ComposerAgreement composerAgreement(const archive::Catalogue& catalogue,
                                    const index::Snapshot& snapshot, std::size_t depth,
                                    std::size_t permutations, std::size_t worst,
                                    std::uint64_t seed);

}  // namespace attacca::app
