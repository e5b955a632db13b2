#include "sketch.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <numbers>
#include <thread>

#include "quantise.h"
#include "unit_vector.h"

namespace attacca::index {
namespace {

constexpr std::size_t kSemitones = 12;
constexpr std::size_t kPitchBins = kSemitones / 2 + 1;
constexpr std::size_t kPatchRows = 16;
constexpr double kPatchRowSeconds = 1;
constexpr std::size_t kPatchHop = 4;
constexpr std::size_t kTimeBins = 13;  // -6 to 6 turns a patch; faster ones are mostly noise
constexpr std::size_t kSequenceColumns = 16;
constexpr double kSequenceLagSeconds = 3;

struct Waves {
  // cos and sin, rounded to float32 so that all mathematics libraries agree.
  std::array<std::array<float, kSemitones>, kPitchBins> pitch_cos, pitch_sin;
  std::array<std::array<float, kPatchRows>, kTimeBins> time_cos, time_sin;

  Waves() {
    const auto fill = [](auto& cosines, auto& sines, double first) {
      for (std::size_t i = 0; i < cosines.size(); ++i) {
        for (std::size_t k = 0; k < cosines[i].size(); ++k) {
          const double angle = 2 * std::numbers::pi * (static_cast<double>(i) + first) *
                               static_cast<double>(k) / static_cast<double>(cosines[i].size());
          cosines[i][k] = static_cast<float>(std::cos(angle));
          sines[i][k] = static_cast<float>(std::sin(angle));
        }
      }
    };
    fill(pitch_cos, pitch_sin, 0);
    constexpr std::size_t kMiddle = kTimeBins / 2;
    fill(time_cos, time_sin, -static_cast<double>(kMiddle));
  }
};

void sketchChroma(MatrixView<std::int8_t> codes, double rows_per_second, std::span<float> out) {
  static const Waves waves;
  const auto group =
      static_cast<std::size_t>(std::max(1.0, std::nearbyint(kPatchRowSeconds * rows_per_second)));
  const std::size_t rows = codes.rows / group;
  // Each row's transform along the pitches.
  std::vector<std::array<float, 2 * kPitchBins>> pitches(std::max(rows, kPatchRows));
  for (std::size_t i = 0; i < rows; ++i) {
    std::array<float, kSemitones> sum{};
    for (std::size_t r = 0; r < group; ++r) {
      const auto row = codes.row(i * group + r);
      for (std::size_t k = 0; k < kSemitones; ++k) sum[k] += static_cast<float>(row[k]);
    }
    for (std::size_t p = 0; p < kPitchBins; ++p) {
      float real = 0;
      float imaginary = 0;
      for (std::size_t k = 0; k < kSemitones; ++k) {
        real += waves.pitch_cos[p][k] * sum[k];
        imaginary -= waves.pitch_sin[p][k] * sum[k];
      }
      pitches[i][2 * p] = real;
      pitches[i][2 * p + 1] = imaginary;
    }
  }
  std::fill(out.begin(), out.end(), 0.0F);
  for (std::size_t begin = 0; begin + kPatchRows <= pitches.size(); begin += kPatchHop) {
    for (std::size_t p = 0; p < kPitchBins; ++p) {
      for (std::size_t t = 0; t < kTimeBins; ++t) {
        float real = 0;
        float imaginary = 0;
        for (std::size_t k = 0; k < kPatchRows; ++k) {
          const float a = pitches[begin + k][2 * p];
          const float b = pitches[begin + k][2 * p + 1];
          real += a * waves.time_cos[t][k] + b * waves.time_sin[t][k];
          imaginary += b * waves.time_cos[t][k] - a * waves.time_sin[t][k];
        }
        out[p * kTimeBins + t] += std::sqrt(real * real + imaginary * imaginary);
      }
    }
  }
}

void sketchSequence(MatrixView<std::int8_t> codes, double rows_per_second, std::span<float> out) {
  const std::size_t columns = std::min(codes.cols, kSequenceColumns);
  const auto lag = static_cast<std::size_t>(
      std::max(1.0, std::nearbyint(kSequenceLagSeconds * rows_per_second)));
  std::vector<std::int64_t> sums(2 * columns * columns);
  for (std::size_t i = 0; i < codes.rows; ++i) {
    const auto row = codes.row(i);
    const auto later = codes.row(std::min(i + lag, codes.rows - 1));
    for (std::size_t a = 0; a < columns; ++a) {
      for (std::size_t b = 0; b < columns; ++b) {
        sums[a * columns + b] += row[a] * row[b];
        sums[(columns + a) * columns + b] += row[a] * later[b];
      }
    }
  }
  for (std::size_t j = 0; j < sums.size(); ++j) out[j] = static_cast<float>(sums[j]);
}

}  // namespace

Sketches makeSketches(PartKind kind, const FramesView& frames, double rows_per_second,
                      unsigned jobs) {
  const std::size_t tracks = frames.offsets.size() - 1;
  const std::size_t columns = std::min(frames.codes.cols, kSequenceColumns);
  Sketches result;
  result.columns = kind == PartKind::chroma ? kPitchBins * kTimeBins : 2 * columns * columns;
  result.values.resize(tracks * result.columns);
  const auto row = [&](std::size_t i) {
    return std::span(result.values.data() + i * result.columns, result.columns);
  };
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < tracks; i = next++) {
      const auto codes = frames.of(static_cast<Row>(i));
      if (codes.rows == 0) continue;
      if (kind == PartKind::chroma) {
        sketchChroma(codes, rows_per_second, row(i));
      } else {
        sketchSequence(codes, rows_per_second, row(i));
      }
      makeUnit(row(i), row(i));
    }
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned job = 1; job < jobs; ++job) threads.emplace_back(work);
    work();
  }
  const std::vector<float> mean = meanVector(result.view());
  for (std::size_t i = 0; i < tracks; ++i) {
    for (std::size_t j = 0; j < result.columns; ++j) row(i)[j] -= mean[j];
    makeUnit(row(i), row(i));
  }
  return result;
}

}  // namespace attacca::index
