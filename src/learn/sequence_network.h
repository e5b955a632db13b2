// bert4rec and sasrec as attacca/recommend/network.h defines them, with gradients.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "attacca/recommend/network.h"

#include "attention.h"
#include "input.h"
#include "training_loop.h"

namespace attacca::learn {

// Sequences one after the other, without padding.
struct Sequences {
  static constexpr std::int64_t kMask = -1;

  std::vector<std::int64_t> items;    // rows, or kMask, of all sequences
  std::vector<std::int64_t> lengths;  // of each sequence, 1 to the network's length
  std::vector<std::int64_t> asked;    // places among `items`, ascending
  std::vector<std::int64_t> answers;  // what is right at each of them; none when foretelling
};

class SequenceNetwork {
 public:
  // First weights are drawn from `random`. `content`: for ItemInput::content.
  SequenceNetwork(const recommend::NetworkShape& shape, std::optional<ContentInput> content,
                  Random& random);

  const std::vector<Parameter>& parameters() const { return parameters_; }
  // e(i) of all items: n x d.
  torch::Tensor itemTable() const;
  // g at the places asked for: asked x d. `chance`: of dropout; none when foretelling.
  torch::Tensor answers(const Sequences& sequences, const torch::Tensor& table, double dropout,
                        Random* chance) const;
  // The mean over what is asked for, softmax over all items.
  torch::Tensor loss(const Sequences& sequences, double dropout, Random& chance) const;
  // asked x items, without gradients.
  torch::Tensor scores(const Sequences& sequences, const torch::Tensor& table) const;
  recommend::Network network() const;

 private:
  struct Linear {
    torch::Tensor weight, bias;
    torch::Tensor operator()(const torch::Tensor& rows) const;
  };
  struct Norm {
    torch::Tensor weight, bias;
    torch::Tensor operator()(const torch::Tensor& rows) const;
  };
  struct Layer {
    Linear query, key, value, output;
    Norm attention_norm;
    Linear in, out;
    Norm norm;
  };
  class Drop;

  torch::Tensor weight(std::string name, const std::vector<std::int64_t>& shape, double spread,
                       Random& random);
  Linear linear(const std::string& name, std::size_t out, std::size_t in, Random& random);
  Norm norm(const std::string& name);
  torch::Tensor through(const Layer& layer, const torch::Tensor& rows, const torch::Tensor& asking,
                        const AttentionPlan& plan, const Drop& drop) const;

  recommend::NetworkShape shape_;
  std::optional<ContentInput> content_;
  std::vector<Parameter> parameters_;
  torch::Tensor items_, items_bias_, positions_, mask_, item_bias_;
  Norm first_norm_;
  std::vector<Layer> layers_;
  Linear output_;
  Norm output_norm_;
};

}  // namespace attacca::learn
