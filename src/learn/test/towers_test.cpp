// The shallow and the contrastive net: their parts, that they learn, and what they refuse.
#include <ATen/Parallel.h>
#include <gmock/gmock.h>

#include "attacca/base/error.h"
#include "attacca/recommend/forward.h"

#include "../collaborative.h"
#include "../contrast.h"
#include "../cosine_hinge.h"
#include "../heard.h"
#include "../pairs.h"
#include "../tower.h"
#include "../tower_kernels.h"
#include "training_helpers.h"

namespace attacca::learn {
namespace {

using recommend::ItemInput;
using recommend::NetworkKind;
using recommend::TrainingConfig;
using recommend::TrainingData;
using testing::HasSubstr;

const NetworkKind kTowers[] = {NetworkKind::shallow, NetworkKind::contrastive};

std::vector<float> noise(std::size_t count, Random& random) {
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float& value : values) value = normal(random);
  return values;
}

torch::Tensor noiseRows(std::int64_t rows, std::int64_t columns, Random& random) {
  return torch::tensor(noise(static_cast<std::size_t>(rows * columns), random))
      .reshape({rows, columns});
}

TEST(Unheard, DrawsEachUnheardTrackEquallyOftenAndNoOther) {
  const Heard heard({{0, 3, 3, 4, 9}, {1, 2, 3, 4, 5, 6, 7, 8, 9}, {0, 1, 2, 5, 6, 7, 8}}, 10);
  const Unheard unheard(heard);
  Random random(5);
  EXPECT_EQ(unheard.count(1), 1);
  constexpr int kDraws = 60000;
  for (std::size_t listener = 0; listener < heard.listeners(); ++listener) {
    std::vector<int> times(10);
    for (int i = 0; i < kDraws; ++i)
      ++times[static_cast<std::size_t>(unheard.draw(listener, random))];
    for (const Played track : heard.of(listener))
      EXPECT_EQ(times[static_cast<std::size_t>(track)], 0);
    const double expected = kDraws / static_cast<double>(unheard.count(listener));
    for (const int count : times) {
      // Five standard deviations.
      if (count > 0) {
        EXPECT_NEAR(count, expected, 5 * std::sqrt(expected));
      }
    }
    EXPECT_EQ(std::ranges::count_if(times, [](int count) { return count > 0; }),
              static_cast<std::ptrdiff_t>(unheard.count(listener)));
  }
}

TEST(Heard, TracksThatNobodyHeardAreNoPart) {
  const Heard heard({{7, 2, 7}, {}, {5}}, 9);
  EXPECT_THAT(heard.rows(), testing::ElementsAre(2, 5, 7));
  EXPECT_THAT(heard.of(0), testing::ElementsAre(0, 2));
  EXPECT_THAT(heard.of(1), testing::IsEmpty());
  EXPECT_THAT(heard.of(2), testing::ElementsAre(1));
}

TEST(Kernels, ProductsOfAnyShapeAreTheirDefinition) {
  Random random(2);
  for (int trial = 0; trial < 60; ++trial) {
    const std::size_t rows = 1 + random() % 230;
    const std::size_t columns = 1 + random() % 70;
    const std::size_t terms = 1 + random() % 300;
    const auto a = noise(rows * terms, random);
    const auto b = noise(terms * columns, random);
    auto c = noise(rows * columns, random);
    const auto before = c;
    const bool turned = trial % 2 == 1;
    addProduct({a.data(), turned ? 1 : terms, turned ? rows : 1, b.data(), columns, c.data(),
                columns, rows, columns, terms});
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < columns; ++j) {
        double sum = static_cast<double>(before[i * columns + j]);
        for (std::size_t k = 0; k < terms; ++k) {
          sum += static_cast<double>(turned ? a[k * rows + i] : a[i * terms + k]) *
                 static_cast<double>(b[k * columns + j]);
        }
        ASSERT_NEAR(c[i * columns + j], sum, 1e-4);
      }
    }
  }
}

// A batch of random pairs and negatives.
struct SomePairs {
  PairBatch batch;
  torch::Tensor weight, bias;

  SomePairs(std::int64_t width, std::int64_t input, std::size_t pairs, std::size_t negatives,
            std::uint64_t seed) {
    Random random(seed);
    const std::int64_t tracks = 17;
    batch.listeners = noiseRows(static_cast<std::int64_t>(pairs), input, random);
    batch.tracks = noiseRows(tracks, input, random);
    for (std::size_t i = 0; i < pairs * (negatives + 1); ++i) {
      const auto track = static_cast<std::int32_t>(random() % static_cast<std::size_t>(tracks));
      (i < pairs ? batch.positives : batch.negatives).push_back(track);
    }
    weight = noiseRows(width, input, random);
    bias = noiseRows(1, width, random).reshape(width);
  }

