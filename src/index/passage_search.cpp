#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <queue>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/index/passage.h"

#include "score_kernels.h"
#include "snapshot_state.h"

namespace attacca::index {
namespace {

constexpr std::size_t kSemitones = 12;
constexpr double kLeastSeconds = 1;

// One ordered part of the archive.
struct Ground {
  PartKind kind = PartKind::sequence;
  std::size_t part = 0;  // in the recipe
  double rate = 1;       // rows a second
  double weight = 1;
  std::size_t transpositions = 1;
  FramesView frames;
  std::vector<std::int64_t> norms;  // squared lengths of all rows before each, added up
};

// The rows that are looked for.
struct Query {
  std::vector<std::int8_t> codes;
  std::size_t rows = 0;
};

// Scores of all places, wherever a window of the query's length begins.
struct Places {
  std::vector<float> cosines;  // of every row; those that leave their track say nothing
  double mean = 0;
  double deviation = 1;
};

std::vector<std::int16_t> queryWords(const Query& query, std::size_t columns, std::size_t shift) {
  const std::size_t length = query.rows * columns;
  std::vector<std::int16_t> words((length + kCodeBlock - 1) / kCodeBlock * kCodeBlock);
  for (std::size_t i = 0; i < length; ++i) {
    words[i / columns * columns + (i % columns + shift) % columns] = query.codes[i];
  }
  return words;
}

// dots[j] becomes the largest over all `queries`, of the window at row begin + j.
void dotWindows(const std::vector<std::vector<std::int16_t>>& queries,
                MatrixView<std::int8_t> codes, std::size_t begin, std::span<std::int32_t> dots) {
  const std::size_t length = queries.front().size();
  const std::size_t all = codes.rows * codes.cols;
  // The kernel reads whole blocks: windows at the very end are read from a copy.
  const std::size_t inside =
      all < length ? 0 : std::min(dots.size() + begin, (all - length) / codes.cols + 1);
  const std::size_t direct = inside > begin ? inside - begin : 0;
  std::vector<std::int8_t> end;
  if (direct < dots.size()) {
    const std::size_t from = (begin + direct) * codes.cols;
    end.resize((dots.size() - direct) * codes.cols + length);
    std::memcpy(end.data(), codes.data + from, std::min(all - from, end.size()));
  }
  std::vector<std::int32_t> one(dots.size());
  for (std::size_t q = 0; q < queries.size(); ++q) {
    std::int32_t* const out = q == 0 ? dots.data() : one.data();
    dotCodes(queries[q].data(), codes.data + begin * codes.cols, direct, codes.cols, length, out);
    dotCodes(queries[q].data(), end.data(), dots.size() - direct, codes.cols, length, out + direct);
    if (q == 0) continue;
    for (std::size_t j = 0; j < dots.size(); ++j) dots[j] = std::max(dots[j], one[j]);
  }
}

Places placesOf(const Ground& ground, const Query& query) {
  const FramesView& frames = ground.frames;
  const std::size_t columns = frames.codes.cols;
  Places places;
  places.cosines.resize(frames.codes.rows);
  if (frames.codes.rows < query.rows || query.rows == 0) return places;

  std::vector<std::vector<std::int16_t>> queries;
  for (std::size_t t = 0; t < ground.transpositions; ++t) {
    // Of few transpositions those that change least, as for tracks.
    const std::size_t step = t / 2 + t % 2;
    queries.push_back(queryWords(query, columns, t % 2 == 1 || t == 0 ? step : columns - step));
  }
  double query_norm = 0;
  for (const std::int8_t code : query.codes) query_norm += code * code;
  const double query_inverse = query_norm > 0 ? 1 / std::sqrt(query_norm) : 0;

  constexpr std::size_t kBlock = 2048;  // of windows, whose rows stay in the cache
  const std::size_t windows = frames.codes.rows - query.rows + 1;
  std::array<std::int32_t, kBlock> dots;
  for (std::size_t begin = 0; begin < windows; begin += kBlock) {
    const std::size_t count = std::min(kBlock, windows - begin);
    dotWindows(queries, frames.codes, begin, {dots.data(), count});
    for (std::size_t j = 0; j < count; ++j) {
      const std::int64_t norm = ground.norms[begin + j + query.rows] - ground.norms[begin + j];
      places.cosines[begin + j] =
          norm == 0 ? 0.0F
                    : static_cast<float>(static_cast<double>(dots[j]) * query_inverse /
                                         std::sqrt(static_cast<double>(norm)));
    }
  }
  double sum = 0;
  double squares = 0;
  double count = 0;
  for (std::size_t i = 0; i + 1 < frames.offsets.size(); ++i) {
    const auto end = static_cast<std::size_t>(frames.offsets[i + 1]);
    for (auto j = static_cast<std::size_t>(frames.offsets[i]); j + query.rows <= end; ++j) {
      const auto cosine = static_cast<double>(places.cosines[j]);
      sum += cosine;
      squares += cosine * cosine;
      ++count;
    }
  }
  if (count == 0) return places;
  places.mean = sum / count;
  constexpr double kLeastDeviation = 1e-3;
  places.deviation = std::max(std::sqrt(std::max(squares / count - places.mean * places.mean, 0.0)),
                              kLeastDeviation);
  return places;
}

struct Span {
  Seconds start;
  Seconds end;
};

}  // namespace

struct PassageSearch::State {
  std::shared_ptr<const Snapshot> snapshot;
  std::vector<Ground> grounds;
  std::size_t finest = 0;  // the ground with most rows a second

