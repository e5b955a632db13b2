#include "forward_layers.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace attacca::recommend {
namespace {

constexpr double kEpsilon = 1e-12;  // of layer norms

const Tensor& tensorOf(const Network& network, const std::string& name) {
  return network.tensors.find(name)->second;
}

void add(Rows& rows, const Rows& others) {
  for (std::size_t i = 0; i < rows.values.size(); ++i) rows.values[i] += others.values[i];
}

Rows newest(const Rows& rows, std::size_t count) {
  Rows result(count, rows.width);
  std::copy(rows.values.end() - static_cast<std::ptrdiff_t>(result.values.size()),
            rows.values.end(), result.values.begin());
  return result;
}

}  // namespace

Linear::Linear(const Network& network, const std::string& name)
    : bias_(tensorOf(network, name + ".bias").values) {
  const Tensor& weight = tensorOf(network, name + ".weight");
  out_ = weight.shape[0];
  in_ = weight.shape[1];
  weight_.resize(weight.values.size());
  for (std::size_t o = 0; o < out_; ++o) {
    for (std::size_t i = 0; i < in_; ++i) weight_[i * out_ + o] = weight.values[o * in_ + i];
  }
}

Rows Linear::of(const Rows& rows) const {
  Rows result(rows.count, out_);
  multiply({rows.values.data(), in_, weight_.data(), out_, bias_.data(), result.values.data(), out_,
            rows.count, in_, out_});
  return result;
}

LayerNorm::LayerNorm(const Network& network, const std::string& name)
    : weight_(tensorOf(network, name + ".weight").values),
      bias_(tensorOf(network, name + ".bias").values) {}

void LayerNorm::apply(std::span<float> row) const {
  const auto size = static_cast<double>(row.size());
  double mean = 0;
  for (const float value : row) mean += static_cast<double>(value);
  mean /= size;
  double squares = 0;
  for (const float value : row) {
    const double apart = static_cast<double>(value) - mean;
    squares += apart * apart;
  }
  const double scale = 1 / std::sqrt(squares / size + kEpsilon);
  for (std::size_t i = 0; i < row.size(); ++i) {
    row[i] =
        static_cast<float>((static_cast<double>(row[i]) - mean) * scale) * weight_[i] + bias_[i];
  }
}

SequenceLayers::Layer::Layer(const Network& network, const std::string& name)
    : query(network, name + "attention.query"),
      key(network, name + "attention.key"),
      value(network, name + "attention.value"),
      output(network, name + "attention.output"),
      attention_norm(network, name + "attention.norm"),
      in(network, name + "feed_forward.in"),
      out(network, name + "feed_forward.out"),
      feed_forward_norm(network, name + "feed_forward.norm") {}

SequenceLayers::SequenceLayers(const Network& network)
    : shape_(network.shape),
      positions_(tensorOf(network, "positions").values),
      norm_(network, "norm") {
  for (std::size_t layer = 0; layer < shape_.layers; ++layer) {
    layers_.emplace_back(network, fmt::format("layers.{}.", layer));
  }
  if (shape_.kind != NetworkKind::bert4rec) return;
  mask_ = tensorOf(network, "mask").values;
  output_.emplace(network, "output");
  output_norm_.emplace(network, "output.norm");
}

std::vector<float> SequenceLayers::of(Rows items) const {
  items.values.insert(items.values.end(), mask_.begin(), mask_.end());
  items.count = items.values.size() / items.width;
  // The last position is the newest's.
  const std::size_t first = positions_.size() - items.values.size();
  for (std::size_t i = 0; i < items.values.size(); ++i) items.values[i] += positions_[first + i];
  norm_.apply(items);
  for (const Layer& layer : layers_) {
    // Of the last layer only the newest is asked for.
    items = through(layer, items, &layer == &layers_.back() ? 1 : items.count);
  }
  if (!output_) return std::move(items.values);
  items = output_->of(items);
  gelu(items.values.data(), items.values.size());
  output_norm_->apply(items);
  return std::move(items.values);
}

Rows SequenceLayers::through(const Layer& layer, const Rows& rows, std::size_t wanted) const {
  Rows kept = newest(rows, wanted);
  const Rows heard = attended(layer.query.of(kept), layer.key.of(rows), layer.value.of(rows));
  add(kept, layer.output.of(heard));
  layer.attention_norm.apply(kept);
  Rows inner = layer.in.of(kept);
  gelu(inner.values.data(), inner.values.size());
  add(kept, layer.out.of(inner));
  layer.feed_forward_norm.apply(kept);
  return kept;
}

Rows SequenceLayers::attended(const Rows& queries, const Rows& keys, const Rows& values) const {
  const std::size_t count = keys.count;
  const std::size_t width = shape_.width;
  const std::size_t columns = width / shape_.heads;
  const float scale = 1 / std::sqrt(static_cast<float>(columns));
  std::vector<float> turned(width * count);  // keys, width x count
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < width; ++j) turned[j * count + i] = keys.values[i * width + j];
  }
  Rows result(queries.count, width);
  Rows weights(queries.count, count);
  for (std::size_t first = 0; first < width; first += columns) {
    multiply({queries.values.data() + first, width, turned.data() + first * count, count, nullptr,
              weights.values.data(), count, queries.count, columns, count});
    for (std::size_t i = 0; i < queries.count; ++i) {
      const auto row = weights.row(i);
      // Query i is play count - queries.count + i.
      const std::size_t seen =
          shape_.kind == NetworkKind::sasrec ? count - queries.count + i + 1 : count;
      for (float& weight : row.first(seen)) weight *= scale;
      softmax(row.data(), seen);
      std::fill(row.begin() + static_cast<std::ptrdiff_t>(seen), row.end(), 0.0F);
    }
    multiply({weights.values.data(), count, values.values.data() + first, width, nullptr,
              result.values.data() + first, width, queries.count, count, columns});
  }
  return result;
}

}  // namespace attacca::recommend
