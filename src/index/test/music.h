// Made-up archives of several representations: tracks with rows in an order.
#pragma once

#include <cmath>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "attacca/base/memory_blobs.h"
#include "attacca/index/recipe.h"
#include "attacca/index/snapshot.h"

namespace attacca::index {

using Matrix = std::vector<std::vector<float>>;

// Rows that wander: what follows resembles what was before.
inline Matrix wandering(std::mt19937& random, std::size_t rows, std::size_t columns,
                        float inertia) {
  std::normal_distribution<float> normal;
  std::vector<float> now(columns);
  for (float& value : now) value = normal(random);
  Matrix result;
  for (std::size_t i = 0; i < rows; ++i) {
    for (float& value : now)
      value = inertia * value + normal(random) * std::sqrt(1 - inertia * inertia);
    result.push_back(now);
  }
  return result;
}

// A few pitches at a time, rows of length 1.
inline Matrix harmony(std::mt19937& random, std::size_t rows) {
  Matrix result;
  std::vector<float> now(12);
  for (std::size_t i = 0; i < rows; ++i) {
    if (i % 3 == 0) {
      std::fill(now.begin(), now.end(), 0.05F);
      for (int k = 0; k < 3; ++k) now[random() % 12] = 0.5F + static_cast<float>(random() % 4) / 8;
      float squares = 0;
      for (const float value : now) squares += value * value;
      for (float& value : now) value /= std::sqrt(squares);
    }
    result.push_back(now);
  }
  return result;
}

inline Matrix transposed(Matrix rows, std::size_t semitones) {
  for (auto& row : rows)
    std::rotate(row.begin(), row.end() - static_cast<std::ptrdiff_t>(semitones), row.end());
  return rows;
}

// At `factor` times the tempo.
inline Matrix faster(const Matrix& rows, double factor) {
  Matrix result;
  for (double at = 0; at < static_cast<double>(rows.size()) - 1; at += factor) {
    result.push_back(rows[static_cast<std::size_t>(at)]);
  }
  return result;
}

inline Matrix noisy(Matrix rows, std::mt19937& random, float spread) {
  std::normal_distribution<float> normal;
  for (auto& row : rows) {
    for (float& value : row) value += spread * normal(random);
  }
  return rows;
}

inline std::vector<float> flat(const Matrix& rows) {
  std::vector<float> all;
  for (const auto& row : rows) all.insert(all.end(), row.begin(), row.end());
  return all;
}

// "sound" (8 columns, a row a second), "tune" (6 columns, a row a second), "chroma" (2 Hz) and
// "aspects" (one row of 3: slow, loud, odd).
struct Music {
  struct Rows {
    std::string name;
    std::size_t columns;
    double rate;
    std::vector<std::string> names;
    std::vector<std::vector<float>> tracks;
  };
  std::vector<SnapshotTrack> tracks;
  std::vector<Rows> representations{{"sound", 8, 1, {}, {}},
                                    {"tune", 6, 1, {}, {}},
                                    {"chroma", 12, 2, {}, {}},
                                    {"aspects", 3, 0, {"slow", "loud", "odd"}, {}}};

  void add(std::int64_t id, const Matrix& sound, const Matrix& tune, const Matrix& chroma,
           const std::vector<float>& aspects) {
    tracks.push_back({{id}, {{id}, {0}, {id}}, "{}"});
    representations[0].tracks.push_back(flat(sound));
    representations[1].tracks.push_back(flat(tune));
    representations[2].tracks.push_back(flat(chroma));
    representations[3].tracks.push_back(aspects);
  }
  void addRandom(std::int64_t id, std::mt19937& random, std::size_t seconds) {
    std::normal_distribution<float> normal;
    add(id, wandering(random, seconds, 8, 0.9F), wandering(random, seconds, 6, 0.7F),
        harmony(random, 2 * seconds), {normal(random), 100 * normal(random), normal(random)});
  }

  std::vector<RowSource> sources() const {
    std::vector<RowSource> result;
    for (const Rows& rows : representations) {
      result.push_back({rows.name, rows.name + "@1", rows.columns, rows.rate, rows.names,
                        [&rows](std::size_t track) {
                          const auto& all = rows.tracks[track];
                          TrackRows of_track;
                          of_track.rows = {all.data(), all.size() / rows.columns, rows.columns};
                          return of_track;
                        }});
    }
    return result;
  }
  SnapshotInfo publish(Blobs& blobs, const Recipe& recipe, unsigned jobs = 1) const {
    return publishSnapshot(blobs, recipe.name, recipe, tracks, sources(), UnixTime{}, jobs);
  }
};

inline Music randomMusic(std::size_t tracks, std::size_t seconds, std::uint32_t seed = 1) {
  std::mt19937 random(seed);
  Music music;
  for (std::size_t i = 0; i < tracks; ++i) {
    music.addRandom(static_cast<std::int64_t>(2 * i + 1), random, seconds + i % 7);
  }
  return music;
}

inline RecipePart part(PartKind kind, std::string representation, double weight,
                       int whitening = 0) {
  RecipePart made;
  made.kind = kind;
  made.representation = std::move(representation);
  made.weight = weight;
  made.whitening = whitening;
  if (made.ordered()) made.shingle_s = 6;
  return made;
}

inline Recipe allParts() {
  Recipe recipe{"all", "All", "What?", Answers::tracks, {}};
  recipe.parts = {part(PartKind::pooled, "sound", 1, 5), part(PartKind::sequence, "tune", 1, 4),
                  part(PartKind::chroma, "chroma", 2), part(PartKind::aspects, "aspects", 0.5)};
  recipe.parts[1].step_s = 2;
  return recipe;
}

}  // namespace attacca::index
