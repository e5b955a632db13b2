#include "attacca/app/publish.h"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "attacca/app/add.h"
#include "attacca/app/duplicates.h"
#include "attacca/base/error.h"
#include "attacca/base/npy.h"
#include "attacca/base/pooling.h"

namespace attacca::app {
namespace {

// What lists need to show where there is no database. No paths: a snapshot may be published.
std::string catalogueEntry(const archive::Track& track) {
  nlohmann::ordered_json entry;
  entry["id"] = track.id.value;
  entry["title"] = track.title;
  entry["album"] = track.album_title;
  entry["artists"] = track.artists;
  entry["composers"] = track.composers;
  entry["conductors"] = track.conductors;
  entry["work"] = track.work_title;
  entry["movement"] = track.movement;
  if (track.movement_number) entry["movement_number"] = *track.movement_number;
  if (track.disc_number) entry["disc_number"] = *track.disc_number;
  if (track.track_number) entry["track_number"] = *track.track_number;
  entry["duration_s"] = track.duration.count();
  return entry.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Other encodings of a recording count as that recording: no list holds both.
RecordingId soundOf(const std::map<RecordingId, RecordingId>& same, const archive::Track& track) {
  const auto oldest = same.find(track.recording);
  return oldest == same.end() ? track.recording : oldest->second;
}

}  // namespace

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
  std::erase_if(tracks, [](const auto& track) { return track.offline; });
  // Rows in the order of ids: what is added later comes last.
  std::sort(tracks.begin(), tracks.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  const auto same = sameRecordings(blobs, tracks);  // in another encoding
  std::vector<index::SnapshotTrack> rows;
  std::vector<float> vectors;
  rows.reserve(tracks.size());
  vectors.reserve(tracks.size() * dimension);
  for (const auto& track : tracks) {
    try {
      const auto vector = trackVector(blobs, versioned_name, track.hash, dimension);
      vectors.insert(vectors.end(), vector.begin(), vector.end());
      rows.push_back(
          {track.id, {track.album, track.work, soundOf(same, track)}, catalogueEntry(track)});
    } catch (const Error& fault) {
      // One that was never heard with this representation is not a fault; the next `add` hears it.
      if (fault.fault() == Fault::notFound) continue;
      result.problems.push_back(fault.what());
    }
  }
  if (rows.empty() && index::Snapshot::openCurrent(blobs, recipe) == nullptr) return std::nullopt;
  result.snapshot =
      index::publishSnapshot(blobs, recipe, versioned_name, rows,
                             {vectors.data(), rows.size(), dimension}, clock.now(), jobs);
  return result;
}

}  // namespace attacca::app
