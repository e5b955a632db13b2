// A snapshot: an immutable, versioned, searchable set of track embeddings under one recipe.
//
// Files under snapshots/<recipe>/<version>/ (all immutable, named with sha256 in the manifest):
//   manifest.json          format, version, recipe, representation, counts, time, files
//   ids.json               list of track ids, ascending; its order is the row order of all else
//   catalogue.json         what lists need to show, for readers without the database (Lambda,
//   page):
//                          a list of objects, one a track
//   vectors.npy            tracks x dimension float32, rows of length 1 (zero rows stay zero)
//   groups.npy             tracks x 5 int64: album, work (0: none), recording, performance (0:
//                          none), place in it in movement order (from 1)
//   neighbours.npy         tracks x k int32: rows of the k nearest other tracks, nearest first,
//   ties
//                          by row; -1 pads; k = min(200, tracks - 1), but at least 1
//   neighbour_scores.npy   tracks x k float32, cosine
//   centrality.npy         tracks float32: mean cosine to all other tracks
//   centre.npy             dimension float32: the mean of the vectors
//   codes.npy              tracks x (dimension rounded up to a multiple of 16) int8, and
//   code_bounds.npy        tracks x 2 float32: scale s and largest |r| of vector = centre + s codes
//   + r;
//                          with these the exact search reads a quarter of the bytes
// and snapshots/<recipe>/CURRENT, the version to read, swapped atomically.
//
// All of it follows from ids, groups, catalogue and vectors to the bit, on every machine (scores
// are summed in one order, without fused multiply-add).
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

// What a track is part of. Performances are numbered anew in every snapshot.
struct Groups {
  AlbumId album;
  WorkId work;
  RecordingId recording;
  std::int64_t performance = 0;  // the tracks that record one work together; 0: none
  std::int64_t movement = 0;     // its place in the performance, from 1; 0: none
};

// Open and memory-mapped; const and usable from any thread, also after the version was removed.
// Opening checks the manifest, sizes and shapes and costs no more than reading the ids;
// verifySnapshot also checks every file's sha256 (done by the writer before CURRENT moves, and by
// `attacca verify`). Messages name the file.
class Snapshot {
 public:
  // nullptr when the recipe has no snapshot yet. Throws Fault::corrupt, also for files that are
  // missing.
  static std::shared_ptr<const Snapshot> openCurrent(const Blobs& blobs, std::string_view recipe);
  static std::shared_ptr<const Snapshot> open(const Blobs& blobs, std::string_view recipe,
                                              std::int64_t version);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  const SnapshotInfo& info() const;
  std::size_t size() const { return info().tracks; }
  std::span<const TrackId> ids() const;
  std::optional<Row> row(TrackId id) const;
  Groups groups(Row row) const;
  MatrixView<float> vectors() const;
  std::span<const float> vector(Row row) const;
  // Without padding. Throws Fault::corrupt for a neighbour that is not a row.
  std::span<const Row> neighbours(Row row) const;
  std::span<const float> neighbourScores(Row row) const;
  float centrality(Row row) const;
  // scores[i] = cosine of `row` and others[i], as a search gives it.
  void scores(Row row, std::span<const Row> others, std::span<float> scores) const;
  std::span<const float> centre() const;
  std::string_view catalogue() const;  // catalogue.json

  struct State;  // for this room only
  const State& state() const { return *state_; }

 private:
  explicit Snapshot(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Throws Fault::corrupt naming the first file that is missing or not as its manifest says.
void verifySnapshot(const Blobs& blobs, std::string_view recipe, std::int64_t version);

// One track to be indexed.
struct SnapshotTrack {
  TrackId id;
  Groups groups;
  std::string catalogue_entry;  // a JSON object, shown as it is in catalogue.json
};

// Makes the next version and swaps CURRENT, once everything is durable and verified; whatever
// happens before leaves the old version to be read. One caller at a time (the archive's writer).
// Tracks may come in any order, each id once; row i of `vectors` (tracks x dimension, any length)
// belongs to tracks[i] and is normalised here. A row that is zero or not finite becomes zero: it
// scores 0 with everything.
// Neighbours of tracks whose vector did not change since the current version are taken over and
// only merged with what is new or gone; the result equals a build from nothing to the bit. A
// current version that fails its checks is not used. Two snapshots that would be equal in
// everything but version and time are one: then nothing is written and the current info is
// returned. Old versions but the last two are removed, as is what an interrupted publication left
// behind. `jobs` threads compute.
SnapshotInfo publishSnapshot(Blobs& blobs, std::string_view recipe, std::string_view representation,
                             std::span<const SnapshotTrack> tracks, MatrixView<float> vectors,
                             UnixTime now, unsigned jobs = 1);

}  // namespace attacca::index
