// What the nets of two towers share: each track and each listener is a vector.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "attacca/recommend/trainer.h"

#include "input.h"
#include "training_loop.h"

namespace attacca::learn {

// `name`.weight (out x in), drawn from a normal distribution after Glorot and Bengio (AISTATS
// 2010), and `name`.bias (out), zero.
std::vector<Parameter> linearLayer(const std::string& name, std::size_t out, std::size_t in,
                                   Random& random);

// Rows of length 1; what is 0 stays 0.
torch::Tensor unitRows(const torch::Tensor& rows);

// The mean of `rows` over each listener's distinct tracks before: listeners x columns.
torch::Tensor meansOf(std::span<const recommend::HeldOut> listeners, const torch::Tensor& rows);

// Throws Fault::usage: both nets learn from embeddings alone.
void refuseIds(const recommend::TrainingConfig& config);

recommend::Network networkOf(const recommend::NetworkShape& shape, const ContentInput& content,
                             std::span<const Parameter> parameters);

}  // namespace attacca::learn
