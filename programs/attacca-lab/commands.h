// The commands of `attacca-lab`. Each prints its result and returns how it ended; what goes wrong
// is an Error, which main prints.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "attacca/base/clock.h"
#include "attacca/base/settings.h"

#include "program.h"

namespace attacca::cli {

struct LabContext {
  Settings settings;
  bool json = false;
  bool quiet = false;
  std::stop_token stop;
  SystemClock clock;

  unsigned jobs() const;
};

struct TrainArgs {
  std::string strategy;
  std::string log;         // CSV or .inter; empty: the archive's own
  std::string embeddings;  // .npy; with it, or with ids and an output, there is no archive
  std::string ids;         // what its rows are
  std::string config;      // TOML
  bool published = false;
  std::string items = "content";
  std::string hold_out = "time";
  std::optional<int> seed;
  std::optional<int> epochs;
  std::string output;  // a folder of models; empty: the archive's
  bool fresh = false;  // do not go on from a run that was ended
};
struct SimulateArgs {
  int listeners = 100;
  int days = 90;
  std::uint64_t seed = 1;
  std::string until;   // empty: today
  std::string output;  // CSV
};

Exit train(const LabContext& context, const TrainArgs& args);
Exit simulate(const LabContext& context, const SimulateArgs& args);

}  // namespace attacca::cli
