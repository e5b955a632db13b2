#include "training_loop.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <sstream>

#include <ATen/Parallel.h>

#include "attacca/base/error.h"

#include "checkpoint.h"

namespace attacca::learn {
namespace {

using recommend::TrainingConfig;
using recommend::TrainingProgress;
using recommend::TrainingRun;

// Adam as in Kingma and Ba, ICLR 2015, with L2 regularisation in the gradient, as PyTorch's.
class Adam {
 public:
  Adam(const std::vector<Parameter>& parameters, double rate, double decay)
      : parameters_(parameters), rate_(rate), decay_(static_cast<float>(decay)) {
    for (const auto& parameter : parameters_) {
      const auto size = static_cast<std::size_t>(parameter.tensor.numel());
      first.emplace_back(size);
      second.emplace_back(size);
    }
  }

  void step() {
    ++steps;
    const auto count = static_cast<double>(steps);
    const auto rate = static_cast<float>(rate_ / (1 - std::pow(kBeta1, count)));
    const auto root = static_cast<float>(std::sqrt(1 - std::pow(kBeta2, count)));
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      const torch::Tensor& tensor = parameters_[i].tensor;
      if (!tensor.grad().defined()) continue;
      const torch::Tensor gradient = tensor.grad().contiguous();
      float* weights = tensor.data_ptr<float>();
      const float* slope = gradient.data_ptr<float>();
      at::parallel_for(0, tensor.numel(), 1 << 16, [&](std::int64_t from, std::int64_t to) {
        update(weights, slope, first[i].data(), second[i].data(), from, to, rate, root);
      });
      tensor.mutable_grad().reset();
    }
  }

  std::size_t steps = 0;
  std::vector<std::vector<float>> first;
  std::vector<std::vector<float>> second;

 private:
  static constexpr double kBeta1 = 0.9;
  static constexpr double kBeta2 = 0.999;

  void update(float* __restrict weights, const float* __restrict slope, float* __restrict m,
              float* __restrict v, std::int64_t from, std::int64_t to, float rate,
              float root) const {
    constexpr auto kFirst = static_cast<float>(kBeta1);
    constexpr auto kSecond = static_cast<float>(kBeta2);
    constexpr auto kNewFirst = static_cast<float>(1 - kBeta1);
    constexpr auto kNewSecond = static_cast<float>(1 - kBeta2);
    constexpr float kEpsilon = 1e-8F;
    for (std::int64_t i = from; i < to; ++i) {
      const float gradient = slope[i] + decay_ * weights[i];
      m[i] = kFirst * m[i] + kNewFirst * gradient;
      v[i] = kSecond * v[i] + kNewSecond * gradient * gradient;
      weights[i] -= rate * m[i] / (std::sqrt(v[i]) / root + kEpsilon);
    }
  }

  std::vector<Parameter> parameters_;
  double rate_;
  float decay_;
};

std::vector<std::vector<float>> valuesOf(const std::vector<Parameter>& parameters) {
  std::vector<std::vector<float>> values;
  for (const auto& parameter : parameters) {
    const float* data = parameter.tensor.data_ptr<float>();
    values.emplace_back(data, data + parameter.tensor.numel());
  }
  return values;
}

void setValues(const std::vector<Parameter>& parameters,
               const std::vector<std::vector<float>>& values) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    std::ranges::copy(values[i], parameters[i].tensor.data_ptr<float>());
  }
}

// The threads of OpenMP, given back in the end.
class Threads {
 public:
  explicit Threads(unsigned jobs) : before_(at::get_num_threads()) {
    at::set_num_threads(static_cast<int>(std::max(1U, jobs)));
  }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  ~Threads() { at::set_num_threads(before_); }

 private:
  int before_;
};

class Loop {
 public:
  Loop(Learner& learner, const TrainingConfig& config, const TrainingRun& run, bool validated,
       Random& random, const Sha256Digest& digest)
      : learner_(learner),
        config_(config),
        run_(run),
        validated_(validated),
        random_(random),
        digest_(digest),
        threads_(run.jobs),
        parameters_(learner.parameters()),
        adam_(parameters_, config.learning_rate, config.weight_decay) {}

  recommend::Trained train() {
    goOn();
    recommend::Trained result;
    while (!finished()) {
      if (run_.stop.stop_requested() || !epoch()) {
        result.stopped = true;
        break;
      }
      keep();
    }
    if (!best_weights_.empty()) setValues(parameters_, best_weights_);
    result.network = learner_.network();
    result.epochs = losses_.size();
    result.best_epoch = best_epoch_;
    result.best = best_;
    result.losses = losses_;
    return result;
  }

