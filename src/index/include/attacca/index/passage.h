// Where else a passage occurs, or something like it.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "attacca/base/units.h"
#include "attacca/index/search.h"
#include "attacca/index/snapshot.h"

namespace attacca::index {

// A region of a track.
struct Passage {
  Row row = -1;
  Seconds from{};
  Seconds to{};
};

struct PassageHit {
  Row row = -1;
  Seconds start{};
  Seconds end{};
  float score = 0;  // 1 for the passage itself, 0 for the average place of the archive

  friend bool operator==(const PassageHit&, const PassageHit&) = default;
};

// Lays a passage over every place of every track, in each ordered part of the snapshot's recipe
// (chroma in the transposition that fits the place best). A part's score of a place is the cosine
// of the rows, one after the other; these are standardised over all places and added up by the
// recipe's weights. Exact, and the same on every machine. Takes as long as the archive's music and
// the passage are; about 30 bytes of memory for each second of music. Any thread.
class PassageSearch {
 public:
  // Throws Fault::unsupported for a snapshot whose recipe has no ordered part.
  explicit PassageSearch(std::shared_ptr<const Snapshot> snapshot);
  ~PassageSearch();

  struct Options {
    std::size_t limit = 10;
    std::size_t per_track = 3;
    RowFilter keep = {};
  };

  // The best places, best first, equal ones by row and time. None overlaps a better one of its
  // track, or the passage. Throws Fault::usage for a passage that is not within its track or lasts
  // less than a second.
  std::vector<PassageHit> find(const Passage& passage, const Options& options) const;

  // The same of a recording that is not here: all its rows, for each ordered part in the recipe's
  // order, as the representation gives them.
  std::vector<PassageHit> find(std::span<const MatrixView<float>> recording, Seconds from,
                               Seconds to, const Options& options) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace attacca::index
