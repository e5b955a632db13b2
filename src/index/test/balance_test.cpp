// Turning between sound and music.
#include "attacca/index/balance.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "attacca/base/error.h"

#include "music.h"

namespace attacca::index {
namespace {

std::shared_ptr<const Snapshot> published(const Music& music, const Recipe& recipe) {
  MemoryBlobs blobs;
  music.publish(blobs, recipe);
  return Snapshot::openCurrent(blobs, recipe.name);
}

std::vector<float> ownScores(const Snapshot& snapshot, Row row) {
  std::vector<Row> all(snapshot.size());
  std::iota(all.begin(), all.end(), Row{0});
  std::vector<float> scores(all.size());
  snapshot.scores(row, all, scores);
  return scores;
}

void expectNear(const std::vector<float>& a, const std::vector<float>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 2e-5) << i;
}

constexpr std::size_t kTracks = 50;

TEST(Balance, OfTheRecipeItselfGivesItsOwnScores) {
  const auto snapshot = published(randomMusic(kTracks, 20), allParts());
  const double own = snapshot->recipe().sound().value();
  EXPECT_NEAR(own, 1.5 / 4.5, 1e-12);
  for (const Row row : {0, 7, 49}) {
    expectNear(balancedScores(*snapshot, row, own, 2), ownScores(*snapshot, row));
  }
}

TEST(Balance, IsWhatARecipeOfThoseWeightsGives) {
  const Music music = randomMusic(kTracks, 20);
  const auto snapshot = published(music, allParts());
  for (const double sound : {0.0, 0.3, 0.9, 1.0}) {
    Recipe other = allParts();
    other.parts[0].weight = sound * 1 / 1.5;
    other.parts[3].weight = sound * 0.5 / 1.5;
    other.parts[1].weight = (1 - sound) * 1 / 3;
    other.parts[2].weight = (1 - sound) * 2 / 3;
    const auto turned = published(music, other);
    for (const Row row : {0, 31}) {
      expectNear(balancedScores(*snapshot, row, sound), ownScores(*turned, row));
    }
  }
}

TEST(Balance, FollowsWhatTheRecipeSaysOfItsParts) {
  const Music music = randomMusic(40, 20);
  Recipe recipe = allParts();
  recipe.parts[1].side = Side::sound;  // the tune
  recipe.parts[3].side = Side::music;  // aspects, which lie in the same vector as the sound
  const auto snapshot = published(music, recipe);
  EXPECT_NEAR(snapshot->recipe().sound().value(), 2 / 4.5, 1e-12);
  Recipe other = recipe;
  other.parts[0].weight = other.parts[1].weight = 0.8 / 2;
  other.parts[2].weight = 0.2 * 2 / 2.5;
  other.parts[3].weight = 0.2 * 0.5 / 2.5;
  expectNear(balancedScores(*snapshot, 3, 0.8), ownScores(*published(music, other), 3));
}

TEST(Balance, CannotBeTurnedWhereThereIsOneSideOnly) {
  const Music music = randomMusic(10, 20);
  Recipe recipe = allParts();
  recipe.parts[0].weight = recipe.parts[3].weight = 0;  // only finds candidates
  const auto only_music = published(music, recipe);
  recipe.parts = {part(PartKind::pooled, "sound", 1)};
  const auto only_sound = published(music, recipe);
  for (const auto& snapshot : {only_music, only_sound}) {
    EXPECT_FALSE(snapshot->recipe().sound());
    try {
      balancedScores(*snapshot, 0, 0.5);
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::unsupported);
      EXPECT_NE(error.problem().find("nothing to turn"), std::string::npos);
    }
  }
  recipe = allParts();
  recipe.answers = Answers::passages;
  EXPECT_FALSE(recipe.sound());
  const auto snapshot = published(music, allParts());
  for (const double sound : {-0.1, 1.1, std::nan("")}) {
    EXPECT_THROW(balancedScores(*snapshot, 0, sound), Error);
  }
}

}  // namespace
}  // namespace attacca::index
