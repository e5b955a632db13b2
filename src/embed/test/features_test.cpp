#include "attacca/embed/features.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attacca/base/aspects.h"
#include "attacca/base/npy.h"

#include "chroma.h"
#include "goldens.h"
#include "kernels.h"
#include "key.h"
#include "rhythm.h"
#include "spectrometer.h"

namespace attacca::embed {
namespace {

const std::string kGoldens = std::string(ATTACCA_SOURCE_DIR) + "/src/embed/test/golden/features_";

struct Golden {
  explicit Golden(const std::string& name)
      : file(FileBytes::map(kGoldens + name + ".npy")), rows(npyView<float>(file, name)) {}
  FileBytes file;
  MatrixView<float> rows;
};

std::vector<float> goldenMusic() { return test::wavSamples(kGoldens + "10s_16k_s16.wav"); }

using Rows = std::vector<std::vector<float>>;
struct Heard {
  Rows mfcc;
  Rows chroma;
  Rows aspects;
  friend bool operator==(const Heard&, const Heard&) = default;
};

Loudness someLoudness() { return {-23, 5, 0.5}; }

Heard hear(std::span<const float> samples, std::size_t block = 4096, Target target = Target::best) {
  Heard heard;
  const auto into = [](Rows& rows) {
    return [&rows](std::span<const float> row) { rows.emplace_back(row.begin(), row.end()); };
  };
  Features features({into(heard.mfcc), into(heard.chroma), into(heard.aspects)}, target);
  while (!samples.empty()) {
    const std::size_t count = std::min(block, samples.size());
    features.hear(samples.first(count));
    samples = samples.subspan(count);
  }
  features.finish(someLoudness());
  return heard;
}

// Every frame's spectrum, then what the kernels read off it.
struct Frames {
  Rows mel;
  Rows shapes;
};

Frames framesOf(std::span<const float> samples, Target target) {
  Frames frames;
  const FeatureTables tables = makeFeatureTables();
  const Kernels& table = kernels(target);
  std::vector<float> decibels(kFeatureBands * kFramesAtOnce);
  std::vector<float> shapes(kSpectralShapes * kFramesAtOnce);
  std::vector<float> scratch(kFeatureScratchFloats);
  Spectrometer spectrometer(tables, table, [&](const float* power, std::size_t count) {
    table.melDecibels(tables, power, decibels.data());
    table.spectralShapes(tables, power, shapes.data(), scratch.data());
    for (std::size_t i = 0; i < count; ++i) {
      auto& mel = frames.mel.emplace_back();
      auto& shape = frames.shapes.emplace_back();
      for (std::size_t b = 0; b < kFeatureBands; ++b)
        mel.push_back(decibels[b * kFramesAtOnce + i]);
      for (std::size_t s = 0; s < kSpectralShapes; ++s) {
        shape.push_back(shapes[s * kFramesAtOnce + i]);
      }
    }
  });
  spectrometer.hear(samples);
  spectrometer.finish();
  return frames;
}

void expectNear(const Rows& ours, const MatrixView<float>& golden, double tolerance) {
  ASSERT_EQ(ours.size(), golden.rows);
  for (std::size_t r = 0; r < ours.size(); ++r) {
    ASSERT_EQ(ours[r].size(), golden.cols);
    for (std::size_t c = 0; c < golden.cols; ++c) {
      EXPECT_NEAR(ours[r][c], golden.row(r)[c], tolerance) << "row " << r << ", column " << c;
    }
  }
}

std::string nameOf(const testing::TestParamInfo<Target>& target) {
  return std::string(targetName(target.param));
}

class FeaturesOnEachTarget : public testing::TestWithParam<Target> {};
INSTANTIATE_TEST_SUITE_P(Kernels, FeaturesOnEachTarget, testing::ValuesIn(supportedTargets()),
                         nameOf);

TEST_P(FeaturesOnEachTarget, MelBandsAreLibrosas) {
  expectNear(framesOf(goldenMusic(), GetParam()).mel, Golden("mel").rows, 2e-2);
}

TEST_P(FeaturesOnEachTarget, SpectralShapesAreLibrosas) {
  const Golden golden("frames");
  const Frames frames = framesOf(goldenMusic(), GetParam());
  ASSERT_EQ(frames.shapes.size(), golden.rows.rows);
  for (std::size_t f = 0; f < frames.shapes.size(); ++f) {
    const auto expected = golden.rows.row(f);
    const auto ours = [&](SpectralShape shape) {
      return frames.shapes[f][static_cast<std::size_t>(shape)];
    };
    EXPECT_NEAR(ours(SpectralShape::centroid), expected[1], 0.5) << f;
    EXPECT_NEAR(ours(SpectralShape::bandwidth), expected[2], 0.5) << f;
    EXPECT_NEAR(ours(SpectralShape::rolloff), expected[3], 1e-3) << f;
    EXPECT_NEAR(ours(SpectralShape::flatness), expected[4], 1e-5 + 1e-3 * expected[4]) << f;
  }
}

TEST_P(FeaturesOnEachTarget, CepstralRowsAreLibrosas) {
  expectNear(hear(goldenMusic(), 4096, GetParam()).mfcc, Golden("mfcc").rows, 5e-2);
}

TEST_P(FeaturesOnEachTarget, ChromaRowsAreTheReferences) {
  expectNear(hear(goldenMusic(), 4096, GetParam()).chroma, Golden("chroma").rows, 1e-4);
}

TEST_P(FeaturesOnEachTarget, AspectsAreLibrosas) {
  const Heard heard = hear(goldenMusic(), 4096, GetParam());
  const Golden golden("aspects");
  ASSERT_EQ(heard.aspects.size(), 1U);
  ASSERT_EQ(golden.rows.cols, kAspects);
  for (std::size_t i = 0; i < kAspects; ++i) {
    EXPECT_NEAR(heard.aspects[0][i], golden.rows.row(0)[i],
                1e-5 + 1e-4 * std::abs(golden.rows.row(0)[i]))
        << kAspectNames[i];
  }
}

TEST_P(FeaturesOnEachTarget, BlockSizesDoNotChangeAByte) {
  const std::vector<float> samples = goldenMusic();
  const Heard whole = hear(samples, samples.size(), GetParam());
  for (const std::size_t block : {1, 499, 500, 2048, 30000}) {
    EXPECT_TRUE(hear(samples, block, GetParam()) == whole) << block;
  }
}

TEST_P(FeaturesOnEachTarget, WhateverIsHeardTheRowsAreFinite) {
  std::vector<float> samples = goldenMusic();
  samples.resize(40000);
  samples[100] = std::numeric_limits<float>::quiet_NaN();
  samples[9000] = std::numeric_limits<float>::infinity();
  samples[9100] = -1e38F;
  samples[20000] = std::numeric_limits<float>::denorm_min();
  for (const auto& signal :
       {samples, std::vector<float>(40000, 0.0F), std::vector<float>(40000, 1.0F),
        std::vector<float>(40000, std::nanf("")), std::vector<float>(40000, 1e-20F)}) {
    const Heard heard = hear(signal, 4096, GetParam());
    for (const Rows* rows : {&heard.mfcc, &heard.chroma, &heard.aspects}) {
      for (const auto& row : *rows) {
        for (const float value : row) ASSERT_TRUE(std::isfinite(value));
      }
    }
  }
}

TEST(Features, RowsFollowTheClockAndTheTailIsDropped) {
  const std::vector<float> music = goldenMusic();
  struct Case {
    std::size_t samples, mfcc, chroma;
  };
  for (const auto& [samples, mfcc, chroma] :
       {Case{16000, 1, 2}, Case{23000, 1, 2}, Case{24000, 1, 3}, Case{31000, 1, 3},
        Case{32000, 2, 4}, Case{160000, 10, 20}}) {
    const Heard heard = hear(std::span(music).first(samples));
    EXPECT_EQ(heard.mfcc.size(), mfcc) << samples;
    EXPECT_EQ(heard.chroma.size(), chroma) << samples;
    EXPECT_EQ(heard.aspects.size(), 1U) << samples;
  }
}

TEST(Features, RecordingShorterThanARowGivesOneRowOfWhatThereIs) {
  const std::vector<float> music = goldenMusic();
  for (const std::size_t samples : {1, 499, 7000, 8000}) {
    const Heard heard = hear(std::span(music).subspan(4000, samples));
    ASSERT_EQ(heard.mfcc.size(), 1U);
    ASSERT_EQ(heard.chroma.size(), 1U);
    ASSERT_EQ(heard.aspects.size(), 1U);
  }
  // A steady tone sounds the same however short: no silence was mixed in.
  std::vector<float> tone(16000);
  for (std::size_t i = 0; i < tone.size(); ++i) {
    tone[i] = static_cast<float>(0.3 * std::sin(2 * std::numbers::pi * 440 * i / 16000.0));
  }
  const Heard whole = hear(tone);
  const Heard part = hear(std::span(tone).first(14000));
  EXPECT_NEAR(part.mfcc[0][0], whole.mfcc[0][0], 0.1 * std::abs(whole.mfcc[0][0]));
}

TEST(Features, OnlyWhatIsWantedIsGivenAndItIsTheSame) {
  const std::vector<float> music = goldenMusic();
  const Heard all = hear(music);
  Rows rows;
  const auto take = [&](std::span<const float> row) { rows.emplace_back(row.begin(), row.end()); };
  for (const auto& [sinks, expected] : {std::pair{Features::Sinks{take, {}, {}}, all.mfcc},
                                        std::pair{Features::Sinks{{}, take, {}}, all.chroma},
                                        std::pair{Features::Sinks{{}, {}, take}, all.aspects}}) {
    rows.clear();
    Features features(sinks);
    features.hear(music);
    features.finish(someLoudness());
    EXPECT_EQ(rows, expected);
  }
}

TEST(Features, SilenceHasNoPitchNoPulseAndNoTone) {
  const Heard heard = hear(std::vector<float>(48000, 0.0F));
  for (const auto& row : heard.chroma) EXPECT_THAT(row, testing::Each(0.0F));
  const Aspects aspects = aspectsOf(heard.aspects[0]);
  EXPECT_EQ(aspects.tempo_bpm, 0);
  EXPECT_EQ(aspects.tempo_confidence, 0);
  EXPECT_EQ(aspects.onset_density_hz, 0);
  EXPECT_EQ(aspects.centroid_hz, 0);
  EXPECT_EQ(aspects.key_confidence, 0);
}

TEST(Features, LoudnessIsTheRecordings) {
  Rows rows;
  const auto take = [&](std::span<const float> row) { rows.emplace_back(row.begin(), row.end()); };
  for (const Loudness& loudness : {Loudness{-18.5, 7.25, 1}, Loudness{{}, {}, 0}}) {
    Features features({{}, {}, take});
    features.hear(goldenMusic());
    features.finish(loudness);
  }
  EXPECT_EQ(aspectsOf(rows[0]).loudness_lufs, -18.5F);
  EXPECT_EQ(aspectsOf(rows[0]).loudness_range_lu, 7.25F);
  EXPECT_EQ(aspectsOf(rows[1]).loudness_lufs, kSilentLufs);
  EXPECT_EQ(aspectsOf(rows[1]).loudness_range_lu, 0);
}

std::vector<float> chordTuned(double semitones) {
  std::vector<float> chord(32000);
  for (std::size_t i = 0; i < chord.size(); ++i) {
    for (const int note : {48, 60, 64, 67, 72}) {
      const double hertz = 440 * std::pow(2, (note - 69 + semitones) / 12);
      chord[i] += static_cast<float>(
          0.1 * std::sin(2 * std::numbers::pi * hertz * static_cast<double>(i) / 16000));
    }
  }
  return chord;
}

double tuningOf(std::span<const float> samples) {
  const FeatureTables tables = makeFeatureTables();
  TuningEstimate estimate;
  std::vector<float> spectrum(kNoteBins);
  Spectrometer spectrometer(tables, kernels(resolveTarget(Target::best)),
                            [&](const float* power, std::size_t) {
                              for (std::size_t k = 0; k < kNoteBins; ++k) {
                                spectrum[k] = power[k * kFramesAtOnce];
                              }
                              estimate.add(spectrum);
                            });
  spectrometer.hear(samples);
  return estimate.semitones();
}

double cosine(std::span<const float> a, std::span<const float> b) {
  double dot = 0;
  for (std::size_t i = 0; i < a.size(); ++i) dot += double{a[i]} * b[i];
  return dot;
}

TEST(Chroma, TuningIsFoundAndChangesNoRow) {
  const Heard in_tune = hear(chordTuned(0));
  for (const double tuned : {-0.45, -0.3, -0.1, 0.0, 0.2, 0.4}) {
    EXPECT_NEAR(tuningOf(chordTuned(tuned)), tuned, 0.03);
    const Heard heard = hear(chordTuned(tuned));
    ASSERT_EQ(heard.chroma.size(), 4U);
    EXPECT_GT(cosine(heard.chroma[1], in_tune.chroma[1]), 0.95) << tuned;
  }
}

TEST(Chroma, TuningOfTheGoldenIsNearLibrosas) {
  EXPECT_NEAR(tuningOf(goldenMusic()), Golden("tuning").rows.row(0)[0], 0.03);
}

TEST(Chroma, NotesAreTheReferences) {
  const Golden golden("notes");
  Rows rows;
  NotePowers powers([&](const Notes& power) { rows.emplace_back(power.begin(), power.end()); });
  const FeatureTables tables = makeFeatureTables();
  Spectrometer spectrometer(
      tables, kernels(resolveTarget(Target::best)),
      [&](const float* power, std::size_t frames) { powers.add(power, frames); });
  spectrometer.hear(goldenMusic());
  spectrometer.finish();
  powers.finish();
  ASSERT_EQ(rows.size(), golden.rows.rows);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t n = 0; n < kNotes; ++n) {
      const float expected = golden.rows.row(r)[n];
      ASSERT_NEAR(rows[r][n], expected, 1e-6 + 1e-4 * expected) << r << " " << n;
    }
  }
}

