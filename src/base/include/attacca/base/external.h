// Representations that are computed elsewhere: network "external" in a manifest that has neither
// front end nor clips, and a `version` that stands for the model file. Their embeddings are
// imported.
#pragma once

#include "attacca/base/representation.h"

namespace attacca {

bool isExternal(const Manifest& manifest);

}  // namespace attacca