  std::vector<PassageHit> find(std::span<const Query> queries, Seconds length,
                               std::optional<Passage> self, const Options& options) const;
};

namespace {

// All places of one track, on the finest ground's rows.
class TrackPlaces {
 public:
  TrackPlaces(std::span<const Ground> grounds, std::span<const Query> queries,
              std::span<const Places> places, std::size_t finest)
      : grounds_(grounds), queries_(queries), places_(places), finest_(finest) {
    double self = 0;
    for (std::size_t g = 0; g < grounds.size(); ++g) {
      self += grounds[g].weight * (1 - places[g].mean) / places[g].deviation;
    }
    for (std::size_t g = 0; g < grounds.size(); ++g) {
      factors_.push_back(self > 0 ? grounds[g].weight / places[g].deviation / self : 0);
    }
  }

  // Windows of the finest ground that begin in the track; 0 where it is shorter than the passage.
  std::size_t count(Row row) const {
    std::size_t result = windows(finest_, row);
    for (std::size_t g = 0; g < grounds_.size(); ++g) {
      if (windows(g, row) == 0) result = 0;
    }
    return result;
  }

  double score(Row row, std::size_t window) const {
    double sum = 0;
    for (std::size_t g = 0; g < grounds_.size(); ++g) {
      const auto at = static_cast<std::size_t>(
          std::nearbyint(static_cast<double>(window) * grounds_[g].rate / grounds_[finest_].rate));
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
    const auto& offsets = grounds_[ground].frames.offsets;
    const auto rows = static_cast<std::size_t>(offsets[static_cast<std::size_t>(row) + 1] -
                                               offsets[static_cast<std::size_t>(row)]);
    return rows < queries_[ground].rows ? 0 : rows - queries_[ground].rows + 1;
  }

  std::span<const Ground> grounds_;
  std::span<const Query> queries_;
  std::span<const Places> places_;
  std::size_t finest_;
  std::vector<double> factors_;
};

}  // namespace

PassageSearch::PassageSearch(std::shared_ptr<const Snapshot> snapshot)
    : state_(std::make_unique<State>()) {
  state_->snapshot = std::move(snapshot);
  const Snapshot::State& of_snapshot = state_->snapshot->state();
  const auto& parts = of_snapshot.recipe.parts;
  double weights = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].ordered()) continue;
    Ground& ground = state_->grounds.emplace_back();
    ground.kind = parts[i].kind;
    ground.part = i;
    ground.rate = state_->snapshot->info().parts[i].rows_per_second;
    ground.weight = parts[i].weight;
    if (ground.kind == PartKind::chroma) {
      ground.transpositions = static_cast<std::size_t>(parts[i].transpositions);
    }
    ground.frames = of_snapshot.frames[i];
    ground.norms.reserve(ground.frames.codes.rows + 1);
    ground.norms.push_back(0);
    for (std::size_t row = 0; row < ground.frames.codes.rows; ++row) {
      std::int32_t norm = 0;
      for (const std::int8_t code : ground.frames.codes.row(row)) norm += code * code;
      ground.norms.push_back(ground.norms.back() + norm);
    }
    if (ground.rate > state_->grounds[state_->finest].rate) {
      state_->finest = state_->grounds.size() - 1;
    }
    weights += ground.weight;
  }
  if (state_->grounds.empty()) {
    throw Error(Fault::unsupported,
                fmt::format("the recipe \"{}\" compares whole tracks, and finds no passages",
                            state_->snapshot->info().recipe),
                "take a recipe that has a sequence or chroma part, such as passage");
  }
  if (weights > 0) return;
  for (Ground& ground : state_->grounds) ground.weight = 1;
}

PassageSearch::~PassageSearch() = default;

