// What serves (recommend/forward.h) gives the scores of what trains, for every kind of network.
#include "attacca/recommend/forward.h"

#include <gtest/gtest.h>

#include "../contrast.h"
#include "../sequence_network.h"
#include "../tower.h"

namespace attacca::learn {
namespace {

using index::Row;
using recommend::ItemInput;
using recommend::NetworkKind;
using recommend::NetworkShape;

// Of the largest score.
constexpr double kNear = 1e-5;

std::size_t draw(Random& random, std::size_t least, std::size_t most) {
  return std::uniform_int_distribution<std::size_t>(least, most)(random);
}

struct Case {
  std::size_t items = 0;
  std::size_t columns = 0;
  std::vector<float> embeddings;
  std::vector<Row> history;
  Random random;

  explicit Case(std::uint64_t seed) : random(seed) {
    items = draw(random, 2, 60);
    columns = draw(random, 1, 40);
    std::normal_distribution<float> normal(3, 2);
    embeddings.resize(items * columns);
    for (float& value : embeddings) value = normal(random);
    history.resize(draw(random, 1, 30));
    for (Row& row : history) row = static_cast<Row>(draw(random, 0, items - 1));
  }

  MatrixView<float> rows() const { return {embeddings.data(), items, columns}; }
  ContentInput content() const {
    std::vector<Row> all;
    for (std::size_t i = 0; i < items; ++i) all.push_back(static_cast<Row>(i));
    return standardised({items, rows(), {all}, {}});
  }
  std::vector<Row> distinct() const {
    std::vector<Row> sorted = history;
    std::ranges::sort(sorted);
    const auto repeated = std::ranges::unique(sorted);
    sorted.erase(repeated.begin(), repeated.end());
    return sorted;
  }
  // Away from where training begins, where biases are 0.
  void stir(const std::vector<Parameter>& parameters) {
    std::normal_distribution<float> normal(0, 0.2F);
    for (const auto& [name, tensor] : parameters) {
      for (std::int64_t i = 0; i < tensor.numel(); ++i)
        tensor.data_ptr<float>()[i] += normal(random);
    }
  }

  void expectEqual(const torch::Tensor& trained, const recommend::Network& network,
                   MatrixView<float> served, const std::vector<Row>& heard) const {
    const recommend::ForwardPass forward(std::make_shared<const recommend::Network>(network),
                                         served);
    const auto scores = forward.scores(forward.listener(heard));
    ASSERT_EQ(scores.size(), items);
    ASSERT_EQ(trained.numel(), static_cast<std::int64_t>(items));
    const torch::Tensor flat = trained.contiguous();
    const double scale = std::max(1.0, flat.abs().max().item<double>());
    for (std::size_t i = 0; i < items; ++i) {
      EXPECT_NEAR(scores[i], flat.data_ptr<float>()[i], kNear * scale) << "item " << i;
    }
  }
};

class Forward : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Forward, ScoresAsTheSequenceNetworksThatWereTrained) {
  for (const NetworkKind kind : {NetworkKind::bert4rec, NetworkKind::sasrec}) {
    for (const ItemInput input : {ItemInput::content, ItemInput::ids}) {
      Case some(GetParam());
      const bool ids = input == ItemInput::ids;
      const std::size_t heads = draw(some.random, 1, 4);
      const NetworkShape shape{.kind = kind,
                               .items = input,
                               .input = ids ? some.items : some.columns,
                               .width = heads * draw(some.random, 1, 12),
                               .hidden = 0,
                               .layers = draw(some.random, 1, 3),
                               .heads = heads,
                               .feed_forward = draw(some.random, 1, 50),
                               .length = draw(some.random, 2, 40)};
      const SequenceNetwork network(shape, ids ? std::nullopt : std::optional(some.content()),
                                    some.random);
      some.stir(network.parameters());
      const bool masks = kind == NetworkKind::bert4rec;
      const std::size_t known = std::min(some.history.size(), shape.length - (masks ? 1 : 0));
      Sequences asked;
      asked.items.assign(some.history.end() - static_cast<std::ptrdiff_t>(known),
                         some.history.end());
      if (masks) asked.items.push_back(Sequences::kMask);
      asked.lengths = {static_cast<std::int64_t>(asked.items.size())};
      asked.asked = {asked.lengths[0] - 1};
      const torch::NoGradGuard no_gradients;
      some.expectEqual(network.scores(asked, network.itemTable()), network.network(),
                       ids ? MatrixView<float>{} : some.rows(), some.history);
    }
  }
}

TEST_P(Forward, ScoresAsTheTowersThatWereTrained) {
  Case some(GetParam());
  const torch::NoGradGuard no_gradients;
  const ContentInput content = some.content();
  const std::vector<recommend::HeldOut> listener{{some.history, 0}};
  const std::size_t width = draw(some.random, 1, 30);

  const auto shallow = linearLayer("items", width, some.columns, some.random);
  some.stir(shallow);
  const auto tower = [&](const torch::Tensor& rows) {
    return unitRows(at::relu(at::addmm(shallow[1].tensor, rows, shallow[0].tensor.t())));
  };
  some.expectEqual(at::mm(tower(meansOf(listener, content.rows)), tower(content.rows).t()),
                   networkOf({.kind = NetworkKind::shallow, .input = some.columns, .width = width},
                             content, shallow),
                   some.rows(), some.distinct());

  const std::size_t hidden = draw(some.random, 1, 30);
  auto contrastive = linearLayer("hidden", hidden, some.columns, some.random);
  for (const Parameter& parameter : linearLayer("items", width, hidden, some.random)) {
    contrastive.push_back(parameter);
  }
  some.stir(contrastive);
  const torch::Tensor vectors =
      contentTower(content.rows, contrastive[0].tensor, contrastive[1].tensor,
                   contrastive[2].tensor, contrastive[3].tensor);
  some.expectEqual(at::mm(meansOf(listener, vectors), vectors.t()),
                   networkOf({.kind = NetworkKind::contrastive,
                              .input = some.columns,
                              .width = width,
                              .hidden = hidden},
                             content, contrastive),
                   some.rows(), some.distinct());
}

INSTANTIATE_TEST_SUITE_P(RandomShapes, Forward, testing::Range<std::uint64_t>(1, 41));

}  // namespace
}  // namespace attacca::learn
