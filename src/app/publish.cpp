#include "attacca/app/publish.h"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "attacca/app/add.h"
#include "attacca/app/duplicates.h"
#include "attacca/archive/performances.h"
#include "attacca/base/error.h"
#include "attacca/base/npy.h"
#include "attacca/base/pooling.h"

namespace attacca::app {
namespace {

// What lists need to show where there is no database. No paths: a snapshot may be published.
std::string catalogueEntry(const archive::Track& track, std::int64_t performance) {
  nlohmann::ordered_json entry;
  entry["id"] = track.id.value;
  entry["title"] = track.title;
  entry["album"] = track.album_title;
  entry["artists"] = track.artists;
  entry["composers"] = track.composers;
  entry["conductors"] = track.conductors;
  if (track.work) entry["work_id"] = track.work.value;
  entry["work"] = track.work_title;
  entry["movement"] = track.movement;
  if (track.movement_number) entry["movement_number"] = *track.movement_number;
  if (performance != 0) entry["performance"] = performance;
  if (track.disc_number) entry["disc_number"] = *track.disc_number;
  if (track.track_number) entry["track_number"] = *track.track_number;
  entry["duration_s"] = track.duration.count();
  return entry.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Also by a version of Attacca whose snapshots this one does not read.
bool isPublished(const Blobs& blobs, std::string_view recipe) {
  try {
    return index::Snapshot::openCurrent(blobs, recipe) != nullptr;
  } catch (const Error& fault) {
    if (fault.fault() != Fault::corrupt) throw;
    return true;
  }
}

}  // namespace

std::vector<index::SnapshotTrack> snapshotTracks(std::span<const archive::Track> tracks,
                                                 std::span<const TrackId> shown) {
  std::vector<index::SnapshotTrack> rows(shown.size());
  std::unordered_map<TrackId, index::SnapshotTrack*> row_of;
  for (std::size_t i = 0; i < shown.size(); ++i) row_of.emplace(shown[i], &rows[i]);
  const auto find = [&](TrackId id) {
    const auto found = row_of.find(id);
    return found == row_of.end() ? nullptr : found->second;
  };
  std::int64_t number = 0;
  for (const auto& performance : archive::performances(tracks)) {
    std::int64_t movement = 0;
    for (const TrackId id : performance.tracks) {
      index::SnapshotTrack* const row = find(id);
      if (row == nullptr) continue;
      if (movement == 0) ++number;
      row->groups.performance = number;
      row->groups.movement = ++movement;
    }
  }
  for (const auto& track : tracks) {
    index::SnapshotTrack* const row = find(track.id);
    if (row == nullptr) continue;
    row->id = track.id;
    row->groups.album = track.album;
    row->groups.work = track.work;
    row->groups.recording = track.recording;
    row->catalogue_entry = catalogueEntry(track, row->groups.performance);
  }
  return rows;
}

std::vector<float> trackVector(const Blobs& blobs, std::string_view versioned_name,
                               const AudioHash& hash, std::size_t dimension) {
  const std::string key = embeddingKey(versioned_name, hash);
  const FileBytes file = blobs.read(key);
  const auto clips = npyView<float>(file, key);
  if (clips.rows == 0 || clips.cols != dimension) {
    throw Error(Fault::corrupt, fmt::format("{} has the shape {} x {}, not clips x {}", key,
                                            clips.rows, clips.cols, dimension));
  }
  return meanRows(clips);
}

std::optional<Published> publishArchive(const archive::Catalogue& catalogue, Blobs& blobs,
                                        std::string_view recipe, std::string_view versioned_name,
                                        std::size_t dimension, const Clock& clock, unsigned jobs) {
  Published result;
  auto tracks = catalogue.tracks(archive::TrackFilter{});
  archive::TrackFilter removed;
  removed.removed = true;
  for (auto& track : catalogue.tracks(removed)) tracks.push_back(std::move(track));
  // Rows in the order of ids: what is added later comes last.
  std::sort(tracks.begin(), tracks.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  std::vector<TrackId> shown;
  std::vector<float> vectors;
  shown.reserve(tracks.size());
  vectors.reserve(tracks.size() * dimension);
  for (const auto& track : tracks) {
    if (track.offline || track.removed) continue;
    try {
      const auto vector = trackVector(blobs, versioned_name, track.hash, dimension);
      vectors.insert(vectors.end(), vector.begin(), vector.end());
      shown.push_back(track.id);
    } catch (const Error& fault) {
      // One that was never heard with this representation is not a fault; the next `add` hears it.
      if (fault.fault() == Fault::notFound) continue;
      result.problems.push_back(fault.what());
    }
  }
  auto rows = snapshotTracks(tracks, shown);
  // Other encodings of a recording count as that recording: no list holds both.
  const auto same = sameRecordings(blobs, tracks);
  for (auto& row : rows) {
    if (const auto oldest = same.find(row.groups.recording); oldest != same.end()) {
      row.groups.recording = oldest->second;
    }
  }
  if (rows.empty() && !isPublished(blobs, recipe)) return std::nullopt;
  result.snapshot =
      index::publishSnapshot(blobs, recipe, versioned_name, rows,
                             {vectors.data(), rows.size(), dimension}, clock.now(), jobs);
  return result;
}

}  // namespace attacca::app
