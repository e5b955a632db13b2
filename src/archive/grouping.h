// Which readings of titles, from all over a catalogue, mean one work.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "known_works.h"
#include "title.h"

namespace attacca::archive {

// What one spelling of a work says. Equal spellings are one reading.
struct Reading {
  std::string composer;  // readings with different composers are different works
  WorkName name;
  const KnownWork* known = nullptr;
  std::string part;  // of a known set
};

struct Group {
  std::size_t first = 0;  // the group's first reading, the same for all of it
  double confidence = 0;  // that this reading belongs there
  std::string reason;
};

// One group for each reading. The order of readings matters only for which of a group is `first`.
std::vector<Group> groupReadings(std::span<const Reading> readings);

}  // namespace attacca::archive
