// Made-up archives to recommend from.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "attacca/base/memory_blobs.h"
#include "attacca/recommend/service.h"

namespace attacca::recommend {

struct MadeUpArchive {
  std::size_t dimension = 0;
  std::vector<index::SnapshotTrack> tracks;
  std::vector<float> vectors;

  void add(std::int64_t id, index::Groups groups, const std::vector<float>& vector) {
    dimension = vector.size();
    tracks.push_back({{id}, groups, "{}"});
    vectors.insert(vectors.end(), vector.begin(), vector.end());
  }
  // An album and a recording of its own, no work.
  void add(std::int64_t id, const std::vector<float>& vector) {
    add(id, {{id}, {0}, {id}}, vector);
  }

  std::shared_ptr<const index::Snapshot> snapshot() const {
    MemoryBlobs blobs;
    index::publishSnapshot(blobs, "mean-cosine", "made-up@1", tracks,
                           {vectors.data(), tracks.size(), dimension}, UnixTime{});
    return index::Snapshot::openCurrent(blobs, "mean-cosine");
  }
};

inline std::vector<float> randomVector(std::mt19937& random, std::size_t dimension = 12) {
  std::normal_distribution<float> normal;
  std::vector<float> vector(dimension);
  for (float& value : vector) value = normal(random);
  return vector;
}

inline std::vector<float> near(const std::vector<float>& centre, float spread,
                               std::mt19937& random) {
  std::vector<float> vector = randomVector(random, centre.size());
  for (std::size_t j = 0; j < vector.size(); ++j) vector[j] = centre[j] + spread * vector[j];
  return vector;
}

// 0 to count - 1.
inline std::int64_t below(std::mt19937& random, std::size_t count) {
  return static_cast<std::int64_t>(random() % count);
}

// Few albums, works and recordings, so that every policy bites; copies, so that scores are tied.
// One or two performances of each work on each album.
inline MadeUpArchive randomArchive(std::mt19937& random, std::size_t tracks) {
  MadeUpArchive archive;
  archive.dimension = 12;
  const std::size_t albums = 1 + random() % 6;
  const std::size_t works = 1 + random() % 8;
  std::map<std::int64_t, std::int64_t> movements;  // of each performance
  std::vector<float> vector;
  for (std::size_t i = 0; i < tracks; ++i) {
    if (i == 0 || random() % 5 != 0) vector = randomVector(random);
    index::Groups groups{
        {1 + below(random, albums)}, {below(random, works)}, {1 + below(random, tracks + 1)}};
    if (groups.work) {
      groups.performance = 20 * groups.album.value + 2 * groups.work.value + below(random, 2);
      groups.movement = ++movements[groups.performance];
    }
    archive.add(static_cast<std::int64_t>(3 * i + 2), groups, vector);
  }
  return archive;
}

inline Policies randomPolicies(std::mt19937& random) {
  Policies policies;
  policies.limit = random() % 12;
  policies.per_album = random() % 4;
  policies.per_work = random() % 3;
  policies.whole_works = random() % 3 == 0;
  policies.same_work = random() % 3 == 0;
  if (random() % 3 == 0) policies.other_performances = OtherPerformances::grouped;
  policies.raw = random() % 5 == 0;
  policies.allow_heard = random() % 4 == 0;
  return policies;
}

inline std::vector<std::int64_t> idsOf(const Answer& answer) {
  std::vector<std::int64_t> ids;
  for (const Recommendation& item : answer.list) ids.push_back(item.track.value);
  return ids;
}

inline bool hasNote(const Answer& answer, const std::string& part) {
  return std::any_of(answer.notes.begin(), answer.notes.end(),
                     [&](const std::string& note) { return note.find(part) != std::string::npos; });
}

// The tracks of one performance in movement order; of a track of none, that track.
inline std::vector<TrackId> performanceOf(const index::Snapshot& snapshot, TrackId track) {
  const index::Groups own = snapshot.groups(*snapshot.row(track));
  if (own.performance == 0) return {track};
  std::map<std::int64_t, TrackId> movements;
  for (std::size_t i = 0; i < snapshot.size(); ++i) {
    const index::Groups groups = snapshot.groups(static_cast<index::Row>(i));
    if (groups.performance == own.performance) movements[groups.movement] = snapshot.ids()[i];
  }
  std::vector<TrackId> tracks;
  for (const auto& [movement, id] : movements) tracks.push_back(id);
  return tracks;
}

// What holds for every answer.
inline void expectWellFormed(const Answer& answer, const index::Snapshot& snapshot,
                             const Policies& policies) {
  EXPECT_LE(answer.list.size(), policies.limit);
  EXPECT_EQ(answer.snapshot, snapshot.info().version);
  EXPECT_TRUE(answer.list.size() == policies.limit || !answer.notes.empty());
  std::vector<TrackId> seen;
  for (std::size_t i = 0; i < answer.list.size(); ++i) {
    const Recommendation& item = answer.list[i];
    EXPECT_EQ(item.rank, static_cast<int>(i) + 1);
    EXPECT_TRUE(std::isfinite(item.score));
    EXPECT_FALSE(item.reasons.empty());
    EXPECT_LE(item.reasons.size(), 3U);
    for (const Reason& reason : item.reasons) EXPECT_TRUE(std::isfinite(reason.value));
    EXPECT_TRUE(snapshot.row(item.track).has_value());
    EXPECT_TRUE(std::find(seen.begin(), seen.end(), item.track) == seen.end());
    seen.push_back(item.track);
  }
  const bool whole = policies.whole_works && !policies.raw;
  const bool grouped = policies.other_performances == OtherPerformances::grouped && !policies.raw;
  for (const Recommendation& item : answer.list) {
    const index::Groups own = snapshot.groups(*snapshot.row(item.track));
    if (whole && own.performance != 0) {
      EXPECT_EQ(item.movements, performanceOf(snapshot, item.track));
    } else {
      EXPECT_TRUE(item.movements.empty());
    }
    EXPECT_TRUE(grouped || item.others.empty());
    for (const Performance& other : item.others) {
      EXPECT_EQ(other.work, own.work);
      EXPECT_NE(other.tracks, performanceOf(snapshot, item.track));
      EXPECT_EQ(other.tracks, performanceOf(snapshot, other.tracks.front()));
    }
  }
  if (policies.raw) return;
  std::size_t most_of_album = 0;
  std::size_t most_of_work = 0;
  std::map<RecordingId, int> entries;  // that hold it
  for (const Recommendation& item : answer.list) {
    const index::Groups own = snapshot.groups(*snapshot.row(item.track));
    std::size_t album = 0;
    std::size_t work = 0;
    for (const Recommendation& other : answer.list) {
      const index::Groups groups = snapshot.groups(*snapshot.row(other.track));
      album += groups.album == own.album ? 1U : 0U;
      work += groups.work == own.work && own.work ? 1U : 0U;
    }
    std::set<RecordingId> recordings{own.recording};
    for (const TrackId movement : item.movements) {
      recordings.insert(snapshot.groups(*snapshot.row(movement)).recording);
    }
    for (const RecordingId recording : recordings) EXPECT_EQ(++entries[recording], 1);
    most_of_album = std::max(most_of_album, album);
    most_of_work = std::max(most_of_work, work);
  }
  if (grouped) {
    EXPECT_LE(most_of_work, 1U);
  }
  const std::string things = whole ? " works of one album" : " tracks of one album";
  const bool over_album = policies.per_album != 0 && most_of_album > policies.per_album;
  const bool over_work = policies.per_work != 0 && most_of_work > policies.per_work;
  EXPECT_EQ(over_album, hasNote(answer, std::to_string(most_of_album) + things));
  EXPECT_EQ(over_work,
            hasNote(answer, std::to_string(most_of_work) +
                                (whole ? " performances of" : " tracks of") + " one work"));
  EXPECT_EQ(over_album, hasNote(answer, "of one album"));
  EXPECT_EQ(over_work, hasNote(answer, "of one work"));
}

}  // namespace attacca::recommend
