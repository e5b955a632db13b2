#include "part_data.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/pooling.h"

#include "aspect_columns.h"
#include "fold.h"
#include "references.h"
#include "snapshot_state.h"

namespace attacca::index {
namespace {

constexpr std::size_t kReferences = 32;
constexpr std::size_t kChromaColumns = 12;
constexpr std::size_t kMostWhitened = 2048;      // columns: their covariance must be decomposed
constexpr std::size_t kSampleRows = 60'000;      // on which whitening is fitted, evenly spread
constexpr std::size_t kSampleFloats = 48 << 20;  // and not more than these

std::span<const std::byte> bytesOf(std::span<const float> values) { return std::as_bytes(values); }
std::span<const std::byte> bytesOf(MatrixView<std::int8_t> codes) {
  return std::as_bytes(codes.all());
}

class Maker {
 public:
  Maker(const Recipe& recipe, std::span<const RowSource> sources, std::span<const TrackId> ids,
        std::span<const std::size_t> order, const Snapshot* current, unsigned jobs)
      : recipe_(recipe), ids_(ids), order_(order), jobs_(jobs) {
    for (const RecipePart& part : recipe.parts) {
      const auto found = std::find_if(sources.begin(), sources.end(), [&](const RowSource& source) {
        return source.name == part.representation;
      });
      if (found == sources.end()) refuse(part, "is not among what was heard");
      sources_.push_back(&*found);
      check(part, *found);
      data_.parts.push_back(
          {part.kind, found->versioned_name, found->dimension, found->rows_per_second, 0, {}});
      if (part.kind == PartKind::aspects) data_.parts.back().columns = found->columns;
    }
    data_.tracks = ids.size();
    if (current != nullptr && holds(*current)) current_ = current;
    data_.fitted_anew = current_ == nullptr;
  }

  PartData make() {
    data_.frames.resize(data_.parts.size());
    for (std::size_t i = 0; i < data_.parts.size(); ++i) {
      data_.fits.push_back(current_ == nullptr ? fit(i) : current_->state().fits[i]);
      readPart(i);
    }
    chooseReferences();
    if (current_ != nullptr) {
      for (std::size_t i = 0; i < data_.parts.size(); ++i) {
        data_.parts[i].share = current_->info().parts[i].share;
      }
    } else {
      markScored();
    }
    data_.packed = FusedScorer::packAll(data_.fused(recipe_), jobs_);
    if (current_ != nullptr) {
      fold();
      compareWithReferences();
    } else {
      compareWithReferences();
      share();
      fold();
    }
    averageOrdered();
    return std::move(data_);
  }

 private:
  [[noreturn]] void refuse(const RecipePart& part, std::string_view why,
                           std::string remedy = {}) const {
    throw Error(Fault::refused,
                fmt::format("the recipe \"{}\" cannot be followed: {} {}", recipe_.name,
                            part.representation, why),
                std::move(remedy));
  }

  void check(const RecipePart& part, const RowSource& source) const {
    if (part.ordered() && !(source.rows_per_second > 0)) {
      refuse(part, "does not say when its rows sound, so there is no order to compare",
             "take it in a pooled part");
    }
    if (part.kind == PartKind::chroma && source.dimension != kChromaColumns) {
      refuse(part, fmt::format("has {} columns and no twelve pitches", source.dimension));
    }
    if (part.whitening != 0 && static_cast<std::size_t>(part.whitening) > source.dimension) {
      refuse(part, fmt::format("has {} columns, fewer than the {} that are to be kept",
                               source.dimension, part.whitening));
    }
    if (part.whitening != 0 && source.dimension > kMostWhitened) {
      refuse(part, fmt::format("has {} columns; at most {} can be whitened", source.dimension,
                               kMostWhitened));
    }
    for (const std::string& column : part.columns) {
      if (std::find(source.columns.begin(), source.columns.end(), column) == source.columns.end()) {
        refuse(part, fmt::format("has no column \"{}\"", column),
               fmt::format("it has: {}", fmt::join(source.columns, ", ")));
      }
      const AspectColumns columns(source.columns);
      const auto at = std::find(source.columns.begin(), source.columns.end(), column);
      if (columns.isConfidence(static_cast<std::size_t>(at - source.columns.begin()))) {
        refuse(part,
               fmt::format("has \"{}\" to say how sure others are, not to compare by", column),
               "what it is of is weighed by it; leave it out");
      }
    }
  }

