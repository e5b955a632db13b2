// How the parts of the command line declare their commands.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "session.h"

namespace attacca::cli {

using Command = std::function<Exit(const Context&)>;
// Declares a command below the given one (nullptr: the program) with its description and examples.
using DeclareCommand = std::function<CLI::App*(CLI::App*, const std::string&, const std::string&,
                                               const std::string&, Command)>;
// Gives a command the flags of settings, by their keys.
using DeclareSettings = std::function<void(CLI::App&, std::initializer_list<std::string_view>)>;

}  // namespace attacca::cli
