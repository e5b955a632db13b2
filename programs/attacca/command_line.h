// The command line: what may be typed, its help, and what it calls.
#pragma once

#include <stop_token>

#include "commands.h"
#include "program.h"

namespace attacca::cli {

// Does what was typed. Throws Error (Fault::usage for a command line that makes no sense).
Exit runCommandLine(int argc, char** argv, const Environment& environment, std::stop_token stop);

}  // namespace attacca::cli