TEST(Rhythm, OnsetStrengthIsLibrosas) {
  const Golden mel("mel");
  const Golden golden("frames");
  OnsetStrength strength;
  std::vector<float> decibels(kFeatureBands * kFramesAtOnce);
  for (std::size_t f = 0; f < mel.rows.rows; ++f) {
    for (std::size_t b = 0; b < kFeatureBands; ++b) {
      decibels[b * kFramesAtOnce + 3] = mel.rows.row(f)[b];
    }
    EXPECT_NEAR(strength.next(decibels.data(), 3), golden.rows.row(f)[0], 1e-4) << f;
  }
}

TEST(Rhythm, TempogramIsLibrosas) {
  const Golden frames("frames");
  const Golden golden("tempogram");
  Tempogram tempogram;
  for (std::size_t f = 0; f < frames.rows.rows; ++f) tempogram.add(frames.rows.row(f)[0]);
  tempogram.finish();
  for (std::size_t lag = 0; lag < Tempogram::kLags; ++lag) {
    EXPECT_NEAR(tempogram.mean()[lag], golden.rows.row(lag)[0], 1e-5) << lag;
  }
}

// Clicks of noise at a steady beat.
std::vector<float> clicks(double bpm, double seconds) {
  std::vector<float> samples(static_cast<std::size_t>(seconds * 16000));
  std::uint32_t state = 1;
  const double period = 60 / bpm * 16000;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    state = state * 1664525 + 1013904223;
    const double noise = static_cast<double>(state >> 8) / (1 << 23) - 1;
    const double since = std::fmod(static_cast<double>(i), period) / 16000;
    samples[i] = static_cast<float>(noise * (1e-3 + 0.4 * std::exp(-60 * since)));
  }
  return samples;
}

