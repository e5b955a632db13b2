// Where tracks lie by who heard them.
#pragma once

#include <cstddef>
#include <cstdint>

#include <Eigen/Core>

#include "heard.h"

namespace attacca::learn {

// Played tracks x up to `dimensions`, each row of length 1 or, of a track that nothing places, 0.
//
// The matrix of listeners and tracks (1 where heard), divided by the roots of how many tracks a
// listener and how many listeners a track has, so that neither who hears everything nor what
// everybody hears rules the rest. A track is its row of the right singular vectors, each times its
// singular value. The largest is left out: it tells only how many heard a track (Dhillon,
// Co-clustering documents and words using bipartite spectral graph partitioning, KDD 2001). Found
// by subspace iteration from a random start (Halko, Martinsson and Tropp, SIAM Review 2011); time
// grows with pairs x dimensions. Fewer dimensions where the log has no more; none if all listeners
// heard the same.
Eigen::MatrixXd collaborativeSpace(const Heard& heard, std::size_t dimensions, Random& random);

}  // namespace attacca::learn