  // The loss by its definition, in double.
  double loss(const torch::Tensor& weights, const torch::Tensor& biases, double margin) const {
    const auto tower = [&](const torch::Tensor& rows) {
      return at::relu(at::addmm(biases, rows.to(torch::kDouble), weights.t()));
    };
    const torch::Tensor listeners = tower(batch.listeners);
    const torch::Tensor tracks = tower(batch.tracks);
    const auto cosine = [&](std::size_t pair, std::int32_t track) {
      const torch::Tensor a = listeners[static_cast<std::int64_t>(pair)];
      const torch::Tensor b = tracks[track];
      const double lengths = (a.norm() * b.norm()).item<double>();
      return lengths > 0 ? (a * b).sum().item<double>() / lengths : 0;
    };
    double sum = 0;
    for (std::size_t i = 0; i < batch.negatives.size(); ++i) {
      const std::size_t pair = i / batch.negativesOfPair();
      sum += std::max(
          0.0, margin - cosine(pair, batch.positives[pair]) + cosine(pair, batch.negatives[i]));
    }
    return sum / static_cast<double>(batch.negatives.size());
  }
};

TEST(CosineHinge, GradientsAreThoseOfFiniteDifferences) {
  constexpr double kStep = 1e-6;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const SomePairs some(5, 4, 9, 3, seed);
    torch::Tensor weight = some.weight.clone().requires_grad_();
    torch::Tensor bias = some.bias.clone().requires_grad_();
    const torch::Tensor loss = cosineHinge(weight, bias, some.batch, 0.2);
    const torch::Tensor weights = some.weight.to(torch::kDouble);
    const torch::Tensor biases = some.bias.to(torch::kDouble);
    EXPECT_NEAR(loss.item<double>(), some.loss(weights, biases, 0.2), 1e-6);
    loss.backward();
    const auto expectSlope = [&](const torch::Tensor& all, const torch::Tensor& gradient) {
      for (std::int64_t i = 0; i < all.numel(); ++i) {
        double& value = all.data_ptr<double>()[i];
        const double at = value;
        value = at + kStep;
        const double above = some.loss(weights, biases, 0.2);
        value = at - kStep;
        const double below = some.loss(weights, biases, 0.2);
        value = at;
        EXPECT_NEAR(gradient.data_ptr<float>()[i], (above - below) / (2 * kStep), 1e-5) << i;
      }
    };
    expectSlope(weights, weight.grad());
    expectSlope(biases, bias.grad());
  }
}

TEST(CosineHinge, IsTheSameToTheBitWithMoreThreads) {
  const SomePairs some(33, 50, 300, 5, 4);
  const auto gradients = [&](int threads) {
    const int before = at::get_num_threads();
    at::set_num_threads(threads);
    torch::Tensor weight = some.weight.clone().requires_grad_();
    torch::Tensor bias = some.bias.clone().requires_grad_();
    const torch::Tensor loss = cosineHinge(weight, bias, some.batch, 0.2);
    loss.backward();
    at::set_num_threads(before);
    return std::vector{loss.detach(), weight.grad(), bias.grad()};
  };
  const auto one = gradients(1);
  const auto three = gradients(3);
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(at::equal(one[i], three[i])) << i;
}

void step(const torch::Tensor& loss, std::initializer_list<torch::Tensor> parameters, double rate) {
  loss.backward();
  const torch::NoGradGuard no_gradients;
  for (torch::Tensor parameter : parameters) {
    parameter -= rate * parameter.grad();
    parameter.mutable_grad().reset();
  }
}

TEST(Towers, OneBatchIsLearnedByHeart) {
  Random random(3);
  // Two tastes.
  const TrainingData data{8, {}, {{0, 1, 2, 3}, {4, 5, 6, 7}}, {}};
  Pairs pairs(Heard(data.histories, data.items), noiseRows(8, 12, random));
  const PairBatch batch = pairs.batch(pairs.all(), 4, random);
  const auto items = linearLayer("items", 10, 12, random);
  const auto shallow = [&] { return cosineHinge(items[0].tensor, items[1].tensor, batch, 0.2); };
  EXPECT_GT(shallow().item<double>(), 0.1);
  for (int i = 0; i < 500; ++i) step(shallow(), {items[0].tensor, items[1].tensor}, 0.5);
  EXPECT_LT(shallow().item<double>(), 0.001);

  const torch::Tensor rows = noiseRows(8, 12, random);
  const torch::Tensor places = torch::eye(8);
  const auto hidden = linearLayer("hidden", 16, 12, random);
  const auto out = linearLayer("items", 8, 16, random);
  const auto contrastive = [&] {
    return symmetricInfoNce(
        contentTower(rows, hidden[0].tensor, hidden[1].tensor, out[0].tensor, out[1].tensor),
        places, 0.1);
  };
  EXPECT_GT(contrastive().item<double>(), 1) << "about log(8)";
  for (int i = 0; i < 500; ++i) {
    step(contrastive(), {hidden[0].tensor, hidden[1].tensor, out[0].tensor, out[1].tensor}, 0.1);
  }
  EXPECT_LT(contrastive().item<double>(), 0.01);
}

