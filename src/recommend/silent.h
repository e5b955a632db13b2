// Tracks that no vector tells anything about.
#pragma once

#include "attacca/recommend/listener.h"

namespace attacca::recommend {

// True for a track without sound or without an embedding: all zeros, as near to one as to another.
bool isSilent(const Snapshot& snapshot, Row row);

}  // namespace attacca::recommend
