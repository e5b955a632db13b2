#include "attacca/learn/trainers.h"

#include "attacca/base/error.h"

#include "kinds.h"
#include "training_data.h"

namespace attacca::learn {
namespace {

using recommend::NetworkKind;
using recommend::TrainingConfig;
using recommend::TrainingData;

std::unique_ptr<Learner> makeLearner(const TrainingData& data, const TrainingConfig& config,
                                     Random& random) {
  switch (config.kind) {
    case NetworkKind::bert4rec:
    case NetworkKind::sasrec:
      return sequenceLearner(data, config, random);
    case NetworkKind::shallow:
      return shallowLearner(data, config, random);
    case NetworkKind::contrastive:
      return contrastiveLearner(data, config, random);
  }
  throw Error(Fault::unsupported, "training: this kind of network cannot be trained yet");
}

class TorchTrainer final : public recommend::Trainer {
 public:
  explicit TorchTrainer(NetworkKind kind) : kind_(kind) {}

  recommend::Trained train(const TrainingData& data, const TrainingConfig& config,
                           const recommend::TrainingRun& run) const override {
    if (config.kind != kind_) {
      throw Error(Fault::usage, "training: the configuration is of another kind of network",
                  "ask for the trainer of the configuration's kind");
    }
    check(data, config);
    Random random(config.seed);
    const auto learner = makeLearner(data, config, random);
    return trainLoop(*learner, config, run, !data.held_out.empty(), random,
                     digestOf(data, config, run.jobs));
  }

 private:
  NetworkKind kind_;
};

}  // namespace

std::unique_ptr<const recommend::Trainer> makeTrainer(NetworkKind kind) {
  return std::make_unique<TorchTrainer>(kind);
}

std::string library() { return "libtorch " TORCH_VERSION; }

}  // namespace attacca::learn
