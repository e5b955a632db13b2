// The command line: what may be typed, its help, and what it calls.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "commands.h"

namespace attacca::cli {

// Looks up an environment variable.
using Environment = std::function<std::optional<std::string>(const std::string&)>;

// Does what was typed. Throws Error (Fault::usage for a command line that makes no sense).
Exit runCommandLine(int argc, char** argv, const Environment& environment, std::stop_token stop);

}  // namespace attacca::cli
