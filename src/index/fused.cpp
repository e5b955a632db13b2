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

void add(Pairs& pairs, Row a, Row b) {
  pairs[static_cast<std::size_t>(std::min(a, b))].push_back(std::max(a, b));
}

void sortEach(Pairs& pairs) {
  for (auto& others : pairs) {
    std::sort(others.begin(), others.end());
    others.erase(std::unique(others.begin(), others.end()), others.end());
  }
}

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
  const auto addAll = [&](const NeighbourTable& table) {
    for (std::size_t i = 0; i < tracks; ++i) {
      for (std::size_t k = 0; k < table.columns; ++k) {
        const Row other = table.rows[i * table.columns + k];
        if (other == -1) break;
        add(pairs, static_cast<Row>(i), other);
      }
    }
  };
  addAll(nearestRows(parts.vectors, kVectorCandidates, jobs));
  for (const auto& part : parts.ordered) {
    const Sketches sketches = makeSketches(part.kind, part.frames, part.rows_per_second, jobs);
    addAll(nearestRows(sketches.view(), kOrderedCandidates, jobs));
  }
  sortEach(pairs);
  return pairs;
}

// What an earlier table tells of pairs.
class EarlierScores {
 public:
  EarlierScores(const EarlierFused& earlier, unsigned jobs)
      : table_(earlier.table), candidates_(candidatePairs(earlier.parts, jobs)) {
    for (std::size_t then = 0; then < table_.row_now.size(); ++then) {
      holds_.push_back(stillHolds(table_, static_cast<Row>(then)));
    }
  }

  // All pairs of the table that are still there.
  void addTo(Pairs& pairs) const {
    for (std::size_t then = 0; then < table_.row_now.size(); ++then) {
      for (const Row other : table_.rows.row(then)) {
        const Row a = table_.row_now[then];
        const Row b = other == -1 ? -1 : table_.row_now[static_cast<std::size_t>(other)];
        if (a != -1 && b != -1) add(pairs, a, b);
      }
    }
    sortEach(pairs);
  }

  struct Known {
    std::optional<float> score;
    bool too_late = false;  // for both lists, whatever the score
  };
  Known of(Row a, Row b) const {
    const Row then_a = table_.row_then[static_cast<std::size_t>(a)];
    const Row then_b = table_.row_then[static_cast<std::size_t>(b)];
    if (then_a == -1 || then_b == -1) return {};
    for (const auto& [from, to] : {std::pair(then_a, then_b), std::pair(then_b, then_a)}) {
      const auto rows = table_.rows.row(static_cast<std::size_t>(from));
      const auto found = std::find(rows.begin(), rows.end(), to);
      if (found == rows.end()) continue;
      const auto scores = table_.scores.row(static_cast<std::size_t>(from));
      return {scores[static_cast<std::size_t>(found - rows.begin())]};
    }
    const auto& others = candidates_[static_cast<std::size_t>(std::min(then_a, then_b))];
    return {{},
            holds_[static_cast<std::size_t>(then_a)] && holds_[static_cast<std::size_t>(then_b)] &&
                std::binary_search(others.begin(), others.end(), std::max(then_a, then_b))};
  }

 private:
  const EarlierTable& table_;
  Pairs candidates_;
  std::vector<bool> holds_;
};

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
                              const EarlierFused* earlier, unsigned jobs) {
  const std::size_t tracks = parts.vectors.rows;
  Pairs pairs = candidatePairs(parts, jobs);
  std::optional<EarlierScores> known;
  if (earlier != nullptr) {
    known.emplace(*earlier, jobs);
    known->addTo(pairs);
  }
  std::vector<std::vector<float>> scores(tracks);
  inParallel(tracks, jobs, [&] {
    return [&, scorer = FusedScorer(parts)](std::size_t i) mutable {
      const auto row = static_cast<Row>(i);
      bool begun = false;
      scorer.use(&packed);
      std::erase_if(pairs[i], [&](Row other) {
        const auto found = known ? known->of(row, other) : EarlierScores::Known{};
        if (found.too_late) return true;
        if (!found.score && !begun) scorer.begin(row);
        begun = begun || !found.score;
        scores[i].push_back(found.score ? *found.score : scorer.score(other));
        return false;
      });
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
