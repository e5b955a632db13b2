// Which strategy answers: the one that was asked for, or what stands in for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/index/snapshot.h"
#include "attacca/recommend/trained_model.h"

namespace attacca::app {

struct Choice {
  std::string strategy;                          // as recommend::strategies() has it
  std::optional<recommend::TrainedModel> model;  // where the strategy needs one
  std::vector<std::string> notes;  // what of this a person should know, and what to do about it
};

// `asked` empty: the trained model that is better than knn on what was held out when it was trained
// (recommend::bestModel), else knn. A trained strategy that is asked for and was not trained, or
// whose model does not hold for the snapshot or cannot be read, is stood in for by the first that
// can answer of bert4rec, shallow and knn, those after it; the notes say so. Reads `models`. Throws
// Fault::usage for a name that is no strategy.
Choice chooseStrategy(const recommend::ModelFolder& models, const index::Snapshot& snapshot,
                      std::string_view asked);

}  // namespace attacca::app
