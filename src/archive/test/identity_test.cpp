#include "attacca/archive/identity.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attacca::archive {
namespace {

using testing::Eq;

const AlbumKey kHere{"serenades", "orchestra"};
const AlbumKey kThere{"favourites", ""};
const TrackId kFirst{4};
const TrackId kSecond{9};

Decision decideFor(const AlbumKey& album, const std::vector<KnownTrack>& known) {
  return decide(album, known);
}

TEST(Identity, UnknownAudioIsANewTrack) { EXPECT_THAT(decideFor(kHere, {}), Eq(Decision{})); }

TEST(Identity, KnownPathWithTheSameAlbumKeepsItsTrackAndTakesTheTags) {
  for (const int copies : {0, 2}) {
    EXPECT_THAT(decideFor(kHere, {{kFirst, kHere, true, copies}}), Eq(Decision{.track = kFirst}));
  }
}

TEST(Identity, RetaggedToAnotherAlbumKeepsItsTrack) {
  EXPECT_THAT(decideFor(kThere, {{kFirst, kHere, true, 0}}), Eq(Decision{.track = kFirst}));
}

TEST(Identity, OneOfTwoCopiesRetaggedToAnotherAlbumBecomesATrackOfItsOwn) {
  EXPECT_THAT(decideFor(kThere, {{kFirst, kHere, true, 1}}), Eq(Decision{}));
}

TEST(Identity, OneOfTwoCopiesRetaggedToAnAlbumThatHasTheRecordingJoinsTheTrackThere) {
  EXPECT_THAT(decideFor(kThere, {{kFirst, kHere, true, 1}, {kSecond, kThere, false, 1}}),
              Eq(Decision{.track = kSecond, .takes_metadata = false}));
}

TEST(Identity, ACopyThatLeavesItsTrackTakesNoTrackWhoseFilesAreGone) {
  EXPECT_THAT(decideFor({"third", ""}, {{kFirst, kHere, true, 1}, {kSecond, kThere, false, 0}}),
              Eq(Decision{}));
}

TEST(Identity, TheLastCopyRetaggedAfterTheOthersAbsorbsTheTrackTheyMade) {
  EXPECT_THAT(decideFor(kThere, {{kFirst, kHere, true, 0}, {kSecond, kThere, false, 1}}),
              Eq(Decision{.track = kFirst, .absorbs = kSecond}));
}

TEST(Identity, AnotherPathOnTheSameAlbumIsOneMorePlaceAndChangesNoMetadata) {
  EXPECT_THAT(decideFor(kHere, {{kFirst, kHere, false, 1}}),
              Eq(Decision{.track = kFirst, .takes_metadata = false}));
}

TEST(Identity, AnotherPathOnTheSameAlbumHasMovedWhenTheOthersAreGone) {
  EXPECT_THAT(decideFor(kHere, {{kFirst, kHere, false, 0}}), Eq(Decision{.track = kFirst}));
}

TEST(Identity, KnownAudioOnAnotherAlbumIsANewTrack) {
  EXPECT_THAT(decideFor(kThere, {{kFirst, kHere, false, 1}}), Eq(Decision{}));
}

TEST(Identity, MovedAndRetaggedAtOnceKeepsItsTrackWhenTheOldFileIsGone) {
  EXPECT_THAT(decideFor(kThere, {{kFirst, kHere, false, 0}}), Eq(Decision{.track = kFirst}));
}

TEST(Identity, TheTrackOnTheSameAlbumIsPreferredToOneThatIsGone) {
  EXPECT_THAT(decideFor(kThere, {{kFirst, kHere, false, 0}, {kSecond, kThere, false, 1}}),
              Eq(Decision{.track = kSecond, .takes_metadata = false}));
}

TEST(Identity, TheOldestOfSeveralIsTaken) {
  EXPECT_THAT(decideFor(kThere, {{kFirst, kHere, false, 0}, {kSecond, kHere, false, 0}}),
              Eq(Decision{.track = kFirst}));
}

}  // namespace
}  // namespace attacca::archive
