#include "attacca/index/passage.h"

#include <gtest/gtest.h>

#include "attacca/base/error.h"

#include "music.h"

namespace attacca::index {
namespace {

Recipe passages() {
  Recipe recipe{"passage", "Passages", "Where?", Answers::passages, {}};
  recipe.parts = {part(PartKind::pooled, "sound", 0), part(PartKind::sequence, "tune", 1, 4),
                  part(PartKind::chroma, "chroma", 1)};
  return recipe;
}

// Puts seconds `from` to `to` of track a into track b, beginning at `at`.
void plant(Music& music, std::size_t a, std::size_t from, std::size_t to, std::size_t b,
           std::size_t at, std::size_t semitones) {
  auto& tune = music.representations[1].tracks;
  auto& chroma = music.representations[2].tracks;
  std::copy(tune[a].begin() + static_cast<std::ptrdiff_t>(6 * from),
            tune[a].begin() + static_cast<std::ptrdiff_t>(6 * to),
            tune[b].begin() + static_cast<std::ptrdiff_t>(6 * at));
  for (std::size_t i = 0; i < 2 * (to - from); ++i) {
    for (std::size_t k = 0; k < 12; ++k) {
      chroma[b][(2 * at + i) * 12 + (k + semitones) % 12] = chroma[a][(2 * from + i) * 12 + k];
    }
  }
}

std::shared_ptr<const Snapshot> snapshotOf(const Music& music) {
  MemoryBlobs blobs;
  music.publish(blobs, passages());
  return Snapshot::openCurrent(blobs, "passage");
}

TEST(Passages, AreFoundWhereTheyWerePlantedInAnyTransposition) {
  Music music = randomMusic(30, 90);
  plant(music, 3, 20, 35, 17, 50, 7);
  plant(music, 3, 20, 35, 21, 11, 2);
  plant(music, 3, 20, 35, 3, 70, 0);
  const PassageSearch search(snapshotOf(music));
  const auto hits = search.find({3, Seconds(20), Seconds(35)}, {.limit = 5});
  ASSERT_EQ(hits.size(), 5U);
  std::vector<std::pair<Row, double>> found;
  for (int i = 0; i < 3; ++i) {
    found.emplace_back(hits[i].row, hits[i].start.count());
    EXPECT_GT(hits[i].score, 0.8F);
    EXPECT_NEAR((hits[i].end - hits[i].start).count(), 15, 1e-9);
  }
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (std::vector<std::pair<Row, double>>{{3, 70}, {17, 50}, {21, 11}}));
  EXPECT_LT(hits[3].score, 0.6F);
}

TEST(Passages, OverlapNeitherEachOtherNorWhatIsLookedFor) {
  const PassageSearch search(snapshotOf(randomMusic(12, 60)));
  const auto hits = search.find({4, Seconds(10), Seconds(16)}, {.limit = 60, .per_track = 9});
  EXPECT_EQ(hits.size(), 60U);
  for (std::size_t i = 0; i < hits.size(); ++i) {
    EXPECT_GE(hits[i].start, Seconds(0));
    if (i > 0) {
      EXPECT_LE(hits[i].score, hits[i - 1].score);
    }
    if (hits[i].row == 4) {
      EXPECT_TRUE(hits[i].end <= Seconds(10) || hits[i].start >= Seconds(16));
    }
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_TRUE(hits[j].row != hits[i].row || hits[j].end <= hits[i].start ||
                  hits[i].end <= hits[j].start);
    }
  }
}

TEST(Passages, HonourLimitTracksAndFilter) {
  const PassageSearch search(snapshotOf(randomMusic(12, 60)));
  PassageSearch::Options options{.limit = 8, .per_track = 1};
  options.keep = [](Row row) { return row % 2 == 1; };
  std::vector<Row> rows;
  for (const auto& hit : search.find({4, Seconds(10), Seconds(16)}, options))
    rows.push_back(hit.row);
  std::sort(rows.begin(), rows.end());
  EXPECT_EQ(rows, (std::vector<Row>{1, 3, 5, 7, 9, 11}));
}

TEST(Passages, OfARecordingThatIsNotThereAreFoundToo) {
  const Music music = randomMusic(20, 60);
  const PassageSearch search(snapshotOf(music));
  const auto sources = music.sources();
  const MatrixView<float> recording[] = {sources[1].rows(6).rows, sources[2].rows(6).rows};
  const auto hits = search.find(recording, Seconds(31), Seconds(40), {.limit = 1});
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].row, 6);
  EXPECT_NEAR(hits[0].start.count(), 31, 1e-9);
  EXPECT_NEAR(hits[0].score, 1, 1e-3);
}

