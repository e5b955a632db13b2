#include "../functions.h"

#include <ATen/Parallel.h>

#include "../attention.h"
#include "../linear.h"

namespace attacca::learn {
namespace {

using torch::Tensor;

Tensor drawn(const std::vector<std::int64_t>& shape, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal;
  Tensor out = torch::empty(shape, torch::kFloat32);
  std::generate_n(out.data_ptr<float>(), out.numel(), [&] { return normal(random); });
  return out.set_requires_grad(true);
}

// Gradients of a scalar by `input` against central differences.
void expectGradient(const std::function<Tensor()>& scalar, const Tensor& input) {
  input.mutable_grad().reset();
  scalar().backward();
  const Tensor slopes = input.grad().clone();
  constexpr float kStep = 1e-2F;
  float* values = input.data_ptr<float>();
  for (std::int64_t i = 0; i < input.numel(); ++i) {
    const float value = values[i];
    values[i] = value + kStep;
    const double above = scalar().item<double>();
    values[i] = value - kStep;
    const double below = scalar().item<double>();
    values[i] = value;
    EXPECT_NEAR(slopes.data_ptr<float>()[i], (above - below) / (2 * static_cast<double>(kStep)),
                2e-3)
        << "value " << i;
  }
}

// Weighs every value differently.
Tensor weighed(const Tensor& values) {
  return (values * torch::arange(1, values.numel() + 1, values.options()).view(values.sizes()) *
          0.1)
      .sum();
}

TEST(GatherRows, RepeatsRowsAndHasZerosForNone) {
  const Tensor rows = drawn({3, 2}, 1);
  const Tensor out = gatherRows(rows, {2, -1, 0, 2});
  EXPECT_TRUE(out[0].equal(rows[2]));
  EXPECT_TRUE(out[1].equal(torch::zeros({2})));
  EXPECT_TRUE(out[2].equal(rows[0]));
  EXPECT_TRUE(out[3].equal(rows[2]));
  expectGradient([&] { return weighed(gatherRows(rows, {2, -1, 0, 2})); }, rows);
}

TEST(Dropout, DropsTheShareThatItIsToldAndKeepsTheMean) {
  const Tensor ones = torch::ones({1000, 1000});
  for (const double rate : {0.1, 0.2, 0.5}) {
    const Tensor out = dropOut(ones, rate, 7);
    const double dropped = (out == 0).sum().item<double>() / 1e6;
    // Four standard deviations of a million draws.
    EXPECT_NEAR(dropped, rate, 4 * std::sqrt(rate * (1 - rate) / 1e6)) << rate;
    EXPECT_FLOAT_EQ(out.max().item<float>(), static_cast<float>(1 / (1 - rate)));
    // Rows and columns alike: nothing repeats along either.
    for (const int dimension : {0, 1}) {
      const Tensor shares = (out == 0).to(torch::kFloat64).mean(dimension);
      const double spread = shares.std(false).item<double>();
      EXPECT_NEAR(spread, std::sqrt(rate * (1 - rate) / 1000), 0.1 * spread) << rate;
    }
  }
}

TEST(Dropout, FollowsFromItsSeedAlone) {
  const Tensor values = drawn({700, 300}, 2).detach();
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const Tensor one = dropOut(values, 0.2, 5);
  at::set_num_threads(3);
  EXPECT_TRUE(dropOut(values, 0.2, 5).equal(one));
  EXPECT_FALSE(dropOut(values, 0.2, 6).equal(one));
  EXPECT_FALSE(dropOut(values, 0.2, 5 | std::uint64_t{1} << 40).equal(one));
  at::set_num_threads(threads);
}

TEST(Dropout, GradientIsThatOfTheValuesThatAreKept) {
  const Tensor values = drawn({4, 5}, 3);
  expectGradient([&] { return weighed(dropOut(values, 0.4, 11)); }, values);
}

TEST(LinearRows, IsThatOfLibtorchWithItsGradients) {
  const Tensor rows = drawn({70, 9}, 21);
  const Tensor weight = drawn({33, 9}, 22);
  const Tensor bias = drawn({33}, 23);
  const auto of = [&](const Tensor& out) {
    for (const auto& input : {rows, weight, bias}) input.mutable_grad().reset();
    weighed(out).backward();
    return std::vector<Tensor>{out, rows.grad().clone(), weight.grad().clone(),
                               bias.grad().clone()};
  };
  const auto expected = of(torch::addmm(bias, rows, weight.t()));
  const auto found = of(linearRows(rows, weight, bias));
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_TRUE(found[i].allclose(expected[i], 1e-4, 1e-4)) << i;
  }
}

// Attention written down plainly, for one sequence and one head.
Tensor plainAttention(const Tensor& query, const Tensor& key, const Tensor& value,
                      const std::vector<std::int64_t>& places, bool causal) {
  Tensor scores = torch::mm(query, key.t()) / std::sqrt(static_cast<double>(query.size(1)));
  for (std::int64_t q = 0; causal && q < query.size(0); ++q) {
    scores[q].slice(0, places[static_cast<std::size_t>(q)] + 1).fill_(-1e30);
  }
  return torch::mm(torch::softmax(scores, 1), value);
}

TEST(Attention, IsThatOfEachSequenceAndHeadAlone) {
  const Tensor query = drawn({6, 10}, 31).detach();
  const Tensor remembered = drawn({28, 20}, 32).detach();
  AttentionPlan plan;
  plan.keys = {0, 3, 3 + 24, 28};
  plan.queries = {0, 2, 5, 6};
  plan.places = {0, 2, 3, 17, 23, 0};
  plan.heads = 2;
  for (const bool causal : {false, true}) {
    plan.causal = causal;
    const Tensor out = attention(query, remembered, plan);
    for (std::size_t s = 0; s < 3; ++s) {
      for (const std::int64_t column : {0, 5}) {
        const auto part = [&](const Tensor& from, const std::vector<std::int64_t>& begins,
                              std::int64_t first) {
          return from.slice(0, begins[s], begins[s + 1]).slice(1, first, first + 5);
        };
        const std::vector<std::int64_t> places(plan.places.begin() + plan.queries[s],
                                               plan.places.begin() + plan.queries[s + 1]);
        const Tensor expected =
            plainAttention(part(query, plan.queries, column), part(remembered, plan.keys, column),
                           part(remembered, plan.keys, 10 + column), places, causal);
        EXPECT_TRUE(part(out, plan.queries, column).allclose(expected, 1e-5, 1e-6))
            << s << ", column " << column << (causal ? ", causal" : "");
      }
    }
  }
}

TEST(Attention, GradientsAreThoseOfDifferences) {
  const Tensor query = drawn({4, 4}, 33);
  const Tensor remembered = drawn({7, 8}, 34);
  AttentionPlan plan;
  plan.keys = {0, 5, 7};
  plan.queries = {0, 3, 4};
  plan.places = {0, 1, 4, 1};
  plan.heads = 2;
  for (const bool causal : {false, true}) {
    plan.causal = causal;
    for (const double rate : {0.0, 0.3}) {
      plan.dropout = rate;
      plan.seed = 5;
      const auto loss = [&] { return weighed(attention(query, remembered, plan)); };
      expectGradient(loss, query);
      expectGradient(loss, remembered);
    }
  }
}

TEST(SoftmaxLoss, GradientsAreThoseOfDifferences) {
  const Tensor queries = drawn({4, 3}, 4);
  const Tensor items = drawn({6, 3}, 5);
  const Tensor bias = drawn({6}, 6);
  const auto loss = [&] { return 2 * softmaxLoss(queries, items, bias, {5, 0, 2, 2}); };
  for (const auto& input : {queries, items, bias}) expectGradient(loss, input);
}

TEST(SoftmaxLoss, IsThatOfTheWholeMatrixAlsoInParts) {
  // More scores than are in memory at once.
  const Tensor queries = drawn({700, 6}, 7);
  const Tensor items = drawn({4000, 6}, 8);
  std::vector<std::int64_t> answers;
  for (std::int64_t i = 0; i < 700; ++i) answers.push_back(i * 37 % 4000);
  const Tensor whole =
      torch::cross_entropy_loss(torch::mm(queries, items.t()), torch::tensor(answers));
  whole.backward();
  const Tensor by_queries = queries.grad().clone();
  const Tensor by_items = items.grad().clone();
  queries.mutable_grad().reset();
  items.mutable_grad().reset();
  const Tensor parts = softmaxLoss(queries, items, std::nullopt, answers);
  parts.backward();
  EXPECT_NEAR(parts.item<double>(), whole.item<double>(), 1e-5);
  EXPECT_LT((queries.grad() - by_queries).abs().max().item<float>(), 1e-7);
  EXPECT_LT((items.grad() - by_items).abs().max().item<float>(), 1e-7);
}

TEST(SoftmaxLoss, StaysFiniteForScoresFarApart) {
  const Tensor queries = torch::full({1, 1}, 100.0F).set_requires_grad(true);
  const Tensor items = torch::tensor({{-3.0F}, {3.0F}}).set_requires_grad(true);
  const Tensor loss = softmaxLoss(queries, items, std::nullopt, {0});
  EXPECT_NEAR(loss.item<double>(), 600, 1e-3);
  loss.backward();
  EXPECT_NEAR(queries.grad().item<float>(), 6, 1e-5);
}

}  // namespace
}  // namespace attacca::learn
