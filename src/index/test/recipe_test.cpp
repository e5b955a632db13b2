#include "attacca/index/recipe.h"

#include <gtest/gtest.h>

#include "attacca/base/error.h"

namespace attacca::index {
namespace {

const std::string kHead =
    "format = 1\nname = \"own\"\ntitle = \"Own\"\nquestion = \"What?\"\nanswers = \"tracks\"\n";
const std::string kPooled = "[[part]]\nkind = \"pooled\"\nweight = 1\n";

void expectRefused(const std::string& toml, const std::string& why) {
  try {
    Recipe::parse(toml, "own.toml");
    ADD_FAILURE() << "taken:\n" << toml;
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::refused);
    EXPECT_NE(error.problem().find("own.toml"), std::string::npos) << error.problem();
    EXPECT_NE(error.problem().find(why), std::string::npos) << error.problem();
  }
}

TEST(Recipe, ReadsEveryFieldAndWritesItAgain) {
  const Recipe recipe = Recipe::parse(
      kHead +
          "tempi = [1, 0.87, 1.15]\n"
          "[[part]]\nkind = \"pooled\"\nrepresentation = \"msd-musicnn\"\nweight = 0.5\n"
          "whitening = 64\nshrinkage = 0.25\n"
          "[[part]]\nkind = \"sequence\"\nrepresentation = \"mfcc\"\nweight = 2\nshingle_s = 12\n"
          "[[part]]\nkind = \"chroma\"\nrepresentation = \"chroma\"\nweight = 1\nshingle_s = 8\n"
          "step_s = 1.5\ntranspositions = 5\ntransposition_price = 0.03\n"
          "[[part]]\nkind = \"aspects\"\nrepresentation = \"aspects\"\nweight = 1\n"
          "columns = [\"tempo_bpm\", \"mode\"]\n",
      "own.toml");
  ASSERT_EQ(recipe.parts.size(), 4U);
  EXPECT_EQ(recipe.parts[0].whitening, 64);
  EXPECT_EQ(recipe.parts[0].shrinkage, 0.25);
  EXPECT_EQ(recipe.parts[0].weight, 0.5);
  EXPECT_EQ(recipe.parts[1].kind, PartKind::sequence);
  EXPECT_EQ(recipe.parts[1].step_s, 0);
  EXPECT_EQ(recipe.parts[2].step_s, 1.5);
  EXPECT_EQ(recipe.parts[2].transpositions, 5);
  EXPECT_EQ(recipe.parts[2].transposition_price, 0.03);
  EXPECT_EQ(recipe.tempi, (std::vector<double>{1, 0.87, 1.15}));
  EXPECT_EQ(recipe.parts[3].columns, (std::vector<std::string>{"tempo_bpm", "mode"}));
  EXPECT_EQ(Recipe::parse(recipe.toml(), "again"), recipe);
}

TEST(Recipe, IsRefusedWithItsFileAndTheField) {
  expectRefused("format = 2", "format that this Attacca does not know");
  expectRefused("format =", "line 1");
  expectRefused(kHead, "part is missing");
  expectRefused("format = 1\nname = \"My recipe\"", "name");
  expectRefused(kHead + "tempi = [1, \"fast\"]\n" + kPooled, "tempi must be a list of numbers");
  expectRefused(kHead + "colour = 3\n" + kPooled, "colour is not known here");
  expectRefused(kHead + kPooled + "shingle_s = 3\n", "part 1: shingle_s is not known here");
  expectRefused(kHead + "[[part]]\nkind = \"magic\"\nweight = 1\n", "part 1: kind");
  expectRefused(kHead + "[[part]]\nkind = \"pooled\"\n", "part 1: weight");
  expectRefused(kHead + "[[part]]\nkind = \"pooled\"\nweight = nan\n", "part 1: weight");
  expectRefused(kHead + "[[part]]\nkind = \"pooled\"\nweight = 0\n", "no weight in any");
  expectRefused(kHead + kPooled + "shrinkage = 0.5\n", "no meaning without whitening");
  expectRefused(kHead + kPooled + "whitening = 0\n", "part 1: whitening");
  expectRefused(kHead + kPooled + "[[part]]\nkind = \"sequence\"\nweight = 1\n",
                "part 2: shingle_s");
  expectRefused(kHead + "[[part]]\nkind = \"sequence\"\nweight = 1\nshingle_s = 9\n",
                "must be pooled or aspects in one");
}

TEST(Recipe, SaysWhichPartsHearTheSoundAndWhichTheMusic) {
  const std::string tune = "[[part]]\nkind = \"sequence\"\nweight = 3\nshingle_s = 9\n";
  const Recipe usual = Recipe::parse(kHead + kPooled + tune, "own.toml");
  EXPECT_EQ(usual.parts[0].hears(), Side::sound);
  EXPECT_EQ(usual.parts[1].hears(), Side::music);
  EXPECT_EQ(usual.sound(), 0.25);
  const Recipe marked =
      Recipe::parse(kHead + kPooled + "hears = \"music\"\n" + tune + "hears = \"sound\"\n", "own");
  EXPECT_EQ(marked.sound(), 0.75);
  EXPECT_EQ(Recipe::parse(marked.toml(), "again"), marked);
  EXPECT_FALSE(Recipe::parse(kHead + kPooled, "own.toml").sound());
  EXPECT_FALSE(Recipe::parse(kHead + kPooled + tune + "hears = \"sound\"\n", "own.toml").sound());
  EXPECT_FALSE(findRecipe("passage").sound());
  EXPECT_TRUE(findRecipe("similar").sound());
  expectRefused(kHead + kPooled + "hears = \"colour\"\n", "part 1: hears must be");
}

TEST(Recipe, FingerprintKnowsWhatChangesAScoreAndNothingElse) {
  const Recipe recipe = Recipe::parse(kHead + kPooled, "a");
  Recipe other = recipe;
  other.title = "Another title";
  EXPECT_EQ(fingerprint(other), fingerprint(recipe));
  other.parts[0].whitening = 3;
  EXPECT_NE(fingerprint(other), fingerprint(recipe));
}

TEST(Recipe, ShippedOnesAreWholeAndAnArchivesOwnGoesBeforeThem) {
  for (const char* name : {"mean-cosine", "passage", "performances", "similar"}) {
    const Recipe& recipe = findRecipe(name);
    EXPECT_EQ(recipe.name, name);
    EXPECT_EQ(Recipe::parse(recipe.toml(), name), recipe);
  }
  EXPECT_TRUE(findRecipe("mean-cosine").plain());
  EXPECT_FALSE(findRecipe("similar").plain());
  Recipe own = findRecipe("similar");
  own.title = "Mine";
  EXPECT_EQ(findRecipe("similar", {&own, 1}).title, "Mine");
  try {
    findRecipe("nonsense", {&own, 1});
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::notFound);
    EXPECT_NE(error.remedy().find("performances, similar"), std::string::npos) << error.remedy();
  }
}

