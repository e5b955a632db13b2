// The part of the command line that is about the catalogue: import, export, works, people, edit.
#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "commands.h"

namespace attacca::cli {

using Command = std::function<Exit(const Context&)>;
// Declares a command below the given one (nullptr: the program) with its description and examples.
using DeclareCommand = std::function<CLI::App*(CLI::App*, const std::string&, const std::string&,
                                               const std::string&, Command)>;

struct CatalogueArgs {
  ImportArgs import;
  ExportArgs export_;
  WorksArgs works;
  WorkArgs work;
  EditArgs edit;
};

// `args` outlives `app`.
void declareCatalogue(const DeclareCommand& declare, CLI::App& app, CatalogueArgs& args);

}  // namespace attacca::cli
