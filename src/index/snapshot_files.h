// The small files of a snapshot, and where its files are.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/base/blob.h"
#include "attacca/base/id.h"
#include "attacca/base/sha256.h"
#include "attacca/index/snapshot.h"

namespace attacca::index {

constexpr std::string_view kManifestFile = "manifest.json";
constexpr std::string_view kIdsFile = "ids.json";
constexpr std::string_view kCatalogueFile = "catalogue.json";
constexpr std::string_view kVectorsFile = "vectors.npy";
constexpr std::string_view kGroupsFile = "groups.npy";
constexpr std::string_view kNeighboursFile = "neighbours.npy";
constexpr std::string_view kNeighbourScoresFile = "neighbour_scores.npy";
constexpr std::string_view kCentralityFile = "centrality.npy";
constexpr std::string_view kCentreFile = "centre.npy";
constexpr std::string_view kCodesFile = "codes.npy";
constexpr std::string_view kCodeBoundsFile = "code_bounds.npy";
constexpr std::string_view kRecipeFile = "recipe.toml";
constexpr std::string_view kReferencesFile = "references.npy";
constexpr std::string_view kOrderedMeansFile = "ordered_means.npy";
// "part0_fit.npy", "part0_frames.npy", "part0_offsets.npy"
std::string partFile(std::size_t part, std::string_view what);

// "snapshots/<recipe>/", checked.
std::string recipeFolder(std::string_view recipe);
std::string versionFolder(std::string_view recipe, std::int64_t version);
std::string fileKey(std::string_view folder, std::string_view name);
// The version that CURRENT names; nullopt when there is none. Throws Fault::corrupt.
std::optional<std::int64_t> currentVersion(const Blobs& blobs, std::string_view recipe);
void setCurrentVersion(Blobs& blobs, std::string_view recipe, std::int64_t version);

struct ManifestFile {
  std::string name;
  std::uint64_t size = 0;
  Sha256Digest sha256;

  friend bool operator==(const ManifestFile&, const ManifestFile&) = default;
};

struct SnapshotManifest {
  SnapshotInfo info;
  std::vector<ManifestFile> files;

  const ManifestFile* find(std::string_view name) const;
};

std::string encodeManifest(const SnapshotManifest& manifest);
// `name` is for messages. Throws Fault::corrupt.
SnapshotManifest decodeManifest(std::string_view json, std::string_view name);

std::string encodeIds(std::span<const TrackId> ids);
// Ids must be positive and ascending. Hand-written, because a general JSON reader takes longer than
// everything else that opening a snapshot does. Throws Fault::corrupt.
std::vector<TrackId> decodeIds(std::string_view json, std::string_view name);

constexpr std::size_t kGroupColumns = 5;

// Columns of neighbours.npy: k, but one column of padding where a track has no other.
constexpr std::size_t neighbourColumns(std::size_t tracks) {
  if (tracks < 2) return 1;
  return tracks - 1 < kStoredNeighbours ? tracks - 1 : kStoredNeighbours;
}

}  // namespace attacca::index
