// The shallow net: Tamm and Aljanaki, Comparative analysis of pretrained audio representations in
// music recommender systems, RecSys 2024.
#include <algorithm>

#include <ATen/ATen.h>

#include "attacca/base/error.h"

#include "cosine_hinge.h"
#include "held_out.h"
#include "kinds.h"
#include "pairs.h"
#include "tower.h"

namespace attacca::learn {
namespace {

using recommend::TrainingConfig;
using recommend::TrainingData;
using torch::Tensor;

class ShallowLearner final : public Learner {
 public:
  ShallowLearner(const TrainingData& data, const TrainingConfig& config, Random& random)
      : data_(data),
        config_(config),
        content_(standardised(data)),
        pairs_(Heard(data.histories, data.items), content_.rows),
        parameters_(linearLayer("items", config.width, data.embeddings.cols, random)) {
    if (config.negatives == 0) {
      throw Error(Fault::usage, "training: negatives is 0", "change it in the configuration");
    }
    if (pairs_.all().empty()) {
      throw Error(Fault::usage,
                  "training: no listener has heard two different tracks and left one unheard that "
                  "another listener knows",
                  "a shallow net learns from such listeners; take a longer log");
    }
  }

  std::vector<Parameter> parameters() const override { return parameters_; }

  std::size_t beginEpoch(Random& random) override {
    order_ = pairs_.all();
    std::ranges::shuffle(order_, random);
    return (order_.size() + config_.batch - 1) / config_.batch;
  }

  Tensor loss(std::size_t step, Random& random) override {
    const std::size_t begin = step * config_.batch;
    const std::size_t count = std::min(config_.batch, order_.size() - begin);
    return cosineHinge(
        weight(), bias(),
        pairs_.batch(std::span(order_).subspan(begin, count), config_.negatives, random),
        config_.margin);
  }

  double validate() override {
    const torch::NoGradGuard no_gradients;
    const Tensor tracks = tower(content_.rows);
    return ndcg10(data_.held_out, [&](std::span<const recommend::HeldOut> listeners) {
      return at::mm(tower(meansOf(listeners, content_.rows)), tracks.t());
    });
  }

  recommend::Network network() const override {
    return networkOf({.kind = config_.kind, .input = data_.embeddings.cols, .width = config_.width},
                     content_, parameters_);
  }

 private:
  const Tensor& weight() const { return parameters_[0].tensor; }
  const Tensor& bias() const { return parameters_[1].tensor; }
  Tensor tower(const Tensor& rows) const {
    return unitRows(at::relu(at::addmm(bias(), rows, weight().t())));
  }

  const TrainingData& data_;
  const TrainingConfig& config_;
  ContentInput content_;
  Pairs pairs_;
  std::vector<Parameter> parameters_;
  std::vector<Pair> order_;  // of this epoch
};

}  // namespace

std::unique_ptr<Learner> shallowLearner(const TrainingData& data, const TrainingConfig& config,
                                        Random& random) {
  refuseIds(config);
  return std::make_unique<ShallowLearner>(data, config, random);
}

}  // namespace attacca::learn
