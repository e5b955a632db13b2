// Archives of a few tracks, in which there is too little to fit anything to.
#include <gtest/gtest.h>

#include "attacca/base/settings.h"

#include "helpers.h"
#include "music.h"

namespace attacca::index {
namespace {

float scoreOf(const Snapshot& snapshot, Row a, Row b) {
  float score = 0;
  snapshot.scores(a, {&b, 1}, {&score, 1});
  return score;
}

std::shared_ptr<const Snapshot> published(const Music& music, const Recipe& recipe) {
  MemoryBlobs blobs;
  music.publish(blobs, recipe);
  verifySnapshot(blobs, recipe.name, 1);
  return Snapshot::openCurrent(blobs, recipe.name);
}

// What the default recipe compares by, in the shapes of its representations: recordings of half a
// minute. `pieces[i]` says which piece track i is; performances of a piece differ by noise.
Music defaultMusic(std::span<const unsigned> pieces) {
  Music music;
  music.representations = {
      {"msd-musicnn", 200, 1.0 / 3, {}, {}}, {"mfcc", 40, 1, {}, {}}, {"chroma", 12, 2, {}, {}}};
  std::mt19937 other(99);
  std::int64_t id = 0;
  for (const unsigned piece : pieces) {
    std::mt19937 random(piece);
    music.tracks.push_back({{++id}, {{id}, {0}, {id}}, "{}"});
    music.representations[0].tracks.push_back(
        flat(noisy(wandering(random, 10, 200, 0.9F), other, 0.1F)));
    music.representations[1].tracks.push_back(
        flat(noisy(wandering(random, 30, 40, 0.7F), other, 0.1F)));
    music.representations[2].tracks.push_back(flat(noisy(harmony(random, 60), other, 0.02F)));
  }
  return music;
}

TEST(SmallArchive, ThatCannotBeWhitenedIsComparedAsItIs) {
  Recipe whitened = allParts();
  whitened.parts = {part(PartKind::pooled, "sound", 1, 5), part(PartKind::chroma, "chroma", 1)};
  Recipe plain = whitened;
  plain.parts[0].whitening = 0;
  const Music small = randomMusic(2, 3);
  const auto fallen_back = published(small, whitened);
  EXPECT_EQ(fallen_back->unwhitened(), std::vector<std::string>{"sound"});
  const auto expected = published(small, plain);
  EXPECT_TRUE(expected->unwhitened().empty());
  EXPECT_EQ(scoreOf(*fallen_back, 0, 1), scoreOf(*expected, 0, 1));
  EXPECT_TRUE(published(randomMusic(3, 20), whitened)->unwhitened().empty());
}

TEST(SmallArchive, OfThreeTracksIsComparedByTheDefaultRecipe) {
  const Recipe& recipe = findRecipe(Settings().recipe);
  const unsigned pieces[] = {1, 2, 1};
  const auto snapshot = published(defaultMusic(pieces), recipe);
  EXPECT_EQ(snapshot->unwhitened(), std::vector<std::string>{"msd-musicnn"});
  ASSERT_EQ(snapshot->neighbours(0).size(), 2U);
  EXPECT_EQ(snapshot->neighbours(0)[0], 2);
  EXPECT_EQ(snapshot->neighbours(2)[0], 0);
  for (const float score : snapshot->neighbourScores(0)) {
    EXPECT_TRUE(score >= -1 && score <= 1) << score;
  }
}

TEST(SmallArchive, OfOneTrackHasNoNeighbours) {
  const unsigned pieces[] = {1};
  const auto snapshot = published(defaultMusic(pieces), findRecipe(Settings().recipe));
  EXPECT_TRUE(snapshot->neighbours(0).empty());
}

}  // namespace
}  // namespace attacca::index
