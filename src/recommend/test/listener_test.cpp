#include <limits>
#include <map>

#include "helpers.h"

namespace attacca::recommend {
namespace {

using std::chrono::hours;

constexpr UnixTime kNow{hours(24 * 20000)};

UnixTime daysAgo(double days) {
  return kNow - std::chrono::milliseconds(static_cast<std::int64_t>(days * 86'400'000));
}

// The list that service.h defines, without its economies, for histories of fewer than 100 tracks
// and without policies.
struct PlainPick {
  std::int64_t id = 0;
  double score = 0;
  std::vector<std::int64_t> reasons;
};

std::vector<PlainPick> plainList(const index::Snapshot& snapshot,
                                 const std::vector<HeardTrack>& history, std::size_t limit) {
  std::map<index::Row, double> plays;
  for (const HeardTrack& heard : history) {
    const double age =
        std::max(0.0, std::chrono::duration<double, std::ratio<86400>>(kNow - heard.at).count());
    const double completion = std::max(0.0, (std::min(heard.fraction, 1.0) - 0.2) / 0.8);
    plays[*snapshot.row(heard.track)] += std::pow(0.5, age / 30) * completion;
  }
  double total = 0;
  for (const auto& [row, sum] : plays) total += std::log(1 + sum);
  std::map<index::Row, std::map<index::Row, double>> similarities;  // candidate, heard
  std::map<index::Row, double> weights;
  std::map<index::Row, double> served;
  for (const auto& [heard, sum] : plays) {
    if (sum == 0) continue;
    weights[heard] = std::log(1 + sum) / total;
    const double mean = static_cast<double>(snapshot.centrality(heard));
    const auto neighbours = snapshot.neighbours(heard);
    for (std::size_t i = 0; i < neighbours.size(); ++i) {
      const double cosine = static_cast<double>(snapshot.neighbourScores(heard)[i]);
      similarities[neighbours[i]][heard] = (cosine - mean) / (1 - mean);
    }
  }
  std::vector<PlainPick> list;
  while (list.size() < limit && !similarities.empty()) {
    PlainPick best;
    best.score = -INFINITY;
    index::Row best_row = -1;
    for (const auto& [row, terms] : similarities) {
      std::vector<std::pair<double, std::int64_t>> parts;
      double sum = 0;
      double nearest = -INFINITY;
      for (const auto& [heard, similarity] : terms) {
        const double part = weights[heard] * std::max(0.0, similarity) / (1 + served[heard]);
        parts.emplace_back(part, snapshot.ids()[static_cast<std::size_t>(heard)].value);
        sum += part;
        nearest = std::max(nearest, similarity);
      }
      const double score = sum > 0 ? sum : std::min(nearest, 0.0);
      if (score <= best.score) continue;
      std::sort(parts.begin(), parts.end(), std::greater<>());
      best = {snapshot.ids()[static_cast<std::size_t>(row)].value, score, {}};
      best_row = row;
      for (const auto& [part, id] : parts) {
        if (part > 0 && best.reasons.size() < 3) best.reasons.push_back(id);
      }
    }
    for (const auto& [heard, similarity] : similarities[best_row]) {
      served[heard] += std::max(0.0, similarity);
    }
    similarities.erase(best_row);
    list.push_back(best);
  }
  return list;
}

TEST(Listener, GetsThePlainlyDefinedList) {
  std::mt19937 random(12);
  for (const std::size_t tracks : {20, 150, 500}) {
    for (int trial = 0; trial < 20; ++trial) {
      MadeUpArchive archive;
      for (std::size_t i = 0; i < tracks; ++i) {
        archive.add(static_cast<std::int64_t>(i) + 1, randomVector(random));
      }
      const auto snapshot = archive.snapshot();
      std::vector<HeardTrack> history(1 + random() % 30);
      for (HeardTrack& heard : history) {
        heard = {{1 + below(random, tracks)},
                 daysAgo(static_cast<double>(below(random, 100))),
                 0.1 * static_cast<double>(below(random, 12))};
      }
      history.front().fraction = 1;
      Policies policies;
      policies.raw = true;
      policies.allow_heard = true;
      policies.limit = 15;
      const Answer answer =
          RecommendationService(snapshot).recommendForUser(history, kNow, policies);
      EXPECT_EQ(answer.strategy, "knn");
      expectWellFormed(answer, *snapshot, policies);
      const auto plain = plainList(*snapshot, history, policies.limit);
      ASSERT_EQ(answer.list.size(), plain.size());
      for (std::size_t i = 0; i < plain.size(); ++i) {
        const Recommendation& item = answer.list[i];
        EXPECT_EQ(item.track.value, plain[i].id) << "rank " << item.rank;
        EXPECT_NEAR(item.score, plain[i].score, 1e-9);
        std::vector<std::int64_t> reasons;
        for (const Reason& reason : item.reasons) {
          EXPECT_EQ(reason.kind, ReasonKind::similarTo);
          reasons.push_back(reason.track.value);
        }
        if (plain[i].score > 0) {
          EXPECT_EQ(reasons, plain[i].reasons);
        } else {
          EXPECT_EQ(reasons.size(), 1U);
        }
      }
    }
  }
}

// Two tastes: tracks 1 to 40 sound alike, and 101 to 140 do.
class TwoTastes : public testing::Test {
 protected:
  void SetUp() override {
    std::mt19937 random(13);
    for (const std::int64_t base : {0, 100}) {
      const std::vector<float> centre = randomVector(random);
      for (std::int64_t id = 1; id <= 40; ++id) {
        archive_.add(base + id, near(centre, 0.3F, random));
      }
    }
    for (std::int64_t id = 201; id <= 300; ++id) archive_.add(id, randomVector(random));
    service_ = std::make_unique<RecommendationService>(archive_.snapshot());
  }

