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

constexpr std::string_view kWave = R"(
format = 1
name = "mine"
title = "My model"
licence = "MIT"
credit = "Me"
pooling = "mean"
silence = "keep"
[origin]
page = "https://example.org/mine"
command = "make mine.onnx"
[front_end]
kind = "wave"
rate_hz = 24000
normalise = true
epsilon = 1e-7
[model]
network = "onnx"
layer = "hidden_7"
dimension = 768
output = "time-first"
memory_mb = 900
[clips]
samples = 120000
hop = 60000
choice = "all"
)";

constexpr std::string_view kMel = R"(
format = 1
name = "mine"
title = "My model"
licence = "MIT"
credit = "Me"
pooling = "mean"
silence = "keep"
[front_end]
kind = "mel"
rate_hz = 24000
fft = 2048
hop = 240
bands = 128
low_hz = 0
high_hz = 12000
scale = "htk"
norm = "none"
spectrum = "power"
edges = "reflect"
logarithm = "decibel"
floor = 1e-10
top_db = 80
mean = 6.768444971712967
deviation = 18.417922652295623
by_clip = true
[model]
network = "onnx"
layer = "features"
dimension = 1024
output = "time-last"
input = "time-last"
precision = "bf16"
bf16_cosine = 0.9998
[clips]
samples = 720000
frames = 3000
hop = 720000
choice = "all"
)";

constexpr std::string_view kBuiltIn = R"(
format = 1
name = "mine"
title = "Numbers"
licence = "Apache-2.0"
credit = "Attacca"
pooling = "mean"
silence = "keep"
[front_end]
kind = "wave"
rate_hz = 22050
normalise = false
[model]
network = "aspects"
dimension = 2
version = 1
numbers = ["tempo_bpm", "loudness_lufs"]
[clips]
choice = "whole"
)";

TEST(Manifest, ModelsThatWereBroughtComeBackFromTheirOwnToml) {
  for (const std::string_view text : {kWave, kMel, kBuiltIn}) {
    const Manifest manifest = Manifest::parse(text, "mine.toml");
    const Manifest again = Manifest::parse(manifest.toml(), "again");
    EXPECT_EQ(again.toml(), manifest.toml());
    EXPECT_EQ(again.front_end, manifest.front_end);
    EXPECT_EQ(fingerprint(again, {}), fingerprint(manifest, {}));
  }
  const Manifest wave = Manifest::parse(kWave, "mine.toml");
  EXPECT_TRUE(isOnnx(wave));
  EXPECT_FALSE(isBuiltIn(wave));
  EXPECT_EQ(rateHz(wave), 24000);
  EXPECT_EQ(wave.output, OutputLayout::time_first);
  EXPECT_EQ(wave.origin.command, "make mine.onnx");
  EXPECT_EQ(wave.precision, Precision::fp32);
  const Manifest built_in = Manifest::parse(kBuiltIn, "mine.toml");
  EXPECT_TRUE(isBuiltIn(built_in));
  EXPECT_EQ(built_in.numbers[1], "loudness_lufs");
}

TEST(Manifest, ClipsHaveALengthInSecondsWhateverTheyAreCountedIn) {
  const Manifest musicnn = shippedManifest("msd-musicnn");
  EXPECT_DOUBLE_EQ(clipLength(musicnn).count(), 187 * 256 / 16000.0);
  EXPECT_DOUBLE_EQ(clipHop(musicnn).count(), 187 * 256 / 16000.0);
  const Manifest wave = Manifest::parse(kWave, "mine.toml");
  EXPECT_DOUBLE_EQ(clipLength(wave).count(), 5);
  EXPECT_DOUBLE_EQ(clipHop(wave).count(), 2.5);
  EXPECT_DOUBLE_EQ(clipHop(Manifest::parse(kMel, "mine.toml")).count(), 30);
  EXPECT_EQ(clipLength(Manifest::parse(kBuiltIn, "mine.toml")).count(), 0);
}

TEST(Manifest, SaysWhenItsRowsSound) {
  Manifest musicnn = shippedManifest("msd-musicnn");
  EXPECT_DOUBLE_EQ(rowsPerSecond(musicnn), 16000 / (187 * 256.0));
  EXPECT_TRUE(hasSeveralClips(musicnn));
  musicnn.clips.choice = ClipChoice::middle;
  EXPECT_EQ(rowsPerSecond(musicnn), 0);
  EXPECT_TRUE(hasSeveralClips(musicnn));
  musicnn.clips.choice = ClipChoice::first;
  EXPECT_EQ(rowsPerSecond(musicnn), 0);
  EXPECT_FALSE(hasSeveralClips(musicnn));
  const Manifest built_in = Manifest::parse(kBuiltIn, "mine.toml");
  EXPECT_EQ(rowsPerSecond(built_in), 0);
  EXPECT_FALSE(hasSeveralClips(built_in));
}

