#include "fused.h"

#include <numeric>

#include <gtest/gtest.h>

#include "music.h"
#include "unit_vector.h"

namespace attacca::index {
namespace {

// More tracks than are compared with all others, each with a vector and a sequence.
struct Archive {
  std::vector<float> vectors;
  Frames frames;
  std::size_t tracks = 0;

  static constexpr std::size_t kColumns = 6;

  void add(std::uint32_t music) {
    std::mt19937 random(music);
    const Matrix vector = wandering(random, 1, kColumns, 0);
    vectors.resize(vectors.size() + kColumns);
    makeUnit(vector.front(), {vectors.data() + tracks * kColumns, kColumns});
    const std::vector<float> rows = flat(wandering(random, 30, 4, 0.8F));
    frames.add(PartKind::sequence, {}, {rows.data(), 30, 4});
    ++tracks;
  }
  FusedParts parts() const {
    RecipePart part;
    part.kind = PartKind::sequence;
    part.shingle_s = 5;
    return {{vectors.data(), tracks, kColumns},
            0.5,
            {{PartKind::sequence, 1, ShinglePart(part, 1), frames.view(), 0.5}}};
  }
};

Archive archiveOf(std::span<const std::uint32_t> music) {
  Archive archive;
  for (const std::uint32_t one : music) archive.add(one);
  return archive;
}

NeighbourTable tableOf(const FusedParts& parts, const EarlierFused* earlier) {
  const auto packed = FusedScorer::packAll(parts, 2);
  return makeFusedTable(parts, packed, earlier, 2);
}

TEST(FusedTable, MergedIsAtNoPlaceWorseThanMadeAnew) {
  std::vector<std::uint32_t> before(420);
  std::iota(before.begin(), before.end(), 1U);
  std::mt19937 random(5);
  for (const std::size_t removed : {0U, 1U, 9U}) {
    SCOPED_TRACE(removed);
    std::vector<std::uint32_t> now = before;
    for (std::size_t i = 0; i < removed; ++i) {
      now.erase(now.begin() + static_cast<std::ptrdiff_t>(random() % now.size()));
    }
    for (const std::uint32_t added : {7777U, 7778U, 7779U}) now.push_back(added);
    const Archive then = archiveOf(before);
    const Archive today = archiveOf(now);
    const FusedParts parts_then = then.parts();
    const FusedParts parts_now = today.parts();

    const NeighbourTable anew = tableOf(parts_now, nullptr);
    const NeighbourTable old = tableOf(parts_then, nullptr);
    EarlierTable earlier{{old.rows.data(), before.size(), old.columns},
                         {old.scores.data(), before.size(), old.columns},
                         std::vector<Row>(before.size(), -1),
                         std::vector<Row>(now.size(), -1)};
    for (std::size_t i = 0; i < now.size(); ++i) {
      const auto found = std::lower_bound(before.begin(), before.end(), now[i]);
      if (found == before.end()) continue;
      earlier.row_then[i] = static_cast<Row>(found - before.begin());
      earlier.row_now[static_cast<std::size_t>(found - before.begin())] = static_cast<Row>(i);
    }
    const EarlierFused known{earlier, parts_then};
    const NeighbourTable merged = tableOf(parts_now, &known);
    ASSERT_EQ(merged.columns, anew.columns);
    std::size_t better = 0;
    FusedScorer scorer(parts_now);
    for (std::size_t at = 0; at < merged.rows.size(); ++at) {
      ASSERT_GE(merged.scores[at], anew.scores[at]) << at;
      better += merged.scores[at] > anew.scores[at] ? 1U : 0U;
      const auto row = static_cast<Row>(at / merged.columns);
      if (at % merged.columns == 0) scorer.begin(row);
      ASSERT_EQ(merged.scores[at], scorer.score(merged.rows[at])) << at;
    }
    EXPECT_LT(better, merged.rows.size() / 20);
  }
}

}  // namespace
}  // namespace attacca::index
