// Content embeddings as networks see them.
#pragma once

#include "attacca/recommend/trainer.h"

#include "torch.h"

namespace attacca::learn {

// Standardised by the tracks that occur in histories (each once), so that nothing is learned of
// tracks that are withheld. scale is 1 / standard deviation; 0 for columns without spread, which
// then say nothing.
struct ContentInput {
  torch::Tensor mean;   // n
  torch::Tensor scale;  // n
  torch::Tensor rows;   // items x n: scale * (row - mean)
};

ContentInput standardised(const recommend::TrainingData& data);

}  // namespace attacca::learn
