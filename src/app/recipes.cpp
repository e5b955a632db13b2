#include "attacca/app/recipes.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "attacca/base/file.h"
#include "attacca/base/representation.h"

namespace attacca::app {

std::vector<index::Recipe> archiveRecipes(const ArchiveFolder& archive) {
  std::vector<std::filesystem::path> files;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(archive.recipes(), none)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<index::Recipe> recipes;
  recipes.reserve(files.size());
  for (const auto& file : files) {
    recipes.push_back(index::Recipe::parse(readFile(file), file.string()));
  }
  return recipes;
}

HeardRepresentation heardRepresentation(const InstalledRepresentation& representation) {
  const Manifest& manifest = representation.manifest;
  HeardRepresentation heard;
  heard.name = manifest.name;
  heard.versioned_name = representation.versioned_name;
  heard.dimension = static_cast<std::size_t>(manifest.dimension);
  heard.columns = manifest.numbers;
  heard.rows_per_second = rowsPerSecond(manifest);
  return heard;
}

}  // namespace attacca::app
