// The layers of a network, for one sequence at a time.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "attacca/recommend/network.h"

#include "network_kernels.h"

namespace attacca::recommend {

// A matrix, row-major.
struct Rows {
  std::size_t count = 0;
  std::size_t width = 0;
  std::vector<float> values;

  Rows() = default;
  Rows(std::size_t rows, std::size_t columns)
      : count(rows), width(columns), values(rows * columns) {}
  std::span<float> row(std::size_t i) { return {values.data() + i * width, width}; }
  std::span<const float> row(std::size_t i) const { return {values.data() + i * width, width}; }
};

// Weights are turned round (in x out) once, as the kernels like them.
class Linear {
 public:
  Linear(const Network& network, const std::string& name);
  Rows of(const Rows& rows) const;

 private:
  std::size_t in_;
  std::size_t out_;
  std::vector<float> weight_;
  std::vector<float> bias_;
};

class LayerNorm {
 public:
  LayerNorm(const Network& network, const std::string& name);
  void apply(std::span<float> row) const;
  void apply(Rows& rows) const {
    for (std::size_t i = 0; i < rows.count; ++i) apply(rows.row(i));
  }

 private:
  std::vector<float> weight_;
  std::vector<float> bias_;
};

// bert4rec's and sasrec's layers.
class SequenceLayers {
 public:
  explicit SequenceLayers(const Network& network);
  // g of a listener. `items`: e of the plays, oldest first, as many as fit.
  std::vector<float> of(Rows items) const;

 private:
  struct Layer {
    Layer(const Network& network, const std::string& name);
    Linear query, key, value, output;
    LayerNorm attention_norm;
    Linear in, out;
    LayerNorm feed_forward_norm;
  };

  // What the newest `wanted` of the rows become.
  Rows through(const Layer& layer, const Rows& rows, std::size_t wanted) const;
  Rows attended(const Rows& queries, const Rows& keys, const Rows& values) const;

  NetworkShape shape_;
  std::vector<float> positions_;
  std::vector<float> mask_;
  LayerNorm norm_;
  std::vector<Layer> layers_;
  std::optional<Linear> output_;
  std::optional<LayerNorm> output_norm_;
};

}  // namespace attacca::recommend