TEST(Manifest, AFieldThatNobodyKnowsIsRefusedWithItsLine) {
  const auto problem = [](std::string text, const std::string& after, const std::string& more) {
    text.insert(text.find(after) + after.size(), more);
    try {
      Manifest::parse(text, "mine.toml");
      return std::string("it was taken");
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::refused);
      return error.problem();
    }
  };
  EXPECT_EQ(problem(std::string(kMel), "top_db = 80\n", "topdb = 80\n"),
            "mine.toml, line 24: front_end.topdb is not known here");
  // Of another kind of front end.
  EXPECT_EQ(problem(std::string(kMel), "top_db = 80\n", "epsilon = 1e-7\n"),
            "mine.toml, line 24: front_end.epsilon is not known here");
  EXPECT_EQ(problem(std::string(kBuiltIn), "silence = \"keep\"\n", "colour = 1\n"),
            "mine.toml, line 9: colour is not known here");
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

// Embeddings of years of listening hang on these.
TEST(Fingerprint, OfWhatIsInUseNeverChanges) {
  EXPECT_EQ(fingerprint(shippedManifest("msd-musicnn"), {}), "3b68b22dec99a0da");
}

TEST(Fingerprint, EveryIngredientOfABroughtModelChangesIt) {
  const Sha256Digest file = sha256(std::string_view("model"));
  std::set<std::string> seen{fingerprint(Manifest::parse(kMel, "m"), file),
                             fingerprint(Manifest::parse(kMel, "m"), {}),
                             fingerprint(Manifest::parse(kWave, "m"), file)};
  ASSERT_EQ(seen.size(), 3U);
  const auto changes = [&](auto change) {
    Manifest mel = Manifest::parse(kMel, "m");
    change(mel, std::get<MelFrontEnd>(mel.front_end));
    EXPECT_TRUE(seen.insert(fingerprint(mel, file)).second) << seen.size();
  };
  changes([](Manifest&, MelFrontEnd& f) { f.rate_hz = 16000; });
  changes([](Manifest&, MelFrontEnd& f) { f.fft = 1024; });
  changes([](Manifest&, MelFrontEnd& f) { f.window = 1024; });
  changes([](Manifest&, MelFrontEnd& f) { f.symmetric = true; });
  changes([](Manifest&, MelFrontEnd& f) { f.hop = 241; });
  changes([](Manifest&, MelFrontEnd& f) { f.bands = 96; });
  changes([](Manifest&, MelFrontEnd& f) { f.low_hz = 20; });
  changes([](Manifest&, MelFrontEnd& f) { f.high_hz = 8000; });
  changes([](Manifest&, MelFrontEnd& f) { f.scale = MelScale::slaney; });
  changes([](Manifest&, MelFrontEnd& f) { f.norm = MelNorm::slaney; });
  changes([](Manifest&, MelFrontEnd& f) { f.spectrum = Spectrum::magnitude; });
  changes([](Manifest&, MelFrontEnd& f) { f.edges = MelEdges::zeros; });
  changes([](Manifest&, MelFrontEnd& f) { f.logarithm = MelLogarithm::natural; });
  changes([](Manifest&, MelFrontEnd& f) { f.log_scale = 2; });
  changes([](Manifest&, MelFrontEnd& f) { f.floor = 1e-9; });
  changes([](Manifest&, MelFrontEnd& f) { f.top_db = 0; });
  changes([](Manifest&, MelFrontEnd& f) { f.mean = 0; });
  changes([](Manifest&, MelFrontEnd& f) { f.deviation = 1; });
  changes([](Manifest&, MelFrontEnd& f) { f.by_clip = false; });
  changes([](Manifest& m, MelFrontEnd&) { m.front_end = WaveFrontEnd{}; });
  changes([](Manifest& m, MelFrontEnd&) { m.front_end = WaveFrontEnd{.rate_hz = 16000}; });
  changes([](Manifest& m, MelFrontEnd&) { m.front_end = WaveFrontEnd{.normalise = true}; });
  changes([](Manifest& m, MelFrontEnd&) { m.layer = "other"; });
  changes([](Manifest& m, MelFrontEnd&) { m.dimension = 512; });
  changes([](Manifest& m, MelFrontEnd&) { m.output = OutputLayout::time_first; });
  changes([](Manifest& m, MelFrontEnd&) { m.input = InputLayout::time_first; });
  changes([](Manifest& m, MelFrontEnd&) { m.precision = Precision::fp32; });
  changes([](Manifest& m, MelFrontEnd&) { m.clips.samples = 1; });
  changes([](Manifest& m, MelFrontEnd&) { m.clips.frames = 2999; });
  changes([](Manifest& m, MelFrontEnd&) { m.clips.hop = 1; });
  changes([](Manifest& m, MelFrontEnd&) { m.clips.choice = ClipChoice::first; });
}

