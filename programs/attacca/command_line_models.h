// The part of the command line that is about representations and their embeddings.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "commands.h"
#include "declare.h"

namespace attacca::cli {

struct ModelArgs {
  FetchArgs fetch;
  AddRepresentationArgs add_representation;
  RepresentationArgs representation;
  EmbedArgs embed;
  ExportEmbeddingsArgs export_embeddings;
  ImportEmbeddingsArgs import_embeddings;
};

// `args` outlives `app`.
void declareModels(const DeclareCommand& declare, const DeclareSettings& settings, CLI::App& app,
                   ModelArgs& args);

}  // namespace attacca::cli
