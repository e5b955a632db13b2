#include <map>
#include <set>

#include "helpers.h"

namespace attacca::recommend {
namespace {

constexpr std::size_t kNone = 1'000'000;

// The list that Policies describes, one demand after another.
class PlainList {
 public:
  // `ordered`: candidates, best first; the first `near` of them come near.
  PlainList(const index::Snapshot& snapshot, const std::vector<index::Row>& ordered,
            std::size_t near, const Policies& policies, index::Row seed)
      : snapshot_(snapshot),
        ordered_(ordered),
        near_(near),
        policies_(policies),
        seed_(snapshot.groups(seed)),
        grouped_(policies.other_performances == OtherPerformances::grouped) {}

  std::vector<std::int64_t> make() {
    if (policies_.raw) {
      take(ordered_.size(), kNone, kNone);
    } else {
      const std::size_t album = policies_.per_album == 0 ? kNone : policies_.per_album;
      const std::size_t given = policies_.per_work == 0 ? kNone : policies_.per_work;
      const std::size_t work = grouped_ ? 1 : given;
      for (std::size_t cap = album; cap <= kNone && cap < album + 100; ++cap)
        take(near_, cap, work);
      const std::size_t all = ordered_.size();
      for (std::size_t cap = album; cap <= kNone && cap < album + 100; ++cap) take(all, cap, work);
      for (std::size_t cap = work; !grouped_ && cap <= kNone && cap < work + 100; ++cap) {
        take(all, kNone, cap);
      }
    }
    std::vector<std::int64_t> list;
    for (const index::Row row : ordered_) {
      if (chosen_.contains(row)) {
        list.push_back(snapshot_.ids()[static_cast<std::size_t>(row)].value);
      }
    }
    return list;
  }

 private:
  void take(std::size_t count, std::size_t album, std::size_t work) {
    for (std::size_t i = 0; i < count; ++i) {
      const index::Row row = ordered_[i];
      if (chosen_.size() == policies_.limit) return;
      const index::Groups groups = snapshot_.groups(row);
      if (chosen_.contains(row)) continue;
      const std::set<RecordingId> recordings = recordingsOf(row);
      if (!policies_.raw && (groups.recording == seed_.recording || isOfTheSeed(groups))) continue;
      if (!policies_.raw && std::ranges::any_of(recordings, [&](RecordingId recording) {
            return recordings_.contains(recording);
          })) {
        continue;
      }
      if (albums_[groups.album.value] >= album) continue;
      if (groups.work && works_[groups.work.value] >= work) continue;
      ++albums_[groups.album.value];
      ++works_[groups.work.value];
      recordings_.insert(recordings.begin(), recordings.end());
      chosen_.insert(row);
    }
  }

  // Those of the entry that the row stands for.
  std::set<RecordingId> recordingsOf(index::Row row) const {
    std::set<RecordingId> recordings{snapshot_.groups(row).recording};
    if (!policies_.whole_works) return recordings;
    const TrackId id = snapshot_.ids()[static_cast<std::size_t>(row)];
    for (const TrackId movement : performanceOf(snapshot_, id)) {
      recordings.insert(snapshot_.groups(*snapshot_.row(movement)).recording);
    }
    return recordings;
  }

  bool isOfTheSeed(const index::Groups& groups) const {
    if (!groups.work || groups.work != seed_.work) return false;
    const bool own = groups.performance == seed_.performance || isReissue(groups.recording);
    return own ? !policies_.same_work : !grouped_;
  }

  // Where other performances may come, those of the seed's recordings are none.
  bool isReissue(RecordingId recording) const {
    if (grouped_ && !policies_.same_work) {
      for (std::size_t i = 0; i < snapshot_.size(); ++i) {
        const index::Groups groups = snapshot_.groups(static_cast<index::Row>(i));
        const bool own = groups.work == seed_.work && groups.performance == seed_.performance;
        if (own && groups.recording == recording) return true;
      }
    }
    return false;
  }

