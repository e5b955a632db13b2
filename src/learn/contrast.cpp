#include "contrast.h"

#include <ATen/ATen.h>

#include "tower.h"

namespace attacca::learn {

torch::Tensor contentTower(const torch::Tensor& rows, const torch::Tensor& hidden_weight,
                           const torch::Tensor& hidden_bias, const torch::Tensor& items_weight,
                           const torch::Tensor& items_bias) {
  const torch::Tensor hidden = at::gelu(at::linear(rows, hidden_weight, hidden_bias));
  return unitRows(at::linear(hidden, items_weight, items_bias));
}

torch::Tensor symmetricInfoNce(const torch::Tensor& content, const torch::Tensor& collaborative,
                               double temperature) {
  const torch::Tensor cosines = at::mm(content, collaborative.t()) / temperature;
  const torch::Tensor own = torch::arange(content.size(0));
  return (at::cross_entropy_loss(cosines, own) + at::cross_entropy_loss(cosines.t(), own)) / 2;
}

}  // namespace attacca::learn
