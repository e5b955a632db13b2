// What a manifest says about the rows of an embedding, and representations that are computed
// elsewhere: network "external" in a manifest that has neither front end nor clips, and a `version`
// that stands for the model file. Their embeddings are imported.
#pragma once

#include "attacca/base/representation.h"

namespace attacca {

bool isExternal(const Manifest& manifest);
// Of an embedding whose row i starts at i * clipHop: where all clips are heard. 0 where nothing
// says when a row sounds (one clip of a recording, or what was computed elsewhere).
double rowsPerSecond(const Manifest& manifest);
// The embedding of a recording may be several rows, as its front end and clips say.
bool hasSeveralClips(const Manifest& manifest);

}  // namespace attacca
