#include "neighbours.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <span>
#include <thread>

#include "score_kernels.h"
#include "snapshot_files.h"
#include "top_rows.h"

namespace attacca::index {
namespace {

// A block of targets stays in the second-level cache while blocks of sources, which stay in the
// first, pass by.
constexpr std::size_t kTargetBlock = 96;
constexpr std::size_t kSourceBlock = 24;

class TableMaker {
 public:
  TableMaker(MatrixView<float> vectors, std::size_t columns, const EarlierTable* earlier)
      : vectors_(vectors), earlier_(earlier) {
    table_.columns = columns;
    table_.rows.assign(vectors.rows * table_.columns, -1);
    table_.scores.assign(vectors.rows * table_.columns, 0.0F);
  }

  // Fills the rows `targets` with the best of `sources` and, where `merge` is set, of what the
  // earlier table says about them.
  void fill(std::span<const Row> targets, std::span<const Row> sources, bool merge, unsigned jobs) {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      while (true) {
        const std::size_t begin = next.fetch_add(kTargetBlock);
        if (begin >= targets.size()) return;
        fillBlock(targets.subspan(begin, std::min(kTargetBlock, targets.size() - begin)), sources,
                  merge);
      }
    };
    std::vector<std::jthread> threads;
    for (unsigned job = 1; job < jobs; ++job) threads.emplace_back(work);
    work();
  }

  NeighbourTable take() { return std::move(table_); }

 private:
  const float* vector(Row row) const { return vectors_.row(static_cast<std::size_t>(row)).data(); }

  void fillBlock(std::span<const Row> targets, std::span<const Row> sources, bool merge) {
    std::vector<TopRows> best(targets.size(), TopRows(table_.columns));
    std::vector<const float*> target_vectors;
    for (const Row row : targets) target_vectors.push_back(vector(row));
    if (merge) {
      for (std::size_t i = 0; i < targets.size(); ++i) offerEarlier(targets[i], best[i]);
    }
    std::vector<float> scores(targets.size() * kSourceBlock);
    std::vector<const float*> source_vectors;
    for (std::size_t begin = 0; begin < sources.size(); begin += kSourceBlock) {
      const auto block = sources.subspan(begin, std::min(kSourceBlock, sources.size() - begin));
      source_vectors.clear();
      for (const Row row : block) source_vectors.push_back(vector(row));
      scorePairs(target_vectors, source_vectors, vectors_.cols, scores.data());
      for (std::size_t i = 0; i < targets.size(); ++i) {
        const float* of_target = scores.data() + i * block.size();
        for (std::size_t j = 0; j < block.size(); ++j) {
          if (best[i].wants(of_target[j]) && block[j] != targets[i]) {
            best[i].offer(block[j], of_target[j]);
          }
        }
      }
    }
    for (std::size_t i = 0; i < targets.size(); ++i) {
      std::size_t at = static_cast<std::size_t>(targets[i]) * table_.columns;
      for (const Hit& hit : best[i].take()) {
        table_.rows[at] = hit.row;
        table_.scores[at] = hit.score;
        ++at;
      }
    }
  }

  void offerEarlier(Row target, TopRows& best) const {
    const auto then =
        static_cast<std::size_t>(earlier_->row_then[static_cast<std::size_t>(target)]);
    const auto rows = earlier_->rows.row(then);
    const auto scores = earlier_->scores.row(then);
    for (std::size_t j = 0; j < rows.size() && rows[j] != -1; ++j) {
      const Row now = earlier_->row_now[static_cast<std::size_t>(rows[j])];
      if (now != -1) best.offer(now, scores[j]);
    }
  }

  MatrixView<float> vectors_;
  const EarlierTable* earlier_;
  NeighbourTable table_;
};

}  // namespace

bool stillHolds(const EarlierTable& earlier, Row then) {
  const bool complete = earlier.rows.cols + 1 >= earlier.rows.rows;
  if (complete) return true;
  const auto rows = earlier.rows.row(static_cast<std::size_t>(then));
  return std::all_of(rows.begin(), rows.end(), [&](Row other) {
    return other == -1 || earlier.row_now[static_cast<std::size_t>(other)] != -1;
  });
}

NeighbourTable makeNeighbourTable(MatrixView<float> vectors, const EarlierTable* earlier,
                                  unsigned jobs) {
  std::vector<Row> all;      // every row
  std::vector<Row> fresh;    // rows with new vectors
  std::vector<Row> whole;    // rows to be compared with all
  std::vector<Row> merging;  // rows to be compared with the fresh ones only
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    const auto row = static_cast<Row>(i);
    const Row then = earlier == nullptr ? -1 : earlier->row_then[i];
    all.push_back(row);
    if (then == -1) fresh.push_back(row);
    (then != -1 && stillHolds(*earlier, then) ? merging : whole).push_back(row);
  }
  TableMaker maker(vectors, neighbourColumns(vectors.rows), earlier);
  maker.fill(whole, all, false, jobs);
  maker.fill(merging, fresh, true, jobs);
  return maker.take();
}

NeighbourTable nearestRows(MatrixView<float> vectors, std::size_t columns, unsigned jobs) {
  std::vector<Row> all(vectors.rows);
  std::iota(all.begin(), all.end(), Row{0});
  TableMaker maker(vectors, columns, nullptr);
  maker.fill(all, all, false, jobs);
  return maker.take();
}

}  // namespace attacca::index
