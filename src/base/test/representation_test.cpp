#include "attacca/base/representation.h"

#include <set>

#include <gtest/gtest.h>

#include "attacca/base/error.h"

namespace attacca {
namespace {

TEST(Manifest, ShippedOnesAreThereAndComeBackFromTheirOwnToml) {
  std::set<std::string> names;
  for (const auto& manifest : shippedManifests()) {
    names.insert(manifest.name);
    EXPECT_EQ(Manifest::parse(manifest.toml(), "again").toml(), manifest.toml());
    EXPECT_EQ(fingerprint(Manifest::parse(manifest.toml(), "again"), {}),
              fingerprint(manifest, {}));
  }
  for (const char* name :
       {"msd-musicnn", "mtt-musicnn", "msd-vgg", "mtt-vgg", "msd-musicnn-first3s",
        "msd-musicnn-random3s", "msd-musicnn-middle30s"}) {
    EXPECT_TRUE(names.count(name)) << name;
  }
}

TEST(Manifest, OddCharactersInTextsComeBack) {
  Manifest manifest = shippedManifest("msd-musicnn");
  manifest.title = "a \"quoted\" \\ title\nof two lines";
  EXPECT_EQ(Manifest::parse(manifest.toml(), "again").title, manifest.title);
}

TEST(Manifest, UnknownNameListsThoseThereAre) {
  try {
    shippedManifest("mert-95m-typo");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::notFound);
    EXPECT_NE(error.remedy().find("msd-musicnn"), std::string::npos);
  }
}

LogMelFrontEnd& logMel(Manifest& manifest) { return std::get<LogMelFrontEnd>(manifest.front_end); }

TEST(Fingerprint, EveryIngredientChangesIt) {
  const Manifest original = shippedManifest("msd-musicnn");
  std::set<std::string> seen{fingerprint(original, {})};
  const auto changes = [&](auto change) {
    Manifest changed = original;
    change(changed);
    EXPECT_TRUE(seen.insert(fingerprint(changed, {})).second);
  };
  changes([](Manifest& m) { logMel(m).hop = 255; });
  changes([](Manifest& m) { logMel(m).fft = 1024; });
  changes([](Manifest& m) { logMel(m).bands = 64; });
  changes([](Manifest& m) { logMel(m).rate_hz = 22050; });
  changes([](Manifest& m) { logMel(m).low_hz = 1; });
  changes([](Manifest& m) { logMel(m).high_hz = 7999; });
  changes([](Manifest& m) { logMel(m).round_to_float16 = false; });
  changes([](Manifest& m) { logMel(m).log_scale = 1; });
  changes([](Manifest& m) { m.layer = "taggram"; });
  changes([](Manifest& m) { m.network = "vgg"; });
  changes([](Manifest& m) { m.clips.hop = 62; });
  changes([](Manifest& m) { m.clips.frames = 62; });
  changes([](Manifest& m) { m.clips.choice = ClipChoice::first; });
  changes([](Manifest& m) { m.pooling = "max"; });
  changes([](Manifest& m) { m.silence = "skip"; });
  EXPECT_TRUE(seen.insert(fingerprint(original, sha256(std::string_view("model")))).second);
}

TEST(Fingerprint, WhatPeopleReadDoesNotChangeIt) {
  Manifest changed = shippedManifest("msd-musicnn");
  const std::string before = fingerprint(changed, {});
  changed.title = "Another title";
  changed.credit = "Someone";
  EXPECT_EQ(fingerprint(changed, {}), before);
}

void expectRefused(const std::string& from, const std::string& to, const std::string& names) {
  std::string text = shippedManifest("msd-musicnn").toml();
  const auto at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  try {
    Manifest::parse(text, "mine.toml");
    FAIL() << to;
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::refused);
    EXPECT_NE(error.problem().find("mine.toml"), std::string::npos) << error.problem();
    EXPECT_NE(error.problem().find(names), std::string::npos) << error.problem();
  }
}

TEST(Manifest, MistakesAreNamed) {
  expectRefused("format = 1", "format = 2", "format");
  expectRefused("msd-musicnn", "../evil", "name");
  expectRefused("dimension = 200", "dimension = 0", "model.dimension");
  expectRefused("dimension = 200", "dimension = \"200\"", "model.dimension");
  expectRefused("choice = \"all\"", "choice = \"some\"", "clips.choice");
  expectRefused("pooling = \"mean\"", "pooling = \"sum\"", "pooling");
  expectRefused("rate_hz = 16000", "rate_hz = 16000000", "front_end.rate_hz");
  expectRefused("sha256 = \"f3", "sha256 = \"zz", "source.sha256");
  expectRefused("[clips]", "[clip]", "clips");
  expectRefused("fft = 512", "fft = ", "line");
}

}  // namespace
}  // namespace attacca
