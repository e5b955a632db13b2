// A run after one of its epochs, on disk.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "attacca/base/sha256.h"

namespace attacca::learn {

struct Checkpoint {
  std::size_t best_epoch = 0;
  double best = 0;
  std::size_t steps = 0;       // that Adam made
  std::vector<double> losses;  // of each epoch so far
  std::string random;          // state of the generator
  // For each parameter, in the learner's order.
  std::vector<std::vector<float>> weights;
  std::vector<std::vector<float>> first_moments;
  std::vector<std::vector<float>> second_moments;
  std::vector<std::vector<float>> best_weights;

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// Whole or not at all. `digest`: of data, configuration and threads (training_data.h).
void writeCheckpoint(const std::filesystem::path& path, const Checkpoint& checkpoint,
                     const Sha256Digest& digest);
// nullopt where there is none. Throws Fault::refused for one of another digest, Fault::corrupt for
// one that is damaged.
std::optional<Checkpoint> readCheckpoint(const std::filesystem::path& path,
                                         const Sha256Digest& digest);

}  // namespace attacca::learn
