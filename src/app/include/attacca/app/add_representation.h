// Bringing an ONNX model into an archive.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "attacca/app/archive_folder.h"
#include "attacca/app/representations.h"

namespace attacca::app {

struct ModelToAdd {
  std::filesystem::path model;
  // Not needed where the program knows the model: mert-95m.onnx is what its own manifest says.
  std::optional<std::filesystem::path> manifest;
};

// What `what` is to be. Throws Fault::usage where it is no ONNX model, Fault::notFound where a
// manifest is needed and missing, and what Manifest::parse throws.
Manifest manifestToAdd(const ModelToAdd& what);

// Throws Fault::usage, which shows the licence, unless a version of it, or embeddings of one, are
// here under the same licence, which was accepted then.
void checkLicenceAccepted(const ArchiveFolder& archive, const Manifest& manifest);

struct AddedRepresentation {
  InstalledRepresentation representation;
  bool was_there = false;
};

// Copies the model, lets `check` look at the copy (checkModel; what it throws passes through), and
// makes this the version that the bare name means. The caller holds the writer lock; interrupted,
// it leaves nothing that counts.
AddedRepresentation addRepresentation(
    const ArchiveFolder& archive, const Manifest& manifest, const std::filesystem::path& model,
    const std::function<void(const std::filesystem::path& model_file)>& check);

}  // namespace attacca::app
