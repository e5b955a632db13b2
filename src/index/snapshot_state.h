// What an open snapshot holds.
#pragma once

#include <string>
#include <vector>

#include "attacca/base/file.h"
#include "attacca/index/snapshot.h"

#include "fit.h"
#include "fused.h"
#include "quantise.h"
#include "snapshot_files.h"

namespace attacca::index {

struct Snapshot::State {
  SnapshotManifest manifest;
  std::string folder;  // "snapshots/<recipe>/<version>/"
  std::vector<TrackId> ids;
  std::vector<FileBytes> files;  // what the views below look into
  std::string_view catalogue;
  MatrixView<float> vectors;
  MatrixView<std::int64_t> groups;
  MatrixView<std::int32_t> neighbours;
  MatrixView<float> neighbour_scores;
  MatrixView<float> centrality;
  MatrixView<float> centre;
  MatrixView<std::int8_t> codes;
  MatrixView<float> code_bounds;

  Recipe recipe;
  std::vector<Fit> fits;                     // of each part
  std::vector<FramesView> frames;            // of each part; empty of one that is not ordered
  std::span<const std::int64_t> references;  // track ids
  std::span<const float> ordered_means;      // empty without ordered parts
  FusedParts fused;                          // what scores are made of

  const CodeBounds* codeBounds() const {
    return reinterpret_cast<const CodeBounds*>(code_bounds.data);
  }
};

}  // namespace attacca::index
