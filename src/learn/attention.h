// Attention over sequences that lie one after the other, without padding.
#pragma once

#include <cstdint>
#include <vector>

#include "torch.h"

namespace attacca::learn {

// Sequence s has the rows keys[s] ... keys[s + 1] - 1 of `key` and `value`, and asks from the rows
// queries[s] ... queries[s + 1] - 1 of `query`.
struct AttentionPlan {
  std::vector<std::int64_t> keys;
  std::vector<std::int64_t> queries;
  // The place of each row of `query` in its sequence; with `causal` it sees no later one.
  std::vector<std::int64_t> places;
  bool causal = false;
  std::int64_t heads = 1;
  double dropout = 0;  // of the weights; which follows from `seed`
  std::uint64_t seed = 0;
};

// Rows of `value` weighed by softmax(query . key / sqrt(columns of a head)), head by head: as many
// rows as `query`. `remembered`: key and value beside each other, 2 d columns.
torch::Tensor attention(const torch::Tensor& query, const torch::Tensor& remembered,
                        AttentionPlan plan);

}  // namespace attacca::learn
