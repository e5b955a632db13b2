// Is everything that the archive promises really there?
#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "attacca/app/representations.h"
#include "attacca/archive/catalogue.h"
#include "attacca/base/blob.h"
#include "attacca/base/progress.h"
#include "attacca/recommend/trained_model.h"

namespace attacca::app {

struct Finding {
  bool damage = true;  // else a file that moved or changed since: `add` takes note of it
  std::string what;
  std::string remedy;
};

struct Verification {
  std::size_t recordings = 0;
  std::size_t embeddings = 0;
  std::size_t places = 0;
  std::optional<std::int64_t> snapshot;  // version that was checked
  std::vector<Finding> findings;

  bool damaged() const;
};

struct VerifyPorts {
  const archive::Catalogue& catalogue;
  const Blobs& blobs;
  Progress& progress;
};

// Checks the installed representations (their fingerprints), for each recording peaks,
// acoustic fingerprint and the embeddings of each of them (shape, every number finite), the current
// snapshot (every file's sha256; each vector against the embedding it was made from) and each place
// (there, unchanged). The database's own check is the caller's. Reads only. Throws
// Fault::cancelled.
Verification verifyArchive(const VerifyPorts& ports,
                           const std::vector<InstalledRepresentation>& installed,
                           std::string_view wanted, std::string_view recipe, std::stop_token stop);

// Trained recommenders: cards, networks, sha256. One finding for each that cannot be used.
std::vector<Finding> verifyModels(const recommend::ModelFolder& models);

// The same as verifyArchive of one representation: its model file, and its embeddings of all
// recordings. That some have none is no damage.
Verification verifyRepresentation(const VerifyPorts& ports,
                                  const InstalledRepresentation& representation,
                                  const std::stop_token& stop);

}  // namespace attacca::app
