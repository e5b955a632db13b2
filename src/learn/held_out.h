// How well held-out plays are foretold: full ranking, never sampled.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "attacca/recommend/trainer.h"

#include "torch.h"

namespace attacca::learn {

// One row of scores of all tracks for each of the given listeners: listeners x items.
using Scorer = std::function<torch::Tensor(std::span<const recommend::HeldOut>)>;

// Mean NDCG@10 = 1 / log2(1 + rank) up to rank 10, 0 beyond. A rank counts all tracks but those in
// `before`; of equal scores the lower row comes first, as in lists. Listeners with nothing before
// are left out, since other strategies answer them; 0 where nobody is left.
double ndcg10(const std::vector<recommend::HeldOut>& held_out, const Scorer& scores);

}  // namespace attacca::learn
