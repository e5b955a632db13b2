#include "heard_neighbours.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace attacca::recommend {
namespace {

constexpr std::size_t kNeighbours = 200;
constexpr std::size_t kAtOnce = 32;
constexpr double kSlack = 1e-9;  // more than all rounding of a squared cosine

// The candidates for one track's nearest: all that are among the best, and some more.
struct Best {
  std::vector<std::pair<double, Row>> found;  // about the squared cosine, but for a factor
  double floor = 0;                           // what is less is not among them
  std::size_t full = 4 * kNeighbours;

  void add(double value, Row row) {
    found.emplace_back(value, row);
    if (found.size() < full) return;
    const auto last = found.begin() + kNeighbours - 1;
    std::nth_element(found.begin(), last, found.end(), std::greater<>());
    floor = last->first * (1 - kSlack);
    std::erase_if(found, [&](const auto& one) { return one.first < floor; });
    full = std::max(full, 2 * found.size());  // many equal ones
  }
};

}  // namespace

NeighbourFinder::NeighbourFinder(const Played& played) : played_(played) {
  std::vector<std::uint32_t> places(played.plays.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::size_t listeners = played.listeners.of(i).size();
    if (listeners == 0) continue;
    places[i] = static_cast<std::uint32_t>(rows_.size());
    rows_.push_back(static_cast<Row>(i));
    rarity_.push_back(1 / static_cast<double>(listeners));
  }
  heard_.reserve(played.rows.all.size());
  for (const Row row : played.rows.all) heard_.push_back(places[static_cast<std::size_t>(row)]);
}

std::vector<std::vector<Neighbour>> NeighbourFinder::nearestOf(std::span<const Row> rows) const {
  std::vector<std::vector<Neighbour>> nearest(rows.size());
  // Whom nobody heard has none.
  std::vector<Row> some;
  std::vector<std::size_t> at;
  const auto find = [&] {
    std::array<std::vector<Neighbour>, kAtOnce> found;
    if (played_.rows.size() <= std::numeric_limits<std::uint16_t>::max()) {
      nearestOfSome<std::uint16_t>(some, found.data());
    } else {
      nearestOfSome<std::uint32_t>(some, found.data());
    }
    for (std::size_t i = 0; i < some.size(); ++i) nearest[at[i]] = std::move(found[i]);
    some.clear();
    at.clear();
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (listenersOf(rows[i]) == 0) continue;
    some.push_back(rows[i]);
    at.push_back(i);
    if (some.size() == kAtOnce) find();
  }
  if (!some.empty()) find();
  return nearest;
}

template <class Count>
void NeighbourFinder::nearestOfSome(std::span<const Row> rows,
                                    std::vector<Neighbour>* nearest) const {
  using Counts = std::array<Count, kAtOnce>;
  // Of each listener: 1 for each of `rows` that they heard.
  std::vector<Counts> heard_by(played_.rows.size(), Counts{});
  std::vector<std::uint32_t> listeners;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const auto listener : played_.listeners.of(static_cast<std::size_t>(rows[i]))) {
      heard_by[listener][i] = 1;
      listeners.push_back(listener);
    }
  }
  std::sort(listeners.begin(), listeners.end());
  listeners.erase(std::unique(listeners.begin(), listeners.end()), listeners.end());
  std::vector<Counts> together(rows_.size(), Counts{});
  for (const auto listener : listeners) {
    const Counts mask = heard_by[listener];
    const std::size_t begin = listener == 0 ? 0 : played_.rows.ends[listener - 1];
    for (std::size_t i = begin; i < played_.rows.ends[listener]; ++i) {
      Counts& counts = together[heard_[i]];
      for (std::size_t j = 0; j < kAtOnce; ++j) counts[j] = static_cast<Count>(counts[j] + mask[j]);
    }
  }
  std::array<Best, kAtOnce> best;
  for (std::size_t place = 0; place < rows_.size(); ++place) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto count = static_cast<double>(together[place][i]);
      const double value = count * count * rarity_[place];
      if (count > 0 && value >= best[i].floor && rows_[place] != rows[i]) {
        best[i].add(value, rows_[place]);
      }
    }
  }
  for (std::size_t i = 0; i < rows.size(); ++i) nearest[i] = sorted(rows[i], best[i].found);
}

std::vector<Neighbour> NeighbourFinder::sorted(Row row,
                                               std::vector<std::pair<double, Row>>& found) const {
  // Cosines are compared by their squares, in whole numbers: ties are exact.
  struct Exact {
    std::uint64_t square;
    std::uint64_t size;
    Row row;
  };
  std::vector<Exact> all;
  all.reserve(found.size());
  for (const auto& [value, other] : found) {
    const std::uint64_t size = listenersOf(other);
    const double together = std::round(std::sqrt(value * static_cast<double>(size)));
    const auto count = static_cast<std::uint64_t>(together);
    all.push_back({count * count, size, other});
  }
  const auto kept = static_cast<std::ptrdiff_t>(std::min(kNeighbours, all.size()));
  std::partial_sort(all.begin(), all.begin() + kept, all.end(), [](const Exact& a, const Exact& b) {
    const auto of_a = a.square * b.size;
    const auto of_b = b.square * a.size;
    return of_a != of_b ? of_a > of_b : a.row < b.row;
  });
  all.resize(static_cast<std::size_t>(kept));
  std::vector<Neighbour> nearest;
  nearest.reserve(all.size());
  for (const Exact& one : all) {
    const double product = static_cast<double>(listenersOf(row)) * static_cast<double>(one.size);
    nearest.push_back({one.row, std::sqrt(static_cast<double>(one.square) / product)});
  }
  return nearest;
}

}  // namespace attacca::recommend
