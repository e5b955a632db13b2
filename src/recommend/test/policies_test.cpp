#include <map>
#include <set>

#include "helpers.h"

namespace attacca::recommend {
namespace {

constexpr std::size_t kNone = 1'000'000;

// The list that Policies describes, found by trying caps one after another.
class PlainList {
 public:
  PlainList(const index::Snapshot& snapshot, const std::vector<index::Row>& ordered,
            const Policies& policies, const std::set<std::int64_t>& excluded_recordings)
      : snapshot_(snapshot),
        ordered_(ordered),
        policies_(policies),
        excluded_(excluded_recordings) {}

  std::vector<std::int64_t> make() const {
    if (policies_.raw) return pick(kNone, kNone);
    std::size_t album = policies_.per_album == 0 ? kNone : policies_.per_album;
    std::size_t work = policies_.per_work == 0 ? kNone : policies_.per_work;
    const std::size_t most = pick(kNone, kNone).size();
    while (pick(kNone, work).size() < most) ++work;
    while (pick(album, work).size() < most) ++album;
    return pick(album, work);
  }

 private:
  std::vector<std::int64_t> pick(std::size_t album, std::size_t work) const {
    std::vector<std::int64_t> list;
    std::map<std::int64_t, std::size_t> albums;
    std::map<std::int64_t, std::size_t> works;
    std::set<std::int64_t> recordings = excluded_;
    for (const index::Row row : ordered_) {
      if (list.size() == policies_.limit) break;
      const index::Groups groups = snapshot_.groups(row);
      if (!policies_.raw && recordings.contains(groups.recording.value)) continue;
      if (albums[groups.album.value] >= album) continue;
      if (groups.work && works[groups.work.value] >= work) continue;
      ++albums[groups.album.value];
      ++works[groups.work.value];
      recordings.insert(groups.recording.value);
      list.push_back(snapshot_.ids()[static_cast<std::size_t>(row)].value);
    }
    return list;
  }

  const index::Snapshot& snapshot_;
  const std::vector<index::Row>& ordered_;
  const Policies& policies_;
  const std::set<std::int64_t>& excluded_;
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
    const std::set<std::int64_t> excluded = {snapshot->groups(seed).recording.value};
    const Answer answer =
        service.recommendSimilar(snapshot->ids()[static_cast<std::size_t>(seed)], policies);
    EXPECT_EQ(idsOf(answer), PlainList(*snapshot, ordered, policies, excluded).make()) << trial;
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
  policies.limit = 11;
  const Answer all = service.recommendSimilar({1}, policies);
  EXPECT_EQ(all.list.size(), 11U);
  EXPECT_TRUE(hasNote(all, "up to 2 tracks of one work instead of 1"));
}

TEST(ListPolicies, RaiseACapNoFurtherThanNeeded) {
  // Twelve near tracks of one album and three far ones of others: seven and three make ten.
  std::mt19937 random(8);
  MadeUpArchive archive;
  const std::vector<float> here = randomVector(random);
  for (std::int64_t id = 1; id <= 12; ++id) {
    archive.add(id, {{1}, {0}, {id}}, near(here, 0.1F, random));
  }
  for (std::int64_t id = 13; id <= 15; ++id) archive.add(id, randomVector(random));
  const RecommendationService service(archive.snapshot());
  const Answer answer = service.recommendSimilar({1}, {});
  EXPECT_EQ(answer.list.size(), 10U);
  EXPECT_TRUE(hasNote(answer, "up to 7 tracks of one album instead of 2"));
  for (std::size_t i = 1; i < answer.list.size(); ++i) {
    EXPECT_GE(answer.list[i - 1].score, answer.list[i].score);
  }
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
