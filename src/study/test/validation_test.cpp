#include "attacca/study/validation.h"

#include <cmath>
#include <memory>

#include <gtest/gtest.h>

#include "attacca/base/error.h"

#include "made_up.h"

namespace attacca::study {
namespace {

using recommend::Listener;
using recommend::Row;
using recommend::Scores;

// Scores as they are told.
class Told final : public recommend::Strategy {
 public:
  Told(std::shared_ptr<const index::Snapshot> snapshot, Scores scores, bool lacking = false)
      : Strategy("told", std::move(snapshot)), scores_(std::move(scores)), lacking_(lacking) {}
  std::optional<std::string> lacks(const Listener&) const override {
    return lacking_ ? std::optional<std::string>("nothing") : std::nullopt;
  }
  Scores scores(const Listener&) const override { return scores_; }
  std::vector<recommend::Reason> why(const Listener&, Row) const override { return {{}}; }

 private:
  Scores scores_;
  bool lacking_;
};

HeldOutPlay asked(std::int64_t heard, std::int64_t next) {
  return {1, {{{heard}, UnixTime{}, 1}}, {next}, UnixTime(std::chrono::hours(1))};
}

TEST(Judge, CountsThePlaceAmongAllTracksThatWereNotHeard) {
  const auto snapshot = madeUpSnapshot(5);
  const Told told(snapshot, {{9, 5, 8, 4, 1}});  // of tracks 1 to 5
  // Track 1 was heard, so that 2 is second behind 3.
  const auto second = judge(told, std::vector{asked(1, 2)});
  EXPECT_DOUBLE_EQ(second.ndcg10, 1 / std::log2(3));
  EXPECT_DOUBLE_EQ(second.mrr, 0.5);
  EXPECT_DOUBLE_EQ(second.hr10, 1);
  EXPECT_DOUBLE_EQ(second.coverage, 4.0 / 5);
  const auto both = judge(told, std::vector{asked(1, 2), asked(3, 1)});
  EXPECT_DOUBLE_EQ(both.ndcg10, (1 / std::log2(3) + 1) / 2);
  EXPECT_DOUBLE_EQ(both.mrr, 0.75);
}

TEST(Judge, TakesEqualScoresInAnyOrder) {
  const auto snapshot = madeUpSnapshot(21);
  const std::vector<HeldOutPlay> held_out{asked(1, 2), asked(1, 21), asked(7, 3)};
  const double chance = chanceNdcg10(*snapshot, held_out);
  EXPECT_GT(chance, 0.1);
  const auto equal = judge(Told(snapshot, {std::vector<double>(21, 3.0)}), held_out);
  EXPECT_NEAR(equal.ndcg10, chance, 1e-12);
  EXPECT_NEAR(equal.hr10, 0.5, 1e-12);
  // Nothing to go by is the same.
  const auto lacking = judge(Told(snapshot, {}, true), held_out);
  EXPECT_NEAR(lacking.ndcg10, chance, 1e-12);
  EXPECT_EQ(lacking.coverage, 0);
}

TEST(Judge, GivesNoPlaceToWhatIsNeverSuggested) {
  const auto snapshot = madeUpSnapshot(4);
  Scores scores{{0, 0, 2, 1}};
  scores.near_only = true;
  const Told told(snapshot, scores);
  EXPECT_EQ(judge(told, std::vector{asked(1, 2)}).hr10, 0);
  EXPECT_DOUBLE_EQ(judge(told, std::vector{asked(1, 4)}).mrr, 0.5);
}

TEST(Judge, PassesOverTracksThatAreNotThere) {
  const auto snapshot = madeUpSnapshot(4);
  const Told told(snapshot, {{1, 4, 2, 3}});
  EXPECT_DOUBLE_EQ(judge(told, std::vector{asked(1, 2), asked(1, 99)}).mrr, 1);
  EXPECT_EQ(judge(told, {}).mrr, 0);
}

TEST(Judge, StopsWhenItIsAsked) {
  std::stop_source stop;
  stop.request_stop();
  const Told told(madeUpSnapshot(2), {{1, 2}});
  EXPECT_THROW(judge(told, std::vector{asked(1, 2)}, stop.get_token()), Error);
}

TEST(Thinned, IsSpreadEvenly) {
  std::vector<HeldOutPlay> all;
  for (std::int64_t i = 1; i <= 10; ++i) all.push_back(asked(1, i));
  EXPECT_EQ(thinned(all, 10).size(), 10U);
  const auto some = thinned(all, 3);
  ASSERT_EQ(some.size(), 3U);
  EXPECT_EQ(some[0].next.value, 1);
  EXPECT_EQ(some[1].next.value, 4);
  EXPECT_EQ(some[2].next.value, 7);
}

}  // namespace
}  // namespace attacca::study
