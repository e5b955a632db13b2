// Moments of a recording, as people write them.
#pragma once

#include <string_view>

#include "attacca/base/units.h"

namespace attacca::cli {

// "62", "1:02", "1:02:03.5". Throws Fault::usage naming `flag`.
Seconds parseMoment(std::string_view text, std::string_view flag);

}  // namespace attacca::cli
