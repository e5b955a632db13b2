// That networks learn what there is to learn.
#include <numeric>

#include "../sequence_network.h"
#include "training_helpers.h"

namespace attacca::learn {
namespace {

using recommend::ItemInput;
using recommend::NetworkKind;

const NetworkKind kSequenceKinds[] = {NetworkKind::bert4rec, NetworkKind::sasrec};

// Scores of all tracks by a trained network, a row for each history.
torch::Tensor scoresOf(const recommend::Network& trained, const recommend::TrainingData& data,
                       const std::vector<std::vector<index::Row>>& histories) {
  Random random;
  const bool ids = trained.shape.items == ItemInput::ids;
  const SequenceNetwork network(trained.shape,
                                ids ? std::nullopt : std::optional(standardised(data)), random);
  for (const auto& [name, tensor] : network.parameters()) {
    std::ranges::copy(trained.tensors.at(name).values, tensor.data_ptr<float>());
  }
  const bool masks = trained.shape.kind == NetworkKind::bert4rec;
  Sequences asked;
  for (const auto& history : histories) {
    const std::size_t known = std::min(history.size(), trained.shape.length - (masks ? 1 : 0));
    asked.items.insert(asked.items.end(), history.end() - static_cast<std::ptrdiff_t>(known),
                       history.end());
    if (masks) asked.items.push_back(Sequences::kMask);
    asked.lengths.push_back(static_cast<std::int64_t>(known + (masks ? 1 : 0)));
    asked.asked.push_back(static_cast<std::int64_t>(asked.items.size()) - 1);
  }
  const torch::NoGradGuard no_gradients;
  return network.scores(asked, network.itemTable());
}

TEST(Learning, OneBatchIsLearnedByHeart) {
  recommend::TrainingData data;
  data.items = 12;
  data.histories = {{0, 5, 3, 7}, {1, 9, 2, 11}, {4, 8, 10, 6}};
  for (const NetworkKind kind : kSequenceKinds) {
    auto config = smallConfig(kind, ItemInput::ids);
    config.dropout = 0;
    config.learning_rate = 1e-2;
    config.epochs = 150;
    const auto result = train(data, config);
    EXPECT_GT(result.losses.front(), 2) << "about log(12)";
    EXPECT_LT(result.losses.back(), 0.1);
  }
}

// A first-order Markov chain: after each track come 12 others, drawn for it, with chances that fall
// by 0.7 from one to the next. Who knows them finds what comes among the first 10 in `optimum` of
// the cases, on average: the best that can be.
struct Markov {
  static constexpr std::size_t kTracks = 40;
  static constexpr std::size_t kFollowers = 12;
  std::vector<std::vector<index::Row>> followers;
  recommend::TrainingData data;
  std::discrete_distribution<std::size_t> place;
  double optimum = 0;
  std::mt19937_64 random{11};

  Markov(std::size_t listeners, std::size_t plays) {
    data.items = kTracks;
    std::vector<double> chances(kFollowers);
    for (std::size_t i = 0; i < kFollowers; ++i) chances[i] = std::pow(0.7, i);
    place = {chances.begin(), chances.end()};
    const auto shares = place.probabilities();
    optimum = std::accumulate(shares.begin(), shares.begin() + 10, 0.0);
    std::vector<index::Row> all(kTracks);
    std::iota(all.begin(), all.end(), 0);
    for (std::size_t i = 0; i < kTracks; ++i) {
      std::ranges::shuffle(all, random);
      followers.emplace_back(all.begin(), all.begin() + kFollowers);
    }
    for (std::size_t l = 0; l < listeners; ++l) data.histories.push_back(history(plays));
  }

  index::Row after(index::Row row) {
    return followers[static_cast<std::size_t>(row)][place(random)];
  }
  std::vector<index::Row> history(std::size_t plays) {
    std::vector<index::Row> rows{static_cast<index::Row>(random() % kTracks)};
    while (rows.size() < plays) rows.push_back(after(rows.back()));
    return rows;
  }
};

struct Kind {
  const char* name;
  NetworkKind kind;
  ItemInput items;
};

class MarkovLearning : public testing::TestWithParam<Kind> {};

TEST_P(MarkovLearning, FindsNearlyAllThatCanBeFound) {
  Markov markov(3000, 6);
  std::vector<float> embeddings;
  std::normal_distribution<float> normal;
  for (std::size_t i = 0; i < Markov::kTracks * 64; ++i)
    embeddings.push_back(normal(markov.random));
  markov.data.embeddings = {embeddings.data(), Markov::kTracks, 64};
  auto config = smallConfig(GetParam().kind, GetParam().items);
  config.width = 32;
  config.feed_forward = 64;
  config.length = 6;
  config.dropout = 0;
  config.mask = 0.3;
  config.epochs = 18;
  const auto result = train(markov.data, config);

  std::vector<std::vector<index::Row>> asked;
  for (std::size_t i = 0; i < 600; ++i) asked.push_back(markov.history(5));
  const auto scores = scoresOf(result.network, markov.data, asked);
  const auto chances = markov.place.probabilities();
  double hit = 0;  // expected, over what may come next
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto first = std::get<1>(scores[static_cast<std::int64_t>(i)].topk(10));
    const auto& followers = markov.followers[static_cast<std::size_t>(asked[i].back())];
    for (std::int64_t k = 0; k < 10; ++k) {
      const auto found = std::ranges::find(followers, first[k].item<index::Row>());
      if (found != followers.end())
        hit += chances[static_cast<std::size_t>(found - followers.begin())];
    }
  }
  hit /= static_cast<double>(asked.size());
  RecordProperty("share_of_optimum", std::to_string(hit / markov.optimum));
  EXPECT_GE(hit, 0.95 * markov.optimum) << "the best that can be is " << markov.optimum;
}

INSTANTIATE_TEST_SUITE_P(Networks, MarkovLearning,
                         testing::Values(Kind{"Bert4recContent", NetworkKind::bert4rec,
                                              ItemInput::content},
                                         Kind{"Bert4recIds", NetworkKind::bert4rec, ItemInput::ids},
                                         Kind{"SasrecIds", NetworkKind::sasrec, ItemInput::ids}),
                         [](const auto& test) { return test.param.name; });

TEST(Learning, TracksThatNobodyHeardAreRankedByWhatTheySoundLike) {
  constexpr std::size_t kGroups = 8;
  constexpr std::size_t kMembers = 8;
  const Circles circles(kGroups, kMembers, 300, 8, true);
  for (const NetworkKind kind : kSequenceKinds) {
    auto config = smallConfig(kind, ItemInput::content);
    config.epochs = 15;
    const auto result = train(circles.data, config);
    const auto scores = scoresOf(result.network, circles.data, circles.data.histories);
    ASSERT_TRUE(scores.isfinite().all().item<bool>());
    double sum = 0;
    for (std::size_t i = 0; i < circles.data.histories.size(); ++i) {
      const std::size_t group = static_cast<std::size_t>(circles.data.histories[i][0]) / kMembers;
      const auto row = scores[static_cast<std::int64_t>(i)];
      sum += 1 + (row > row[static_cast<std::int64_t>(group * kMembers)]).sum().item<double>();
    }
    const double rank = sum / static_cast<double>(circles.data.histories.size());
    RecordProperty(kind == NetworkKind::sasrec ? "sasrec" : "bert4rec", std::to_string(rank));
    // Chance is 32.5 of 64; a group has 8 tracks.
    EXPECT_LT(rank, 10);
  }
}

}  // namespace
}  // namespace attacca::learn
