// What a trainer is given, looked at before anything is learned from it.
#pragma once

#include "attacca/base/sha256.h"
#include "attacca/recommend/trainer.h"

namespace attacca::learn {

// Throws Fault::usage, as Trainer::train says, also for a configuration that cannot be.
void check(const recommend::TrainingData& data, const recommend::TrainingConfig& config);

// Of all that decides a run's weights on one machine.
Sha256Digest digestOf(const recommend::TrainingData& data, const recommend::TrainingConfig& config,
                      unsigned jobs);

}  // namespace attacca::learn