TrainingConfig towerConfig(NetworkKind kind) {
  TrainingConfig config = smallConfig(kind, ItemInput::content);
  config.hidden = 24;
  config.negatives = 5;
  config.epochs = 12;
  return config;
}

TEST(Towers, EqualSeedsGiveEqualWeightsToTheBit) {
  const Circles circles(4, 6, 40, 8);
  for (const NetworkKind kind : kTowers) {
    TrainingConfig config = towerConfig(kind);
    const auto one = train(circles.data, config);
    EXPECT_EQ(train(circles.data, config).network, one.network);
    config.seed = 2;
    EXPECT_NE(train(circles.data, config).network, one.network);
  }
}

TEST(Towers, ATrackThatNobodyHeardComesNearItsLikes) {
  // Seven of eight of a group are heard together; the eighth is known by its sound alone. By chance
  // it would have half of the others before it, and here it may have a fifth.
  constexpr std::size_t kGroups = 6;
  constexpr std::size_t kMembers = 8;
  const Circles circles(kGroups, kMembers, 150, 10, true);
  for (const NetworkKind kind : kTowers) {
    const auto trained = train(circles.data, towerConfig(kind));
    const recommend::ForwardPass forward(
        std::make_shared<const recommend::Network>(trained.network), circles.data.embeddings);
    double before = 0;
    for (std::size_t group = 0; group < kGroups; ++group) {
      const auto first = static_cast<index::Row>(group * kMembers);
      const std::vector<index::Row> history{first + 2, first + 5};
      const auto scores = forward.scores(forward.listener(history));
      const float own = scores[static_cast<std::size_t>(first)];
      ASSERT_TRUE(std::isfinite(own));
      before += static_cast<double>(
          std::ranges::count_if(scores, [&](float score) { return score > own; }));
    }
    EXPECT_LT(before / (kGroups * (kGroups * kMembers - 1)), 0.2) << recommend::nameOf(kind);
  }
}

TEST(Towers, ThreeTracksAreEnough) {
  Random random(1);
  const auto embeddings = noise(3 * 4, random);
  const TrainingData data{3, {embeddings.data(), 3, 4}, {{0, 1}, {1, 2}}, {{{0}, 2}}};
  for (const NetworkKind kind : kTowers) {
    const auto trained = train(data, towerConfig(kind));
    for (const auto& [name, tensor] : trained.network.tensors) {
      EXPECT_TRUE(std::ranges::all_of(tensor.values, [](float value) {
        return std::isfinite(value);
      })) << name;
    }
  }
}

void expectRefused(const TrainingData& data, const TrainingConfig& config, const char* because) {
  try {
    train(data, config);
    ADD_FAILURE() << "not refused: " << because;
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::usage);
    EXPECT_THAT(error.problem(), HasSubstr(because));
    EXPECT_FALSE(error.remedy().empty());
  }
}

TEST(Towers, RefuseWhatTeachesNothing) {
  const Circles circles(3, 4, 20, 6);
  for (const NetworkKind kind : kTowers) {
    TrainingConfig ids = towerConfig(kind);
    ids.items = ItemInput::ids;
    expectRefused(circles.data, ids, "not from ids");
  }
  TrainingData same = circles.data;
  same.held_out.clear();
  same.histories = {{0, 1, 2}, {2, 1, 0, 0}};
  expectRefused(same, towerConfig(NetworkKind::shallow), "left one unheard");
  expectRefused(same, towerConfig(NetworkKind::contrastive), "all listeners heard the same");
  same.histories = {{0, 0}, {1, 1}};
  expectRefused(same, towerConfig(NetworkKind::shallow), "two different tracks");
  TrainingConfig config = towerConfig(NetworkKind::contrastive);
  config.batch = 1;
  expectRefused(circles.data, config, "batch of one track");
  config = towerConfig(NetworkKind::contrastive);
  config.temperature = 0;
  expectRefused(circles.data, config, "temperature");
  config = towerConfig(NetworkKind::shallow);
  config.negatives = 0;
  expectRefused(circles.data, config, "negatives");
}

}  // namespace
}  // namespace attacca::learn
