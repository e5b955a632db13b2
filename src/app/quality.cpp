#include "attacca/app/quality.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "attacca/base/text.h"

#include "mean_figure.h"

namespace attacca::app {
namespace {

// What is known of one row.
struct Known {
  index::Row row = 0;
  std::int64_t work = 0;         // workOrOwn
  std::int64_t performance = 0;  // 0: none
  bool sole = false;             // the only track of its performance
  std::optional<int> movement;
  std::int64_t album = 0;      // 0: none
  std::vector<int> composers;  // numbers, ascending
};

enum class Same { yes, no, unknown };

bool share(const std::vector<int>& a, const std::vector<int>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](int name) { return std::binary_search(b.begin(), b.end(), name); });
}

// Whether `b` is the piece that `a` is, in another performance.
Same samePiece(const Known& a, const Known& b) {
  if (a.work < 0 || a.work != b.work || a.performance == b.performance) return Same::no;
  if (a.movement && b.movement) return *a.movement == *b.movement ? Same::yes : Same::no;
  if (!a.movement && !b.movement && a.sole && b.sole) return Same::yes;
  return Same::unknown;
}

std::vector<Known> knownRows(std::span<const archive::Track> tracks,
                             std::span<const index::Groups> groups) {
  std::unordered_map<std::int64_t, std::size_t> tracks_of;  // of each performance
  for (const auto& one : groups) ++tracks_of[one.performance];
  std::map<std::string, int> names;
  std::unordered_set<std::int64_t> recordings;
  std::vector<Known> rows;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const auto recording = groups[i].recording.value;
    if (recording != 0 && !recordings.insert(recording).second) continue;
    Known known;
    known.row = static_cast<index::Row>(i);
    known.work = workOrOwn(groups[i], i);
    known.performance = groups[i].performance;
    known.sole = tracks_of[known.performance] == 1;
    known.movement = tracks[i].movement_number;
    known.album = groups[i].album.value;
    for (const auto& name : tracks[i].composers) {
      known.composers.push_back(
          names.emplace(foldText(name), static_cast<int>(names.size())).first->second);
    }
    std::sort(known.composers.begin(), known.composers.end());
    rows.push_back(std::move(known));
  }
  return rows;
}

// Of one query: its candidates in their order, and where the right ones are.
struct Ranking {
  std::vector<std::size_t> places;
  std::size_t candidates = 0;
};

// `order`: positions in a list of Known, nearest first.
template <class Judge>
Ranking ranking(std::span<const std::size_t> order, const Judge& judge) {
  Ranking result;
  for (const std::size_t i : order) {
    const Same same = judge(i);
    if (same == Same::unknown) continue;
    ++result.candidates;
    if (same == Same::yes) result.places.push_back(result.candidates);
  }
  return result;
}

class Measurement {
 public:
  Measurement(std::span<const archive::Track> tracks, std::span<const index::Groups> groups)
      : tracks_(tracks), rows_(knownRows(tracks, groups)), near_(rows_.size()) {}

  std::size_t size() const { return rows_.size(); }
  const Known& row(std::size_t i) const { return rows_[i]; }

  // `order`: all others, nearest first.
  void ask(std::size_t query, std::span<const std::size_t> order) {
    askPerformances(query, order);
    askComposer(query, order);
    askNearest(query, order);
  }

  Quality result(std::size_t worst, std::uint64_t seed) {
    Quality quality;
    quality.tracks = rows_.size();
    quality.performances = performances_.figure(seed);
    quality.performance_first = performance_first_.figure(seed);
    quality.composer = composer_.figure(seed);
    quality.album = album_.figure(seed);
    quality.hubness = index::skewness(near_);
    std::stable_sort(lists_.begin(), lists_.end(),
                     [](const auto& a, const auto& b) { return a.found < b.found; });
    if (lists_.size() > worst) lists_.resize(worst);
    quality.worst = std::move(lists_);
    return quality;
  }

 private:
  void askPerformances(std::size_t query, std::span<const std::size_t> order) {
    const Known& mine = rows_[query];
    const auto found =
        ranking(order, [&](std::size_t other) { return samePiece(mine, rows_[other]); });
    if (found.places.empty()) return;
    const auto relevant = found.places.size();
    performances_.add(index::averagePrecision(found.places),
                      index::averagePrecisionByChance(relevant, found.candidates), mine.work);
    performance_first_.add(found.places.front() == 1 ? 1 : 0,
                           static_cast<double>(relevant) / static_cast<double>(found.candidates),
                           mine.work);
  }

  void askComposer(std::size_t query, std::span<const std::size_t> order) {
    const Known& mine = rows_[query];
    if (mine.composers.empty()) return;
    NeighbourList list;
    list.seed = idOf(query);
    const auto found = ranking(order, [&](std::size_t other) {
      const Known& its = rows_[other];
      if (its.composers.empty() || its.work == mine.work) return Same::unknown;
      if (list.neighbours.size() < kComposerDepth) list.neighbours.push_back(idOf(other));
      return share(mine.composers, its.composers) ? Same::yes : Same::no;
    });
    if (found.places.empty()) return;
    list.found = index::ndcg(found.places, kComposerDepth);
    composer_.add(list.found,
                  index::ndcgByChance(found.places.size(), found.candidates, kComposerDepth),
                  mine.work);
    lists_.push_back(std::move(list));
  }

  void askNearest(std::size_t query, std::span<const std::size_t> order) {
    const Known& mine = rows_[query];
    const auto nearest = order.first(std::min(kNearest, order.size()));
    std::size_t here = 0;
    for (const std::size_t other : nearest) {
      near_[other] += 1;
      here += rows_[other].album == mine.album ? 1 : 0;
    }
    if (mine.album == 0 || nearest.empty()) return;
    const auto all = std::count_if(order.begin(), order.end(), [&](std::size_t other) {
      return rows_[other].album == mine.album;
    });
    album_.add(static_cast<double>(here) / static_cast<double>(nearest.size()),
               static_cast<double>(all) / static_cast<double>(order.size()), mine.work);
  }

  TrackId idOf(std::size_t i) const { return tracks_[static_cast<std::size_t>(rows_[i].row)].id; }

  std::span<const archive::Track> tracks_;
  std::vector<Known> rows_;
  std::vector<double> near_;  // how often each is among the nearest of another
  std::vector<NeighbourList> lists_;
  MeanFigure performances_, performance_first_, composer_, album_;
};

}  // namespace

Quality measureQuality(std::span<const archive::Track> tracks,
                       std::span<const index::Groups> groups, const RowScores& scores,
                       std::size_t worst, std::uint64_t seed) {
  assert(tracks.size() == groups.size());
  Measurement measurement(tracks, groups);
  std::vector<float> found(tracks.size());
  std::vector<std::size_t> order;
  for (std::size_t query = 0; query < measurement.size(); ++query) {
    scores(measurement.row(query).row, found);
    order.clear();
    for (std::size_t other = 0; other < measurement.size(); ++other) {
      if (other != query) order.push_back(other);
    }
    const auto score = [&](std::size_t i) {
      return found[static_cast<std::size_t>(measurement.row(i).row)];
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return score(a) > score(b); });
    measurement.ask(query, order);
  }
  return measurement.result(worst, seed);
}

}  // namespace attacca::app
