// What tracks are compared by: a recipe, and the representations that it needs or that are asked
// for. Several stand side by side in one archive, each with snapshots of its own.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/app/archive_folder.h"
#include "attacca/app/publish.h"
#include "attacca/archive/catalogue.h"
#include "attacca/base/blob.h"
#include "attacca/base/clock.h"
#include "attacca/index/recipe.h"

namespace attacca::app {

// "msd-vgg", "msd-musicnn:2+aspects" (late fusion; weights are 1 unless said), "random",
// "shuffled:msd-musicnn" (controls.h). Names are as recipes have them. Throws Fault::usage.
std::vector<index::Asked> parseAsked(std::string_view text);

// The recipe of that name: of the archive's recipes/*.toml, else a shipped one. Throws
// Fault::notFound, listing the names there are.
index::Recipe recipeNamed(const ArchiveFolder& archive, std::string_view name);

struct Comparison {
  std::string key;       // of its snapshots (index::snapshotKey)
  index::Recipe recipe;  // all parts name a representation
  std::vector<HeardRepresentation> representations;
};

// `asked` stands where the recipe leaves it open. Throws Fault::notFound for a representation that
// is not in this archive. `blobs` outlives the answer.
Comparison comparison(const ArchiveFolder& archive, const archive::Catalogue& catalogue,
                      const Blobs& blobs, const index::Recipe& recipe,
                      std::span<const index::Asked> asked);

// What a snapshot that was published earlier is made by, as its recipe and the versions of its
// representations are now; nullopt where something of it is not in this archive any more.
std::optional<Comparison> comparisonOfKey(const ArchiveFolder& archive,
                                          const archive::Catalogue& catalogue, const Blobs& blobs,
                                          std::string_view key);

// The current snapshot of that key is made from representations of these names.
bool isMadeFrom(const Blobs& blobs, const Comparison& comparison);

struct PublishedComparison {
  std::optional<Published> published;
  // Where the snapshot was made of another version than is wanted: tracks that lack that one. Lists
  // are made from the other as long as there are any.
  std::size_t lacking = 0;
  std::string serving;  // that other version
};

// Publishes a snapshot of it. A snapshot is of one version of each representation, and another
// version takes its turn only when it covers all tracks that can be played and that the one before
// covers: while recordings are being heard anew, lists stay whole and nothing is mixed. The caller
// holds the writer lock.
PublishedComparison publishComparison(const ArchiveFolder& archive,
                                      const archive::Catalogue& catalogue, Blobs& blobs,
                                      const Comparison& wanted, const Clock& clock, unsigned jobs);

}  // namespace attacca::app
