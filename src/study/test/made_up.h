// Made-up archives to judge on.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "attacca/base/memory_blobs.h"
#include "attacca/index/snapshot.h"
#include "attacca/study/simulate.h"

namespace attacca::study {

// With the groups of these tracks, and vectors that say nothing.
inline std::shared_ptr<const index::Snapshot> snapshotOf(
    const std::vector<SimulatedTrack>& tracks) {
  constexpr std::size_t kDimension = 4;
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<index::SnapshotTrack> rows;
  std::vector<float> vectors;
  for (const auto& track : tracks) {
    rows.push_back(
        {track.track,
         {track.album, track.work, {track.track.value}, track.work.value, track.movement},
         "{}"});
    for (std::size_t j = 0; j < kDimension; ++j) vectors.push_back(normal(random));
  }
  MemoryBlobs blobs;
  index::publishSnapshot(blobs, "mean-cosine", "made-up@1", rows,
                         {vectors.data(), rows.size(), kDimension}, UnixTime{});
  return index::Snapshot::openCurrent(blobs, "mean-cosine");
}

// Works of `movements` movements each, one an album, by few composers.
inline std::vector<SimulatedTrack> madeUpTracks(std::size_t works, int movements) {
  std::vector<SimulatedTrack> tracks;
  for (std::size_t work = 1; work <= works; ++work) {
    for (int movement = 1; movement <= movements; ++movement) {
      SimulatedTrack& track = tracks.emplace_back();
      const auto id = static_cast<std::int64_t>(work);
      track.track = {static_cast<std::int64_t>(tracks.size())};
      track.album = {id};
      track.work = {id};
      track.movement = movement;
      track.duration = Seconds(200 + 10 * movement);
      track.composers = {"composer " + std::to_string(work % 7)};
      track.period = work % 7 < 3 ? "baroque" : "romantic";
      track.instrumentation = work % 2 == 0 ? "orchestra" : "piano";
    }
  }
  return tracks;
}

inline std::shared_ptr<const index::Snapshot> madeUpSnapshot(std::size_t tracks) {
  auto all = madeUpTracks(tracks, 1);
  for (auto& track : all) track.work = {};
  return snapshotOf(all);
}

}  // namespace attacca::study
