// A snapshot: an immutable, versioned, searchable set of track embeddings under one recipe.
//
// Files under snapshots/<recipe>/<version>/ (all immutable, named with sha256 in the manifest):
//   manifest.json          format, version, recipe, representation, counts, time, parts, files
//   ids.json               list of track ids, ascending; its order is the row order of all else
//   catalogue.json         what lists need to show, for readers without the database (Lambda,
//   page):
//                          a list of objects, one a track
//   vectors.npy            tracks x dimension float32, rows of length 1 (zero rows stay zero). Of
//                          several pooled and aspects parts: their unit vectors, each times the
//                          root of its share among them, side by side, so that the cosine of two
//                          rows is the weighted mean of the parts' cosines
//   groups.npy             tracks x 5 int64: album, work (0: none), recording, performance (0:
//                          none), place in it in movement order (from 1)
//   neighbours.npy         tracks x k int32: rows of the k nearest other tracks, nearest first,
//   ties
//                          by row; -1 pads; k = min(200, tracks - 1), but at least 1
//   neighbour_scores.npy   tracks x k float32: their scores
//   centrality.npy         tracks float32: mean score with all other tracks
//   centre.npy             dimension float32: the mean of the vectors
//   codes.npy              tracks x (dimension rounded up to a multiple of 16) int8, and
//   code_bounds.npy        tracks x 2 float32: scale s and largest |r| of
//                          vector = centre + s codes + r; with these the exact search reads
//                          a quarter of the bytes
// and, unless the recipe is plain (recipe.h):
//   recipe.toml            the recipe, each part with its representation
//   references.npy         up to 32 track ids, int64: the tracks with which all others were
//                          compared to find how widely each part's scores spread
//   part<i>_fit.npy        (1 + out) x in float32: mean and axes, as fitted on this archive
//                          (fit.h); of aspects, rows are widened before (aspect_columns.h)
//   part<i>_frames.npy     of an ordered part: rows of all tracks x columns int8 (frames.h), and
//   part<i>_offsets.npy    tracks + 1 int64: where each track's rows begin
//   ordered_means.npy      tracks float32: what the ordered parts add to a track's score with the
//                          references, on average
// and snapshots/<recipe>/CURRENT, the version to read, swapped atomically.
//
// Of a plain recipe all follows from ids, groups, catalogue and vectors to the bit, on every
// machine (scores are summed in one order, without fused multiply-add). Of others all does from
// these, the fits, frames, shares and references, but the neighbours of large archives (see
// publishSnapshot); fits may differ in their last bits between machines. They are kept until the
// archive has grown or shrunk by a tenth, so they depend on when it was published.
#pragma once

#include <cstdint>
#include <functional>
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
#include "attacca/index/recipe.h"

namespace attacca::index {

constexpr std::size_t kStoredNeighbours = 200;

// One part of the recipe that a snapshot was made by.
struct SnapshotPart {
  PartKind kind = PartKind::pooled;
  std::string representation;             // "msd-musicnn@0123456789abcdef"
  std::size_t dimension = 0;              // columns of its rows, as the representation gives them
  double rows_per_second = 0;             // 0: one row for a recording
  double share = 1;                       // of the score; those of all parts add up to 1
  std::vector<std::string> columns = {};  // of aspects: the names of its rows' columns, if any

  friend bool operator==(const SnapshotPart&, const SnapshotPart&) = default;
};

struct SnapshotInfo {
  std::int64_t version = 0;
  std::string recipe;          // "mean-cosine"; see snapshotKey
  std::string representation;  // "msd-musicnn@0123456789abcdef"; of several, with commas
  std::size_t tracks = 0;
  std::size_t dimension = 0;  // of vectors.npy
  UnixTime made{};
  std::vector<SnapshotPart> parts;  // in the recipe's order
  std::int64_t fitted = 0;          // the version for which whitening and shares were fitted,
  std::size_t fitted_tracks = 0;    // and on how many tracks; 0 where nothing is fitted
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
  const Recipe& recipe() const;  // each part with its representation's name
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
  // scores[i] = score of `row` and others[i], as the stored neighbours have it. Of a recipe with
  // ordered parts each takes some tenths of a millisecond.
  void scores(Row row, std::span<const Row> others, std::span<float> scores) const;
  // The same where it costs no more than a cosine; of a recipe with ordered parts, what these add
  // on average stands for them.
  void estimates(Row row, std::span<const Row> others, std::span<float> estimates) const;
  // Scores are cosines of the vectors.
  bool vectorsOnly() const;
  // The vector for a track that is not here. `pooled`: for each part that is not ordered, in order,
  // the mean of the track's rows as the representation gives them; empty where there is none.
  // Throws Fault::usage for one of another dimension.
  std::vector<float> vectorOf(std::span<const std::vector<float>> pooled) const;
  // What a number of a vector means: 64 hex digits, equal exactly where vectors of two snapshots
  // can be compared with each other. They come of the versions of the representations, the fits and
  // the shares of the parts that vectors are made of; not of the tracks. What was learned from
  // vectors holds for snapshots of the same space.
  std::string space() const;
  // Names of the representations that the recipe wants whitened, but of which there were no more
  // rows than dimensions.
  std::vector<std::string> unwhitened() const;
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

// The rows of one track, and what holds them.
struct TrackRows {
  FileBytes file;
  MatrixView<float> rows;  // into `file`
};

// A representation's rows for the tracks to be indexed.
struct RowSource {
  std::string name;            // as recipes call it, "mfcc"
  std::string versioned_name;  // "mfcc@0123456789abcdef"
  std::size_t dimension = 0;
  double rows_per_second = 0;                        // 0: one row for a recording
  std::vector<std::string> columns;                  // names, where they have any (aspects)
  std::function<TrackRows(std::size_t track)> rows;  // of tracks[track]; one thread, in any order
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

// The same under any recipe, whose parts all name one of `sources` (see resolved). Pairs of rows
// that did not change are not compared again: the result equals a build from nothing with the same
// fits to the bit or, where only candidates are compared, holds nothing less near than that. A part
// with no more rows than dimensions is left unwhitened (Snapshot::unwhitened) until the next fit
// finds more. Throws Fault::refused for a recipe that cannot be followed (columns that it lacks).
SnapshotInfo publishSnapshot(Blobs& blobs, std::string_view key, const Recipe& recipe,
                             std::span<const SnapshotTrack> tracks,
                             std::span<const RowSource> sources, UnixTime now, unsigned jobs = 1);

}  // namespace attacca::index
