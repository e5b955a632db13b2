#include "neighbours.h"

#include <gtest/gtest.h>

#include "helpers.h"

namespace attacca::index {
namespace {

class NeighboursOfShape : public testing::TestWithParam<Shape> {};

TEST_P(NeighboursOfShape, AreTheNearestOthersByPlainScores) {
  const MadeUp archive = madeUp(420, 21, GetParam());
  const MatrixView<float> vectors = archive.matrix();
  const NeighbourTable table = makeNeighbourTable(vectors, nullptr, 2);
  ASSERT_EQ(table.columns, kStoredNeighbours);
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    std::vector<Hit> hits;
    for (std::size_t j = 0; j < vectors.rows; ++j) {
      if (j != i) hits.push_back({static_cast<Row>(j), plainScore(vectors.row(i), vectors.row(j))});
    }
    hits = bestOf(std::move(hits), kStoredNeighbours);
    for (std::size_t n = 0; n < hits.size(); ++n) {
      const std::size_t at = i * table.columns + n;
      ASSERT_EQ((Hit{table.rows[at], table.scores[at]}), hits[n]) << "row " << i << ", place " << n;
    }
  }
}

// Tracks come, go and change at random; each publication takes over what it can from the one
// before.
TEST_P(NeighboursOfShape, AreTheSameToTheBitWhetherMergedOrMadeAnew) {
  std::mt19937 random(11);
  MadeUp archive = madeUp(250, 13, GetParam());
  std::int64_t next_id = 1000;
  MemoryBlobs grown;
  for (int step = 0; step < 25; ++step) {
    // At times so few tracks are left that the tables are complete, and again not.
    const std::size_t removed = random() % (step % 5 == 4 ? archive.tracks.size() : 4);
    for (std::size_t i = 0; i < removed; ++i) archive.erase(random() % archive.tracks.size());
    const std::size_t added = random() % (step % 5 == 0 ? 150 : 4);
    for (std::size_t i = 0; i < added; ++i) {
      archive.add(next_id++, madeUpVector(random, 13, GetParam()));
    }
    if (random() % 2 == 0) {  // an old track has a new sound
      const std::size_t i = random() % archive.tracks.size();
      const auto changed = madeUpVector(random, 13, GetParam());
      std::ranges::copy(changed, archive.vectors.begin() + static_cast<std::ptrdiff_t>(i * 13));
    }
    if (random() % 2 == 0) {  // one below all ids that were there: every row moves
      archive.add(-next_id++ + 10'000, madeUpVector(random, 13, GetParam()));
      archive.tracks.back().id.value = archive.tracks.front().id.value;
      archive.tracks.front().id.value = next_id++;
    }
    const SnapshotInfo info = archive.publish(grown);
    MemoryBlobs anew;
    archive.publish(anew);
    for (const auto& [key, content] : allOf(anew, "snapshots/mean-cosine/1/")) {
      if (key == "manifest.json") continue;
      ASSERT_EQ(
          grown.read("snapshots/mean-cosine/" + std::to_string(info.version) + "/" + key).text(),
          content)
          << key << " differs after step " << step << " with " << archive.tracks.size()
          << " tracks";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, NeighboursOfShape, testing::ValuesIn(kShapes));

TEST(Neighbours, DoNotDependOnTheNumberOfThreads) {
  const MadeUp archive = madeUp(500, 30, Shape::nearTies);
  const NeighbourTable one = makeNeighbourTable(archive.matrix(), nullptr, 1);
  const NeighbourTable five = makeNeighbourTable(archive.matrix(), nullptr, 5);
  EXPECT_EQ(one.rows, five.rows);
  EXPECT_EQ(one.scores, five.scores);
}

TEST(Neighbours, OfASilentTrackAreAllOthersByRow) {
  MadeUp archive = madeUp(4, 3, Shape::random);
  std::fill_n(archive.vectors.begin() + 3, 3, 0.0F);
  const NeighbourTable table = makeNeighbourTable(archive.matrix(), nullptr, 1);
  EXPECT_EQ(std::vector<Row>(table.rows.begin() + 3, table.rows.begin() + 6),
            (std::vector<Row>{0, 2, 3}));
  EXPECT_EQ(std::vector<float>(table.scores.begin() + 3, table.scores.begin() + 6),
            (std::vector<float>{0, 0, 0}));
}

}  // namespace
}  // namespace attacca::index
