// What a recipe makes of the rows of its representations, before neighbours are looked for.
#pragma once

#include <span>
#include <vector>

#include "attacca/index/recipe.h"
#include "attacca/index/snapshot.h"

#include "fit.h"
#include "frames.h"
#include "fused.h"

namespace attacca::index {

struct PartData {
  std::vector<SnapshotPart> parts;
  std::vector<Fit> fits;       // of each part
  std::vector<Frames> frames;  // of each part; empty of one that is not ordered
  std::size_t tracks = 0;
  std::size_t dimension = 0;
  std::vector<float> vectors;  // tracks x dimension
  std::vector<TrackId> references;
  std::vector<float> ordered_means;  // empty where no ordered part has a share
  bool fitted_anew = true;
  FusedScorer::PackedTracks packed;

  MatrixView<float> vectorView() const { return {vectors.data(), tracks, dimension}; }
  FusedParts fused(const Recipe& recipe) const;  // views into this
};

// Which rows of a current snapshot are still there, unchanged (EarlierTable says how).
struct UnchangedRows {
  std::vector<Row> row_now;
  std::vector<Row> row_then;
};
UnchangedRows unchangedRows(const Snapshot::State& current, std::span<const TrackId> ids,
                            MatrixView<float> vectors, std::span<const Frames> frames);

// `order[row]` is the track of a row, as `sources` count them; `ids` are those of the rows,
// ascending. `current` (may be null) lends its fits where they still hold.
PartData makePartData(const Recipe& recipe, std::span<const RowSource> sources,
                      std::span<const TrackId> ids, std::span<const std::size_t> order,
                      const Snapshot* current, unsigned jobs);

}  // namespace attacca::index
