// bert4rec and sasrec: what is asked for in an epoch, and how well held-out plays are foretold.
#include <algorithm>
#include <numeric>
#include <random>
#include <utility>

#include "held_out.h"
#include "kinds.h"
#include "sequence_network.h"

namespace attacca::learn {
namespace {

using recommend::ItemInput;
using recommend::NetworkKind;
using recommend::TrainingConfig;
using recommend::TrainingData;

recommend::NetworkShape shapeOf(const TrainingData& data, const TrainingConfig& config) {
  return {.kind = config.kind,
          .items = config.items,
          .input = config.items == ItemInput::content ? data.embeddings.cols : data.items,
          .width = config.width,
          .hidden = 0,
          .layers = config.layers,
          .heads = config.heads,
          .feed_forward = config.feed_forward,
          .length = config.length};
}

// A part of a history that is learned from at once.
struct Window {
  std::size_t history = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool newest = false;  // bert4rec: only its newest item is asked for, as when foretelling
};

class SequenceLearner final : public Learner {
 public:
  SequenceLearner(const TrainingData& data, const TrainingConfig& config, Random& random)
      : data_(data),
        config_(config),
        network_(
            shapeOf(data, config),
            config.items == ItemInput::content ? std::optional(standardised(data)) : std::nullopt,
            random) {
    // sasrec: an item more, since the first is asked for nowhere.
    const bool masks = config.kind == NetworkKind::bert4rec;
    const std::size_t most = masks ? config.length : config.length + 1;
    for (std::size_t i = 0; i < data.histories.size(); ++i) {
      const std::size_t plays = data.histories[i].size();
      if (plays < 2) continue;
      cut(i, plays, most, config.length);
      if (masks) windows_.push_back({i, plays - std::min(plays, most), plays, true});
    }
  }

  std::vector<Parameter> parameters() const override { return network_.parameters(); }

  std::size_t beginEpoch(Random& random) override {
    order_.resize(windows_.size());
    std::iota(order_.begin(), order_.end(), 0);
    std::ranges::shuffle(order_, random);
    return (order_.size() + config_.batch - 1) / config_.batch;
  }

  torch::Tensor loss(std::size_t step, Random& random) override {
    Sequences batch;
    const std::size_t begin = step * config_.batch;
    const std::size_t end = std::min(begin + config_.batch, order_.size());
    for (std::size_t i = begin; i < end; ++i) {
      const Window& window = windows_[order_[i]];
      if (config_.kind == NetworkKind::bert4rec) {
        addMasked(batch, window, random);
      } else {
        addNext(batch, window);
      }
    }
    return network_.loss(batch, config_.dropout, random);
  }

  double validate() override {
    const torch::NoGradGuard no_gradients;
    const torch::Tensor table = network_.itemTable();
    return ndcg10(data_.held_out, [&](std::span<const recommend::HeldOut> listeners) {
      Sequences asked;
      for (const auto& listener : listeners) addToForetell(asked, listener.before);
      return network_.scores(asked, table);
    });
  }

  recommend::Network network() const override { return network_.network(); }

 private:
  // Windows of at most `most` plays, back from the newest; the oldest is as long as it can be.
  void cut(std::size_t history, std::size_t plays, std::size_t most, std::size_t apart) {
    for (std::size_t end = plays;; end -= apart) {
      const std::size_t begin = end > most ? end - most : 0;
      windows_.push_back({history, begin, begin == 0 ? std::min(plays, most) : end, false});
      if (begin == 0) return;
    }
  }

  std::span<const index::Row> playsOf(const Window& window) const {
    return std::span(data_.histories[window.history])
        .subspan(window.begin, window.end - window.begin);
  }

  void addMasked(Sequences& batch, const Window& window, Random& random) const {
    const auto plays = playsOf(window);
    const std::size_t first = batch.items.size();
    const std::size_t asked = batch.asked.size();
    const auto ask = [&](std::size_t place) {
      batch.asked.push_back(static_cast<std::int64_t>(first + place));
      batch.answers.push_back(plays[place]);
      batch.items[first + place] = Sequences::kMask;
    };
    batch.items.insert(batch.items.end(), plays.begin(), plays.end());
    batch.lengths.push_back(static_cast<std::int64_t>(plays.size()));
    if (window.newest) {
      ask(plays.size() - 1);
      return;
    }
    std::bernoulli_distribution chosen(config_.mask);
    for (std::size_t place = 0; place < plays.size(); ++place) {
      if (chosen(random)) ask(place);
    }
    if (batch.asked.size() == asked) {
      ask(std::uniform_int_distribution<std::size_t>(0, plays.size() - 1)(random));
    }
  }

  void addNext(Sequences& batch, const Window& window) const {
    const auto plays = playsOf(window);
    for (std::size_t place = 0; place + 1 < plays.size(); ++place) {
      batch.asked.push_back(static_cast<std::int64_t>(batch.items.size()));
      batch.items.push_back(plays[place]);
      batch.answers.push_back(plays[place + 1]);
    }
    batch.lengths.push_back(static_cast<std::int64_t>(plays.size() - 1));
  }

  void addToForetell(Sequences& batch, const std::vector<index::Row>& before) const {
    const bool masks = config_.kind == NetworkKind::bert4rec;
    const std::size_t known = std::min(before.size(), config_.length - (masks ? 1 : 0));
    batch.items.insert(batch.items.end(), before.end() - static_cast<std::ptrdiff_t>(known),
                       before.end());
    if (masks) batch.items.push_back(Sequences::kMask);
    batch.lengths.push_back(static_cast<std::int64_t>(known + (masks ? 1 : 0)));
    batch.asked.push_back(static_cast<std::int64_t>(batch.items.size()) - 1);
  }

  const TrainingData& data_;
  const TrainingConfig& config_;
  SequenceNetwork network_;
  std::vector<Window> windows_;
  std::vector<std::size_t> order_;
};

}  // namespace

std::unique_ptr<Learner> sequenceLearner(const TrainingData& data, const TrainingConfig& config,
                                         Random& random) {
  return std::make_unique<SequenceLearner>(data, config, random);
}

}  // namespace attacca::learn
