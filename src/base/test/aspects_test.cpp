#include "attacca/base/aspects.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/base/representation.h"

namespace attacca {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Nothing out of the ordinary.
Aspects plain() {
  Aspects aspects;
  aspects.tempo_bpm = 100;
  aspects.onset_density_hz = 2.5;
  aspects.loudness_lufs = -21;
  aspects.loudness_range_lu = 9;
  aspects.centroid_hz = 1500;
  return aspects;
}

TEST(Aspects, RowAndFieldsAreTheSameNumbers) {
  std::array<float, kAspects> row{};
  for (std::size_t i = 0; i < kAspects; ++i) row[i] = static_cast<float>(i + 1);
  const Aspects aspects = aspectsOf(row);
  EXPECT_EQ(aspects.tempo_bpm, 1);
  EXPECT_EQ(aspects.key_confidence, 13);
  EXPECT_EQ(rowOf(aspects), row);
}

TEST(Aspects, ManifestNamesTheNumbersOfARow) {
  const Manifest& manifest = shippedManifest("aspects");
  EXPECT_EQ(manifest.dimension, static_cast<int>(kAspects));
  EXPECT_EQ(manifest.numbers, std::vector<std::string>(kAspectNames.begin(), kAspectNames.end()));
}

TEST(Aspects, EachKeyHasANameOfItsOwn) {
  std::set<std::string> names;
  for (int key = 0; key < 12; ++key) {
    for (int mode = 0; mode < 2; ++mode) {
      Aspects aspects;
      aspects.key = static_cast<float>(key);
      aspects.mode = static_cast<float>(mode);
      names.insert(keyName(aspects));
    }
  }
  EXPECT_EQ(names.size(), 24U);
  EXPECT_TRUE(names.contains("D minor"));
  EXPECT_TRUE(names.contains("E flat major"));
}

TEST(Aspects, OnlyWhatIsOutOfTheOrdinaryHasAWord) {
  EXPECT_THAT(wordsFor(plain()), IsEmpty());
  Aspects aspects = plain();
  aspects.onset_density_hz = 0.5;
  aspects.loudness_lufs = -32;
  aspects.centroid_hz = 300;
  EXPECT_THAT(wordsFor(aspects), ElementsAre("slow", "soft", "dark"));
  aspects = plain();
  aspects.onset_density_hz = 6;
  aspects.loudness_lufs = -10;
  aspects.loudness_range_lu = 2;
  aspects.centroid_hz = 2500;
  EXPECT_THAT(wordsFor(aspects), ElementsAre("fast", "loud", "even", "bright"));
  aspects = plain();
  aspects.loudness_range_lu = 25;
  EXPECT_THAT(wordsFor(aspects), ElementsAre("contrasting"));
}

TEST(Aspects, TempoAndKeyThatHardlyStandOutAreNotSaid) {
  Aspects aspects = plain();
  EXPECT_FALSE(tempoStandsOut(aspects));
  EXPECT_FALSE(keyStandsOut(aspects));
  aspects.tempo_confidence = 0.5;
  EXPECT_TRUE(tempoStandsOut(aspects));
  EXPECT_FALSE(keyStandsOut(aspects));
  aspects.key_confidence = 0.5;
  EXPECT_TRUE(keyStandsOut(aspects));
  aspects.onset_density_hz = 0.1F;  // of a tone that goes on
  EXPECT_FALSE(tempoStandsOut(aspects));
  aspects.onset_density_hz = 2;
  aspects.tempo_bpm = 0;  // none was found
  EXPECT_FALSE(tempoStandsOut(aspects));
}

}  // namespace
}  // namespace attacca
