// What recordings sound like, as far as they were heard with the built-in representation `aspects`.
#pragma once

#include <optional>
#include <string>

#include "attacca/base/aspects.h"
#include "attacca/base/blob.h"
#include "attacca/base/sha256.h"

namespace attacca::app {

// Looks each recording up when it is asked for: a small file each. Any thread, as far as `blobs`
// allows, which outlives it.
class HeardAspects {
 public:
  explicit HeardAspects(const Blobs& blobs);
  // nullopt where the recording was not heard with this program's version of `aspects`, and where
  // its file is damaged (which `attacca verify` says): lists do without.
  std::optional<Aspects> of(const AudioHash& hash) const;

 private:
  const Blobs& blobs_;
  std::string versioned_name_;
};

}  // namespace attacca::app
