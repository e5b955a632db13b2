#include <algorithm>
#include <cmath>
#include <queue>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/index/passage.h"

#include "places.h"
#include "snapshot_state.h"

namespace attacca::index {
namespace {

constexpr double kLeastSeconds = 1;

// The passage at one tempo, laid over everything.
class AtTempo {
 public:
  AtTempo(std::span<const Ground> grounds, std::size_t finest, std::span<const Query> passage,
          Seconds length, double tempo)
      : grounds_(grounds), finest_(finest), length_(length / tempo) {
    for (std::size_t g = 0; g < grounds.size(); ++g) {
      const Query query =
          tempo == 1 ? passage[g] : stretched(passage[g], grounds[g].frames.codes.cols, 1 / tempo);
      rows_.push_back(query.rows);
      places_.push_back(placesOf(grounds[g], query));
    }
    double self = 0;
    for (std::size_t g = 0; g < grounds.size(); ++g) {
      self += grounds[g].weight * (1 - places_[g].mean) / places_[g].deviation;
    }
    for (std::size_t g = 0; g < grounds.size(); ++g) {
      factors_.push_back(self > 0 ? grounds[g].weight / places_[g].deviation / self : 0);
    }
  }

  Seconds length() const { return length_; }

  // Rows of the finest ground where it may begin in a track; 0 where that is shorter.
  std::size_t beginnings(Row row) const {
    std::size_t result = windows(finest_, row);
    for (std::size_t g = 0; g < grounds_.size(); ++g) {
      if (windows(g, row) == 0) result = 0;
    }
    return result;
  }

  double score(Row row, std::size_t beginning) const {
    double sum = 0;
    for (std::size_t g = 0; g < grounds_.size(); ++g) {
      const auto at = static_cast<std::size_t>(std::nearbyint(
          static_cast<double>(beginning) * grounds_[g].rate / grounds_[finest_].rate));
      const auto first =
          static_cast<std::size_t>(grounds_[g].frames.offsets[static_cast<std::size_t>(row)]);
      const auto cosine =
          static_cast<double>(places_[g].cosines[first + std::min(at, windows(g, row) - 1)]);
      sum += factors_[g] * (cosine - places_[g].mean);
    }
    return sum;
  }

 private:
  std::size_t windows(std::size_t ground, Row row) const {
    const std::size_t rows = grounds_[ground].frames.of(row).rows;
    return rows < rows_[ground] ? 0 : rows - rows_[ground] + 1;
  }

  std::span<const Ground> grounds_;
  std::size_t finest_;
  Seconds length_;
  std::vector<std::size_t> rows_;  // of the passage on each ground
  std::vector<Places> places_;
  std::vector<double> factors_;
};

struct Span {
  Seconds start;
  Seconds end;

  bool overlaps(const Span& other) const { return start < other.end && other.start < end; }
};

// The best place of a track that is still free.
struct Best {
  double score = 0;
  Row row = -1;
  Span span;
  std::size_t before = 0;  // places of this track that were found before

  bool operator<(const Best& other) const {
    return score != other.score ? score < other.score : row > other.row;
  }
};

void checkPassage(Seconds from, Seconds to) {
  if (from >= Seconds{} && to - from >= Seconds(kLeastSeconds)) return;
  throw Error(Fault::usage,
              fmt::format("{:.1f} to {:.1f} s is no passage", from.count(), to.count()),
              "a passage lasts at least a second");
}

}  // namespace

struct PassageSearch::State {
  std::shared_ptr<const Snapshot> snapshot;
  std::vector<Ground> grounds;
  std::size_t finest = 0;  // the ground with most rows a second

  std::vector<PassageHit> find(std::span<const Query> passage, Seconds length,
                               std::optional<Passage> self, const Options& options) const;
};

PassageSearch::PassageSearch(std::shared_ptr<const Snapshot> snapshot)
    : state_(std::make_unique<State>()) {
  state_->snapshot = std::move(snapshot);
  const Snapshot::State& of_snapshot = state_->snapshot->state();
  const auto& parts = of_snapshot.recipe.parts;
  auto& grounds = state_->grounds;
  double weights = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].ordered()) continue;
    grounds.emplace_back(parts[i], i, state_->snapshot->info().parts[i].rows_per_second,
                         of_snapshot.frames[i]);
    if (grounds.back().rate > grounds[state_->finest].rate) state_->finest = grounds.size() - 1;
    weights += parts[i].weight;
  }
  if (grounds.empty()) {
    throw Error(Fault::unsupported,
                fmt::format("the recipe \"{}\" compares whole tracks, and finds no passages",
                            state_->snapshot->info().recipe),
                "take a recipe that has a sequence or chroma part, such as passage");
  }
  if (weights > 0) return;
  for (Ground& ground : grounds) ground.weight = 1;
}

