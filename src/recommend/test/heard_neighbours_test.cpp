#include "heard_neighbours.h"

#include "strategies_helpers.h"

namespace attacca::recommend {
namespace {

// By the definition, one pair at a time.
std::vector<Neighbour> nearestByDefinition(const Played& played, Row row) {
  std::vector<Neighbour> all;
  const auto own = played.listeners.of(static_cast<std::size_t>(row));
  std::vector<std::pair<std::uint64_t, std::uint64_t>> squares;  // of whole numbers, over the size
  for (std::size_t i = 0; i < played.plays.size(); ++i) {
    const auto other = played.listeners.of(i);
    std::vector<std::uint32_t> both;
    std::set_intersection(own.begin(), own.end(), other.begin(), other.end(),
                          std::back_inserter(both));
    if (static_cast<Row>(i) == row || both.empty()) continue;
    all.push_back({static_cast<Row>(i), 0});
    squares.emplace_back(both.size() * both.size(), other.size());
    all.back().cosine = static_cast<double>(squares.size() - 1);  // for now: where
  }
  std::stable_sort(all.begin(), all.end(), [&](const Neighbour& a, const Neighbour& b) {
    const auto& of_a = squares[static_cast<std::size_t>(a.cosine)];
    const auto& of_b = squares[static_cast<std::size_t>(b.cosine)];
    return of_a.first * of_b.second > of_b.first * of_a.second;
  });
  if (all.size() > 200) all.resize(200);
  for (Neighbour& one : all) {
    const auto& [square, size] = squares[static_cast<std::size_t>(one.cosine)];
    one.cosine = std::sqrt(static_cast<double>(square) / static_cast<double>(own.size() * size));
  }
  return all;
}

void expectNearest(const Played& played, const std::vector<Row>& rows) {
  const auto nearest = NeighbourFinder(played).nearestOf(rows);
  ASSERT_EQ(nearest.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto expected = nearestByDefinition(played, rows[i]);
    ASSERT_EQ(nearest[i].size(), expected.size()) << rows[i];
    for (std::size_t j = 0; j < expected.size(); ++j) {
      EXPECT_EQ(nearest[i][j].row, expected[j].row) << rows[i] << ", " << j;
      EXPECT_DOUBLE_EQ(nearest[i][j].cosine, expected[j].cosine);
    }
  }
}

TEST(NeighbourFinder, FindsWhatTheDefinitionSays) {
  std::mt19937 random(1);
  for (const std::size_t listeners : {3U, 30U, 150U}) {
    std::vector<std::vector<std::int64_t>> heard(listeners);
    for (auto& tracks : heard) {
      tracks.resize(1 + random() % 300);
      for (auto& track : tracks) track = 1 + std::min(below(random, 700), below(random, 700));
    }
    const auto snapshot = plainSnapshot(720);  // some that nobody heard
    const auto log = logOf(heard);
    const Played played({snapshot, log, {}, kNow, 1});
    std::vector<Row> rows;
    for (Row row = 0; row < 720; row += 7) rows.push_back(row);  // more than are done at once
    rows.push_back(719);
    expectNearest(played, rows);
  }
}

// All cosines are the same: the first rows count.
TEST(NeighbourFinder, OfManyEqualOnesTakesTheFirst) {
  std::vector<std::int64_t> all(2000);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i) + 1;
  const auto snapshot = plainSnapshot(2000);
  const auto log = logOf({all, all});
  expectNearest(Played({snapshot, log, {}, kNow, 1}), {0, 100, 1999});
}

TEST(NeighbourFinder, CountsMoreListenersThanSixteenBitsHold) {
  std::vector<std::vector<std::int64_t>> heard(70'000, {1, 2});
  heard[0] = {1, 3};
  heard[1] = {2, 3};
  const auto snapshot = plainSnapshot(4);
  const auto log = logOf(heard);
  expectNearest(Played({snapshot, log, {}, kNow, 1}), {0, 1, 2, 3});
}

}  // namespace
}  // namespace attacca::recommend