TEST(Recipe, WithoutARepresentationTakesThoseThatAreAskedFor) {
  const Recipe& recipe = findRecipe("mean-cosine");
  const Asked one[] = {{"mfcc"}};
  EXPECT_EQ(requiredRepresentations(recipe, one), std::vector<std::string>{"mfcc"});
  EXPECT_EQ(resolved(recipe, one).parts.at(0).representation, "mfcc");
  EXPECT_TRUE(resolved(recipe, one).plain());
  const Asked two[] = {{"msd-musicnn", 3}, {"aspects", 1}};
  const Recipe fusion = resolved(recipe, two);
  ASSERT_EQ(fusion.parts.size(), 2U);
  EXPECT_EQ(fusion.parts[0].weight, 0.75);
  EXPECT_EQ(fusion.parts[1].kind, PartKind::aspects);
  EXPECT_EQ(requiredRepresentations(findRecipe("similar"), one),
            (std::vector<std::string>{"msd-musicnn", "mfcc", "chroma"}));
}

TEST(Recipe, KeepsSnapshotsOfOtherRepresentationsApart) {
  const Recipe& recipe = findRecipe("mean-cosine");
  const Asked usual[] = {{"msd-musicnn"}};
  const Asked other[] = {{"mfcc"}};
  const Asked two[] = {{"msd-musicnn"}, {"mfcc"}};
  const Asked weighted[] = {{"msd-musicnn"}, {"mfcc", 0.5}};
  EXPECT_EQ(snapshotKey(recipe, usual), "mean-cosine+msd-musicnn");
  EXPECT_EQ(snapshotKey(recipe, other), "mean-cosine+mfcc");
  EXPECT_EQ(snapshotKey(recipe, two), "mean-cosine+msd-musicnn+mfcc");
  EXPECT_EQ(snapshotKey(recipe, weighted), "mean-cosine+msd-musicnn_1+mfcc_0.5");
  EXPECT_EQ(snapshotKey(findRecipe("similar"), other), "similar");
}

}  // namespace
}  // namespace attacca::index
