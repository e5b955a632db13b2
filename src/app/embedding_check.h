// One embedding, as `verify` looks at it.
#pragma once

#include <optional>

#include "attacca/app/representations.h"
#include "attacca/app/verify.h"
#include "attacca/archive/types.h"
#include "attacca/base/blob.h"

namespace attacca::app {

struct EmbeddingCheck {
  bool there = false;
  std::optional<Finding> damage;
};
EmbeddingCheck checkEmbedding(const Blobs& blobs, const InstalledRepresentation& representation,
                              const archive::Track& track);

// What to do about a damaged file that hearing the recording again makes anew.
std::string hearAgain(const archive::Track& track, std::string_view key);

}  // namespace attacca::app