TEST(Passages, AtTheVeryEndOfTheArchiveAreFound) {
  const Music music = randomMusic(9, 40);
  const auto snapshot = snapshotOf(music);
  const auto sources = music.sources();
  const MatrixView<float> recording[] = {sources[1].rows(8).rows, sources[2].rows(8).rows};
  const auto seconds = static_cast<double>(recording[0].rows);
  const auto hits =
      PassageSearch(snapshot).find(recording, Seconds(seconds - 5), Seconds(seconds), {.limit = 1});
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].row, 8);
  EXPECT_NEAR(hits[0].end.count(), seconds, 1e-9);
}

TEST(Passages, AreFoundAtAnotherTempoWhereTheRecipeLooksForIt) {
  Music music = randomMusic(30, 90);
  auto& chroma = music.representations[2].tracks;
  // 20 s of track 3 in track 8, in 16 s, from 40 s on.
  for (std::size_t i = 0; i < 32; ++i) {
    const std::size_t from = 2 * 30 + i * 5 / 4;
    std::copy_n(chroma[3].begin() + static_cast<std::ptrdiff_t>(12 * from), 12,
                chroma[8].begin() + static_cast<std::ptrdiff_t>(12 * (80 + i)));
  }
  Recipe recipe = passages();
  recipe.parts.erase(recipe.parts.begin() + 1);
  const auto best = [&](std::vector<double> tempi) {
    recipe.tempi = std::move(tempi);
    MemoryBlobs blobs;
    music.publish(blobs, recipe);
    return PassageSearch(Snapshot::openCurrent(blobs, "passage"))
        .find({3, Seconds(30), Seconds(50)}, {.limit = 1})
        .front();
  };
  const PassageHit hit = best({1, 1.25, 0.8});
  EXPECT_EQ(hit.row, 8);
  EXPECT_NEAR(hit.start.count(), 40, 0.5);
  EXPECT_NEAR((hit.end - hit.start).count(), 16, 1e-9);
  EXPECT_GT(hit.score, best({1}).score + 0.2F);
}

TEST(Passages, InAnotherTranspositionPayItsPrice) {
  Music music = randomMusic(30, 90);
  plant(music, 3, 20, 35, 17, 50, 7);
  plant(music, 3, 20, 35, 21, 11, 0);
  Recipe recipe = passages();
  recipe.parts.erase(recipe.parts.begin() + 1);
  for (const double price : {0.0, 0.3}) {
    recipe.parts[1].transposition_price = price;
    MemoryBlobs blobs;
    music.publish(blobs, recipe);
    const auto hits = PassageSearch(Snapshot::openCurrent(blobs, "passage"))
                          .find({3, Seconds(20), Seconds(35)}, {.limit = 2});
    EXPECT_NEAR(hits[0].score, 1, 1e-4);
    EXPECT_EQ(hits[0].score == hits[1].score, price == 0) << price;
    if (price > 0) {
      EXPECT_EQ(hits[0].row, 21);
    }
  }
}

TEST(Passages, SkipTracksThatAreShorter) {
  Music music = randomMusic(5, 60);
  std::mt19937 random(2);
  music.addRandom(100, random, 4);
  const PassageSearch search(snapshotOf(music));
  for (const auto& hit : search.find({0, Seconds(10), Seconds(20)}, {.limit = 50})) {
    EXPECT_NE(hit.row, 5);
  }
}

TEST(Passages, ThatAreNoneAreRefused) {
  const Music music = randomMusic(5, 30);
  const PassageSearch search(snapshotOf(music));
  for (const auto& [from, to] : {std::pair(5.0, 5.5), {-1.0, 5.0}, {9.0, 3.0}, {20.0, 90.0}}) {
    EXPECT_THROW(search.find({0, Seconds(from), Seconds(to)}, {}), Error) << from << " to " << to;
  }
  MemoryBlobs blobs;
  const Asked asked[] = {{"sound"}};
  music.publish(blobs, resolved(findRecipe("mean-cosine"), asked));
  try {
    const PassageSearch refused(Snapshot::openCurrent(blobs, "mean-cosine"));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::unsupported);
  }
}

}  // namespace
}  // namespace attacca::index
