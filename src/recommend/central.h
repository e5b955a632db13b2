// For a listener of whom nothing is known: tracks typical of the archive, unlike each other.
#pragma once

#include <vector>

#include "list.h"

namespace attacca::recommend {

struct CentralPick {
  Row row = -1;
  double score = 0;      // what it adds, as service.h says
  Row nearest = -1;      // the most similar of the tracks listed before it; -1 for the first
  float similarity = 0;  // cosine to it
};

std::vector<CentralPick> pickCentral(const Snapshot& snapshot, const Policies& policies,
                                     const Exclusions& excluded);

}  // namespace attacca::recommend
