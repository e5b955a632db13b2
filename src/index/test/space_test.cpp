#include <map>
#include <string>

#include <gtest/gtest.h>

#include "helpers.h"
#include "music.h"

namespace attacca::index {
namespace {

std::string spaceOf(const Music& music, const Recipe& recipe) {
  MemoryBlobs blobs;
  music.publish(blobs, recipe);
  return Snapshot::openCurrent(blobs, recipe.name)->space();
}

TEST(Space, IsTheSameAsLongAsTheFitsStay) {
  const Music all = randomMusic(50, 30);
  const auto first = [&](std::size_t count) {
    Music some = all;
    some.tracks.resize(count);
    return some;
  };
  MemoryBlobs blobs;
  first(40).publish(blobs, allParts());
  const std::string space = Snapshot::openCurrent(blobs, "all")->space();
  EXPECT_EQ(space.size(), 64U);
  first(43).publish(blobs, allParts());
  EXPECT_EQ(Snapshot::openCurrent(blobs, "all")->space(), space);
  first(50).publish(blobs, allParts());  // fitted anew
  EXPECT_NE(Snapshot::openCurrent(blobs, "all")->space(), space);
}

TEST(Space, OfAPlainRecipeIsThatOfItsRepresentation) {
  const auto space = [](std::uint64_t seed, std::size_t dimension, std::string_view version) {
    MemoryBlobs blobs;
    MadeUp made = madeUp(20 + seed, dimension, Shape::random);
    publishSnapshot(blobs, "mean-cosine", version, made.tracks, made.matrix(), UnixTime{});
    return Snapshot::openCurrent(blobs, "mean-cosine")->space();
  };
  EXPECT_EQ(space(1, 8, "a@1"), space(2, 8, "a@1"));  // whatever the tracks
  EXPECT_NE(space(1, 8, "a@1"), space(1, 8, "a@2"));
  EXPECT_NE(space(1, 8, "a@1"), space(1, 9, "a@1"));
}

TEST(Space, DependsOnWhatTheVectorsAreMadeOfAndOnNothingElse) {
  const Music music = randomMusic(40, 30);
  const std::string space = spaceOf(music, allParts());
  Recipe recipe = allParts();
  recipe.parts[0].whitening = 4;
  EXPECT_NE(spaceOf(music, recipe), space);
  recipe = allParts();
  recipe.parts[3].weight = 5;  // of aspects, which share the vector with `sound`
  EXPECT_NE(spaceOf(music, recipe), space);
  recipe = allParts();
  recipe.parts[3].columns = {"slow", "odd"};
  EXPECT_NE(spaceOf(music, recipe), space);
  // One part alone in the vector: what the others weigh says nothing about it.
  recipe = allParts();
  recipe.parts.pop_back();
  const std::string one = spaceOf(music, recipe);
  recipe.parts[2].weight = 7;
  EXPECT_EQ(spaceOf(music, recipe), one);
}

}  // namespace
}  // namespace attacca::index