  bool holds(const Snapshot& current) const {
    const SnapshotInfo& info = current.info();
    const bool same_parts =
        std::equal(info.parts.begin(), info.parts.end(), data_.parts.begin(), data_.parts.end(),
                   [](const SnapshotPart& a, const SnapshotPart& b) {
                     return a.kind == b.kind && a.representation == b.representation &&
                            a.dimension == b.dimension && a.rows_per_second == b.rows_per_second &&
                            a.columns == b.columns;
                   });
    if (!same_parts || fingerprint(current.recipe()) != fingerprint(recipe_)) return false;
    const std::size_t then = info.fitted_tracks;
    const std::size_t change = ids_.size() > then ? ids_.size() - then : then - ids_.size();
    if (then == 0 || 10 * change >= then) return false;
    const auto references = current.state().references;
    return std::all_of(references.begin(), references.end(), [&](std::int64_t id) {
      return std::binary_search(ids_.begin(), ids_.end(), TrackId{id});
    });
  }

  TrackRows rows(std::size_t part, std::size_t row) const {
    TrackRows result = sources_[part]->rows(order_[row]);
    assert(result.rows.rows == 0 || result.rows.cols == sources_[part]->dimension);
    return result;
  }

  Fit fit(std::size_t i) const {
    const RecipePart& part = recipe_.parts[i];
    const std::size_t dimension = data_.parts[i].dimension;
    if (part.kind == PartKind::aspects) return fitAspects(i);
    if (part.whitening == 0) return {};
    std::size_t total = 0;
    for (std::size_t row = 0; row < ids_.size(); ++row) total += rows(i, row).rows.rows;
    const std::size_t most = std::min(kSampleRows, kSampleFloats / dimension);
    const std::size_t stride = std::max<std::size_t>(1, (total + most - 1) / most);
    std::vector<float> sample;
    std::size_t at = 0;
    for (std::size_t row = 0; row < ids_.size(); ++row) {
      const TrackRows all = rows(i, row);
      for (std::size_t k = 0; k < all.rows.rows; ++k, ++at) {
        const auto values = all.rows.row(k);
        if (at % stride != 0 || !std::all_of(values.begin(), values.end(),
                                             [](float value) { return std::isfinite(value); })) {
          continue;
        }
        sample.insert(sample.end(), values.begin(), values.end());
      }
    }
    const std::size_t count = sample.size() / dimension;
    // Whitened, so few rows would all be equally far from each other.
    if (count <= dimension) return {};
    return fitWhitening({sample.data(), count, dimension}, static_cast<std::size_t>(part.whitening),
                        part.shrinkage);
  }

  Fit fitAspects(std::size_t i) const {
    const auto& names = sources_[i]->columns;
    const AspectColumns columns(data_.parts[i].columns);
    std::vector<float> all;
    for (std::size_t row = 0; row < ids_.size(); ++row) {
      const std::vector<float> wide = columns.widen(meanRows(rows(i, row).rows));
      all.insert(all.end(), wide.begin(), wide.end());
    }
    std::vector<FittedColumn> fitted;
    for (std::size_t k = 0; k < data_.parts[i].dimension; ++k) {
      const auto& chosen = recipe_.parts[i].columns;
      const bool wanted = chosen.empty()
                              ? !columns.isConfidence(k)
                              : std::find(chosen.begin(), chosen.end(), names[k]) != chosen.end();
      if (!wanted) continue;
      for (const FittedColumn& one : columns.fitted(k)) fitted.push_back(one);
    }
    return fitColumns({all.data(), ids_.size(), columns.widened(data_.parts[i].dimension)}, fitted);
  }

