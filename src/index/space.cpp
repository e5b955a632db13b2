#include <cstddef>
#include <string>

#include <fmt/format.h>

#include "attacca/base/sha256.h"
#include "attacca/index/snapshot.h"

#include "snapshot_state.h"

namespace attacca::index {

// As foldVectors makes vectors: of each part that is not ordered what it is made from, how it is
// fitted, and its share among them.
std::string Snapshot::space() const {
  const SnapshotManifest& manifest = state_->manifest;
  double shares = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < manifest.info.parts.size(); ++i) {
    if (recipe().parts[i].ordered()) continue;
    shares += manifest.info.parts[i].share;
    ++count;
  }
  std::string text = "space 1\n";
  for (std::size_t i = 0; i < manifest.info.parts.size(); ++i) {
    if (recipe().parts[i].ordered()) continue;
    const SnapshotPart& part = manifest.info.parts[i];
    const double weight = shares > 0 ? part.share / shares : 1 / static_cast<double>(count);
    const ManifestFile* const fit = manifest.find(partFile(i, "fit"));
    text += fmt::format("{} {} {} {:a} {}\n", part.kind == PartKind::aspects ? "aspects" : "pooled",
                        part.representation, part.dimension, count == 1 ? 1.0 : weight,
                        fit == nullptr ? "none" : fit->sha256.hex());
    for (const std::string& column : part.columns) text += fmt::format(" {}\n", column);
  }
  return sha256(text).hex();
}

}  // namespace attacca::index