  static std::vector<HeardTrack> plays(std::int64_t first, std::int64_t count, double days_ago,
                                       double fraction) {
    std::vector<HeardTrack> history;
    for (std::int64_t id = first; id < first + count; ++id) {
      history.push_back({{id}, daysAgo(days_ago), fraction});
    }
    return history;
  }
  int countOf(const std::vector<HeardTrack>& history, std::int64_t base) const {
    const Answer answer = service_->recommendForUser(history, kNow, {});
    return static_cast<int>(std::ranges::count_if(answer.list, [&](const Recommendation& item) {
      return item.track.value > base && item.track.value <= base + 40;
    }));
  }
  static std::vector<HeardTrack> both(std::vector<HeardTrack> a, const std::vector<HeardTrack>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  }

  MadeUpArchive archive_;
  std::unique_ptr<RecommendationService> service_;
};

TEST_F(TwoTastes, GetAboutTheirSharesOfTheList) {
  for (const std::int64_t first : {1, 101}) {
    const auto history = both(plays(first, 15, 1, 1), plays(102 - first, 5, 1, 1));
    const int often = countOf(history, first - 1);
    const int seldom = countOf(history, 101 - first);
    EXPECT_EQ(often + seldom, 10);
    EXPECT_GE(seldom, 2);
    EXPECT_GE(often, 6);
  }
}

TEST_F(TwoTastes, TheRecentOneCountsMore) {
  const auto history = both(plays(1, 5, 120, 1), plays(101, 5, 1, 1));
  EXPECT_GE(countOf(history, 100), 8);
  const auto the_other_way = both(plays(1, 5, 1, 1), plays(101, 5, 120, 1));
  EXPECT_GE(countOf(the_other_way, 0), 8);
}

TEST_F(TwoTastes, WhatWasHeardToTheEndCountsMore) {
  EXPECT_GE(countOf(both(plays(1, 5, 1, 0.3), plays(101, 5, 1, 1)), 100), 7);
  EXPECT_GE(countOf(both(plays(1, 5, 1, 1), plays(101, 5, 1, 0.3)), 0), 7);
}

TEST_F(TwoTastes, ASkipSaysNothing) {
  const Answer with =
      service_->recommendForUser(both(plays(1, 5, 1, 1), plays(101, 1, 0, 0.19)), kNow, {});
  const Answer without = service_->recommendForUser(plays(1, 5, 1, 1), kNow, {});
  EXPECT_EQ(idsOf(with), idsOf(without));
}

TEST_F(TwoTastes, RepeatedPlaysCountMoreButEverLess) {
  // Fifty plays of one track count for more than two of another, but do not drown them.
  for (const std::int64_t often : {1, 101}) {
    std::vector<HeardTrack> history(50, {{often}, daysAgo(1), 1});
    history.insert(history.end(), 2, {{102 - often}, daysAgo(1), 1});
    EXPECT_GE(countOf(history, often - 1), 6);
    EXPECT_GE(countOf(history, 101 - often), 2);
  }
}

TEST_F(TwoTastes, TheFutureCountsAsNow) {
  std::vector<HeardTrack> history = both(plays(1, 5, 0, 1), plays(101, 5, 3, 1));
  const auto expected = idsOf(service_->recommendForUser(history, kNow, {}));
  for (std::size_t i = 0; i < 5; ++i) history[i].at = kNow + hours(24 * 365);
  EXPECT_EQ(idsOf(service_->recommendForUser(history, kNow, {})), expected);
}

TEST_F(TwoTastes, ReasonsAreTheHeardTracksThatContributeMost) {
  const Answer answer = service_->recommendForUser(plays(1, 6, 1, 1), kNow, {});
  for (const Recommendation& item : answer.list) {
    ASSERT_EQ(item.reasons.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_TRUE(item.reasons[i].track.value >= 1 && item.reasons[i].track.value <= 6);
      if (i > 0) {
        EXPECT_GT(item.reasons[i].value, 0);
      }
    }
  }
}

TEST_F(TwoTastes, WhenAllNeighboursAreHeardTheRestOfTheArchiveIsLookedAt) {
  std::vector<HeardTrack> history = plays(1, 40, 1, 1);
  for (const HeardTrack& heard : plays(101, 40, 1, 1)) history.push_back(heard);
  for (const HeardTrack& heard : plays(201, 95, 1, 0.1)) history.push_back(heard);
  const Answer answer = service_->recommendForUser(history, kNow, {});
  std::vector<std::int64_t> ids = idsOf(answer);
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(ids, (std::vector<std::int64_t>{296, 297, 298, 299, 300}));
  EXPECT_TRUE(hasNote(answer, "only 5 of 10 tracks"));
}

TEST_F(TwoTastes, HearingEverythingLeavesNothingToSuggest) {
  std::vector<HeardTrack> history = plays(1, 300, 1, 1);
  const Answer answer = service_->recommendForUser(history, kNow, {});
  EXPECT_TRUE(answer.list.empty());
  EXPECT_TRUE(hasNote(answer, "there is nothing to suggest"));
  Policies again;
  again.allow_heard = true;
  EXPECT_EQ(service_->recommendForUser(history, kNow, again).list.size(), 10U);
}

TEST_F(TwoTastes, MissingTracksAreLeftOutAndSaid) {
  const auto known = plays(1, 5, 1, 1);
  const Answer answer = service_->recommendForUser(both(known, plays(5000, 3, 1, 1)), kNow, {});
  EXPECT_TRUE(hasNote(answer, "3 of 8 plays"));
  EXPECT_EQ(idsOf(answer), idsOf(service_->recommendForUser(known, kNow, {})));
}

TEST_F(TwoTastes, AbsurdHistoriesGiveFiniteScores) {
  constexpr auto kLongAgo =
      UnixTime{std::chrono::milliseconds(std::numeric_limits<std::int64_t>::min())};
  constexpr auto kFarOff =
      UnixTime{std::chrono::milliseconds(std::numeric_limits<std::int64_t>::max())};
  constexpr double kHuge = std::numeric_limits<double>::infinity();
  const std::vector<std::vector<HeardTrack>> histories = {
      {{{1}, kLongAgo, 1}},
      {{{1}, kFarOff, 1}, {{2}, kLongAgo, 0.2000001}},
      {{{1}, kNow, kHuge}, {{2}, kNow, -kHuge}, {{3}, kNow, NAN}},
      std::vector<HeardTrack>(100'000, {{7}, kNow, 1})};
  for (const auto& history : histories) {
    for (const UnixTime now : {kNow, kLongAgo, kFarOff}) {
      const Answer answer = service_->recommendForUser(history, now, {});
      EXPECT_EQ(answer.strategy, "knn");
      EXPECT_EQ(answer.list.size(), 10U);
      for (const Recommendation& item : answer.list) {
        EXPECT_TRUE(std::isfinite(item.score));
        EXPECT_GT(item.score, 0);
        EXPECT_LE(item.score, 1.000001);
      }
    }
  }
}

TEST(Listeners, NeverGetAnotherTrackOfARecordingTheyHeardUnlessRaw) {
  MadeUpArchive archive;
  archive.add(1, {{1}, {0}, {50}}, {1, 0, 0});
  archive.add(2, {{2}, {0}, {50}}, {1, 0, 0});  // the same sound on another album
  archive.add(3, {{3}, {0}, {51}}, {1, 1, 0});
  archive.add(4, {{4}, {0}, {52}}, {0, 1, 1});
  const RecommendationService service(archive.snapshot());
  const std::vector<HeardTrack> history = {{{1}, kNow, 1}};
  EXPECT_EQ(idsOf(service.recommendForUser(history, kNow, {})), (std::vector<std::int64_t>{3, 4}));
  Policies raw;
  raw.raw = true;
  EXPECT_EQ(idsOf(service.recommendForUser(history, kNow, raw)),
            (std::vector<std::int64_t>{2, 3, 4}));
}

TEST(Listeners, OfSilenceOrOfTinyArchivesGetAnAnswer) {
  for (std::int64_t tracks = 0; tracks <= 3; ++tracks) {
    MadeUpArchive archive;
    archive.dimension = 2;
    for (std::int64_t id = 1; id <= tracks; ++id) archive.add(id, {1, static_cast<float>(id)});
    archive.add(9, {0, 0});
    const auto snapshot = archive.snapshot();
    const RecommendationService service(snapshot);
    for (const std::int64_t heard : {1, 9}) {
      const std::vector<HeardTrack> history = {{{heard}, kNow, 1}};
      const Answer answer = service.recommendForUser(history, kNow, {});
      expectWellFormed(answer, *snapshot, {});
      EXPECT_EQ(answer.strategy, heard == 1 && tracks > 0 ? "knn" : "central");
    }
  }
}

TEST(Listeners, OfAnArchiveThatAllSoundsTheSameGetItInOrder) {
  MadeUpArchive archive;
  for (std::int64_t id = 1; id <= 5; ++id) archive.add(id, {1, 2, 3});
  const RecommendationService service(archive.snapshot());
  const std::vector<HeardTrack> history = {{{3}, kNow, 1}};
  EXPECT_EQ(idsOf(service.recommendForUser(history, kNow, {})),
            (std::vector<std::int64_t>{1, 2, 4, 5}));
}

}  // namespace
}  // namespace attacca::recommend
