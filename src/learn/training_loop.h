// What all trainers have in common: epochs of shuffled batches, Adam, early stopping, checkpoints.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "attacca/base/sha256.h"
#include "attacca/recommend/trainer.h"

#include "torch.h"

namespace attacca::learn {

// The one source of chance of a run: first weights, order, masks, negatives, dropout. libtorch's
// own generator is never used. Its state is part of a checkpoint.
using Random = std::mt19937_64;

struct Parameter {
  std::string name;      // as in attacca/recommend/network.h
  torch::Tensor tensor;  // float32, contiguous, a leaf that requires its gradient
};

// What a kind of network has of its own. Used by one thread. What it draws, it draws from the
// Random that it is given, and it keeps nothing from one epoch to the next but its parameters:
// then a run that is gone on from a checkpoint is the run that was never interrupted.
class Learner {
 public:
  virtual ~Learner() = default;

  // The same tensors in the same order at each call; the loop changes their values in place.
  virtual std::vector<Parameter> parameters() const = 0;
  // Draws an epoch: what is asked for, in which order. Returns the number of its batches, > 0.
  virtual std::size_t beginEpoch(Random& random) = 0;
  // Mean loss of a batch of this epoch (0 ...), asked for once each and in order.
  virtual torch::Tensor loss(std::size_t step, Random& random) = 0;
  // Mean NDCG@10 on what was held out (held_out.h), by the parameters as they are.
  virtual double validate() = 0;
  // The parameters as they are, and what belongs to them.
  virtual recommend::Network network() const = 0;
};

// Trains what `learner` begins with; `validated`: something was held out. Without that the newest
// whole epoch is the best. `digest` names data, configuration and threads (training_data.h). Takes
// the number of threads of OpenMP of the calling thread for its own. Throws as Trainer::train.
recommend::Trained trainLoop(Learner& learner, const recommend::TrainingConfig& config,
                             const recommend::TrainingRun& run, bool validated, Random& random,
                             const Sha256Digest& digest);

// The values of parameters, as networks keep them.
recommend::Tensor tensorOf(const torch::Tensor& tensor);

}  // namespace attacca::learn
