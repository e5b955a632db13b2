// The recipes of an archive, and what they need.
#pragma once

#include <vector>

#include "attacca/app/archive_folder.h"
#include "attacca/app/publish.h"
#include "attacca/app/representations.h"
#include "attacca/index/recipe.h"

namespace attacca::app {

// Those in <archive>/recipes/*.toml, in the order of file names; none where there is no such
// folder. Throws Fault::refused for one that cannot be understood.
std::vector<index::Recipe> archiveRecipes(const ArchiveFolder& archive);

// What publishArchive must know of a representation.
HeardRepresentation heardRepresentation(const InstalledRepresentation& representation);

}  // namespace attacca::app
