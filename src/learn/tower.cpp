#include "tower.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <ATen/ATen.h>

#include "attacca/base/error.h"

namespace attacca::learn {

std::vector<Parameter> linearLayer(const std::string& name, std::size_t out, std::size_t in,
                                   Random& random) {
  const auto rows = static_cast<std::int64_t>(out);
  const torch::Tensor weight = torch::empty({rows, static_cast<std::int64_t>(in)});
  std::normal_distribution<float> normal(
      0, static_cast<float>(std::sqrt(2 / static_cast<double>(in + out))));
  std::generate_n(weight.data_ptr<float>(), weight.numel(), [&] { return normal(random); });
  return {{name + ".weight", weight.requires_grad_()},
          {name + ".bias", torch::zeros(rows).requires_grad_()}};
}

torch::Tensor unitRows(const torch::Tensor& rows) {
  const torch::Tensor lengths = rows.norm(2, 1, true);
  return rows / at::where(lengths > 0, lengths, at::ones_like(lengths));
}

torch::Tensor meansOf(std::span<const recommend::HeldOut> listeners, const torch::Tensor& rows) {
  const auto columns = static_cast<std::size_t>(rows.size(1));
  const float* from = rows.data_ptr<float>();
  torch::Tensor means = torch::empty({static_cast<std::int64_t>(listeners.size()), rows.size(1)});
  float* to = means.data_ptr<float>();
  std::vector<double> sum(columns);
  for (const recommend::HeldOut& listener : listeners) {
    std::vector<index::Row> distinct = listener.before;
    std::ranges::sort(distinct);
    const auto repeated = std::ranges::unique(distinct);
    distinct.erase(repeated.begin(), repeated.end());
    std::ranges::fill(sum, 0.0);
    for (const index::Row row : distinct) {
      const float* values = from + static_cast<std::size_t>(row) * columns;
      for (std::size_t j = 0; j < columns; ++j) sum[j] += static_cast<double>(values[j]);
    }
    const auto count = static_cast<double>(std::max<std::size_t>(1, distinct.size()));
    for (const double value : sum) *to++ = static_cast<float>(value / count);
  }
  return means;
}

void refuseIds(const recommend::TrainingConfig& config) {
  if (config.items == recommend::ItemInput::content) return;
  throw Error(Fault::usage,
              "training: shallow and contrastive nets learn from embeddings, not from ids",
              "set items = \"content\", or train bert4rec or sasrec");
}

recommend::Network networkOf(const recommend::NetworkShape& shape, const ContentInput& content,
                             std::span<const Parameter> parameters) {
  recommend::Network network{.shape = shape, .tensors = {}};
  for (const auto& [name, tensor] : parameters) network.tensors.emplace(name, tensorOf(tensor));
  network.tensors.emplace("input.mean", tensorOf(content.mean));
  network.tensors.emplace("input.scale", tensorOf(content.scale));
  return network;
}

}  // namespace attacca::learn