TEST(Rhythm, SteadyBeatIsFoundWithConfidence) {
  for (const double bpm : {63.0, 80.0, 96.0, 117.0, 140.0, 163.0}) {
    const Heard heard = hear(clicks(bpm, 30));
    const Aspects aspects = aspectsOf(heard.aspects[0]);
    EXPECT_NEAR(aspects.tempo_bpm, bpm, 0.01 * bpm);
    EXPECT_GT(aspects.tempo_confidence, 0.6) << bpm;
    // Each click; the noise that dies away after it gives a few more.
    EXPECT_GT(aspects.onset_density_hz, bpm / 60 - 0.1);
    EXPECT_LT(aspects.onset_density_hz, bpm / 60 + 1);
  }
}

TEST(Rhythm, SteadyNoiseHasNoBeat) {
  std::vector<float> noise = clicks(1, 30);
  noise.erase(noise.begin(), noise.begin() + 80000);  // the only click
  const Aspects aspects = aspectsOf(hear(noise).aspects[0]);
  EXPECT_LT(aspects.tempo_confidence, 0.2);
  EXPECT_LT(aspects.onset_density_hz, 0.2);
  EXPECT_GT(aspects.flatness, 0.4);
}

TEST(KeyOf, ScaleWithItsTriadIsItsKeyInEachTransposition) {
  const std::array<double, 12> major = {4, 0, 1, 0, 2, 1, 0, 3, 0, 1, 0, 1};
  const std::array<double, 12> minor = {4, 0, 1, 2, 0, 1, 0, 3, 1, 0, 1, 0.5};
  for (std::size_t tonic = 0; tonic < 12; ++tonic) {
    for (const bool is_major : {true, false}) {
      std::array<double, 12> classes{};
      for (std::size_t i = 0; i < 12; ++i) {
        classes[(tonic + i) % 12] = is_major ? major[i] : minor[i];
      }
      const Key key = findKey(classes);
      EXPECT_EQ(key.tonic, static_cast<int>(tonic));
      EXPECT_EQ(key.major, is_major);
      EXPECT_GT(key.confidence, 0.1);
    }
  }
}

TEST(KeyOf, EqualClassesHaveNoKey) {
  EXPECT_EQ(findKey(std::vector<double>(12, 1.0)).confidence, 0);
  EXPECT_EQ(findKey(std::vector<double>(12, 0.0)).confidence, 0);
}

}  // namespace
}  // namespace attacca::embed
