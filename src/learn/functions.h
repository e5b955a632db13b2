// What libtorch has no quick function for, with gradients.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "torch.h"

namespace attacca::learn {

// Row index[i] of `rows` (n x d) for each i, zeros for -1: index.size() x d. An index may come more
// than once.
torch::Tensor gatherRows(const torch::Tensor& rows, const std::vector<std::int64_t>& index);

// Each value is 0 with a chance of `rate`, to 2^-32, and else divided by 1 - rate. Which ones
// follows from `seed` alone, not from threads; nothing is kept of it but the seed.
torch::Tensor dropOut(const torch::Tensor& values, double rate, std::uint64_t seed);

// Mean over i of -log softmax(queries(i) . items(j) + bias(j) over all j)[answers[i]];
// queries m x d, items n x d, bias n. Scores and their softmax are in memory for some rows at a
// time: gradients are worked out on the way.
torch::Tensor softmaxLoss(const torch::Tensor& queries, const torch::Tensor& items,
                          const std::optional<torch::Tensor>& bias,
                          const std::vector<std::int64_t>& answers);

}  // namespace attacca::learn
