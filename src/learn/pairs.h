// What the shallow net is trained on: pairs of a listener and a track that they heard.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cosine_hinge.h"
#include "heard.h"
#include "torch.h"

namespace attacca::learn {

struct Pair {
  std::int32_t listener;
  Played track;
};

// A listener is the mean of the distinct tracks that they heard, less the track of the pair: with
// it in the mean, as published, a net learns to find what is in the mean rather than what goes with
// it, and whoever heard one track only is that track. (When foretelling, the track that is asked
// for is not in the mean either.) So a listener of one track has no pair, nor has one who heard
// all.
class Pairs {
 public:
  // `rows`: of all tracks, as the net takes them. Those of the played ones are kept.
  Pairs(Heard heard, const torch::Tensor& rows);
  Pairs(const Pairs&) = delete;
  Pairs& operator=(const Pairs&) = delete;

  // In the order of listeners and tracks.
  const std::vector<Pair>& all() const { return pairs_; }
  const Heard& heard() const { return heard_; }

  // Negatives drawn by `random`.
  PairBatch batch(std::span<const Pair> pairs, std::size_t negatives, Random& random);
  // `negatives`: pairs x as many for each, none heard by the pair's listener.
  PairBatch batch(std::span<const Pair> pairs, std::span<const Played> negatives);

 private:
  Heard heard_;
  Unheard unheard_;
  torch::Tensor tracks_;     // played tracks x input
  std::vector<float> sums_;  // listeners x input
  std::vector<Pair> pairs_;
  std::vector<Played> drawn_;
  std::vector<Played> place_;  // by played track: its row in the batch, or -1
};

}  // namespace attacca::learn
