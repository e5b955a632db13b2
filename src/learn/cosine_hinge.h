// The loss of the shallow net and its gradient, written out: with autograd alone, every one of the
// tracks of every pair would be copied several times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "torch.h"

namespace attacca::learn {

// Some pairs of a listener and a track that they heard, each with as many tracks that they did not.
struct PairBatch {
  torch::Tensor listeners;              // pairs x input: what stands for each pair's listener
  torch::Tensor tracks;                 // tracks x input, contiguous as the other
  std::vector<std::int32_t> positives;  // by pair: row of `tracks`
  std::vector<std::int32_t> negatives;  // pairs x as many for each: rows of `tracks`

  std::size_t pairs() const { return positives.size(); }
  std::size_t negativesOfPair() const { return negatives.size() / positives.size(); }
};

// With v(x) = relu(weight x + bias) and a cosine of 0 where either is 0: the mean, over all pairs
// of a listener l and a track p and their negatives n, of
//   max(0, margin - cos(v(l), v(p)) + cos(v(l), v(n)))
// `weight` is width x input, `bias` width; gradients flow to both. The same to the bit with any
// number of threads (at::set_num_threads).
torch::Tensor cosineHinge(const torch::Tensor& weight, const torch::Tensor& bias,
                          const PairBatch& batch, double margin);

}  // namespace attacca::learn
