#include "attacca/recommend/forward.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "attacca/base/error.h"

#include "forward_layers.h"
#include "network_shape.h"

namespace attacca::recommend {
namespace {

// Scales rows to length 1, those of zeros but.
void normalise(Rows& rows) {
  for (std::size_t i = 0; i < rows.count; ++i) {
    double squares = 0;
    for (const float value : rows.row(i)) squares += static_cast<double>(value) * value;
    if (squares == 0) continue;
    const auto scale = static_cast<float>(1 / std::sqrt(squares));
    for (float& value : rows.row(i)) value *= scale;
  }
}

void relu(Rows& rows) {
  for (float& value : rows.values) value = std::max(value, 0.0F);
}

}  // namespace

struct ForwardPass::State {
  std::shared_ptr<const Network> network;
  MatrixView<float> rows;
  std::optional<Linear> hidden;
  std::optional<Linear> to_space;  // content
  std::optional<SequenceLayers> layers;
  Rows made;  // of content
  MatrixView<float> space;
  std::span<const float> item_bias;

  std::span<const float> tensor(std::string_view name) const {
    return network->tensors.find(name)->second.values;
  }

  // scale * (row - mean)
  void standardise(std::span<const float> row, std::span<float> result) const {
    const auto mean = tensor("input.mean");
    const auto scale = tensor("input.scale");
    for (std::size_t i = 0; i < row.size(); ++i) result[i] = scale[i] * (row[i] - mean[i]);
  }

  // Of standardised rows.
  Rows placed(const Rows& standardised) const {
    if (network->shape.kind == NetworkKind::contrastive) {
      Rows middle = hidden->of(standardised);
      gelu(middle.values.data(), middle.values.size());
      Rows result = to_space->of(middle);
      normalise(result);
      return result;
    }
    Rows result = to_space->of(standardised);
    if (network->shape.kind == NetworkKind::shallow) {
      relu(result);
      normalise(result);
    }
    return result;
  }

  void placeAll() {
    constexpr std::size_t kAtOnce = 256;
    made = Rows(rows.rows, network->shape.width);
    for (std::size_t begin = 0; begin < rows.rows; begin += kAtOnce) {
      Rows some(std::min(kAtOnce, rows.rows - begin), rows.cols);
      for (std::size_t i = 0; i < some.count; ++i) standardise(rows.row(begin + i), some.row(i));
      const Rows result = placed(some);
      std::copy(result.values.begin(), result.values.end(), made.row(begin).data());
    }
    space = {made.values.data(), made.count, made.width};
  }

  // Of shallow: where the mean of the heard tracks' rows is.
  std::vector<float> shallowListener(std::span<const index::Row> history) const {
    std::vector<double> sums(rows.cols);
    Rows mean(1, rows.cols);
    std::vector<float> row(rows.cols);
    for (const index::Row item : history) {
      standardise(rows.row(static_cast<std::size_t>(item)), row);
      for (std::size_t i = 0; i < row.size(); ++i) sums[i] += static_cast<double>(row[i]);
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
      mean.values[i] = static_cast<float>(sums[i] / static_cast<double>(history.size()));
    }
    return placed(mean).values;
  }

  std::vector<float> contrastiveListener(std::span<const index::Row> history) const {
    std::vector<double> sums(space.cols);
    for (const index::Row item : history) {
      const auto place = space.row(static_cast<std::size_t>(item));
      for (std::size_t i = 0; i < place.size(); ++i) sums[i] += static_cast<double>(place[i]);
    }
    std::vector<float> mean(space.cols);
    for (std::size_t i = 0; i < mean.size(); ++i) {
      mean[i] = static_cast<float>(sums[i] / static_cast<double>(history.size()));
    }
    return mean;
  }
};

ForwardPass::ForwardPass(std::shared_ptr<const Network> network, MatrixView<float> rows) {
  auto state = std::make_unique<State>();
  state->network = std::move(network);
  state->rows = rows;
  const Network& net = *state->network;
  if (net.shape.items == ItemInput::content) {
    if (rows.cols != net.shape.input) {
      throw Error(Fault::refused,
                  fmt::format("the {} network reads embeddings of {} numbers, and these have {}",
                              nameOf(net.shape.kind), net.shape.input, rows.cols),
                  "it was trained on another representation: train one on this");
    }
    if (net.shape.kind == NetworkKind::contrastive) state->hidden.emplace(net, "hidden");
    state->to_space.emplace(net, "items");
    state->placeAll();
  } else {
    state->space = {state->tensor("items.weight").data(), net.shape.input, net.shape.width};
    if (net.shape.kind == NetworkKind::bert4rec) state->item_bias = state->tensor("item_bias");
  }
  if (readsSequences(net.shape.kind)) state->layers.emplace(net);
  state_ = std::move(state);
}

ForwardPass::~ForwardPass() = default;

const NetworkShape& ForwardPass::shape() const { return state_->network->shape; }
std::size_t ForwardPass::items() const { return state_->space.rows; }
MatrixView<float> ForwardPass::space() const { return state_->space; }

std::vector<float> ForwardPass::listener(std::span<const index::Row> history) const {
  assert(!history.empty());
  if (shape().kind == NetworkKind::shallow) return state_->shallowListener(history);
  if (shape().kind == NetworkKind::contrastive) return state_->contrastiveListener(history);
  const std::size_t most =
      shape().kind == NetworkKind::bert4rec ? shape().length - 1 : shape().length;
  const auto newest = history.last(std::min(history.size(), most));
  Rows items(newest.size(), shape().width);
  for (std::size_t i = 0; i < newest.size(); ++i) {
    const auto place = state_->space.row(static_cast<std::size_t>(newest[i]));
    std::copy(place.begin(), place.end(), items.row(i).begin());
  }
  return state_->layers->of(std::move(items));
}

std::vector<float> ForwardPass::scores(std::span<const float> listener) const {
  assert(listener.size() == shape().width);
  std::vector<float> scores(items());
  dotRows(state_->space.data, items(), shape().width, listener.data(), scores.data());
  for (std::size_t i = 0; i < state_->item_bias.size(); ++i) scores[i] += state_->item_bias[i];
  return scores;
}

float ForwardPass::score(std::span<const float> listener, index::Row item) const {
  const auto i = static_cast<std::size_t>(item);
  float score = 0;
  dotRows(state_->space.row(i).data(), 1, shape().width, listener.data(), &score);
  return state_->item_bias.empty() ? score : score + state_->item_bias[i];
}

}  // namespace attacca::recommend
