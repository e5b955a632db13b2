// Tracks that were heard by the same listeners as a track.
#pragma once

#include <span>
#include <vector>

#include "played.h"

namespace attacca::recommend {

struct Neighbour {
  Row row = -1;
  double cosine = 0;  // of the sets of those who heard them
};

class NeighbourFinder {
 public:
  explicit NeighbourFinder(const Played& played);  // must outlive this

  // The 200 nearest of each of `rows` (each once), nearest first, equal ones by row. Many at once
  // cost less than one after another.
  std::vector<std::vector<Neighbour>> nearestOf(std::span<const Row> rows) const;

 private:
  // How often each played track was heard with each of up to kAtOnce others.
  template <class Count>
  void nearestOfSome(std::span<const Row> rows, std::vector<Neighbour>* nearest) const;
  std::vector<Neighbour> sorted(Row row, std::vector<std::pair<double, Row>>& found) const;
  std::size_t listenersOf(Row row) const {
    return played_.listeners.of(static_cast<std::size_t>(row)).size();
  }

  const Played& played_;
  std::vector<Row> rows_;             // of the played tracks, ascending
  std::vector<std::uint32_t> heard_;  // by listener, as played_.rows has them: places in rows_
  std::vector<double> rarity_;        // by place: 1 / listeners
};

}  // namespace attacca::recommend