TEST(Fingerprint, OfWhatIsBuiltInHangsOnItsVersionAndOnNoFile) {
  Manifest built_in = Manifest::parse(kBuiltIn, "mine.toml");
  const std::string before = fingerprint(built_in, {});
  EXPECT_EQ(fingerprint(built_in, sha256(std::string_view("any"))), before);
  built_in.version = 2;
  EXPECT_NE(fingerprint(built_in, {}), before);
  built_in.version = 1;
  built_in.numbers[0] = "other";
  EXPECT_NE(fingerprint(built_in, {}), before);
}

TEST(Fingerprint, WhatPeopleReadDoesNotChangeIt) {
  Manifest changed = shippedManifest("msd-musicnn");
  const std::string before = fingerprint(changed, {});
  changed.title = "Another title";
  changed.credit = "Someone";
  EXPECT_EQ(fingerprint(changed, {}), before);
}

void expectRefused(std::string text, const std::string& from, const std::string& to,
                   const std::string& names) {
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
  const std::string toml = shippedManifest("msd-musicnn").toml();
  expectRefused(toml, "format = 1", "format = 2", "format");
  expectRefused(toml, "msd-musicnn", "../evil", "name");
  expectRefused(toml, "dimension = 200", "dimension = 0", "model.dimension");
  expectRefused(toml, "dimension = 200", "dimension = \"200\"", "model.dimension");
  expectRefused(toml, "choice = \"all\"", "choice = \"some\"", "clips.choice");
  expectRefused(toml, "pooling = \"mean\"", "pooling = \"sum\"", "pooling");
  expectRefused(toml, "rate_hz = 16000", "rate_hz = 16000000", "front_end.rate_hz");
  expectRefused(toml, "sha256 = \"f3", "sha256 = \"zz", "source.sha256");
  expectRefused(toml, "[clips]", "[clip]", "clips");
  expectRefused(toml, "fft = 512", "fft = ", "line");
  expectRefused(toml, "\"musicnn\"\nlayer", "\"tensorflow\"\nlayer", "model.network");
  expectRefused(toml, "choice = \"all\"", "choice = \"whole\"", "clips.choice");
}

TEST(Manifest, MistakesInWhatIsBroughtAreNamed) {
  const std::string wave(kWave);
  expectRefused(wave, "kind = \"wave\"", "kind = \"waves\"", "front_end.kind");
  expectRefused(wave, "samples = 120000", "frames = 120000", "clips.samples");
  expectRefused(wave, "hop = 60000", "hop = 0", "clips.hop");
  expectRefused(wave, "layer = \"hidden_7\"", "layer = 7", "model.layer");
  expectRefused(wave, "\"time-first\"", "\"first\"", "\"time-last\"");
  const std::string mel(kMel);
  expectRefused(mel, "fft = 2048", "fft = 2000", "front_end.fft");
  expectRefused(mel, "hop = 240", "hop = 4096", "front_end.hop");
  expectRefused(mel, "high_hz = 12000", "high_hz = 13000", "front_end.high_hz");
  expectRefused(mel, "low_hz = 0", "low_hz = 12000", "front_end.low_hz");
  expectRefused(mel, "by_clip = true", "by_clip = false", "front_end.top_db");
  expectRefused(mel, "0.9998", "0.99", "model.bf16_cosine");
  const std::string built_in(kBuiltIn);
  expectRefused(built_in, "version = 1", "version = 0", "model.version");
  expectRefused(built_in, ", \"loudness_lufs\"", "", "model.numbers");
  expectRefused(built_in, "normalise = false", "normalise = true\nepsilon = 0", "front_end.kind");
}

}  // namespace
}  // namespace attacca