  const index::Snapshot& snapshot_;
  const std::vector<index::Row>& ordered_;
  std::size_t near_;
  const Policies& policies_;
  const index::Groups seed_;
  const bool grouped_;
  std::set<RecordingId> recordings_;
  std::map<std::int64_t, std::size_t> albums_;
  std::map<std::int64_t, std::size_t> works_;
  std::set<index::Row> chosen_;
};

TEST(ListPolicies, MakeTheDescribedListOfEveryArchive) {
  std::mt19937 random(4);
  int relaxed = 0;
  for (int trial = 0; trial < 400; ++trial) {
    const std::size_t tracks = 1 + random() % 60;
    const auto snapshot = randomArchive(random, tracks).snapshot();
    const RecommendationService service(snapshot);
    const Policies policies = randomPolicies(random);
    const auto seed = static_cast<index::Row>(random() % tracks);
    const auto neighbours = snapshot->neighbours(seed);
    const std::vector<index::Row> ordered(neighbours.begin(), neighbours.end());
    const auto scores = snapshot->neighbourScores(seed);
    const auto near = static_cast<std::size_t>(std::ranges::count_if(
        scores, [&](float score) { return score > snapshot->centrality(seed); }));
    const Answer answer =
        service.recommendSimilar(snapshot->ids()[static_cast<std::size_t>(seed)], policies);
    EXPECT_EQ(idsOf(answer), PlainList(*snapshot, ordered, near, policies, seed).make()) << trial;
    expectWellFormed(answer, *snapshot, policies);
    relaxed += hasNote(answer, "instead of") ? 1 : 0;
  }
  EXPECT_GT(relaxed, 50);
}

TEST(ListPolicies, HoldForVectorsAndListenersToo) {
  std::mt19937 random(5);
  for (int trial = 0; trial < 300; ++trial) {
    const std::size_t tracks = random() % 60;
    const auto snapshot = randomArchive(random, tracks).snapshot();
    const RecommendationService service(snapshot);
    const Policies policies = randomPolicies(random);
    expectWellFormed(service.recommendSimilar(randomVector(random), policies), *snapshot, policies);
    std::vector<HeardTrack> history(random() % 20);
    for (HeardTrack& heard : history) {
      heard.track = {3 * below(random, tracks + 2) + 2};
      heard.fraction = 0.1 * static_cast<double>(below(random, 11));
    }
    const Answer answer = service.recommendForUser(history, UnixTime{}, policies);
    expectWellFormed(answer, *snapshot, policies);
    if (policies.allow_heard) continue;
    for (const Recommendation& item : answer.list) {
      for (const HeardTrack& heard : history) EXPECT_NE(item.track, heard.track);
    }
  }
}

TEST(ListPolicies, FillTheListOfAnArchiveOfOneAlbumAndSaySo) {
  std::mt19937 random(6);
  MadeUpArchive archive;
  for (std::int64_t id = 1; id <= 41; ++id) {
    archive.add(id, {{1}, {0}, {id}}, randomVector(random));
  }
  const RecommendationService service(archive.snapshot());
  const std::vector<HeardTrack> heard = {{{1}, {}, 1}};
  for (const Answer& answer :
       {service.recommendSimilar({1}, {}), service.recommendForUser(heard, UnixTime{}, {}),
        service.recommendForUser({}, UnixTime{}, {})}) {
    EXPECT_EQ(answer.list.size(), 10U);
    EXPECT_TRUE(hasNote(answer, "up to 10 tracks of one album instead of 2"));
  }
}

TEST(ListPolicies, GiveUpDistinctAlbumsBeforeDistinctWorks) {
  // One album of six works in two movements each; the movements of a work sound most alike.
  std::mt19937 random(7);
  MadeUpArchive archive;
  for (std::int64_t id = 0; id < 12; ++id) {
    archive.add(id + 1, {{1}, {id / 2 + 1}, {id + 1}}, randomVector(random));
  }
  const auto snapshot = archive.snapshot();
  const RecommendationService service(snapshot);
  Policies policies;
  policies.limit = 5;
  const Answer five = service.recommendSimilar({1}, policies);
  EXPECT_TRUE(hasNote(five, "up to 5 tracks of one album instead of 2"));
  EXPECT_FALSE(hasNote(five, "of one work"));
  expectWellFormed(five, *snapshot, policies);
  policies.limit = 10;
  const Answer all = service.recommendSimilar({1}, policies);
  EXPECT_EQ(all.list.size(), 10U);
  EXPECT_TRUE(hasNote(all, "up to 2 tracks of one work instead of 1"));
}

// Near tracks of one album and far ones of others.
std::shared_ptr<const index::Snapshot> nearAlbumAndFarOthers(std::int64_t near_tracks,
                                                             std::int64_t far_tracks) {
  std::mt19937 random(8);
  MadeUpArchive archive;
  const std::vector<float> here = randomVector(random);
  for (std::int64_t id = 1; id <= near_tracks; ++id) {
    archive.add(id, {{1}, {0}, {id}}, near(here, 0.1F, random));
  }
  for (std::int64_t id = near_tracks + 1; id <= near_tracks + far_tracks; ++id) {
    archive.add(id, randomVector(random));
  }
  return archive.snapshot();
}

TEST(ListPolicies, RatherExceedAnAlbumsCapThanSuggestWhatDoesNotComeNear) {
  const auto snapshot = nearAlbumAndFarOthers(12, 30);
  const Answer answer = RecommendationService(snapshot).recommendSimilar({1}, {});
  ASSERT_EQ(answer.list.size(), 10U);
  EXPECT_TRUE(hasNote(answer, "of one album instead of 2"));
  const auto average = static_cast<double>(snapshot->centrality(*snapshot->row({1})));
  for (const auto& item : answer.list) EXPECT_GT(item.score, average);
  for (std::size_t i = 1; i < answer.list.size(); ++i) {
    EXPECT_GE(answer.list[i - 1].score, answer.list[i].score);
  }
}

TEST(ListPolicies, RaiseACapNoFurtherThanNeeded) {
  // Two albums of near tracks: five of each make ten.
  std::mt19937 random(8);
  MadeUpArchive archive;
  const std::vector<float> here = randomVector(random);
  for (std::int64_t id = 1; id <= 21; ++id) {
    archive.add(id, {{id % 2 + 1}, {0}, {id}}, near(here, id % 2 == 0 ? 0.05F : 0.2F, random));
  }
  for (std::int64_t id = 22; id <= 80; ++id)
    archive.add(id, {{3}, {0}, {id}}, randomVector(random));
  const auto snapshot = archive.snapshot();
  const Answer answer = RecommendationService(snapshot).recommendSimilar({2}, {});
  ASSERT_EQ(answer.list.size(), 10U);
  std::map<std::int64_t, int> albums;
  for (const auto& item : answer.list) {
    ++albums[snapshot->groups(*snapshot->row(item.track)).album.value];
  }
  int most = 0;
  for (const auto& [album, count] : albums) most = std::max(most, count);
  EXPECT_TRUE(
      hasNote(answer, "up to " + std::to_string(most) + " tracks of one album instead of 2"));
  EXPECT_LE(most, 5);
}

TEST(ListPolicies, TakeWhatDoesNotComeNearOnlyToFillTheList) {
  const RecommendationService service(nearAlbumAndFarOthers(4, 5));
  Policies policies;
  policies.limit = 3;
  for (const auto& item : service.recommendSimilar({1}, policies).list) {
    EXPECT_LE(item.track.value, 4);
  }
  policies.limit = 8;
  EXPECT_EQ(service.recommendSimilar({1}, policies).list.size(), 8U);
}

TEST(ListPolicies, OfLimitNoneGiveNothing) {
  MadeUpArchive archive;
  archive.add(1, {1, 0});
  archive.add(2, {1, 1});
  const RecommendationService service(archive.snapshot());
  Policies policies;
  policies.limit = 0;
  EXPECT_TRUE(service.recommendSimilar({1}, policies).list.empty());
  EXPECT_TRUE(service.recommendSimilar(std::vector<float>{1, 0}, policies).list.empty());
  EXPECT_TRUE(service.recommendForUser({}, UnixTime{}, policies).list.empty());
}

}  // namespace
}  // namespace attacca::recommend
