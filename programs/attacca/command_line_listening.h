// The part of the command line that is about listening: what is like what, and who heard it.
#pragma once

#include <string>
#include <vector>

#include "commands.h"
#include "declare.h"

namespace attacca::cli {

struct ListeningArgs {
  SimilarArgs similar;
  RecommendArgs recommend;
  ListenArgs listen;
  ModelsArgs models;
  QualityArgs quality;
  std::vector<std::string> track;
  std::string log;
};

// `args` outlives the command line.
void declareListening(const DeclareCommand& declare, const DeclareSettings& settings, CLI::App& app,
                      ListeningArgs& args);

}  // namespace attacca::cli
