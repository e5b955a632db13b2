#include "attacca/index/search.h"

#include <gtest/gtest.h>

#include "attacca/base/error.h"

#include "helpers.h"
#include "quantise.h"
#include "score_kernels.h"
#include "unit_vector.h"

namespace attacca::index {
namespace {

std::shared_ptr<const Snapshot> snapshotOf(const MadeUp& archive) {
  MemoryBlobs blobs;
  archive.publish(blobs);
  return Snapshot::openCurrent(blobs, "mean-cosine");
}

std::vector<Hit> plainNearest(const Snapshot& snapshot, std::span<const float> query, std::size_t k,
                              const RowFilter& keep) {
  std::vector<float> unit(query.size());
  makeUnit(query, unit);
  std::vector<Hit> hits;
  for (std::size_t i = 0; i < snapshot.size(); ++i) {
    const auto row = static_cast<Row>(i);
    if (!keep || keep(row)) hits.push_back({row, plainScore(unit, snapshot.vector(row))});
  }
  return bestOf(std::move(hits), k);
}

class SearchOfShape : public testing::TestWithParam<Shape> {};

TEST_P(SearchOfShape, EqualsAPlainScanToTheBit) {
  const RowFilter filters[] = {{},
                               [](Row row) { return row % 3 != 0; },
                               [](Row row) { return row % 97 == 5; },
                               [](Row) { return false; }};
  for (const std::size_t dimension : {5, 64, 200}) {
    const auto snapshot = snapshotOf(madeUp(900, dimension, GetParam()));
    const auto search = makeExactSearch(snapshot);
    std::mt19937 random(8);
    for (int trial = 0; trial < 12; ++trial) {
      std::vector<float> query = madeUpVector(random, dimension, GetParam());
      query[0] += 0.01F;     // never silent
      if (trial % 3 == 0) {  // a row of the archive itself
        const auto row = snapshot->vector(static_cast<Row>(random() % snapshot->size()));
        if (plainScore(row, row) > 0) query.assign(row.begin(), row.end());
      }
      for (const std::size_t k : {1, 2, 10, 200, 600, 900, 5000}) {
        for (const RowFilter& keep : filters) {
          ASSERT_EQ(search->nearest(query, k, keep), plainNearest(*snapshot, query, k, keep))
              << "k " << k << ", " << dimension << " elements";
        }
      }
    }
  }
}

TEST_P(SearchOfShape, BoundsHoldForEveryScore) {
  constexpr std::size_t kDimension = 200;
  const auto snapshot = snapshotOf(madeUp(600, kDimension, GetParam()));
  const MatrixView<float> vectors = snapshot->vectors();
  const Codes codes = quantise(vectors, snapshot->centre());
  std::mt19937 random(9);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<float> query(kDimension);
    ASSERT_TRUE(makeUnit(randomVector(random, kDimension), query));
    if (trial % 2 == 0) {
      const auto row = snapshot->vector(static_cast<Row>(random() % snapshot->size()));
      query.assign(row.begin(), row.end());
    }
    const QuantisedQuery quantised = quantiseQuery(query, snapshot->centre());
    std::vector<std::int32_t> dots(vectors.rows);
    dotCodes(quantised.words.data(), codes.codes.data(), vectors.rows, codeStride(kDimension),
             codeStride(kDimension), dots.data());
    for (std::size_t i = 0; i < vectors.rows; ++i) {
      const ScoreBounds bounds = boundScore(quantised, codes.bounds[i], dots[i]);
      const float score = plainScore(query, vectors.row(i));
      ASSERT_GE(score, bounds.middle - bounds.error);
      ASSERT_LE(score, std::max(-1.0F, bounds.middle + bounds.error));
      ASSERT_LT(bounds.error, 0.02F) << "so wide a bound rules nothing out";
    }
  }
}

TEST_P(SearchOfShape, ScoresAStoredNeighbourAsTheTableDoes) {
  const auto snapshot = snapshotOf(madeUp(300, 40, GetParam()));
  const auto search = makeExactSearch(snapshot);
  for (Row row = 0; row < 300; row += 7) {
    if (plainScore(snapshot->vector(row), snapshot->vector(row)) == 0) continue;
    const auto hits = search->nearest(snapshot->vector(row), kStoredNeighbours,
                                      [&](Row other) { return other != row; });
    const auto rows = snapshot->neighbours(row);
    const auto scores = snapshot->neighbourScores(row);
    ASSERT_EQ(hits.size(), rows.size());
    for (std::size_t i = 0; i < hits.size(); ++i) {
      ASSERT_EQ(hits[i], (Hit{rows[i], scores[i]}));
    }
    std::vector<float> again(rows.size());
    snapshot->scores(row, rows, again);
    ASSERT_TRUE(std::ranges::equal(again, scores));
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, SearchOfShape, testing::ValuesIn(kShapes));

TEST(Search, DoesNotCareHowLongAQueryIs) {
  const auto snapshot = snapshotOf(madeUp(200, 16, Shape::random));
  const auto search = makeExactSearch(snapshot);
  std::mt19937 random(10);
  const std::vector<float> query = randomVector(random, 16);
  std::vector<float> longer = query;
  for (float& value : longer) value *= 1024;
  EXPECT_EQ(search->nearest(query, 20), search->nearest(longer, 20));
}

TEST(Search, RefusesAQueryWithoutDirection) {
  const auto snapshot = snapshotOf(madeUp(20, 4, Shape::random));
  const auto search = makeExactSearch(snapshot);
  const std::vector<std::vector<float>> bad = {
      {0, 0, 0, 0}, {1, 0, 0}, {1, NAN, 0, 0}, {1, INFINITY, 0, 0}, {}};
  for (const auto& query : bad) {
    try {
      search->nearest(query, 3);
      ADD_FAILURE() << "a query of " << query.size() << " elements was answered";
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::usage);
    }
  }
}

TEST(Search, FindsNothingInAnEmptyArchive) {
  const auto snapshot = snapshotOf(madeUp(0, 4, Shape::random));
  EXPECT_TRUE(makeExactSearch(snapshot)->nearest(std::vector<float>{1, 2, 3, 4}, 5).empty());
}

}  // namespace
}  // namespace attacca::index
