#include "attacca/study/validation.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "attacca/base/error.h"
#include "attacca/index/measures.h"

namespace attacca::study {
namespace {

using recommend::Row;

constexpr std::size_t kDepth = 10;

// `better` tracks come before, `equal` (itself among them) share its score.
struct Standing {
  std::size_t better = 0;
  std::size_t equal = 1;
};

struct Gains {
  double ndcg = 0;
  double hit = 0;
  double reciprocal = 0;
};

// The mean over the places that it may have.
Gains expected(const Standing& standing) {
  Gains gains;
  for (std::size_t i = 1; i <= standing.equal; ++i) {
    const auto place = static_cast<double>(standing.better + i);
    gains.reciprocal += 1 / place;
    if (standing.better + i > kDepth) continue;
    gains.ndcg += 1 / std::log2(1 + place);
    gains.hit += 1;
  }
  const auto count = static_cast<double>(standing.equal);
  return {gains.ndcg / count, gains.hit / count, gains.reciprocal / count};
}

// Tracks that may come: all but those that were heard.
std::vector<Row> candidates(std::size_t tracks, std::span<const Row> heard) {
  std::vector<Row> rows;
  rows.reserve(tracks);
  for (Row row = 0; row < static_cast<Row>(tracks); ++row) {
    if (!std::binary_search(heard.begin(), heard.end(), row)) rows.push_back(row);
  }
  return rows;
}

}  // namespace

recommend::Judged judge(const recommend::Strategy& strategy, std::span<const HeldOutPlay> held_out,
                        const std::stop_token& stop) {
  recommend::Judged judged;
  judged.strategy = strategy.name();
  const recommend::Snapshot& snapshot = strategy.snapshot();
  std::vector<char> shown(snapshot.size());
  std::size_t count = 0;
  for (const HeldOutPlay& play : held_out) {
    if (stop.stop_requested()) throw Error(Fault::cancelled, "stopped while comparing");
    const auto next = snapshot.row(play.next);
    if (!next) continue;
    const auto listener = recommend::makeListener(snapshot, play.before, play.at);
    std::vector<Row> rows = candidates(snapshot.size(), listener.heard);
    ++count;
    Gains gains;
    if (strategy.lacks(listener)) {
      gains = expected({0, rows.size()});
    } else {
      const recommend::Scores scores = strategy.scores(listener);
      const auto of = [&](Row row) { return scores.of[static_cast<std::size_t>(row)]; };
      if (scores.near_only) std::erase_if(rows, [&](Row row) { return of(row) <= scores.near; });
      if (!scores.near_only || of(*next) > scores.near) {
        Standing standing{0, 0};
        for (const Row row : rows) {
          standing.better += of(row) > of(*next) ? 1 : 0;
          standing.equal += of(row) == of(*next) ? 1 : 0;
        }
        gains = expected(standing);
      }
      const std::size_t depth = std::min(kDepth, rows.size());
      std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(depth), rows.end(),
                        [&](Row a, Row b) { return of(a) != of(b) ? of(a) > of(b) : a < b; });
      for (std::size_t i = 0; i < depth; ++i) shown[static_cast<std::size_t>(rows[i])] = 1;
    }
    judged.ndcg10 += gains.ndcg;
    judged.hr10 += gains.hit;
    judged.mrr += gains.reciprocal;
  }
  if (count == 0) return judged;
  for (double* sum : {&judged.ndcg10, &judged.hr10, &judged.mrr}) {
    *sum /= static_cast<double>(count);
  }
  judged.coverage =
      static_cast<double>(std::accumulate(shown.begin(), shown.end(), std::size_t{0})) /
      static_cast<double>(snapshot.size());
  return judged;
}

double chanceNdcg10(const index::Snapshot& snapshot, std::span<const HeldOutPlay> held_out) {
  double sum = 0;
  std::size_t count = 0;
  for (const HeldOutPlay& play : held_out) {
    if (!snapshot.row(play.next)) continue;
    const auto listener = recommend::makeListener(snapshot, play.before, play.at);
    sum += index::ndcgByChance(1, snapshot.size() - listener.heard.size(), kDepth);
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

std::vector<HeldOutPlay> thinned(std::span<const HeldOutPlay> held_out, std::size_t most) {
  if (held_out.size() <= most) return {held_out.begin(), held_out.end()};
  std::vector<HeldOutPlay> some;
  for (std::size_t i = 0; i < most; ++i) some.push_back(held_out[i * held_out.size() / most]);
  return some;
}

}  // namespace attacca::study
