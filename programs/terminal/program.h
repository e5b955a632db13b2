// What the programs that people type have in common: signals, exit codes, and who reads the
// environment.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace attacca::cli {

enum class Exit : int { done = 0, error = 1, usage = 2, refused = 3, interrupted = 130 };

// Looks up an environment variable.
using Environment = std::function<std::optional<std::string>(const std::string&)>;

using CommandLineOf = Exit (*)(int argc, char** argv, const Environment& environment,
                               std::stop_token stop);

// A program's main: Ctrl-C asks `run` to stop, a second one ends it at once; what goes wrong is
// said, and becomes the exit code.
int runProgram(int argc, char** argv, CommandLineOf run);

}  // namespace attacca::cli
