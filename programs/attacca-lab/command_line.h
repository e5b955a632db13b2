// The command line of attacca-lab: what may be typed, its help, and what it calls.
#pragma once

#include <stop_token>

#include "commands.h"

namespace attacca::cli {

// Does what was typed. Throws Error (Fault::usage for a command line that makes no sense).
Exit runLabCommandLine(int argc, char** argv, const Environment& environment, std::stop_token stop);

}  // namespace attacca::cli
