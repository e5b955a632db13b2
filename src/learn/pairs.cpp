#include "pairs.h"

#include <algorithm>

#include <ATen/ATen.h>

namespace attacca::learn {
namespace {

torch::Tensor rowsOf(const torch::Tensor& all, std::span<const index::Row> rows) {
  if (static_cast<std::size_t>(all.size(0)) == rows.size()) return all;
  return all.index_select(0, torch::tensor(std::vector<std::int64_t>(rows.begin(), rows.end())));
}

}  // namespace

Pairs::Pairs(Heard heard, const torch::Tensor& all)
    : heard_(std::move(heard)),
      unheard_(heard_),
      tracks_(rowsOf(all, heard_.rows())),
      place_(heard_.played(), -1) {
  const auto input = static_cast<std::size_t>(tracks_.size(1));
  const float* rows = tracks_.data_ptr<float>();
  sums_.reserve(heard_.listeners() * input);
  std::vector<double> sum(input);
  for (std::size_t listener = 0; listener < heard_.listeners(); ++listener) {
    const auto distinct = heard_.of(listener);
    std::fill(sum.begin(), sum.end(), 0.0);
    for (const Played track : distinct) {
      const float* row = rows + static_cast<std::size_t>(track) * input;
      for (std::size_t j = 0; j < input; ++j) sum[j] += static_cast<double>(row[j]);
    }
    sums_.insert(sums_.end(), sum.begin(), sum.end());
    if (distinct.size() < 2 || unheard_.count(listener) == 0) continue;
    for (const Played track : distinct) {
      pairs_.push_back({static_cast<std::int32_t>(listener), track});
    }
  }
}

PairBatch Pairs::batch(std::span<const Pair> pairs, std::size_t negatives, Random& random) {
  drawn_.clear();
  for (const Pair& pair : pairs) {
    for (std::size_t i = 0; i < negatives; ++i) {
      drawn_.push_back(unheard_.draw(static_cast<std::size_t>(pair.listener), random));
    }
  }
  return batch(pairs, drawn_);
}

PairBatch Pairs::batch(std::span<const Pair> pairs, std::span<const Played> negatives) {
  const auto input = static_cast<std::size_t>(tracks_.size(1));
  const float* rows = tracks_.data_ptr<float>();
  PairBatch batch;
  batch.listeners = torch::empty({static_cast<std::int64_t>(pairs.size()), tracks_.size(1)});
  float* to = batch.listeners.data_ptr<float>();
  for (const Pair& pair : pairs) {
    const auto listener = static_cast<std::size_t>(pair.listener);
    const float share = 1 / static_cast<float>(heard_.of(listener).size() - 1);
    const float* sum = sums_.data() + listener * input;
    const float* row = rows + static_cast<std::size_t>(pair.track) * input;
    for (std::size_t j = 0; j < input; ++j) *to++ = share * (sum[j] - row[j]);
    batch.positives.push_back(pair.track);
  }
  batch.negatives.assign(negatives.begin(), negatives.end());
  std::vector<std::int64_t> distinct;
  const auto enter = [&](Played track) {
    Played& place = place_[static_cast<std::size_t>(track)];
    if (place >= 0) return;
    place = static_cast<Played>(distinct.size());
    distinct.push_back(track);
  };
  std::for_each(batch.positives.begin(), batch.positives.end(), enter);
  std::for_each(batch.negatives.begin(), batch.negatives.end(), enter);
  if (2 * distinct.size() > heard_.played()) {
    // To copy them would cost more than to have the net see the rest too.
    batch.tracks = tracks_;
  } else {
    const auto count = static_cast<std::int64_t>(distinct.size());
    batch.tracks =
        tracks_.index_select(0, torch::from_blob(distinct.data(), {count}, torch::kLong));
    const auto move = [&](Played& track) { track = place_[static_cast<std::size_t>(track)]; };
    std::for_each(batch.positives.begin(), batch.positives.end(), move);
    std::for_each(batch.negatives.begin(), batch.negatives.end(), move);
  }
  for (const std::int64_t track : distinct) place_[static_cast<std::size_t>(track)] = -1;
  return batch;
}

}  // namespace attacca::learn