PassageSearch::~PassageSearch() = default;

std::vector<PassageHit> PassageSearch::State::find(std::span<const Query> passage, Seconds length,
                                                   std::optional<Passage> self,
                                                   const Options& options) const {
  std::vector<AtTempo> tempi;
  for (const double tempo : snapshot->recipe().tempi) {
    tempi.emplace_back(grounds, finest, passage, length, tempo);
  }
  std::vector<std::vector<Span>> taken(snapshot->size());
  if (self) taken[static_cast<std::size_t>(self->row)].push_back({self->from, self->to});

  const auto bestOf = [&](Row row, std::size_t before) -> std::optional<Best> {
    std::optional<Best> best;
    const auto& not_there = taken[static_cast<std::size_t>(row)];
    for (const AtTempo& tempo : tempi) {
      for (std::size_t i = 0, count = tempo.beginnings(row); i < count; ++i) {
        const double score = tempo.score(row, i);
        if (best && score <= best->score) continue;
        const Seconds start(static_cast<double>(i) / grounds[finest].rate);
        const Span span{start, start + tempo.length()};
        if (std::none_of(not_there.begin(), not_there.end(),
                         [&](const Span& other) { return span.overlaps(other); })) {
          best = Best{score, row, span, before};
        }
      }
    }
    return best;
  };
  std::priority_queue<Best> queue;
  for (std::size_t i = 0; i < snapshot->size(); ++i) {
    const auto row = static_cast<Row>(i);
    if (options.keep && !options.keep(row)) continue;
    if (const auto best = bestOf(row, 0)) queue.push(*best);
  }
  std::vector<PassageHit> hits;
  while (hits.size() < options.limit && !queue.empty()) {
    const Best best = queue.top();
    queue.pop();
    hits.push_back({best.row, best.span.start, best.span.end,
                    static_cast<float>(std::clamp(best.score, -1.0, 1.0))});
    if (best.before + 1 >= options.per_track) continue;
    taken[static_cast<std::size_t>(best.row)].push_back(best.span);
    if (const auto next = bestOf(best.row, best.before + 1)) queue.push(*next);
  }
  return hits;
}

std::vector<PassageHit> PassageSearch::find(const Passage& passage, const Options& options) const {
  checkPassage(passage.from, passage.to);
  std::vector<Query> queries;
  for (const Ground& ground : state_->grounds) {
    const auto codes = ground.frames.of(passage.row);
    // What is left of a row at a track's end is cut off, and more than a second with long clips.
    const Seconds length((static_cast<double>(codes.rows) + 1) / ground.rate + 1);
    if (passage.to > length || codes.rows == 0) {
      throw Error(Fault::usage,
                  fmt::format("the passage ends at {:.1f} s, and the track at {:.1f} s",
                              passage.to.count(), static_cast<double>(codes.rows) / ground.rate));
    }
    queries.push_back(cutQuery(codes, ground.rate, passage.from.count(), passage.to.count()));
  }
  return state_->find(queries, passage.to - passage.from, passage, options);
}

std::vector<PassageHit> PassageSearch::find(std::span<const MatrixView<float>> recording,
                                            Seconds from, Seconds to,
                                            const Options& options) const {
  checkPassage(from, to);
  const SnapshotInfo& info = state_->snapshot->info();
  if (recording.size() != state_->grounds.size()) {
    throw Error(Fault::usage, fmt::format("rows of {} representations instead of {}",
                                          recording.size(), state_->grounds.size()));
  }
  std::vector<Query> queries;
  for (std::size_t g = 0; g < recording.size(); ++g) {
    const Ground& ground = state_->grounds[g];
    const SnapshotPart& part = info.parts[ground.part];
    if (recording[g].cols != part.dimension || recording[g].rows == 0) {
      throw Error(
          Fault::usage,
          fmt::format("{} x {} elements are no rows of {}, which has {} columns", recording[g].rows,
                      recording[g].cols, part.representation, part.dimension));
    }
    Frames frames;
    frames.add(ground.kind, state_->snapshot->state().fits[ground.part], recording[g]);
    queries.push_back(cutQuery(frames.view().codes, ground.rate, from.count(), to.count()));
  }
  return state_->find(queries, to - from, std::nullopt, options);
}

}  // namespace attacca::index