std::vector<PassageHit> PassageSearch::State::find(std::span<const Query> queries, Seconds length,
                                                   std::optional<Passage> self,
                                                   const Options& options) const {
  std::vector<Places> places;
  for (std::size_t g = 0; g < grounds.size(); ++g) {
    places.push_back(placesOf(grounds[g], queries[g]));
  }
  const TrackPlaces tracks(grounds, queries, places, finest);
  const double rate = grounds[finest].rate;
  const auto spanOf = [&](std::size_t window) -> Span {
    const Seconds start(static_cast<double>(window) / rate);
    return {start, start + length};
  };
  std::vector<std::vector<Span>> taken(snapshot->size());
  if (self) taken[static_cast<std::size_t>(self->row)].push_back({self->from, self->to});

  struct Best {
    double score;
    Row row;
    std::size_t window;
    std::size_t found;  // of its track, before

    bool operator<(const Best& other) const {
      return score != other.score ? score < other.score : row > other.row;
    }
  };
  const auto bestOf = [&](Row row, std::size_t found) -> std::optional<Best> {
    std::optional<Best> best;
    const auto& not_there = taken[static_cast<std::size_t>(row)];
    for (std::size_t window = 0, count = tracks.count(row); window < count; ++window) {
      const double score = tracks.score(row, window);
      if (best && score <= best->score) continue;
      const Span span = spanOf(window);
      const bool overlaps = std::any_of(not_there.begin(), not_there.end(), [&](const Span& other) {
        return span.start < other.end && other.start < span.end;
      });
      if (!overlaps) best = Best{score, row, window, found};
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
    const Span span = spanOf(best.window);
    hits.push_back(
        {best.row, span.start, span.end, static_cast<float>(std::clamp(best.score, -1.0, 1.0))});
    if (best.found + 1 >= options.per_track) continue;
    taken[static_cast<std::size_t>(best.row)].push_back(span);
    if (const auto next = bestOf(best.row, best.found + 1)) queue.push(*next);
  }
  return hits;
}

namespace {

// Rows from..to of all rows of a track.
Query cut(MatrixView<std::int8_t> codes, double rate, Seconds from, Seconds to) {
  const auto wanted =
      static_cast<std::size_t>(std::max(1.0, std::nearbyint((to - from).count() * rate)));
  Query query;
  query.rows = std::min(wanted, codes.rows);
  const auto first = std::min(static_cast<std::size_t>(std::nearbyint(from.count() * rate)),
                              codes.rows - query.rows);
  query.codes.assign(codes.data + first * codes.cols,
                     codes.data + (first + query.rows) * codes.cols);
  return query;
}

void checkPassage(Seconds from, Seconds to) {
  if (from >= Seconds{} && to - from >= Seconds(kLeastSeconds)) return;
  throw Error(Fault::usage,
              fmt::format("{:.1f} to {:.1f} s is no passage", from.count(), to.count()),
              "a passage lasts at least a second");
}

}  // namespace

std::vector<PassageHit> PassageSearch::find(const Passage& passage, const Options& options) const {
  checkPassage(passage.from, passage.to);
  std::vector<Query> queries;
  for (const Ground& ground : state_->grounds) {
    const auto codes = ground.frames.of(passage.row);
    // A second more than there are rows is forgiven: the last part of a row is cut off.
    const Seconds length(static_cast<double>(codes.rows) / ground.rate);
    if (passage.to > length + Seconds(1 + 1 / ground.rate) || codes.rows == 0) {
      throw Error(Fault::usage,
                  fmt::format("the passage ends at {:.1f} s, and the track at {:.1f} s",
                              passage.to.count(), length.count()));
    }
    queries.push_back(cut(codes, ground.rate, passage.from, passage.to));
  }
  return state_->find(queries, passage.to - passage.from, passage, options);
}

std::vector<PassageHit> PassageSearch::find(std::span<const MatrixView<float>> recording,
                                            Seconds from, Seconds to,
                                            const Options& options) const {
  checkPassage(from, to);
  if (recording.size() != state_->grounds.size()) {
    throw Error(Fault::usage, fmt::format("rows of {} representations instead of {}",
                                          recording.size(), state_->grounds.size()));
  }
  std::vector<Query> queries;
  for (std::size_t g = 0; g < recording.size(); ++g) {
    const Ground& ground = state_->grounds[g];
    const std::size_t columns = state_->snapshot->info().parts[ground.part].dimension;
    if (recording[g].cols != columns || recording[g].rows == 0) {
      throw Error(Fault::usage,
                  fmt::format("{} x {} rows where those of {} have {} columns", recording[g].rows,
                              recording[g].cols,
                              state_->snapshot->info().parts[ground.part].representation, columns));
    }
    Frames frames;
    frames.add(ground.kind, state_->snapshot->state().fits[ground.part], recording[g]);
    queries.push_back(cut(frames.view().codes, ground.rate, from, to));
  }
  return state_->find(queries, to - from, std::nullopt, options);
}

}  // namespace attacca::index
