#include "attacca/app/heard_aspects.h"

#include "attacca/app/add.h"
#include "attacca/base/error.h"
#include "attacca/base/npy.h"
#include "attacca/base/representation.h"

namespace attacca::app {

HeardAspects::HeardAspects(const Blobs& blobs)
    : blobs_(blobs), versioned_name_(versionedName(shippedManifest("aspects"), {})) {}

std::optional<Aspects> HeardAspects::of(const AudioHash& hash) const {
  const std::string key = embeddingKey(versioned_name_, hash);
  if (!blobs_.exists(key)) return std::nullopt;
  try {
    const FileBytes file = blobs_.read(key);
    const auto rows = npyView<float>(file, key);
    if (rows.rows != 1 || rows.cols != kAspects) return std::nullopt;
    return aspectsOf(rows.row(0));
  } catch (const Error& fault) {
    if (fault.fault() != Fault::corrupt && fault.fault() != Fault::notFound) throw;
    return std::nullopt;
  }
}

}  // namespace attacca::app
