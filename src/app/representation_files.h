// How representations lie in an archive's folder.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "attacca/base/representation.h"
#include "attacca/base/unfinished_folder.h"

namespace attacca::app {

constexpr std::string_view kManifestFile = "manifest.toml";
// Of one that has a model file.
std::string_view modelFileName(const Manifest& manifest);

// Beside the folders: the versioned name that the bare name means, of a model that was brought.
std::string meantVersionFile(std::string_view name);

// Moves a model and its manifest to their place. Where embeddings of it were imported, the place is
// there already, without the model.
void publishModel(UnfinishedFolder& folder, const std::filesystem::path& place,
                  const Manifest& manifest);

// Everything but the model file is the same.
bool sameIngredients(const Manifest& a, const Manifest& b);

// What a person does to have it, as a sentence without an end.
std::string howToGet(const Manifest& manifest);

}  // namespace attacca::app
