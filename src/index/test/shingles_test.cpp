#include "shingles.h"

#include <bit>

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "frames.h"
#include "music.h"
#include "shingle_kernels.h"

namespace attacca::index {
namespace {

template <class Test>
void onEveryInstructionSet(const Test& test) {
  const std::int64_t supported = hwy::SupportedTargets();
  for (const std::int64_t target :
       {std::int64_t{0}, std::int64_t{HWY_SSSE3}, std::int64_t{HWY_AVX2}, std::int64_t{HWY_AVX3},
        std::int64_t{HWY_NEON}}) {
    if (target != 0 && (supported & target) == 0) continue;
    hwy::GetChosenTarget().Update(target);
    SCOPED_TRACE(target == 0 ? "fallback" : hwy::TargetName(target));
    test();
  }
  hwy::GetChosenTarget().DeInit();
}

Frames framesOf(PartKind kind, const Matrix& rows) {
  Frames frames;
  const auto values = flat(rows);
  frames.add(kind, {}, {values.data(), rows.size(), rows.front().size()});
  return frames;
}

// As recipe.h says it, one transposition.
double plainDirected(MatrixView<std::int8_t> a, MatrixView<std::int8_t> b, std::size_t length,
                     std::size_t shift) {
  const auto at = [&](MatrixView<std::int8_t> m, std::size_t i, std::size_t k) {
    return static_cast<double>(m.row(i)[k]);
  };
  double total = 0;
  for (std::size_t i = 0; i + length <= a.rows; ++i) {
    double best = -2;
    for (std::size_t j = 0; j + length <= b.rows; ++j) {
      double dot = 0;
      double a_norm = 0;
      double b_norm = 0;
      for (std::size_t r = 0; r < length; ++r) {
        for (std::size_t k = 0; k < a.cols; ++k) {
          const double x = at(a, i + r, (k + shift) % a.cols);
          const double y = at(b, j + r, k);
          dot += x * y;
          a_norm += x * x;
          b_norm += y * y;
        }
      }
      best = std::max(best, a_norm * b_norm > 0 ? dot / std::sqrt(a_norm * b_norm) : 0);
    }
    total += best;
  }
  return total / static_cast<double>(a.rows - length + 1);
}

double plainScore(MatrixView<std::int8_t> a, MatrixView<std::int8_t> b, std::size_t length,
                  std::size_t shift = 0) {
  const std::size_t back = (a.cols - shift) % a.cols;
  return (plainDirected(a, b, length, shift) + plainDirected(b, a, length, back)) / 2;
}

float score(const ShinglePart& shingles, const Frames& a, const Frames& b) {
  const auto left = shingles.pack(a.view().of(0));
  const auto right = shingles.pack(b.view().of(0));
  ShinglePart::Scratch scratch;
  return shingles.score(shingles.left(left), right, scratch);
}

TEST(Shingles, ScoreAsDefinedOnEveryInstructionSet) {
  std::vector<std::uint32_t> bits;
  onEveryInstructionSet([&] {
    std::mt19937 random(5);
    std::vector<std::uint32_t> here;
    const ShinglePart shingles(part(PartKind::sequence, "tune", 1), 1);
    for (const std::size_t columns : {1, 5, 6, 20}) {
      for (const auto& [a_rows, b_rows] : {std::pair(6, 6), {7, 30}, {33, 16}, {50, 47}, {3, 20}}) {
        const Frames a = framesOf(
            PartKind::sequence, wandering(random, static_cast<std::size_t>(a_rows), columns, 0.8F));
        const Frames b = framesOf(
            PartKind::sequence, wandering(random, static_cast<std::size_t>(b_rows), columns, 0.8F));
        const float found = score(shingles, a, b);
        const std::size_t length = std::min<std::size_t>(6, static_cast<std::size_t>(a_rows));
        EXPECT_NEAR(found, plainScore(a.view().codes, b.view().codes, length), 1e-5);
        EXPECT_EQ(found, score(shingles, b, a));
        here.push_back(std::bit_cast<std::uint32_t>(found));
      }
    }
    if (bits.empty()) bits = here;
    EXPECT_EQ(here, bits);
  });
}

TEST(Shingles, OfATrackWithItselfScoreOne) {
  std::mt19937 random(6);
  const Frames tune = framesOf(PartKind::sequence, wandering(random, 60, 6, 0.7F));
  EXPECT_NEAR(score(ShinglePart(part(PartKind::sequence, "tune", 1), 1), tune, tune), 1, 1e-5);
  const Frames chroma = framesOf(PartKind::chroma, harmony(random, 120));
  EXPECT_NEAR(score(ShinglePart(part(PartKind::chroma, "chroma", 1), 2), chroma, chroma), 1, 1e-5);
}

TEST(Shingles, FindTheSameHarmonyInEveryTransposition) {
  std::mt19937 random(7);
  const Matrix music = harmony(random, 120);
  const Frames original = framesOf(PartKind::chroma, music);
  const Frames other = framesOf(PartKind::chroma, harmony(random, 120));
  const ShinglePart shingles(part(PartKind::chroma, "chroma", 1), 2);
  const float by_chance = score(shingles, original, other);
  for (std::size_t semitones = 0; semitones < 12; ++semitones) {
    const Frames moved = framesOf(PartKind::chroma, transposed(music, semitones));
    EXPECT_NEAR(score(shingles, original, moved), 1, 1e-5) << semitones;
    EXPECT_EQ(score(shingles, original, moved), score(shingles, moved, original));
    EXPECT_LT(by_chance, 0.9);
  }
  RecipePart narrow = part(PartKind::chroma, "chroma", 1);
  narrow.transpositions = 3;  // none, a semitone up and a semitone down
  const auto moved = [&](std::size_t semitones) {
    return score(ShinglePart(narrow, 2), original,
                 framesOf(PartKind::chroma, transposed(music, semitones)));
  };
  EXPECT_NEAR(moved(1), 1, 1e-5);
  EXPECT_NEAR(moved(11), 1, 1e-5);
  EXPECT_LT(moved(6), 0.9);
}

TEST(Shingles, FindTheSameMusicAtAnotherTempoAndInAnotherOrder) {
  std::mt19937 random(8);
  const Matrix music = wandering(random, 120, 6, 0.9F);
  const Frames original = framesOf(PartKind::sequence, music);
  const ShinglePart shingles(part(PartKind::sequence, "tune", 1), 1);
  float by_chance = -1;
  for (int i = 0; i < 20; ++i) {
    by_chance = std::max(
        by_chance,
        score(shingles, original, framesOf(PartKind::sequence, wandering(random, 120, 6, 0.9F))));
  }
  for (const double factor : {0.93, 1.07}) {
    const Frames other = framesOf(PartKind::sequence, noisy(faster(music, factor), random, 0.3F));
    EXPECT_GT(score(shingles, original, other), by_chance + 0.1F) << factor;
  }
  Matrix turned(music.begin() + 60, music.end());
  turned.insert(turned.end(), music.begin(), music.begin() + 60);
  EXPECT_GT(score(shingles, original, framesOf(PartKind::sequence, turned)), 0.95F);
}

TEST(Shingles, OfSilenceScoreNothing) {
  std::mt19937 random(9);
  const Frames silence = framesOf(PartKind::sequence, Matrix(40, std::vector<float>(6)));
  const Frames music = framesOf(PartKind::sequence, wandering(random, 40, 6, 0.7F));
  const ShinglePart shingles(part(PartKind::sequence, "tune", 1), 1);
  EXPECT_EQ(score(shingles, silence, music), 0);
  EXPECT_EQ(score(shingles, silence, silence), 0);
}

TEST(Frames, DoNotDependOnATracksLoudnessOrItsMean) {
  std::mt19937 random(10);
  Matrix music = wandering(random, 40, 6, 0.7F);
  const Frames original = framesOf(PartKind::sequence, music);
  for (auto& row : music) {
    for (float& value : row) value = 4 * value + 32;
  }
  const Frames louder = framesOf(PartKind::sequence, music);
  std::size_t off = 0;
  for (std::size_t i = 0; i < original.codes.size(); ++i) {
    off += std::abs(original.codes[i] - louder.codes[i]) > 1 ? 1U : 0U;
  }
  EXPECT_EQ(off, 0U);
}

}  // namespace
}  // namespace attacca::index
