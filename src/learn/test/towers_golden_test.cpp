// The nets of two towers beside a plain PyTorch implementation
// (tools/reference/make_training_traces_towers.py).
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "collaborative.h"
#include "contrast.h"
#include "cosine_hinge.h"
#include "heard.h"
#include "input.h"
#include "pairs.h"

// Clang can read libtorch's headers only in the order in which our own include them.
#include <torch/optim/adam.h>

namespace attacca::learn {
namespace {

using index::Row;
using nlohmann::json;

// What is asked for; what is reached here is below 1e-6.
constexpr double kEnough = 1e-4;

torch::Tensor tensor(const json& values, std::int64_t rows) {
  const auto flat = values.get<std::vector<float>>();
  const torch::Tensor all = torch::tensor(flat);
  return rows == 0 ? all : all.reshape({rows, -1}).contiguous();
}

class TowerTraces : public testing::Test {
 protected:
  TowerTraces() {
    std::ifstream file(ATTACCA_SOURCE_DIR "/src/learn/test/golden/towers.json");
    golden_ = json::parse(file);
    embeddings_ = golden_["embeddings"].get<std::vector<float>>();
    histories_ = golden_["histories"].get<std::vector<std::vector<Row>>>();
    columns_ = golden_["columns"];
    width_ = golden_["width"];
  }

  MatrixView<float> embeddings() const {
    return {embeddings_.data(), embeddings_.size() / columns_, columns_};
  }
  Heard heard() const { return {histories_, embeddings().rows}; }
  torch::Tensor content() const {
    return standardised({embeddings().rows, embeddings(), histories_, {}}).rows;
  }
  torch::optim::Adam adam(std::vector<torch::Tensor> parameters) const {
    for (torch::Tensor& parameter : parameters) parameter.requires_grad_();
    return torch::optim::Adam(std::move(parameters),
                              torch::optim::AdamOptions(golden_["learning_rate"]));
  }
  static void expectNear(const torch::Tensor& got, const json& expected) {
    const auto values = expected.get<std::vector<float>>();
    ASSERT_EQ(got.numel(), static_cast<std::int64_t>(values.size()));
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_NEAR(got.data_ptr<float>()[i], values[i], kEnough) << i;
    }
  }

  json golden_;
  std::vector<float> embeddings_;
  std::vector<std::vector<Row>> histories_;
  std::size_t columns_ = 0;
  std::int64_t width_ = 0;
};

TEST_F(TowerTraces, ShallowFollowsPyTorchForAHundredSteps) {
  const json& trace = golden_["shallow"];
  std::vector<Played> place(embeddings().rows, -1);
  const Heard all = heard();
  for (std::size_t i = 0; i < all.played(); ++i) {
    place[static_cast<std::size_t>(all.rows()[i])] = static_cast<Played>(i);
  }
  Pairs pairs(all, content());
  const torch::Tensor weight = tensor(trace["start"]["weight"], width_);
  const torch::Tensor bias = tensor(trace["start"]["bias"], 0);
  auto optimiser = adam({weight, bias});
  ASSERT_EQ(trace["batches"].size(), 100);
  for (std::size_t step = 0; step < trace["batches"].size(); ++step) {
    std::vector<Pair> batch;
    std::vector<Played> negatives;
    for (const auto& line : trace["batches"][step].get<std::vector<std::vector<std::size_t>>>()) {
      batch.push_back({static_cast<std::int32_t>(line[0]), place[line[1]]});
      for (std::size_t i = 2; i < line.size(); ++i) negatives.push_back(place[line[i]]);
    }
    const torch::Tensor loss =
        cosineHinge(weight, bias, pairs.batch(batch, negatives), golden_["margin"]);
    EXPECT_NEAR(loss.item<double>(), trace["losses"][step].get<double>(), kEnough) << step;
    optimiser.zero_grad();
    loss.backward();
    optimiser.step();
  }
  expectNear(weight, trace["end"]["weight"]);
  expectNear(bias, trace["end"]["bias"]);
}

TEST_F(TowerTraces, TheCollaborativeSpaceIsThatOfADenseDecomposition) {
  const json& trace = golden_["contrastive"];
  Random random(1);
  const auto space = collaborativeSpace(heard(), static_cast<std::size_t>(width_), random);
  const auto values = trace["space"].get<std::vector<double>>();
  ASSERT_EQ(space.cols(), width_);
  ASSERT_EQ(space.size(), static_cast<Eigen::Index>(values.size()));
  const auto tracks = static_cast<std::size_t>(space.rows());
  const auto width = static_cast<std::size_t>(space.cols());
  // Axes may point either way: what counts is the cosine of each track with each.
  for (std::size_t i = 0; i < tracks; ++i) {
    for (std::size_t j = 0; j < tracks; ++j) {
      double expected = 0;
      for (std::size_t k = 0; k < width; ++k)
        expected += values[i * width + k] * values[j * width + k];
      EXPECT_NEAR(
          space.row(static_cast<Eigen::Index>(i)).dot(space.row(static_cast<Eigen::Index>(j))),
          expected, 1e-6);
    }
  }
}

TEST_F(TowerTraces, ContrastiveFollowsPyTorchForAHundredSteps) {
  const json& trace = golden_["contrastive"];
  const Heard all = heard();
  const torch::Tensor rows = content().index_select(
      0, torch::tensor(std::vector<std::int64_t>(all.rows().begin(), all.rows().end())));
  const torch::Tensor space = tensor(trace["space"], static_cast<std::int64_t>(all.played()));
  const torch::Tensor hidden = tensor(trace["start"]["hidden.weight"], golden_["hidden"]);
  const torch::Tensor hidden_bias = tensor(trace["start"]["hidden.bias"], 0);
  const torch::Tensor items = tensor(trace["start"]["items.weight"], width_);
  const torch::Tensor items_bias = tensor(trace["start"]["items.bias"], 0);
  auto optimiser = adam({hidden, hidden_bias, items, items_bias});
  ASSERT_EQ(trace["batches"].size(), 100);
  for (std::size_t step = 0; step < trace["batches"].size(); ++step) {
    const torch::Tensor batch =
        torch::tensor(trace["batches"][step].get<std::vector<std::int64_t>>());
    const torch::Tensor loss = symmetricInfoNce(
        contentTower(rows.index_select(0, batch), hidden, hidden_bias, items, items_bias),
        space.index_select(0, batch), golden_["temperature"]);
    EXPECT_NEAR(loss.item<double>(), trace["losses"][step].get<double>(), kEnough) << step;
    optimiser.zero_grad();
    loss.backward();
    optimiser.step();
  }
  expectNear(hidden, trace["end"]["hidden.weight"]);
  expectNear(hidden_bias, trace["end"]["hidden.bias"]);
  expectNear(items, trace["end"]["items.weight"]);
  expectNear(items_bias, trace["end"]["items.bias"]);
}

}  // namespace
}  // namespace attacca::learn
