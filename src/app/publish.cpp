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

std::vector<float> snapshotVector(const Blobs& blobs, const index::Snapshot& snapshot,
                                  const AudioHash& hash) {
  std::vector<std::vector<float>> pooled;
  for (const index::SnapshotPart& part : snapshot.info().parts) {
    if (part.kind == index::PartKind::sequence || part.kind == index::PartKind::chroma) continue;
    pooled.push_back(trackVector(blobs, part.representation, hash, part.dimension));
  }
  return snapshot.vectorOf(pooled);
}

namespace {

index::TrackRows embeddedRows(const Blobs& blobs, const HeardRepresentation& representation,
                              const archive::Track& track) {
  if (representation.rows) return representation.rows(track);
  const std::string key = embeddingKey(representation.versioned_name, track.hash);
  index::TrackRows result;
  result.file = blobs.read(key);
  result.rows = npyView<float>(result.file, key);
  if (result.rows.rows == 0 || result.rows.cols != representation.dimension) {
    throw Error(Fault::corrupt,
                fmt::format("{} has the shape {} x {}, not clips x {}", key, result.rows.rows,
                            result.rows.cols, representation.dimension));
  }
  return result;
}

// All tracks, removed ones too, in the order of ids: what is added later comes last.
std::vector<archive::Track> allTracks(const archive::Catalogue& catalogue) {
  auto tracks = catalogue.tracks(archive::TrackFilter{});
  archive::TrackFilter removed;
  removed.removed = true;
  for (auto& track : catalogue.tracks(removed)) tracks.push_back(std::move(track));
  std::sort(tracks.begin(), tracks.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return tracks;
}

// Those that a listener can play and that all representations heard; faults of embeddings go to
// `problems`.
std::vector<TrackId> shownTracks(const Blobs& blobs, std::span<const archive::Track> tracks,
                                 std::span<const HeardRepresentation> representations,
                                 std::vector<std::string>& problems) {
  std::vector<TrackId> shown;
  for (const auto& track : tracks) {
    if (track.offline || track.removed) continue;
    try {
      for (const auto& one : representations) embeddedRows(blobs, one, track);
      shown.push_back(track.id);
    } catch (const Error& fault) {
      // One that was never heard with a representation is not a fault; the next `add` hears it.
      if (fault.fault() != Fault::notFound) problems.emplace_back(fault.what());
    }
  }
  return shown;
}

}  // namespace

std::optional<Published> publishArchive(const archive::Catalogue& catalogue, Blobs& blobs,
                                        std::string_view key, const index::Recipe& recipe,
                                        std::span<const HeardRepresentation> representations,
                                        const Clock& clock, unsigned jobs) {
  Published result;
  const auto tracks = allTracks(catalogue);
  const auto shown = shownTracks(blobs, tracks, representations, result.problems);
  auto rows = snapshotTracks(tracks, shown);
  // Other encodings of a recording count as that recording: no list holds both.
  const auto same = sameRecordings(blobs, tracks);
  for (auto& row : rows) {
    if (const auto oldest = same.find(row.groups.recording); oldest != same.end()) {
      row.groups.recording = oldest->second;
    }
  }
  if (rows.empty() && !isPublished(blobs, key)) return std::nullopt;
  std::unordered_map<TrackId, const archive::Track*> by_id;
  for (const auto& track : tracks) by_id.emplace(track.id, &track);
  std::vector<index::RowSource> sources;
  for (const auto& one : representations) {
    sources.push_back(
        {one.name, one.versioned_name, one.dimension, one.rows_per_second, one.columns,
         [&](std::size_t i) { return embeddedRows(blobs, one, *by_id.at(shown[i])); }});
  }
  result.snapshot = index::publishSnapshot(blobs, key, recipe, rows, sources, clock.now(), jobs);
  if (const auto snapshot = index::Snapshot::openCurrent(blobs, key); !rows.empty()) {
    for (const auto& name : snapshot->unwhitened()) {
      result.problems.push_back(
          fmt::format("there is too little music yet to fit {} to this archive; its embeddings are "
                      "compared as they are until there is more",
                      name));
    }
  }
  return result;
}

std::optional<Published> publishArchive(const archive::Catalogue& catalogue, Blobs& blobs,
                                        std::string_view recipe, std::string_view versioned_name,
                                        std::size_t dimension, const Clock& clock, unsigned jobs) {
  HeardRepresentation representation;
  representation.name = versioned_name.substr(0, versioned_name.find('@'));
  representation.versioned_name = versioned_name;
  representation.dimension = dimension;
  index::Recipe plain;
  plain.parts.emplace_back().representation = representation.name;
  return publishArchive(catalogue, blobs, recipe, plain, {&representation, 1}, clock, jobs);
}

}  // namespace attacca::app
