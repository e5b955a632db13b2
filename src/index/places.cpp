#include "places.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "score_kernels.h"

namespace attacca::index {
namespace {

constexpr double kLeastDeviation = 1e-3;  // where all places score the same

using Words = std::vector<std::int16_t>;

// Padded for the kernel; columns turned by `shift`.
Words wordsOf(const Query& query, std::size_t columns, std::size_t shift) {
  const std::size_t length = query.rows * columns;
  Words words((length + kCodeBlock - 1) / kCodeBlock * kCodeBlock);
  for (std::size_t i = 0; i < length; ++i) {
    // NOLINTNEXTLINE(bugprone-signed-char-misuse): a code is a signed number, no letter
    words[i / columns * columns + (i % columns + shift) % columns] = query.codes[i];
  }
  return words;
}

// dots[j] becomes the largest over all `queries` (of one length), of the rows from begin + j.
void dotWindows(std::span<const Words> queries, MatrixView<std::int8_t> codes, std::size_t begin,
                std::span<std::int32_t> dots) {
  const std::size_t length = queries.front().size();
  const std::size_t all = codes.rows * codes.cols;
  // The kernel reads whole blocks: what begins near the very end is read from a padded copy.
  const std::size_t readable = all < length ? 0 : (all - length) / codes.cols + 1;
  const std::size_t direct = std::clamp(readable, begin, begin + dots.size()) - begin;
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
    for (std::size_t j = 0; j < dots.size() && q > 0; ++j) dots[j] = std::max(dots[j], one[j]);
  }
}

void standardise(const FramesView& frames, std::size_t rows, Places& places) {
  double sum = 0;
  double squares = 0;
  double count = 0;
  for (std::size_t i = 0; i + 1 < frames.offsets.size(); ++i) {
    const auto end = static_cast<std::size_t>(frames.offsets[i + 1]);
    for (auto j = static_cast<std::size_t>(frames.offsets[i]); j + rows <= end; ++j) {
      const auto cosine = static_cast<double>(places.cosines[j]);
      sum += cosine;
      squares += cosine * cosine;
      ++count;
    }
  }
  if (count == 0) return;
  places.mean = sum / count;
  const double variance = squares / count - places.mean * places.mean;
  places.deviation = std::max(std::sqrt(std::max(variance, 0.0)), kLeastDeviation);
}

}  // namespace

Ground::Ground(const RecipePart& of, std::size_t index, double rows_per_second,
               FramesView of_tracks)
    : kind(of.kind),
      part(index),
      rate(rows_per_second),
      weight(of.weight),
      transposition_price(of.transposition_price),
      frames(of_tracks) {
  if (kind == PartKind::chroma) transpositions = static_cast<std::size_t>(of.transpositions);
  norms.reserve(frames.codes.rows + 1);
  norms.push_back(0);
  for (std::size_t row = 0; row < frames.codes.rows; ++row) {
    std::int32_t norm = 0;
    for (const std::int8_t code : frames.codes.row(row)) norm += code * code;
    norms.push_back(norms.back() + norm);
  }
}

Query cutQuery(MatrixView<std::int8_t> codes, double rate, double from, double to) {
  const auto wanted = static_cast<std::size_t>(std::max(1.0, std::nearbyint((to - from) * rate)));
  Query query;
  query.rows = std::min(wanted, codes.rows);
  const std::size_t first =
      std::min(static_cast<std::size_t>(std::nearbyint(from * rate)), codes.rows - query.rows);
  query.codes.assign(codes.data + first * codes.cols,
                     codes.data + (first + query.rows) * codes.cols);
  return query;
}

Query stretched(const Query& query, std::size_t columns, double factor) {
  Query result;
  const auto last = static_cast<double>(query.rows - 1);
  result.rows = static_cast<std::size_t>(
      std::max(1.0, std::nearbyint(static_cast<double>(query.rows) * factor)));
  for (std::size_t i = 0; i < result.rows; ++i) {
    const double at = std::clamp((static_cast<double>(i) + 0.5) / factor - 0.5, 0.0, last);
    const auto before = static_cast<std::size_t>(at);
    const std::size_t after = std::min(before + 1, query.rows - 1);
    const double part = at - static_cast<double>(before);
    for (std::size_t k = 0; k < columns; ++k) {
      result.codes.push_back(
          static_cast<std::int8_t>(std::nearbyint((1 - part) * query.codes[before * columns + k] +
                                                  part * query.codes[after * columns + k])));
    }
  }
  return result;
}

Places placesOf(const Ground& ground, const Query& query) {
  const MatrixView<std::int8_t> codes = ground.frames.codes;
  Places places;
  places.cosines.resize(codes.rows);
  if (codes.rows < query.rows || query.rows == 0) return places;

  std::vector<Words> as_it_is{wordsOf(query, codes.cols, 0)};
  std::vector<Words> turned;  // of few transpositions those that change least, as for tracks
  for (std::size_t t = 1; t < ground.transpositions; ++t) {
    const std::size_t step = t / 2 + t % 2;
    turned.push_back(wordsOf(query, codes.cols, t % 2 == 1 ? step : codes.cols - step));
  }
  double norm = 0;
  for (const std::int8_t code : query.codes) norm += code * code;
  const double inverse = norm > 0 ? 1 / std::sqrt(norm) : 0;

  constexpr std::size_t kBlock = 2048;  // rows that stay in the cache
  const std::size_t windows = codes.rows - query.rows + 1;
  std::array<std::int32_t, kBlock> own;
  std::array<std::int32_t, kBlock> other;
  for (std::size_t begin = 0; begin < windows; begin += kBlock) {
    const std::size_t count = std::min(kBlock, windows - begin);
    dotWindows(as_it_is, codes, begin, {own.data(), count});
    if (!turned.empty()) dotWindows(turned, codes, begin, {other.data(), count});
    for (std::size_t j = 0; j < count; ++j) {
      const std::int64_t there = ground.norms[begin + j + query.rows] - ground.norms[begin + j];
      if (there == 0) continue;
      const double scale = inverse / std::sqrt(static_cast<double>(there));
      double cosine = static_cast<double>(own[j]) * scale;
      if (!turned.empty()) {
        cosine =
            std::max(cosine, static_cast<double>(other[j]) * scale - ground.transposition_price);
      }
      places.cosines[begin + j] = static_cast<float>(cosine);
    }
  }
  standardise(ground.frames, query.rows, places);
  return places;
}

}  // namespace attacca::index
