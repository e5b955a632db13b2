#include "attacca/app/quality.h"

#include <gtest/gtest.h>

#include "attacca/base/memory_blobs.h"

namespace attacca::app {
namespace {

// `works` of each of two composers, in `movements` that sound the same, every work like no other.
struct MadeUp {
  std::vector<archive::Track> tracks;
  std::shared_ptr<const index::Snapshot> snapshot;

  MadeUp(std::size_t works, std::size_t movements, bool works_known) {
    const std::size_t dimension = 2 * works;
    std::vector<index::SnapshotTrack> rows;
    std::vector<float> vectors;
    for (std::size_t work = 0; work < 2 * works; ++work) {
      for (std::size_t movement = 0; movement < movements; ++movement) {
        archive::Track track;
        track.id = {static_cast<std::int64_t>(tracks.size()) + 1};
        if (works_known) track.work = {static_cast<std::int64_t>(work) + 1};
        track.composers = {work % 2 == 0 ? "Antonín Dvořák" : "Edvard Grieg"};
        rows.push_back({track.id, {}, "{}"});
        tracks.push_back(track);
        std::vector<float> vector(dimension);
        vector[work] = 1;
        vectors.insert(vectors.end(), vector.begin(), vector.end());
      }
    }
    MemoryBlobs blobs;
    index::publishSnapshot(blobs, "mean-cosine", "made-up@1", rows,
                           {vectors.data(), rows.size(), dimension}, UnixTime{});
    snapshot = index::Snapshot::openCurrent(blobs, "mean-cosine");
  }
};

TEST(Quality, TellsTheMovementsOfOneWorkFromTracksThatSoundAlike) {
  const MadeUp archive(6, 3, true);
  const auto found = composerAgreement(archive.tracks, *archive.snapshot, 2, 200, 3, 1);
  EXPECT_EQ(found.tracks, 36U);
  EXPECT_EQ(found.composers, 2U);
  EXPECT_EQ(found.all.share, 1);  // each movement's two nearest are the others of its work
  EXPECT_LT(found.all.p, 0.01);
  EXPECT_LT(found.across_works.share, 1);
  EXPECT_GT(found.across_works.p, 0.05);
  for (const auto& list : found.worst) {
    for (const TrackId near : list.neighbours) {
      EXPECT_NE((near.value - 1) / 3, (list.seed.value - 1) / 3) << "of the same work";
    }
  }
}

TEST(Quality, IsOneFigureWhereEveryTrackIsAWorkOrNoneIsKnown) {
  for (const MadeUp& archive : {MadeUp(10, 1, true), MadeUp(5, 2, false)}) {
    const auto found = composerAgreement(archive.tracks, *archive.snapshot, 3, 100, 3, 1);
    EXPECT_EQ(found.all.share, found.across_works.share);
    EXPECT_EQ(found.all.chance, found.across_works.chance);
    EXPECT_EQ(found.all.p, found.across_works.p);
  }
}

TEST(Quality, NeedsTwoTracksWithAComposer) {
  MadeUp archive(1, 1, true);
  archive.tracks[0].composers.clear();
  EXPECT_EQ(composerAgreement(archive.tracks, *archive.snapshot, 5, 10, 3, 1).tracks, 0U);
}

}  // namespace
}  // namespace attacca::app
