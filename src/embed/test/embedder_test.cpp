#include "attacca/embed/embedder.h"

#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "attacca/base/error.h"
#include "attacca/base/npy.h"
#include "attacca/embed/features.h"
#include "attacca/embed/import.h"
#include "attacca/embed/log_mel.h"
#include "attacca/embed/npy_rows.h"

#include "checkpoint.h"

namespace attacca::embed {
namespace {

constexpr std::size_t kFrames = 40;  // a clip of 0.64 s keeps these tests quick
constexpr std::size_t kClipSamples = kFrames * 256;

using Rows = std::vector<std::vector<float>>;

Representation makeRepresentation(ClipChoice choice = ClipChoice::all, double choice_seconds = 0,
                                  unsigned seed = 1) {
  static std::map<unsigned, std::pair<Manifest, std::string>> models;
  if (!models.contains(seed)) {
    const test::Package package = test::makePackage("musicnn", kFrames, seed);
    models[seed] = {package.manifest,
                    importModel(FileBytes::hold(package.wheel), package.manifest)};
  }
  auto [manifest, model] = models[seed];
  manifest.clips.choice = choice;
  manifest.clips.choice_seconds = choice_seconds;
  return Representation::load(manifest, FileBytes::hold(model));
}

std::vector<float> music(std::size_t count) {
  std::vector<float> samples(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) / 16000;
    samples[i] = static_cast<float>(0.3 * std::sin(t * (2000 + 900 * std::sin(3 * t))) +
                                    0.2 * std::sin(t * 400 * (1 + std::floor(t))));
  }
  return samples;
}

AudioHash someHash(std::string_view text = "a") { return {sha256(text)}; }

struct Heard {
  std::vector<Rows> rows;
  std::vector<Embedded> embedded;
};

Heard hear(const std::vector<Representation>& representations, std::span<const float> samples,
           std::size_t block = 4096, const AudioHash& audio = someHash()) {
  Heard heard;
  heard.rows.resize(representations.size());
  std::vector<Asked> asked;
  for (std::size_t i = 0; i < representations.size(); ++i) {
    asked.push_back({representations[i], [&heard, i](std::span<const float> row, auto) {
                       heard.rows[i].emplace_back(row.begin(), row.end());
                     }});
  }
  Listener listener(std::move(asked));
  while (!samples.empty()) {
    const std::size_t count = std::min(block, samples.size());
    listener.hear(samples.first(count));
    samples = samples.subspan(count);
  }
  heard.embedded = listener.finish(audio);
  return heard;
}

// Frame by frame, clip by clip, with nothing shared.
Rows expectedRows(const Representation& representation, std::span<const float> samples) {
  std::vector<float> frames;
  LogMel log_mel(std::get<LogMelFrontEnd>(representation.manifest.front_end),
                 [&](std::span<const float> frame) {
                   frames.insert(frames.end(), frame.begin(), frame.end());
                 });
  log_mel.hear(samples);
  log_mel.finish();
  Rows rows;
  Workspace workspace;
  for (std::size_t start = 0; start + kFrames * 96 <= frames.size(); start += kFrames * 96) {
    std::vector<float> row(representation.network->dimension());
    representation.network->run(std::span(frames).subspan(start, kFrames * 96), row, {}, workspace);
    rows.push_back(row);
  }
  return rows;
}

TEST(Listener, WholeRecordingIsHeardAndTheTailDropped) {
  const Representation representation = makeRepresentation();
  // n samples give 1 + n / 256 frames, so the last clip needs one sample less than a frame more.
  for (const std::size_t count :
       {kClipSamples * 5, kClipSamples * 5 - 256, kClipSamples * 5 - 257}) {
    const std::vector<float> samples = music(count);
    const Heard heard = hear({representation}, samples);
    EXPECT_EQ(heard.embedded[0].clips, count == kClipSamples * 5 - 257 ? 4 : 5) << count;
    EXPECT_EQ(heard.embedded[0].note, std::nullopt);
    EXPECT_EQ(heard.rows[0], expectedRows(representation, samples));
  }
}

TEST(Listener, BlockSizesDoNotChangeAByte) {
  const Representation representation = makeRepresentation();
  const std::vector<float> samples = music(kClipSamples * 3 + 777);
  const Heard whole = hear({representation}, samples, samples.size());
  for (const std::size_t block : {1, 100, 256, 1000, 65536}) {
    EXPECT_EQ(hear({representation}, samples, block).rows, whole.rows) << block;
  }
}

TEST(Listener, EveryRepresentationIsServedByOnePass) {
  const std::vector<Representation> several = {
      makeRepresentation(), makeRepresentation(ClipChoice::first),
      makeRepresentation(ClipChoice::random), makeRepresentation(ClipChoice::middle, 1.5),
      makeRepresentation(ClipChoice::all, 0, 2)};
  const std::vector<float> samples = music(kClipSamples * 8 + 100);
  const Heard together = hear(several, samples);
  for (std::size_t i = 0; i < several.size(); ++i) {
    EXPECT_EQ(together.rows[i], hear({several[i]}, samples).rows[0]) << i;
  }
  EXPECT_NE(together.rows[0], together.rows[4]);
}

// Counts what it is asked to do.
class CountingNetwork final : public Network {
 public:
  CountingNetwork(std::shared_ptr<const Network> network, int& runs)
      : network_(std::move(network)), runs_(&runs) {}
  std::size_t frames() const override { return network_->frames(); }
  std::size_t bands() const override { return network_->bands(); }
  std::size_t dimension() const override { return network_->dimension(); }
  std::span<const std::string> tags() const override { return network_->tags(); }
  const Sha256Digest& model() const override { return network_->model(); }
  void run(std::span<const float> clip, std::span<float> embedding, std::span<float> tags,
           Workspace& workspace) const override {
    ++*runs_;
    network_->run(clip, embedding, tags, workspace);
  }

