// Made-up archives, and plain definitions of what the room computes.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "attacca/base/memory_blobs.h"
#include "attacca/index/search.h"
#include "attacca/index/snapshot.h"

namespace attacca::index {

// As score_kernels.h defines it.
inline float plainScore(std::span<const float> a, std::span<const float> b) {
  float s[8] = {};
  for (std::size_t i = 0; i < a.size(); ++i) s[i % 8] += a[i] * b[i];
  const float sum = ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
  return std::clamp(sum, -1.0F, 1.0F);
}

inline std::vector<Hit> bestOf(std::vector<Hit> hits, std::size_t k) {
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
    return a.score != b.score ? a.score > b.score : a.row < b.row;
  });
  hits.resize(std::min(k, hits.size()));
  return hits;
}

// Tracks of a made-up archive. Ids need not be in order.
struct MadeUp {
  std::size_t dimension = 0;
  std::vector<SnapshotTrack> tracks;
  std::vector<float> vectors;

  MatrixView<float> matrix() const { return {vectors.data(), tracks.size(), dimension}; }

  void add(std::int64_t id, std::span<const float> vector) {
    tracks.push_back({{id},
                      {{id / 3 + 1}, {id % 5}, {id}, (id - 1) % 7, (id - 1) % 3},
                      "{\"id\":" + std::to_string(id) + "}"});
    vectors.insert(vectors.end(), vector.begin(), vector.end());
  }
  void erase(std::size_t i) {
    tracks.erase(tracks.begin() + static_cast<std::ptrdiff_t>(i));
    const auto at = vectors.begin() + static_cast<std::ptrdiff_t>(i * dimension);
    vectors.erase(at, at + static_cast<std::ptrdiff_t>(dimension));
  }
  SnapshotInfo publish(Blobs& blobs, unsigned jobs = 1) const {
    return publishSnapshot(blobs, "mean-cosine", "made-up@1", tracks, matrix(), UnixTime{}, jobs);
  }
};

enum class Shape { random, cone, clusters, copies, nearTies, withSilence };
constexpr Shape kShapes[] = {Shape::random, Shape::cone,     Shape::clusters,
                             Shape::copies, Shape::nearTies, Shape::withSilence};

inline std::vector<float> randomVector(std::mt19937& random, std::size_t dimension) {
  std::normal_distribution<float> normal;
  std::vector<float> vector(dimension);
  for (float& value : vector) value = normal(random);
  return vector;
}

inline std::vector<float> madeUpVector(std::mt19937& random, std::size_t dimension, Shape shape) {
  std::vector<float> vector = randomVector(random, dimension);
  const auto around = [&](std::uint32_t seed, float spread) {
    std::mt19937 of_centre(seed);
    const std::vector<float> centre = randomVector(of_centre, dimension);
    for (std::size_t j = 0; j < dimension; ++j) vector[j] = centre[j] + spread * vector[j];
  };
  switch (shape) {
    case Shape::random:
      break;
    case Shape::cone:
      around(77, 0.3F);
      break;
    case Shape::clusters:
      around(1000 + random() % 20, 0.2F);
      break;
    case Shape::copies:
      around(2000 + random() % 40, 0);
      break;
    case Shape::nearTies:
      around(3000 + random() % 3, 1e-6F);
      break;
    case Shape::withSilence:
      if (random() % 4 == 0) std::fill(vector.begin(), vector.end(), 0.0F);
      break;
  }
  return vector;
}

inline MadeUp madeUp(std::size_t tracks, std::size_t dimension, Shape shape,
                     std::uint32_t seed = 1) {
  std::mt19937 random(seed);
  MadeUp archive;
  archive.dimension = dimension;
  for (std::size_t i = 0; i < tracks; ++i) {
    archive.add(static_cast<std::int64_t>(2 * i + 1), madeUpVector(random, dimension, shape));
  }
  return archive;
}

inline std::string contentOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Everything that is kept, by key.
inline std::vector<std::pair<std::string, std::string>> allOf(const Blobs& blobs,
                                                              std::string_view prefix) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const BlobInfo& blob : blobs.list(prefix)) {
    all.emplace_back(blob.key.substr(prefix.size()), blobs.read(blob.key).text());
  }
  return all;
}

}  // namespace attacca::index
