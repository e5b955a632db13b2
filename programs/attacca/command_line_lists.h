// The part of the command line that lists what is there.
#pragma once

#include <string>
#include <vector>

#include "commands.h"
#include "declare.h"

namespace attacca::cli {

struct ListsArgs {
  TracksArgs tracks;
  std::vector<std::string> track;  // words of one name
};

// `args` outlives the commands.
void declareLists(const DeclareCommand& declare, ListsArgs& args);

}  // namespace attacca::cli