  void readPart(std::size_t i) {
    const RecipePart& part = recipe_.parts[i];
    pooled_.resize(data_.parts.size());
    for (std::size_t row = 0; row < ids_.size(); ++row) {
      const TrackRows all = rows(i, row);
      if (part.ordered()) {
        data_.frames[i].add(part.kind, data_.fits[i],
                            {all.rows.data, all.rows.rows, data_.parts[i].dimension});
      } else {
        pooled_[i].push_back(all.rows.rows == 0 ? std::vector<float>{} : meanRows(all.rows));
      }
    }
    if (part.ordered() && ids_.empty()) {
      data_.frames[i].columns = data_.fits[i].columns(data_.parts[i].dimension);
    }
  }

  bool counts(std::size_t i) const {
    const RecipePart& part = recipe_.parts[i];
    return part.weight > 0 && (!part.ordered() || recipe_.answers == Answers::tracks);
  }

  // Any share will do to have a part laid out.
  void markScored() {
    for (std::size_t i = 0; i < data_.parts.size(); ++i) data_.parts[i].share = counts(i) ? 1 : 0;
  }

  void chooseReferences() {
    if (current_ != nullptr) {
      for (const std::int64_t id : current_->state().references) data_.references.push_back({id});
    } else {
      const std::size_t count = std::min(ids_.size(), kReferences);
      for (std::size_t k = 0; k < count; ++k) {
        data_.references.push_back(ids_[k * ids_.size() / count]);
      }
    }
    for (const TrackId id : data_.references) {
      reference_rows_.push_back(
          static_cast<Row>(std::lower_bound(ids_.begin(), ids_.end(), id) - ids_.begin()));
    }
  }

  // Where the current snapshot knows the averages of a row, they are taken from it.
  void compareWithReferences() {
    if (current_ != nullptr) {
      const UnchangedRows unchanged =
          unchangedRows(current_->state(), ids_, data_.vectorView(), data_.frames);
      const bool all_references = std::all_of(
          reference_rows_.begin(), reference_rows_.end(),
          [&](Row row) { return unchanged.row_then[static_cast<std::size_t>(row)] != -1; });
      if (all_references) known_then_ = unchanged.row_then;
    }
    reference_scores_ = scoreReferences(
        data_.fused(recipe_), data_.packed, reference_rows_,
        [&](std::size_t row) { return knownThen(row) == -1; }, jobs_);
  }

  Row knownThen(std::size_t row) const { return known_then_.empty() ? -1 : known_then_[row]; }

  void share() {
    double total = 0;
    std::size_t ordered = 0;
    for (std::size_t i = 0; i < data_.parts.size(); ++i) {
      SnapshotPart& part = data_.parts[i];
      if (!counts(i)) continue;
      double spread = 1;
      if (recipe_.parts[i].ordered()) {
        const auto& scores = reference_scores_[ordered++];
        spread = deviation(ids_.size(), reference_rows_, [&](std::size_t row, std::size_t k) {
          return static_cast<double>(scores[row * reference_rows_.size() + k]);
        });
      } else {
        std::vector<std::vector<float>> units;
        for (const auto& row : pooled_[i]) units.push_back(fittedUnit(part, data_.fits[i], row));
        spread = deviation(ids_.size(), reference_rows_, [&](std::size_t row, std::size_t k) {
          const auto& other = units[static_cast<std::size_t>(reference_rows_[k])];
          double dot = 0;
          for (std::size_t j = 0; j < other.size(); ++j) {
            dot += static_cast<double>(units[row][j]) * static_cast<double>(other[j]);
          }
          return dot;
        });
      }
      part.share = recipe_.parts[i].weight / spread;
      total += part.share;
    }
    for (SnapshotPart& part : data_.parts) part.share = total > 0 ? part.share / total : 0;
  }

