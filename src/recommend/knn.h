// For a listener with a history: the content neighbours of what was heard, each heard track in turn
// (service.h says how).
#pragma once

#include <vector>

#include "list.h"
#include "profile.h"

namespace attacca::recommend {

// How near a pick is to one heard track.
struct HeardCosine {
  Row heard = -1;
  float cosine = 0;
};

struct ListenerPick {
  Row row = -1;
  double score = 0;
  std::vector<HeardCosine> reasons;  // what contributed most to the score first, 1 to 3
};

std::vector<ListenerPick> pickForListener(const ListRules& rules,
                                          const std::vector<ProfileTrack>& profile);

}  // namespace attacca::recommend
