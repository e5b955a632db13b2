// What the reference gives for the synthetic ten seconds, and how far a target may be from it.
// Needs nothing but base's files and .npy, so that it also builds for processors that have no test
// framework at hand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "attacca/base/file.h"
#include "attacca/embed/network.h"

namespace attacca::embed::test {

struct Difference {
  double most = 0;          // largest |ours - reference|
  double least_cosine = 1;  // of any row
  bool finite = true;
};

struct LogMelDifference {
  double most = 0;      // apart from ties
  double most_tie = 0;  // where float16 rounded to the neighbour
  double share_of_ties = 0;
  std::size_t frames = 0;
};

struct ModelName {
  std::string_view manifest;  // "msd-musicnn"
  std::string_view golden;    // "MSD_musicnn_penultimate"
  std::string_view taggram;   // "MSD_musicnn_taggram"
};
extern const std::vector<ModelName> kModelNames;

std::vector<float> wavSamples(const std::string& file);  // mono, 16 bits
std::vector<float> goldenSamples(const std::string& folder);
LogMelDifference compareLogMel(const std::string& folder, Target target);

struct ModelDifference {
  Difference embedding;
  Difference tags;
};
// Clips of the golden log-mel through the network.
ModelDifference compareModel(const std::string& folder, const ModelName& name,
                             const Network& network);

// Within what the project promises.
bool isGood(const LogMelDifference& difference);
bool isGood(const Difference& difference);

}  // namespace attacca::embed::test
