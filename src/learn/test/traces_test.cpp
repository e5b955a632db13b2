// Training against plain PyTorch: tools/reference/make_training_traces.py.
#include <fstream>

#include <nlohmann/json.hpp>

#include "../sequence_network.h"

namespace attacca::learn {
namespace {

using recommend::ItemInput;
using recommend::NetworkKind;

struct Case {
  const char* name;
  NetworkKind kind;
  ItemInput items;
};

std::vector<float> flat(const nlohmann::json& values) {
  std::vector<float> out;
  for (const auto& value : values) {
    if (value.is_array()) {
      for (const float one : flat(value)) out.push_back(one);
    } else {
      out.push_back(value.get<float>());
    }
  }
  return out;
}

// Shows the same batches again and again.
class Replay final : public Learner {
 public:
  Replay(SequenceNetwork& network, std::vector<Sequences> batches, std::size_t steps)
      : network_(network), batches_(std::move(batches)), steps_(steps) {}
  std::vector<Parameter> parameters() const override { return network_.parameters(); }
  std::size_t beginEpoch(Random&) override { return steps_; }
  torch::Tensor loss(std::size_t step, Random& random) override {
    const torch::Tensor loss = network_.loss(batches_[step % batches_.size()], 0, random);
    losses.push_back(loss.item<double>());
    return loss;
  }
  double validate() override { return 0; }
  recommend::Network network() const override { return network_.network(); }

  std::vector<double> losses;

 private:
  SequenceNetwork& network_;
  std::vector<Sequences> batches_;
  std::size_t steps_;
};

Sequences sequencesOf(const nlohmann::json& batch) {
  Sequences out;
  for (std::size_t s = 0; s < batch.at("shown").size(); ++s) {
    const auto& shown = batch.at("shown")[s];
    out.lengths.push_back(static_cast<std::int64_t>(shown.size()));
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const auto right = batch.at("right")[s][i].get<std::int64_t>();
      if (right >= 0) {
        out.asked.push_back(static_cast<std::int64_t>(out.items.size()));
        out.answers.push_back(right);
      }
      const auto item = shown[i].get<std::int64_t>();
      out.items.push_back(item < 0 ? Sequences::kMask : item);
    }
  }
  return out;
}

class Traces : public testing::TestWithParam<Case> {};

TEST_P(Traces, LossesAreThoseOfPlainPyTorch) {
  const auto& [name, kind, items] = GetParam();
  std::ifstream file(std::string(ATTACCA_SOURCE_DIR "/src/learn/test/golden/") + name + ".json");
  const auto golden = nlohmann::json::parse(file);

  recommend::TrainingData data;
  data.items = 20;
  data.histories = golden.at("histories").get<std::vector<std::vector<index::Row>>>();
  std::vector<float> embeddings;
  std::optional<ContentInput> content;
  if (items == ItemInput::content) {
    embeddings = flat(golden.at("embeddings"));
    data.embeddings = {embeddings.data(), 20, 5};
    content = standardised(data);
    EXPECT_EQ(content->scale.data_ptr<float>()[3], 0) << "a column without spread";
  }
  Random random(1);
  SequenceNetwork network({.kind = kind,
                           .items = items,
                           .input = items == ItemInput::content ? 5U : 20U,
                           .width = 8,
                           .hidden = 0,
                           .layers = 2,
                           .heads = 2,
                           .feed_forward = 12,
                           .length = 7},
                          content, random);
  ASSERT_EQ(network.parameters().size(), golden.at("weights").size());
  for (const auto& [parameter, tensor] : network.parameters()) {
    ASSERT_TRUE(golden.at("weights").contains(parameter)) << parameter;
    const auto values = flat(golden.at("weights").at(parameter));
    ASSERT_EQ(values.size(), static_cast<std::size_t>(tensor.numel())) << parameter;
    std::ranges::copy(values, tensor.data_ptr<float>());
  }
  std::vector<Sequences> batches;
  for (const auto& batch : golden.at("batches")) batches.push_back(sequencesOf(batch));
  Replay replay(network, batches, 100);
  recommend::TrainingConfig config;
  config.learning_rate = 5e-3;
  config.weight_decay = 1e-2;
  config.epochs = 1;
  trainLoop(replay, config, {}, false, random, {});

  const auto expected = golden.at("losses").get<std::vector<double>>();
  ASSERT_EQ(replay.losses.size(), expected.size());
  for (std::size_t step = 0; step < expected.size(); ++step) {
    EXPECT_NEAR(replay.losses[step], expected[step], 1e-4) << "step " << step;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Networks, Traces,
    testing::Values(Case{"bert4rec-content", NetworkKind::bert4rec, ItemInput::content},
                    Case{"bert4rec-ids", NetworkKind::bert4rec, ItemInput::ids},
                    Case{"sasrec-content", NetworkKind::sasrec, ItemInput::content},
                    Case{"sasrec-ids", NetworkKind::sasrec, ItemInput::ids}),
    [](const auto& test) {
      std::string name = test.param.name;
      std::erase(name, '-');
      return name;
    });

// A sequence is what it is, whatever else is in the batch.
TEST(SequenceNetworks, ShorterSequencesDoNotSeeLongerOnes) {
  for (const NetworkKind kind : {NetworkKind::bert4rec, NetworkKind::sasrec}) {
    Random random(3);
    const SequenceNetwork network({.kind = kind,
                                   .items = ItemInput::ids,
                                   .input = 9,
                                   .width = 8,
                                   .hidden = 0,
                                   .layers = 2,
                                   .heads = 2,
                                   .feed_forward = 12,
                                   .length = 6},
                                  std::nullopt, random);
    const auto table = network.itemTable();
    const Sequences alone{.items = {4, 5}, .lengths = {2}, .asked = {1}, .answers = {}};
    const Sequences together{.items = {1, 2, 3, 4, 5, 6, 4, 5, 8},
                             .lengths = {6, 2, 1},
                             .asked = {2, 5, 7, 8},
                             .answers = {}};
    const auto one = network.scores(alone, table);
    const auto many = network.scores(together, table);
    EXPECT_LT((one[0] - many[2]).abs().max().item<float>(), 1e-6);
    EXPECT_GT((one[0] - many[1]).abs().max().item<float>(), 1e-3) << "another sequence";
  }
}

}  // namespace
}  // namespace attacca::learn
