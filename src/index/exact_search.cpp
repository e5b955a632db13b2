#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/index/search.h"

#include "quantise.h"
#include "score_kernels.h"
#include "snapshot_state.h"
#include "top_rows.h"
#include "unit_vector.h"

namespace attacca::index {
namespace {

class SnapshotSearch final : public TrackSearch {
 public:
  explicit SnapshotSearch(std::shared_ptr<const Snapshot> snapshot)
      : snapshot_(std::move(snapshot)), state_(snapshot_->state()) {}

  std::vector<Hit> nearest(std::span<const float> query, std::size_t k,
                           const RowFilter& keep) const override {
    if (query.size() != snapshot_->info().dimension) {
      throw Error(Fault::usage,
                  fmt::format("a query of {} elements cannot be compared with vectors of {}",
                              query.size(), snapshot_->info().dimension));
    }
    std::vector<float> unit(query.size());
    if (!makeUnit(query, unit)) {
      throw Error(Fault::usage, "a query without length has no nearest tracks");
    }
    k = std::min(k, snapshot_->size());
    if (k == 0) return {};
    // Where much of all is wanted, ruling out is wasted work.
    return k * 4 >= snapshot_->size() ? scanAll(unit, k, keep) : scanLikely(unit, k, keep);
  }

 private:
  static constexpr std::size_t kBlock = 128;

  static bool kept(const RowFilter& keep, Row row) { return !keep || keep(row); }

  // Offers the exact scores of rows, a few at a time.
  class Scorer {
   public:
    Scorer(MatrixView<float> vectors, const float* query, TopRows& best)
        : vectors_(vectors), query_(query), best_(best) {}
    void add(Row row) {
      rows_[count_] = row;
      pointers_[count_] = vectors_.row(static_cast<std::size_t>(row)).data();
      if (++count_ == kBlock) flush();
    }
    void flush() {
      scorePairs({&query_, 1}, {pointers_.data(), count_}, vectors_.cols, scores_.data());
      for (std::size_t i = 0; i < count_; ++i) best_.offer(rows_[i], scores_[i]);
      count_ = 0;
    }

   private:
    MatrixView<float> vectors_;
    const float* query_;
    TopRows& best_;
    std::size_t count_ = 0;
    std::array<Row, kBlock> rows_{};
    std::array<const float*, kBlock> pointers_{};
    std::array<float, kBlock> scores_{};
  };

  std::vector<Hit> scanAll(std::span<const float> query, std::size_t k,
                           const RowFilter& keep) const {
    TopRows best(k);
    Scorer scorer(state_.vectors, query.data(), best);
    for (std::size_t i = 0; i < snapshot_->size(); ++i) {
      const auto row = static_cast<Row>(i);
      if (kept(keep, row)) scorer.add(row);
    }
    scorer.flush();
    return best.take();
  }

  std::vector<Hit> scanLikely(std::span<const float> query, std::size_t k,
                              const RowFilter& keep) const {
    const std::size_t tracks = snapshot_->size();
    const QuantisedQuery quantised = quantiseQuery(query, state_.centre.all());
    const CodeBounds* const bounds = state_.codeBounds();

    // The rows that are surely good: those whose lower bounds are best.
    std::vector<float> upper(tracks);
    TopRows sure(k);
    std::array<std::int32_t, kBlock> dots;
    for (std::size_t begin = 0; begin < tracks; begin += kBlock) {
      const std::size_t count = std::min(kBlock, tracks - begin);
      dotCodes(quantised.words.data(), state_.codes.row(begin).data(), count, state_.codes.cols,
               state_.codes.cols, dots.data());
      for (std::size_t i = 0; i < count; ++i) {
        const auto [middle, error] = boundScore(quantised, bounds[begin + i], dots[i]);
        upper[begin + i] = std::max(middle + error, -1.0F);
        const auto row = static_cast<Row>(begin + i);
        if (sure.wants(middle - error) && kept(keep, row)) sure.offer(row, middle - error);
      }
    }

    // Their exact scores set the bar for all others.
    TopRows best(k);
    Scorer scorer(state_.vectors, query.data(), best);
    const std::vector<Hit> first = sure.take();
    for (const Hit& hit : first) {
      scorer.add(hit.row);
      upper[static_cast<std::size_t>(hit.row)] = -std::numeric_limits<float>::infinity();
    }
    scorer.flush();
    if (first.size() < k) return best.take();  // these are all that are kept
    const float bar = best.kthScore();
    for (std::size_t i = 0; i < tracks; ++i) {
      const auto row = static_cast<Row>(i);
      if (upper[i] >= bar && best.wants(upper[i]) && kept(keep, row)) scorer.add(row);
    }
    scorer.flush();
    return best.take();
  }

  std::shared_ptr<const Snapshot> snapshot_;
  const Snapshot::State& state_;
};

}  // namespace

std::unique_ptr<TrackSearch> makeExactSearch(std::shared_ptr<const Snapshot> snapshot) {
  return std::make_unique<SnapshotSearch>(std::move(snapshot));
}

}  // namespace attacca::index
