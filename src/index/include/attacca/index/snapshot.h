// A snapshot: an immutable, versioned, searchable set of track embeddings under one recipe.
//
// Files under snapshots/<recipe>/<version>/ (all immutable, named with sha256 in the manifest):
//   manifest.json          format, version, recipe, representation, counts, time, files
//   ids.json               list of track ids; its order is the row order of everything else
//   catalogue.json         what lists need to show, for readers without the database (Lambda, page)
//   vectors.npy            tracks x dimension float32, rows of length 1 (zero rows stay zero)
//   groups.npy             tracks x 3 int64: album, work (0: none), recording
//   neighbours.npy         tracks x k int32: rows of the k nearest other tracks, nearest first,
//   ties
//                          by row; -1 pads; k = min(200, tracks - 1)
//   neighbour_scores.npy   tracks x k float32, cosine
//   centrality.npy         tracks float32: mean cosine to all other tracks
// and snapshots/<recipe>/CURRENT, the version to read, swapped atomically.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/base/blob.h"
#include "attacca/base/id.h"
#include "attacca/base/npy.h"
#include "attacca/base/units.h"

namespace attacca::index {

constexpr std::size_t kStoredNeighbours = 200;

struct SnapshotInfo {
  std::int64_t version = 0;
  std::string recipe;          // "mean-cosine"
  std::string representation;  // "msd-musicnn@0123456789abcdef"
  std::size_t tracks = 0;
  std::size_t dimension = 0;
  UnixTime made{};
};

// Row of a track in a snapshot. Only meaningful together with that snapshot.
using Row = std::int32_t;

struct Groups {
  AlbumId album;
  WorkId work;
  RecordingId recording;
};

// Open and memory-mapped; const and usable from any thread. Opening checks sizes and the manifest;
// verify() also checks every file's sha256 (done by the writer before CURRENT moves, and by
// `attacca verify`).
class Snapshot {
 public:
  // nullptr when the recipe has no snapshot yet. Throws Fault::corrupt.
  static std::shared_ptr<const Snapshot> openCurrent(const Blobs& blobs, std::string_view recipe);
  static std::shared_ptr<const Snapshot> open(const Blobs& blobs, std::string_view recipe,
                                              std::int64_t version);
  ~Snapshot();

  const SnapshotInfo& info() const;
  std::size_t size() const { return info().tracks; }
  std::span<const TrackId> ids() const;
  std::optional<Row> row(TrackId id) const;
  Groups groups(Row row) const;
  MatrixView<float> vectors() const;
  std::span<const float> vector(Row row) const;
  std::span<const Row> neighbours(Row row) const;  // without padding
  std::span<const float> neighbourScores(Row row) const;
  float centrality(Row row) const;

 private:
  struct State;
  explicit Snapshot(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
  friend class SnapshotSearch;
};

// Throws Fault::corrupt naming the first file that is not as its manifest says.
void verifySnapshot(const Blobs& blobs, std::string_view recipe, std::int64_t version);

// One track to be indexed.
struct SnapshotTrack {
  TrackId id;
  Groups groups;
  std::string catalogue_entry;  // a JSON object, shown as it is in catalogue.json
};

// Makes the next version and swaps CURRENT. Vectors of tracks (tracks x dimension, any length) are
// normalised here. Neighbours of tracks whose vector did not change since `previous` are taken over
// and only merged with what is new or gone; the result equals a build from nothing to the bit.
// Two snapshots that would be equal in everything but version and time are one: then nothing is
// written and the current info is returned. Old versions but the last two are removed.
SnapshotInfo publishSnapshot(Blobs& blobs, std::string_view recipe, std::string_view representation,
                             std::span<const SnapshotTrack> tracks, MatrixView<float> vectors,
                             UnixTime now);

}  // namespace attacca::index
