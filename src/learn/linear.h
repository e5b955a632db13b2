// Products with the kernels of this room, with gradients.
#pragma once

#include "torch.h"

namespace attacca::learn {

// rows (m x in) weight^T (out x in) + bias (out).
torch::Tensor linearRows(const torch::Tensor& rows, const torch::Tensor& weight,
                         const torch::Tensor& bias);

// out (m x n) += a (m x k; k x m where it is given transposed) b (k x n). All contiguous; without
// gradients.
void addProductTo(const torch::Tensor& out, const torch::Tensor& a, bool a_transposed,
                  const torch::Tensor& b);

}  // namespace attacca::learn
