// Runs another program and waits for it.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace attacca::app {

// Runs argv[0] (looked up in PATH) without a shell, with no input, what it says going to `log`.
// The exit status (128 + n when ended by signal n), or nullopt when there is no such program.
// On request to stop the program is ended and Fault::cancelled thrown.
std::optional<int> runProgram(const std::vector<std::string>& argv,
                              const std::filesystem::path& log, const std::stop_token& stop);

}  // namespace attacca::app
