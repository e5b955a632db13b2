// The part of the command line that is about the catalogue: import, export, works, people, edit.
#pragma once

#include <CLI/CLI.hpp>

#include "commands.h"
#include "declare.h"

namespace attacca::cli {

struct CatalogueArgs {
  ImportArgs import;
  ExportArgs export_;
  WorksArgs works;
  WorkArgs work;
  EditArgs edit;
};

// `args` outlives `app`.
void declareCatalogue(const DeclareCommand& declare, const DeclareSettings& settings, CLI::App& app,
                      CatalogueArgs& args);

}  // namespace attacca::cli
