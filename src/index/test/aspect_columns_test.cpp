// Aspects as a recipe compares them: what may be wrong, and what goes round in a circle.
#include <limits>
#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "attacca/base/aspects.h"
#include "attacca/base/error.h"
#include "attacca/index/search.h"

#include "music.h"

namespace attacca::index {
namespace {

// Tracks that differ in aspects alone.
Music musicOf(const std::vector<Aspects>& all) {
  Music music;
  music.representations = {{"aspects", kAspects, 0, {}, {}}};
  music.representations[0].names.assign(kAspectNames.begin(), kAspectNames.end());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto row = rowOf(all[i]);
    const TrackId id{static_cast<std::int64_t>(i) + 1};
    music.tracks.push_back({id, {{1}, {0}, {id.value}}, "{}"});
    music.representations[0].tracks.emplace_back(row.begin(), row.end());
  }
  return music;
}

Recipe recipeOf(const std::vector<std::string>& columns) {
  Recipe recipe{"own", "Own", "What?", Answers::tracks, {part(PartKind::aspects, "aspects", 1)}};
  recipe.parts[0].columns = columns;
  return recipe;
}

std::shared_ptr<const Snapshot> published(const std::vector<Aspects>& all,
                                          const std::vector<std::string>& columns) {
  MemoryBlobs blobs;
  musicOf(all).publish(blobs, recipeOf(columns));
  return Snapshot::openCurrent(blobs, "own");
}

float scoreOf(const Snapshot& snapshot, Row a, Row b) {
  float score = 0;
  snapshot.scores(a, {&b, 1}, {&score, 1});
  return score;
}

Aspects inKey(float key, float mode, float confidence = 1) {
  Aspects aspects;
  aspects.loudness_lufs = -20;
  aspects.key = key;
  aspects.mode = mode;
  aspects.key_confidence = confidence;
  return aspects;
}

std::vector<Aspects> allKeys() {
  std::vector<Aspects> all;
  all.reserve(12);
  for (int key = 0; key < 12; ++key) all.push_back(inKey(static_cast<float>(key), 1));
  return all;
}

TEST(AspectColumns, KeysAreNeighboursOnTheCircleOfFifths) {
  const auto snapshot = published(allKeys(), {"key"});
  EXPECT_EQ(snapshot->info().dimension, 2U);
  // C, and upwards by semitones: cosines of 0, 210, 60, 270, 120, 330, 180, .. degrees.
  const double expected[] = {1, -0.866, 0.5, 0, -0.5, 0.866, -1, 0.866, -0.5, 0, 0.5, -0.866};
  for (Row key = 0; key < 12; ++key) {
    for (Row other = 0; other < 12; ++other) {
      EXPECT_NEAR(scoreOf(*snapshot, key, other), expected[(other - key + 12) % 12], 1e-3);
    }
  }
}

TEST(AspectColumns, ModeIsApartFromTheKey) {
  std::vector<Aspects> all = allKeys();
  for (int key = 0; key < 12; ++key) all.push_back(inKey(static_cast<float>(key), 0));
  const auto keys = published(all, {"key"});
  for (Row key = 0; key < 12; ++key) EXPECT_NEAR(scoreOf(*keys, key, key + 12), 1, 1e-5);
  const auto modes = published(all, {"mode"});
  for (Row key = 1; key < 12; ++key) {
    EXPECT_NEAR(scoreOf(*modes, 0, key), 1, 1e-5);
    EXPECT_NEAR(scoreOf(*modes, 0, key + 12), -1, 1e-5);
  }
}

TEST(AspectColumns, CountAsFarAsTheyAreSure) {
  std::vector<Aspects> all;
  for (int i = 0; i < 8; ++i) {
    Aspects aspects = inKey(0, 1);
    aspects.loudness_lufs = i % 2 == 0 ? -30.0F : -10.0F;
    aspects.tempo_bpm = i < 4 ? 60 : 180;
    aspects.tempo_confidence = 1;
    all.push_back(aspects);
  }
  all[0].tempo_confidence = 0.5;
  all[2].tempo_confidence = 0;
  const auto snapshot = published(all, {"tempo_bpm", "loudness_lufs"});
  // By whatever tempo: that of 2 is not known, and counts as the mean.
  all[2].tempo_bpm = 1000;
  const auto changed = published(all, {"tempo_bpm", "loudness_lufs"});
  for (Row row = 0; row < 8; ++row) {
    EXPECT_EQ(scoreOf(*snapshot, 2, row), scoreOf(*changed, 2, row));
    EXPECT_EQ(scoreOf(*snapshot, 0, row), scoreOf(*changed, 0, row));
  }
  const auto tempo = [&](Row row) { return std::abs(snapshot->vector(row)[0]); };
  EXPECT_EQ(tempo(2), 0);
  EXPECT_GT(tempo(0), 0.1F);
  EXPECT_LT(tempo(0), tempo(1));
}

TEST(AspectColumns, AllOfThemAreStandardisedOverTheArchive) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  std::vector<Aspects> all;
  for (int i = 0; i < 200; ++i) {
    Aspects a = inKey(static_cast<float>(random() % 12), static_cast<float>(random() % 2));
    a.tempo_bpm = 100 + 20 * normal(random);
    a.tempo_confidence = 1;
    a.onset_density_hz = 3 + normal(random);
    a.loudness_lufs = -20 + 4 * normal(random);
    a.loudness_range_lu = 9 + normal(random);
    a.centroid_hz = 1500 + 300 * normal(random);
    a.bandwidth_hz = 1400 + 200 * normal(random);
    a.rolloff_hz = 3000 + 500 * normal(random);
    a.flatness = 0.01F + 0.001F * normal(random);
    a.zero_crossing_rate = 0.1F + 0.01F * normal(random);
    all.push_back(a);
  }
  const auto snapshot = published(all, {});
  // 13 numbers without the two confidences, the key as two.
  ASSERT_EQ(snapshot->info().dimension, 12U);
  EXPECT_EQ(snapshot->info().parts[0].columns.size(), kAspects);
  // No column outweighs the others: in vectors of length 1 each has about a twelfth.
  for (std::size_t k = 0; k < 12; ++k) {
    double squares = 0;
    for (Row row = 0; row < 200; ++row) {
      const auto value = static_cast<double>(snapshot->vector(row)[k]);
      squares += value * value / 200;
    }
    EXPECT_NEAR(squares, 1.0 / 12, 0.03) << k;
  }
  // A track that is not there is compared by the same.
  const auto row = rowOf(all[5]);
  const std::vector<std::vector<float>> pooled{{row.begin(), row.end()}};
  EXPECT_EQ(makeExactSearch(snapshot)->nearest(snapshot->vectorOf(pooled), 1)[0].row, 5);
}

TEST(AspectColumns, WhatIsNotKnownCountsAsTheMean) {
  std::vector<Aspects> all = allKeys();
  const auto whole = published(all, {"key"});
  all.push_back(inKey(std::numeric_limits<float>::quiet_NaN(), 1));
  all.push_back(inKey(3, 1, std::numeric_limits<float>::quiet_NaN()));
  const auto snapshot = published(all, {"key"});
  for (const Row unknown : {12, 13}) {
    for (const float value : snapshot->vector(unknown)) EXPECT_EQ(value, 0);
  }
  EXPECT_NEAR(scoreOf(*snapshot, 0, 7), scoreOf(*whole, 0, 7), 1e-5);
}

TEST(AspectColumns, AConfidenceIsNoneToCompareBy) {
  MemoryBlobs blobs;
  try {
    musicOf(allKeys()).publish(blobs, recipeOf({"key", "key_confidence"}));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::refused);
    EXPECT_NE(error.problem().find("key_confidence"), std::string::npos);
  }
}

}  // namespace
}  // namespace attacca::index