  void fold() {
    for (std::size_t row = 0; row < ids_.size(); ++row) {
      std::vector<std::vector<float>> pooled;
      for (std::size_t i = 0; i < data_.parts.size(); ++i) {
        if (!recipe_.parts[i].ordered()) pooled.push_back(pooled_[i][row]);
      }
      const auto vector = foldVectors(data_.parts, data_.fits, pooled);
      data_.vectors.insert(data_.vectors.end(), vector.begin(), vector.end());
    }
    for (std::size_t i = 0; i < data_.parts.size(); ++i) {
      if (!recipe_.parts[i].ordered()) {
        data_.dimension += data_.fits[i].columns(data_.parts[i].dimension);
      }
    }
  }

  void averageOrdered() {
    if (reference_scores_.empty()) return;
    const FusedParts parts = data_.fused(recipe_);
    const std::size_t count = reference_rows_.size();
    std::vector<double> sums(ids_.size());
    std::vector<double> others(ids_.size());
    eachReferencePair(ids_.size(), reference_rows_, [&](std::size_t row, std::size_t k) {
      for (std::size_t p = 0; p < parts.ordered.size(); ++p) {
        sums[row] +=
            parts.ordered[p].share * static_cast<double>(reference_scores_[p][row * count + k]);
      }
      ++others[row];
    });
    for (std::size_t row = 0; row < ids_.size(); ++row) {
      const Row then = knownThen(row);
      data_.ordered_means.push_back(
          then != -1        ? current_->state().ordered_means[static_cast<std::size_t>(then)]
          : others[row] > 0 ? static_cast<float>(sums[row] / others[row])
                            : 0.0F);
    }
  }

  const Recipe& recipe_;
  std::span<const TrackId> ids_;
  std::span<const std::size_t> order_;
  const unsigned jobs_;
  std::vector<const RowSource*> sources_;  // of each part
  const Snapshot* current_ = nullptr;      // whose fits still hold
  PartData data_;
  std::vector<std::vector<std::vector<float>>> pooled_;  // [part][row]
  std::vector<Row> reference_rows_;
  std::vector<std::vector<float>> reference_scores_;  // [ordered part][row x references]
  std::vector<Row> known_then_;  // rows of `current_` whose averages hold; -1 for others
};

}  // namespace

FusedParts PartData::fused(const Recipe& recipe) const {
  FusedParts result;
  result.vectors = vectorView();
  double ordered_share = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const RecipePart& part = recipe.parts[i];
    if (!part.ordered() || parts[i].share == 0) continue;
    ordered_share += parts[i].share;
    result.ordered.push_back({part.kind, parts[i].rows_per_second,
                              ShinglePart(part, parts[i].rows_per_second), frames[i].view(),
                              parts[i].share});
  }
  result.vectors_share = std::max(0.0, 1 - ordered_share);
  return result;
}

UnchangedRows unchangedRows(const Snapshot::State& current, std::span<const TrackId> ids,
                            MatrixView<float> vectors, std::span<const Frames> frames) {
  UnchangedRows unchanged;
  unchanged.row_now.assign(current.ids.size(), -1);
  unchanged.row_then.assign(ids.size(), -1);
  std::size_t then = 0;
  for (std::size_t now = 0; now < ids.size(); ++now) {
    while (then < current.ids.size() && current.ids[then] < ids[now]) ++then;
    if (then == current.ids.size()) break;
    if (current.ids[then] != ids[now]) continue;
    bool same = std::ranges::equal(bytesOf(current.vectors.row(then)), bytesOf(vectors.row(now)));
    for (std::size_t i = 0; i < frames.size() && same; ++i) {
      if (frames[i].offsets.size() == 1) continue;  // not ordered
      same = std::ranges::equal(bytesOf(current.frames[i].of(static_cast<Row>(then))),
                                bytesOf(frames[i].view().of(static_cast<Row>(now))));
    }
    if (!same) continue;
    unchanged.row_now[then] = static_cast<Row>(now);
    unchanged.row_then[now] = static_cast<Row>(then);
  }
  return unchanged;
}

PartData makePartData(const Recipe& recipe, std::span<const RowSource> sources,
                      std::span<const TrackId> ids, std::span<const std::size_t> order,
                      const Snapshot* current, unsigned jobs) {
  return Maker(recipe, sources, ids, order, current, jobs).make();
}

}  // namespace attacca::index
