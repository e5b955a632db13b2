#include "fused.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "score_kernels.h"
#include "sketch.h"
#include "snapshot_files.h"
#include "top_rows.h"

namespace attacca::index {
namespace {

constexpr std::size_t kVectorCandidates = 200;
constexpr std::size_t kOrderedCandidates = 100;

// For each row those after it that are to be scored with it, ascending.
using Pairs = std::vector<std::vector<Row>>;

Pairs candidatePairs(const FusedParts& parts, unsigned jobs) {
  const std::size_t tracks = parts.vectors.rows;
  Pairs pairs(tracks);
  std::size_t wanted = kVectorCandidates + kOrderedCandidates * parts.ordered.size();
  if (tracks <= wanted + 1) {
    for (std::size_t i = 0; i < tracks; ++i) {
      for (std::size_t j = i + 1; j < tracks; ++j) pairs[i].push_back(static_cast<Row>(j));
    }
    return pairs;
  }
  const auto add = [&](const NeighbourTable& table) {
    for (std::size_t i = 0; i < tracks; ++i) {
      for (std::size_t k = 0; k < table.columns; ++k) {
        const Row other = table.rows[i * table.columns + k];
        if (other == -1) break;
        const auto j = static_cast<std::size_t>(other);
        pairs[std::min(i, j)].push_back(static_cast<Row>(std::max(i, j)));
      }
    }
  };
  add(nearestRows(parts.vectors, kVectorCandidates, jobs));
  for (const auto& part : parts.ordered) {
    const Sketches sketches = makeSketches(part.kind, part.frames, part.rows_per_second, jobs);
    add(nearestRows(sketches.view(), kOrderedCandidates, jobs));
  }
  for (auto& others : pairs) {
    std::sort(others.begin(), others.end());
    others.erase(std::unique(others.begin(), others.end()), others.end());
  }
  return pairs;
}

// The score of two rows in an earlier table, where it stands there and still holds.
std::optional<float> earlierScore(const EarlierTable& earlier, Row a, Row b) {
  const Row then_a = earlier.row_then[static_cast<std::size_t>(a)];
  const Row then_b = earlier.row_then[static_cast<std::size_t>(b)];
  if (then_a == -1 || then_b == -1) return std::nullopt;
  for (const auto& [from, to] : {std::pair(then_a, then_b), std::pair(then_b, then_a)}) {
    const auto rows = earlier.rows.row(static_cast<std::size_t>(from));
    const auto found = std::find(rows.begin(), rows.end(), to);
    if (found == rows.end()) continue;
    return earlier.scores.row(
        static_cast<std::size_t>(from))[static_cast<std::size_t>(found - rows.begin())];
  }
  return std::nullopt;
}

}  // namespace

void inParallel(std::size_t count, unsigned jobs,
                const std::function<std::function<void(std::size_t)>()>& make_worker) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    const auto worker = make_worker();
    for (std::size_t i = next++; i < count; i = next++) worker(i);
  };
  std::vector<std::jthread> threads;
  for (unsigned job = 1; job < jobs; ++job) threads.emplace_back(work);
  work();
}

FusedScorer::FusedScorer(const FusedParts& parts)
    : parts_(parts), own_(parts.ordered.size()), lefts_(parts.ordered.size()) {}

FusedScorer::PackedTracks FusedScorer::packAll(const FusedParts& parts, unsigned jobs) {
  PackedTracks packed;
  for (const auto& part : parts.ordered) {
    auto& tracks = packed.emplace_back(parts.vectors.rows);
    inParallel(tracks.size(), jobs, [&] {
      return [&](std::size_t i) {
        tracks[i] = part.shingles.pack(part.frames.of(static_cast<Row>(i)));
      };
    });
  }
  return packed;
}

const ShinglePart::Track& FusedScorer::packed(std::size_t part, Row row,
                                              ShinglePart::Track& own) const {
  if (packed_ != nullptr) return (*packed_)[part][static_cast<std::size_t>(row)];
  own = parts_.ordered[part].shingles.pack(parts_.ordered[part].frames.of(row));
  return own;
}

void FusedScorer::begin(Row row) {
  row_ = row;
  for (std::size_t p = 0; p < lefts_.size(); ++p) {
    lefts_[p] = parts_.ordered[p].shingles.left(packed(p, row, own_[p]));
  }
}

float FusedScorer::partScore(std::size_t part, Row other) {
  return parts_.ordered[part].shingles.score(lefts_[part], packed(part, other, other_), scratch_);
}

float FusedScorer::score(Row other) {
  const float* const left = parts_.vectors.row(static_cast<std::size_t>(row_)).data();
  const float* const right = parts_.vectors.row(static_cast<std::size_t>(other)).data();
  float cosine = 0;
  scorePairs({&left, 1}, {&right, 1}, parts_.vectors.cols, &cosine);
  if (parts_.ordered.empty()) return cosine;
  double sum = parts_.vectors_share * static_cast<double>(cosine);
  for (std::size_t p = 0; p < parts_.ordered.size(); ++p) {
    sum += parts_.ordered[p].share * static_cast<double>(partScore(p, other));
  }
  return static_cast<float>(std::clamp(sum, -1.0, 1.0)) + 0.0F;  // one zero
}

NeighbourTable makeFusedTable(const FusedParts& parts, const FusedScorer::PackedTracks& packed,
                              const EarlierTable* earlier, unsigned jobs) {
  const std::size_t tracks = parts.vectors.rows;
  const Pairs pairs = candidatePairs(parts, jobs);
  std::vector<std::vector<float>> scores(tracks);
  inParallel(tracks, jobs, [&] {
    return [&, scorer = FusedScorer(parts)](std::size_t i) mutable {
      const auto row = static_cast<Row>(i);
      bool begun = false;
      scorer.use(&packed);
      for (const Row other : pairs[i]) {
        if (earlier != nullptr) {
          if (const auto score = earlierScore(*earlier, row, other)) {
            scores[i].push_back(*score);
            continue;
          }
        }
        if (!begun) scorer.begin(row);
        begun = true;
        scores[i].push_back(scorer.score(other));
      }
    };
  });

  NeighbourTable table;
  table.columns = neighbourColumns(tracks);
  table.rows.assign(tracks * table.columns, -1);
  table.scores.assign(tracks * table.columns, 0.0F);
  std::vector<TopRows> best(tracks, TopRows(table.columns));
  for (std::size_t i = 0; i < tracks; ++i) {
    for (std::size_t k = 0; k < pairs[i].size(); ++k) {
      best[i].offer(pairs[i][k], scores[i][k]);
      best[static_cast<std::size_t>(pairs[i][k])].offer(static_cast<Row>(i), scores[i][k]);
    }
  }
  for (std::size_t i = 0; i < tracks; ++i) {
    std::size_t at = i * table.columns;
    for (const Hit& hit : best[i].take()) {
      table.rows[at] = hit.row;
      table.scores[at] = hit.score;
      ++at;
    }
  }
  return table;
}

}  // namespace attacca::index
