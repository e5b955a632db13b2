#include "sequence_network.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "functions.h"
#include "linear.h"

namespace attacca::learn {

using recommend::NetworkKind;
using torch::Tensor;

namespace {

constexpr double kEpsilon = 1e-12;  // of layer norms

std::int64_t toInt(std::size_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

// Draws a seed for each place where values are dropped.
class SequenceNetwork::Drop {
 public:
  Drop(double rate, Random* chance) : rate_(rate), chance_(chance) {}
  Tensor operator()(const Tensor& values) const {
    return chance_ == nullptr ? values : dropOut(values, rate_, (*chance_)());
  }
  AttentionPlan of(AttentionPlan plan) const {
    if (chance_ == nullptr) return plan;
    plan.dropout = rate_;
    plan.seed = (*chance_)();
    return plan;
  }

 private:
  double rate_;
  Random* chance_;
};

Tensor SequenceNetwork::Linear::operator()(const Tensor& rows) const {
  return linearRows(rows, weight, bias);
}

Tensor SequenceNetwork::Norm::operator()(const Tensor& rows) const {
  return torch::layer_norm(rows, {rows.size(1)}, weight, bias, kEpsilon, false);
}

Tensor SequenceNetwork::weight(std::string name, const std::vector<std::int64_t>& shape,
                               double spread, Random& random) {
  Tensor tensor = torch::zeros(shape, torch::kFloat32);
  std::normal_distribution<float> normal(0, static_cast<float>(spread));
  float* values = tensor.data_ptr<float>();
  if (spread > 0) std::generate_n(values, tensor.numel(), [&] { return normal(random); });
  tensor.set_requires_grad(true);
  parameters_.push_back({std::move(name), tensor});
  return tensor;
}

SequenceNetwork::Linear SequenceNetwork::linear(const std::string& name, std::size_t out,
                                                std::size_t in, Random& random) {
  // Glorot and Bengio, AISTATS 2010.
  const double spread = std::sqrt(2.0 / static_cast<double>(in + out));
  return {.weight = weight(name + ".weight", {toInt(out), toInt(in)}, spread, random),
          .bias = weight(name + ".bias", {toInt(out)}, 0, random)};
}

SequenceNetwork::Norm SequenceNetwork::norm(const std::string& name) {
  Random unused;
  Norm norm{.weight = weight(name + ".weight", {toInt(shape_.width)}, 0, unused),
            .bias = weight(name + ".bias", {toInt(shape_.width)}, 0, unused)};
  std::fill_n(norm.weight.data_ptr<float>(), norm.weight.numel(), 1.0F);
  return norm;
}

SequenceNetwork::SequenceNetwork(const recommend::NetworkShape& shape,
                                 std::optional<ContentInput> content, Random& random)
    : shape_(shape), content_(std::move(content)) {
  const std::size_t d = shape.width;
  // Small beside g, which a layer norm scales: no track begins with all the probability.
  constexpr double kSmall = 0.02;
  constexpr double kOfContent = 0.1;
  const double spread = content_ ? kOfContent : kSmall;
  if (content_) {
    items_ = weight("items.weight", {toInt(d), toInt(shape.input)},
                    kOfContent / std::sqrt(static_cast<double>(shape.input)), random);
    items_bias_ = weight("items.bias", {toInt(d)}, 0, random);
  } else {
    items_ = weight("items.weight", {toInt(shape.input), toInt(d)}, kSmall, random);
  }
  positions_ = weight("positions", {toInt(shape.length), toInt(d)}, spread, random);
  first_norm_ = norm("norm");
  for (std::size_t l = 0; l < shape.layers; ++l) {
    const std::string name = "layers." + std::to_string(l) + '.';
    layers_.push_back({.query = linear(name + "attention.query", d, d, random),
                       .key = linear(name + "attention.key", d, d, random),
                       .value = linear(name + "attention.value", d, d, random),
                       .output = linear(name + "attention.output", d, d, random),
                       .attention_norm = norm(name + "attention.norm"),
                       .in = linear(name + "feed_forward.in", shape.feed_forward, d, random),
                       .out = linear(name + "feed_forward.out", d, shape.feed_forward, random),
                       .norm = norm(name + "feed_forward.norm")});
  }
  if (shape.kind == NetworkKind::bert4rec) {
    mask_ = weight("mask", {toInt(d)}, spread, random);
    output_ = linear("output", d, d, random);
    output_norm_ = norm("output.norm");
    if (!content_) item_bias_ = weight("item_bias", {toInt(shape.input)}, 0, random);
  }
}

Tensor SequenceNetwork::itemTable() const {
  return content_ ? linearRows(content_->rows, items_, items_bias_) : items_;
}

Tensor SequenceNetwork::through(const Layer& layer, const Tensor& rows, const Tensor& asking,
                                const AttentionPlan& plan, const Drop& drop) const {
  const Linear both{.weight = torch::cat({layer.key.weight, layer.value.weight}),
                    .bias = torch::cat({layer.key.bias, layer.value.bias})};
  const Tensor mixed = attention(layer.query(asking), both(rows), drop.of(plan));
  const Tensor heard = layer.attention_norm(asking + drop(layer.output(mixed)));
  return layer.norm(heard + drop(layer.out(torch::gelu(layer.in(heard)))));
}

Tensor SequenceNetwork::answers(const Sequences& sequences, const Tensor& table, double dropout,
                                Random* chance) const {
  const Drop drop(dropout, chance);
  // Every place asks, but in the last layer only those that are asked for: nothing else is needed.
  AttentionPlan every;
  every.causal = shape_.kind == NetworkKind::sasrec;
  every.heads = toInt(shape_.heads);
  AttentionPlan last = every;
  every.keys = last.queries = {0};
  std::vector<std::int64_t> positions;
  for (const std::int64_t length : sequences.lengths) {
    const std::int64_t begin = every.keys.back();
    every.keys.push_back(begin + length);
    for (std::int64_t i = 0; i < length; ++i) {
      every.places.push_back(i);
      positions.push_back(toInt(shape_.length) - length + i);
    }
    while (last.places.size() < sequences.asked.size() &&
           sequences.asked[last.places.size()] < begin + length) {
      last.places.push_back(sequences.asked[last.places.size()] - begin);
    }
    last.queries.push_back(toInt(last.places.size()));
  }
  last.keys = every.queries = every.keys;
  Tensor rows = gatherRows(table, sequences.items) + gatherRows(positions_, positions);
  if (mask_.defined()) {
    std::vector<std::int64_t> masked(sequences.items.size(), -1);
    for (std::size_t i = 0; i < masked.size(); ++i) {
      if (sequences.items[i] == Sequences::kMask) masked[i] = 0;
    }
    rows = rows + gatherRows(mask_.unsqueeze(0), masked);
  }
  rows = drop(first_norm_(rows));
  for (std::size_t l = 0; l + 1 < layers_.size(); ++l) {
    rows = through(layers_[l], rows, rows, every, drop);
  }
  const bool some = sequences.asked.size() < sequences.items.size();
  rows = through(layers_.back(), rows, some ? gatherRows(rows, sequences.asked) : rows, last, drop);
  if (shape_.kind == NetworkKind::bert4rec) rows = output_norm_(torch::gelu(output_(rows)));
  return rows;
}

Tensor SequenceNetwork::loss(const Sequences& sequences, double dropout, Random& chance) const {
  const Tensor table = itemTable();
  return softmaxLoss(answers(sequences, table, dropout, &chance), table,
                     item_bias_.defined() ? std::optional(item_bias_) : std::nullopt,
                     sequences.answers);
}

Tensor SequenceNetwork::scores(const Sequences& sequences, const Tensor& table) const {
  const torch::NoGradGuard no_gradients;
  const Tensor found = torch::mm(answers(sequences, table, 0, nullptr), table.t());
  return item_bias_.defined() ? found + item_bias_ : found;
}

recommend::Network SequenceNetwork::network() const {
  recommend::Network network{.shape = shape_, .tensors = {}};
  for (const auto& [name, tensor] : parameters_) network.tensors.emplace(name, tensorOf(tensor));
  if (content_) {
    network.tensors.emplace("input.mean", tensorOf(content_->mean));
    network.tensors.emplace("input.scale", tensorOf(content_->scale));
  }
  return network;
}

}  // namespace attacca::learn
