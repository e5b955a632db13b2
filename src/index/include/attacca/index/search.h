// The search port: exact nearest tracks of a vector, with filters.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "attacca/index/snapshot.h"

namespace attacca::index {

struct Hit {
  Row row = -1;
  float score = 0;  // cosine, -1 to 1

  friend bool operator==(const Hit&, const Hit&) = default;
};

// Keeps a row in the answer. Called many times: cheap, and free of side effects.
using RowFilter = std::function<bool(Row)>;

class TrackSearch {
 public:
  virtual ~TrackSearch() = default;
  // The k rows with the highest cosine to `query` (dimension floats, any length but zero), best
  // first, equal scores by row; fewer where fewer are kept. Any thread. Throws Fault::usage for a
  // query of another dimension, of length zero, or not finite.
  virtual std::vector<Hit> nearest(std::span<const float> query, std::size_t k,
                                   const RowFilter& keep = {}) const = 0;
};

// Scans a snapshot. Exact: scores and order are those of a plain scan to the bit, and the score of
// a stored neighbour is that of the search. Most rows are ruled out by a bound on their score,
// computed from one byte an element; the others are scored in float32.
std::unique_ptr<TrackSearch> makeExactSearch(std::shared_ptr<const Snapshot> snapshot);

}  // namespace attacca::index