 private:
  std::shared_ptr<const Network> network_;
  int* runs_;
};

TEST(Listener, NetworkRunsOnceAClipHoweverManyShareIt) {
  int runs = 0;
  std::vector<Representation> several;
  for (const ClipChoice choice : {ClipChoice::all, ClipChoice::first, ClipChoice::middle}) {
    several.push_back(makeRepresentation(choice, 1.5));
    several.back().network = std::make_shared<CountingNetwork>(several.back().network, runs);
  }
  hear(several, music(kClipSamples * 6));
  EXPECT_EQ(runs, 6);
  runs = 0;
  hear({several[1]}, music(kClipSamples * 6));
  EXPECT_EQ(runs, 1);
}

TEST(Listener, FirstIsTheFirstClip) {
  const std::vector<float> samples = music(kClipSamples * 4);
  const Heard heard = hear({makeRepresentation(ClipChoice::first), makeRepresentation()}, samples);
  ASSERT_EQ(heard.rows[0].size(), 1U);
  EXPECT_EQ(heard.rows[0][0], heard.rows[1][0]);
}

TEST(Listener, RandomClipFollowsTheAudioHashAndReachesEveryClip) {
  const std::vector<float> samples = music(kClipSamples * 4);
  const Representation representation = makeRepresentation(ClipChoice::random);
  const Rows all = expectedRows(representation, samples);
  std::set<std::size_t> chosen;
  for (const char* text : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"}) {
    const Heard heard = hear({representation}, samples, 4096, someHash(text));
    ASSERT_EQ(heard.rows[0].size(), 1U);
    const auto found = std::find(all.begin(), all.end(), heard.rows[0][0]);
    ASSERT_NE(found, all.end());
    chosen.insert(static_cast<std::size_t>(found - all.begin()));
    EXPECT_EQ(hear({representation}, samples, 999, someHash(text)).rows, heard.rows);
  }
  EXPECT_EQ(chosen.size(), 4U);
}

TEST(Listener, MiddleIsTheClipsWhoseCentresLieInTheMiddle) {
  const std::vector<float> samples = music(kClipSamples * 9);  // 5.76 s, middle at 2.88 s
  const Rows all = expectedRows(makeRepresentation(), samples);
  // Centres are at 0.32 + 0.64 n; 2.88 +- 0.7 holds those of clips 3, 4 and 5.
  const Heard heard = hear({makeRepresentation(ClipChoice::middle, 1.4)}, samples);
  EXPECT_EQ(heard.rows[0], Rows(all.begin() + 3, all.begin() + 6));
  EXPECT_EQ(heard.embedded[0].clips, 3);
  EXPECT_EQ(hear({makeRepresentation(ClipChoice::middle, 60)}, samples).rows[0], all);
  EXPECT_EQ(hear({makeRepresentation(ClipChoice::middle, 0.01)}, samples).rows[0], Rows{all[4]});
}

TEST(Listener, RecordingShorterThanAClipIsContinuedWithSilenceAndSaysSo) {
  for (const ClipChoice choice :
       {ClipChoice::all, ClipChoice::first, ClipChoice::random, ClipChoice::middle}) {
    std::vector<float> samples = music(9000);
    const Heard heard = hear({makeRepresentation(choice, 30)}, samples);
    ASSERT_EQ(heard.rows[0].size(), 1U);
    EXPECT_EQ(heard.embedded[0].clips, 1);
    ASSERT_TRUE(heard.embedded[0].note);
    EXPECT_THAT(*heard.embedded[0].note, testing::HasSubstr("shorter than one clip"));
    samples.resize(kClipSamples, 0.0F);
    EXPECT_EQ(heard.rows[0], expectedRows(makeRepresentation(), samples));
  }
}

TEST(Listener, LessThanHalfASecondIsRefused) {
  try {
    hear({makeRepresentation()}, music(7999));
    FAIL() << "was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::refused);
    EXPECT_THAT(error.what(), testing::HasSubstr("too short"));
  }
  EXPECT_EQ(hear({makeRepresentation()}, music(8000)).rows[0].size(), 1U);
}

TEST(Listener, SilenceAndNoiseGiveFiniteRows) {
  std::vector<float> samples(kClipSamples * 2, 0.0F);
  for (std::size_t i = kClipSamples; i < samples.size(); ++i) samples[i] = std::nanf("");
  const Heard heard = hear({makeRepresentation()}, samples);
  ASSERT_EQ(heard.rows[0].size(), 2U);
  for (const auto& row : heard.rows[0]) {
    for (const float value : row) ASSERT_TRUE(std::isfinite(value));
  }
}

TEST(Listener, WhatIsBuiltInIsHeardInTheSamePass) {
  const std::vector<float> samples = music(48000);
  const auto built_in = [](std::string_view name) {
    return Representation::builtIn(shippedManifest(name));
  };
  const Heard together = hear({built_in("chroma"), makeRepresentation(), built_in("aspects"),
                               built_in("mfcc"), built_in("mfcc")},
                              samples);
  EXPECT_EQ(together.rows[1], expectedRows(makeRepresentation(), samples));
  Rows mfcc;
  Rows chroma;
  Rows aspects;
  const auto into = [](Rows& rows) {
    return [&rows](std::span<const float> row) { rows.emplace_back(row.begin(), row.end()); };
  };
  Features features({into(mfcc), into(chroma), into(aspects)});
  features.hear(samples);
  features.finish({});
  EXPECT_EQ(together.rows[0], chroma);
  EXPECT_EQ(together.rows[2], aspects);
  EXPECT_EQ(together.rows[3], mfcc);
  EXPECT_EQ(together.rows[4], mfcc);
  EXPECT_EQ(together.embedded[0].clips, 6);
  EXPECT_EQ(together.embedded[2].clips, 1);
  EXPECT_EQ(together.embedded[3].clips, 3);
}

TEST(Listener, WhatIsBuiltInRefusesLessThanHalfASecondToo) {
  EXPECT_THROW(hear({Representation::builtIn(shippedManifest("mfcc"))}, music(7999)), Error);
}

TEST(Representation, BuiltInOfAnotherVersionIsRefused) {
  Manifest manifest = shippedManifest("chroma");
  ++manifest.version;
  EXPECT_THROW(Representation::builtIn(manifest), Error);
  manifest = shippedManifest("chroma");
  manifest.clips.hop /= 2;
  EXPECT_THROW(Representation::builtIn(manifest), Error);
}

TEST(Representation, ModelOfAnotherShapeThanTheManifestSaysIsRefused) {
  const test::Package package = test::makePackage("musicnn", kFrames, 1);
  const std::string model = importModel(FileBytes::hold(package.wheel), package.manifest);
  Manifest manifest = package.manifest;
  manifest.clips.frames = 187;
  EXPECT_THROW(Representation::load(manifest, FileBytes::hold(model)), Error);
  manifest = package.manifest;
  manifest.dimension = 256;
  EXPECT_THROW(Representation::load(manifest, FileBytes::hold(model)), Error);
}

TEST(NpyRows, FileHoldsEveryRowAndTheirNumber) {
  for (const std::size_t count : {0, 1, 5, 400}) {
    char name[] = "/tmp/attacca-rows-XXXXXX";
    const UniqueFd fd(::mkstemp(name));
    ::unlink(name);
    NpyRows rows(fd.get(), 200, "rows");
    for (std::size_t r = 0; r < count; ++r) {
      rows.append(std::vector<float>(200, static_cast<float>(r)));
    }
    rows.finish();
    const FileBytes file = FileBytes::map(fd.get(), "rows");
    const auto view = npyView<float>(file, "rows");
    ASSERT_EQ(view.rows, count);
    ASSERT_EQ(view.cols, 200U);
    for (std::size_t r = 0; r < count; ++r) {
      EXPECT_THAT(view.row(r), testing::Each(static_cast<float>(r)));
    }
  }
}

}  // namespace
}  // namespace attacca::embed
