// The learners of each kind of network. Data and configuration were checked and outlive them; they
// draw their first weights from `random`.
#pragma once

#include <memory>

#include "training_loop.h"

namespace attacca::learn {

// bert4rec and sasrec.
std::unique_ptr<Learner> sequenceLearner(const recommend::TrainingData& data,
                                         const recommend::TrainingConfig& config, Random& random);
// Both throw Fault::usage for ids, and where the log holds nothing that they could learn from.
std::unique_ptr<Learner> shallowLearner(const recommend::TrainingData& data,
                                        const recommend::TrainingConfig& config, Random& random);
std::unique_ptr<Learner> contrastiveLearner(const recommend::TrainingData& data,
                                            const recommend::TrainingConfig& config,
                                            Random& random);

}  // namespace attacca::learn
