// What an archive can compare recordings by, what it lacks for more, and what all that takes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/app/embeddings.h"
#include "attacca/app/representations.h"
#include "attacca/base/blob.h"

namespace attacca::app {

enum class Readiness {
  ready,
  imported,        // embeddings were computed elsewhere and are here
  weightsMissing,  // the model file is to be had; `remedy` says how
  partMissing,     // what runs the model is not installed; `remedy` says how
  noManifest,      // embeddings of a version that nothing here describes any more
};

struct RepresentationState {
  Manifest manifest;           // but its name, empty where there is none
  std::string versioned_name;  // empty: nothing of it is here
  Readiness readiness = Readiness::ready;
  std::string remedy;
  std::uint64_t model_bytes = 0;
  EmbeddingUse embeddings;
  std::vector<std::string> snapshots;  // current ones that are made of its embeddings
};

// All that are here and all that the program knows, in order of names. `engine`: what runs ONNX
// models is installed.
std::vector<RepresentationState> representationStates(const ArchiveFolder& archive,
                                                      const Blobs& blobs, bool engine);
// Those that `name` (bare or versioned) means. Throws Fault::notFound, listing the names there are.
std::vector<RepresentationState> statesOf(std::span<const RepresentationState> states,
                                          std::string_view name);

// Removes the model, the manifest, the embeddings, and the snapshots that compare by it and are not
// `kept`. The caller holds the writer lock; interrupted, it can be called again. Nothing that was
// not computed or imported goes.
void removeRepresentation(const ArchiveFolder& archive, Blobs& blobs,
                          const RepresentationState& state, std::string_view kept);

}  // namespace attacca::app