 private:
  bool finished() const {
    const std::size_t epochs = losses_.size();
    return epochs >= config_.epochs ||
           (validated_ && epochs - best_epoch_ >= std::max<std::size_t>(1, config_.patience) &&
            epochs > 0);
  }

  // False when it was stopped before its end.
  bool epoch() {
    TrainingProgress progress;
    progress.epoch = losses_.size() + 1;
    progress.epochs = config_.epochs;
    progress.steps = learner_.beginEpoch(random_);
    progress.best_epoch = best_epoch_;
    progress.best = best_;
    double sum = 0;
    while (progress.step < progress.steps) {
      if (run_.stop.stop_requested()) return false;
      sum += step(progress);
      ++progress.step;
      progress.loss = sum / static_cast<double>(progress.step);
      // The last step is told with its validation.
      if (progress.step < progress.steps) tell(progress);
    }
    losses_.push_back(progress.loss);
    if (validated_) progress.validation = learner_.validate();
    if (!validated_ || best_epoch_ == 0 || *progress.validation > best_) {
      best_epoch_ = progress.epoch;
      best_ = progress.validation.value_or(0);
      best_weights_ = valuesOf(parameters_);
    }
    progress.best_epoch = best_epoch_;
    progress.best = best_;
    if (run_.progress) run_.progress(progress);
    return true;
  }

  double step(const TrainingProgress& progress) {
    const torch::Tensor loss = learner_.loss(progress.step, random_);
    const double value = loss.item<double>();
    if (!std::isfinite(value)) {
      std::ostringstream rate;
      rate << config_.learning_rate;
      throw Error(Fault::refused,
                  "training: the loss is not finite in epoch " + std::to_string(progress.epoch) +
                      ", step " + std::to_string(progress.step + 1),
                  "take a smaller learning_rate (it is " + rate.str() +
                      ") and look for embeddings of unusual size");
    }
    loss.backward();
    adam_.step();
    return value;
  }

  void tell(const TrainingProgress& progress) {
    constexpr auto kPause = std::chrono::milliseconds(300);
    const auto now = std::chrono::steady_clock::now();
    if (!run_.progress || now - told_ < kPause) return;
    told_ = now;
    run_.progress(progress);
  }

  void goOn() {
    if (run_.checkpoint.empty()) return;
    auto checkpoint = readCheckpoint(run_.checkpoint, digest_);
    if (!checkpoint) return;
    setValues(parameters_, checkpoint->weights);
    adam_.first = std::move(checkpoint->first_moments);
    adam_.second = std::move(checkpoint->second_moments);
    adam_.steps = checkpoint->steps;
    std::istringstream(checkpoint->random) >> random_;
    losses_ = std::move(checkpoint->losses);
    best_epoch_ = checkpoint->best_epoch;
    best_ = checkpoint->best;
    best_weights_ = std::move(checkpoint->best_weights);
  }

  void keep() const {
    if (run_.checkpoint.empty()) return;
    std::ostringstream random;
    random << random_;
    writeCheckpoint(run_.checkpoint,
                    {.best_epoch = best_epoch_,
                     .best = best_,
                     .steps = adam_.steps,
                     .losses = losses_,
                     .random = random.str(),
                     .weights = valuesOf(parameters_),
                     .first_moments = adam_.first,
                     .second_moments = adam_.second,
                     .best_weights = best_weights_},
                    digest_);
  }

  Learner& learner_;
  const TrainingConfig& config_;
  const TrainingRun& run_;
  bool validated_;
  Random& random_;
  const Sha256Digest& digest_;
  Threads threads_;
  std::vector<Parameter> parameters_;
  Adam adam_;
  std::vector<double> losses_;
  std::size_t best_epoch_ = 0;
  double best_ = 0;
  std::vector<std::vector<float>> best_weights_;
  std::chrono::steady_clock::time_point told_;
};

}  // namespace

recommend::Trained trainLoop(Learner& learner, const TrainingConfig& config, const TrainingRun& run,
                             bool validated, Random& random, const Sha256Digest& digest) {
  return Loop(learner, config, run, validated, random, digest).train();
}

recommend::Tensor tensorOf(const torch::Tensor& tensor) {
  const torch::Tensor values = tensor.detach().contiguous();
  recommend::Tensor out;
  for (const std::int64_t size : values.sizes())
    out.shape.push_back(static_cast<std::size_t>(size));
  out.values.assign(values.data_ptr<float>(), values.data_ptr<float>() + values.numel());
  return out;
}

}  // namespace attacca::learn
