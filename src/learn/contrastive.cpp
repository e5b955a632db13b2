// The contrastive net: audio embeddings are brought to where collaborative filtering puts their
// tracks (after Ferraro, Favory, Drossos, Kim and Bogdanov, Enriched music representations with
// multiple cross-modal contrastive learning, IEEE Signal Processing Letters 2021). The
// collaborative tower is the space itself and does not learn (Zhai et al., LiT, CVPR 2022): a
// learned projection of it foretold no better on planted structure.
#include <algorithm>
#include <numeric>

#include <ATen/ATen.h>

#include "attacca/base/error.h"

#include "collaborative.h"
#include "contrast.h"
#include "held_out.h"
#include "kinds.h"
#include "tower.h"

namespace attacca::learn {
namespace {

using recommend::TrainingConfig;
using recommend::TrainingData;
using torch::Tensor;

[[noreturn]] void refuse(const char* problem, const char* remedy) {
  throw Error(Fault::usage, problem, remedy);
}

class ContrastiveLearner final : public Learner {
 public:
  ContrastiveLearner(const TrainingData& data, const TrainingConfig& config, Random& random)
      : data_(data), config_(config), content_(standardised(data)) {
    if (config.hidden == 0) refuse("training: hidden is 0", "change it in the configuration");
    if (config.batch < 2) {
      refuse("training: a batch of one track has nothing to tell it from",
             "set batch to 2 or more, better 128");
    }
    if (!(config.temperature > 0)) {
      refuse("training: temperature is not above 0", "change it in the configuration");
    }
    place(Heard(data.histories, data.items), random);
    parameters_ = linearLayer("hidden", config.hidden, data.embeddings.cols, random);
    std::ranges::copy(linearLayer("items", config.width, config.hidden, random),
                      std::back_inserter(parameters_));
  }

  std::vector<Parameter> parameters() const override { return parameters_; }

  std::size_t beginEpoch(Random& random) override {
    order_.resize(static_cast<std::size_t>(places_.size(0)));
    std::iota(order_.begin(), order_.end(), 0);
    std::ranges::shuffle(order_, random);
    return steps();
  }

  Tensor loss(std::size_t step, Random&) override {
    // Batches of nearly one size: a last one of one track would teach nothing.
    const std::size_t begin = order_.size() * step / steps();
    const std::size_t end = order_.size() * (step + 1) / steps();
    const Tensor batch = torch::from_blob(order_.data() + begin,
                                          {static_cast<std::int64_t>(end - begin)}, torch::kLong);
    return symmetricInfoNce(tower(tracks_.index_select(0, batch)), places_.index_select(0, batch),
                            config_.temperature);
  }

  double validate() override {
    const torch::NoGradGuard no_gradients;
    const Tensor vectors = tower(content_.rows).contiguous();
    return ndcg10(data_.held_out, [&](std::span<const recommend::HeldOut> listeners) {
      return at::mm(meansOf(listeners, vectors), vectors.t());
    });
  }

  recommend::Network network() const override {
    return networkOf({.kind = config_.kind,
                      .input = data_.embeddings.cols,
                      .width = config_.width,
                      .hidden = config_.hidden},
                     content_, parameters_);
  }

 private:
  // Takes those heard tracks that the log puts somewhere.
  void place(const Heard& heard, Random& random) {
    const auto space = collaborativeSpace(heard, config_.width, random);
    std::vector<std::int64_t> rows;
    std::vector<float> places;
    for (Eigen::Index track = 0; track < space.rows(); ++track) {
      if (space.row(track).isZero(0)) continue;
      rows.push_back(heard.rows()[static_cast<std::size_t>(track)]);
      for (const double value : space.row(track)) places.push_back(static_cast<float>(value));
      places.resize(rows.size() * config_.width);
    }
    if (rows.size() < 2) {
      refuse("training: all listeners heard the same, so nothing tells one track from another",
             "a contrastive net learns from who heard what; take a longer log");
    }
    const auto count = static_cast<std::int64_t>(rows.size());
    tracks_ = content_.rows.index_select(0, torch::tensor(rows));
    places_ = torch::tensor(places).reshape({count, -1});
  }

  std::size_t steps() const { return (order_.size() + config_.batch - 1) / config_.batch; }

  Tensor tower(const Tensor& rows) const {
    return contentTower(rows, parameters_[0].tensor, parameters_[1].tensor, parameters_[2].tensor,
                        parameters_[3].tensor);
  }

  const TrainingData& data_;
  const TrainingConfig& config_;
  ContentInput content_;
  Tensor tracks_;  // of those that are trained on: their rows of content_ ...
  Tensor places_;  // ... and of the collaborative space, widened by zeros where it has fewer
  std::vector<Parameter> parameters_;
  std::vector<std::int64_t> order_;  // of this epoch
};

}  // namespace

std::unique_ptr<Learner> contrastiveLearner(const TrainingData& data, const TrainingConfig& config,
                                            Random& random) {
  refuseIds(config);
  return std::make_unique<ContrastiveLearner>(data, config, random);
}

}  // namespace attacca::learn
