// The contrastive net: its content tower and its loss.
#pragma once

#include "torch.h"

namespace attacca::learn {

// v = items gelu(hidden x), scaled to length 1 (0 stays 0); rows x input in, rows x width out.
torch::Tensor contentTower(const torch::Tensor& rows, const torch::Tensor& hidden_weight,
                           const torch::Tensor& hidden_bias, const torch::Tensor& items_weight,
                           const torch::Tensor& items_bias);

// Symmetric InfoNCE: each content vector is to be nearest, of all in the batch, to its own track's
// collaborative vector, and the other way round (van den Oord, Li and Vinyals, 2018; Radford et
// al., ICML 2021). Both are tracks x width, rows of length 1; cosines are divided by `temperature`.
torch::Tensor symmetricInfoNce(const torch::Tensor& content, const torch::Tensor& collaborative,
                               double temperature);

}  // namespace attacca::learn
