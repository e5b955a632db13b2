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

// What each row is worth before anything was chosen: depends on the snapshot alone, and takes a
// look at every stored neighbour.
std::vector<double> firstWorths(const Snapshot& snapshot);

std::vector<CentralPick> pickCentral(const ListRules& rules, const std::vector<double>& first);

}  // namespace attacca::recommend
