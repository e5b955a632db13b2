#include "cosine_hinge.h"

#include <algorithm>
#include <cmath>
#include <span>

#include <ATen/ATen.h>

#include "parts.h"
#include "tower_kernels.h"

namespace attacca::learn {
namespace {

using torch::Tensor;

constexpr std::int64_t kGrain = 64;  // rows that are worth a thread

std::size_t at(std::int64_t number) { return static_cast<std::size_t>(number); }

// A tower's outputs, scaled to length 1.
class Tower {
 public:
  // `weight`: input x width.
  Tower(const Tensor& rows, const Tensor& weight, const Tensor& bias)
      : vectors_(torch::empty({rows.size(0), weight.size(1)})),
        values_(vectors_.data_ptr<float>()),
        width_(at(weight.size(1))),
        lengths_(at(rows.size(0))) {
    const std::size_t input = at(weight.size(0));
    inParts(rows.size(0), kGrain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        std::copy_n(bias.data_ptr<float>(), width(), vector(i));
      }
      addProduct({.a = rows.data_ptr<float>() + at(begin) * input,
                  .a_row = input,
                  .a_term = 1,
                  .b = weight.data_ptr<float>(),
                  .b_row = width(),
                  .c = vector(begin),
                  .c_row = width(),
                  .rows = at(end - begin),
                  .columns = width(),
                  .terms = input});
      for (std::int64_t i = begin; i < end; ++i) scale(i);
    });
  }

  std::int64_t count() const { return vectors_.size(0); }
  std::size_t width() const { return width_; }
  float* vector(std::int64_t i) const { return values_ + at(i) * width_; }

  // Of the loss, from `gradient` with respect to vector i to that before scaling and relu, in
  // place.
  void back(std::int64_t i, float* gradient) const {
    const float* own = vector(i);
    const std::size_t width = width_;
    const float length = lengths_[at(i)];
    if (length == 0) {
      std::fill_n(gradient, width, 0.0F);
      return;
    }
    const float along = dot(gradient, own);
    for (std::size_t j = 0; j < width; ++j) {
      const float across = (gradient[j] - along * own[j]) / length;
      gradient[j] = own[j] > 0 ? across : 0.0F;
    }
  }

 private:
  void scale(std::int64_t i) {
    float* own = vector(i);
    const std::size_t width = width_;
    // What is no number stays, to be seen in the loss.
    for (std::size_t j = 0; j < width; ++j) own[j] = own[j] < 0 ? 0.0F : own[j];
    const float length = std::sqrt(dot(own, own));
    lengths_[at(i)] = length;
    if (length == 0) return;
    for (std::size_t j = 0; j < width; ++j) own[j] /= length;
  }
  float dot(const float* a, const float* b) const {
    constexpr std::int32_t kFirst = 0;
    float sum = 0;
    dotRows(a, b, &kFirst, 1, width_, &sum);
    return sum;
  }

  Tensor vectors_;
  float* values_;  // of vectors_
  std::size_t width_;
  std::vector<float> lengths_;  // before they were scaled
};

// Which listeners' vectors pull on which track's, and how much: in the order of the pairs.
class Pulls {
 public:
  // `violated`: by pair and negative, where the loss is above 0.
  Pulls(std::int64_t tracks, const PairBatch& batch, const std::vector<std::uint8_t>& violated,
        float share)
      : begins_(at(tracks) + 2) {
    each(batch, violated, share, [&](std::int32_t track, Weighed) { ++begins_[at(track) + 2]; });
    for (std::size_t i = 2; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
    all_.resize(begins_.back());
    each(batch, violated, share,
         [&](std::int32_t track, Weighed pull) { all_[begins_[at(track) + 1]++] = pull; });
  }

  std::span<const Weighed> of(std::int64_t track) const {
    return {all_.data() + begins_[at(track)], begins_[at(track) + 1] - begins_[at(track)]};
  }

 private:
  template <class Do>
  static void each(const PairBatch& batch, const std::vector<std::uint8_t>& violated, float share,
                   Do&& act) {
    const std::size_t negatives = batch.negativesOfPair();
    for (std::size_t pair = 0; pair < batch.pairs(); ++pair) {
      const auto row = static_cast<std::int32_t>(pair);
      std::size_t count = 0;
      for (std::size_t i = pair * negatives; i < (pair + 1) * negatives; ++i) {
        if (violated[i] == 0) continue;
        ++count;
        act(batch.negatives[i], Weighed{row, share});
      }
      if (count > 0) act(batch.positives[pair], Weighed{row, -share * static_cast<float>(count)});
    }
  }

  std::vector<std::size_t> begins_;  // while they are filled, one place later
  std::vector<Weighed> all_;
};

// What each pair loses, summed over its negatives; its part in the gradient of its listener.
struct Losses {
  std::vector<double> of_pair;
  std::vector<std::uint8_t> violated;
  Tensor listeners;  // pairs x width

  Losses(const Tower& listener, const Tower& track, const PairBatch& batch, double margin,
         float share)
      : of_pair(batch.pairs()),
        violated(batch.negatives.size()),
        listeners(torch::empty({listener.count(), static_cast<std::int64_t>(listener.width())})) {
    const std::size_t negatives = batch.negativesOfPair();
    inParts(listener.count(), kGrain, [&](std::int64_t begin, std::int64_t end) {
      std::vector<float> cosines(negatives);
      std::vector<Weighed> parts;
      for (std::int64_t pair = begin; pair < end; ++pair) {
        const float* own = listener.vector(pair);
        float* gradient = listeners.data_ptr<float>() + at(pair) * listener.width();
        std::fill_n(gradient, listener.width(), 0.0F);
        const std::int32_t* drawn = batch.negatives.data() + at(pair) * negatives;
        float positive = 0;
        dotRows(own, track.vector(0), &batch.positives[at(pair)], 1, track.width(), &positive);
        dotRows(own, track.vector(0), drawn, negatives, track.width(), cosines.data());
        parts.clear();
        for (std::size_t i = 0; i < negatives; ++i) {
          const float loss = static_cast<float>(margin) - positive + cosines[i];
          if (loss <= 0) continue;
          of_pair[at(pair)] += static_cast<double>(loss);
          violated[at(pair) * negatives + i] = 1;
          parts.push_back({drawn[i], share});
        }
        if (parts.empty()) continue;
        parts.push_back({batch.positives[at(pair)], -share * static_cast<float>(parts.size())});
        addRows(track.vector(0), parts.data(), parts.size(), track.width(), gradient);
        listener.back(pair, gradient);
      }
    });
  }
};

Tensor trackGradients(const Tower& listener, const Tower& track, const Pulls& pulls) {
  const std::size_t width = track.width();
  Tensor gradients = torch::empty({track.count(), static_cast<std::int64_t>(width)});
  inParts(track.count(), kGrain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const auto pull = pulls.of(i);
      float* gradient = gradients.data_ptr<float>() + at(i) * width;
      std::fill_n(gradient, width, 0.0F);
      if (pull.empty()) continue;
      addRows(listener.vector(0), pull.data(), pull.size(), width, gradient);
      track.back(i, gradient);
    }
  });
  return gradients;
}

// sum += gradients transposed times rows: width x input. Threads have columns of their own.
void addOuter(const Tensor& gradients, const Tensor& rows, const Tensor& sum) {
  constexpr std::int64_t kColumns = 32;
  const std::size_t width = at(gradients.size(1));
  const std::size_t input = at(rows.size(1));
  inParts((rows.size(1) + kColumns - 1) / kColumns, 1, [&](std::int64_t begin, std::int64_t end) {
    const std::size_t first = at(begin * kColumns);
    addProduct({.a = gradients.data_ptr<float>(),
                .a_row = 1,
                .a_term = width,
                .b = rows.data_ptr<float>() + first,
                .b_row = input,
                .c = sum.data_ptr<float>() + first,
                .c_row = input,
                .rows = width,
                .columns = std::min(at(end * kColumns), input) - first,
                .terms = at(rows.size(0))});
  });
}

// sum += all rows.
void addAll(const Tensor& rows, const Tensor& sum) {
  const float one = 1;
  const std::size_t width = at(rows.size(1));
  addProduct({.a = &one,
              .a_row = 0,
              .a_term = 0,
              .b = rows.data_ptr<float>(),
              .b_row = width,
              .c = sum.data_ptr<float>(),
              .c_row = width,
              .rows = 1,
              .columns = width,
              .terms = at(rows.size(0))});
}

struct CosineHinge : torch::autograd::Function<CosineHinge> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& weight,
                        const Tensor& bias, const PairBatch* batch, double margin) {
    const Tensor turned = weight.t().contiguous();
    const Tower listeners(batch->listeners, turned, bias);
    const Tower tracks(batch->tracks, turned, bias);
    const auto count = static_cast<double>(batch->negatives.size());
    const auto share = static_cast<float>(1 / count);
    const Losses losses(listeners, tracks, *batch, margin, share);
    const Tensor of_tracks =
        trackGradients(listeners, tracks, Pulls(tracks.count(), *batch, losses.violated, share));
    const Tensor of_weight = torch::zeros_like(weight);
    addOuter(of_tracks, batch->tracks, of_weight);
    addOuter(losses.listeners, batch->listeners, of_weight);
    const Tensor of_bias = torch::zeros_like(bias);
    addAll(of_tracks, of_bias);
    addAll(losses.listeners, of_bias);
    context->save_for_backward({of_weight, of_bias});
    double sum = 0;
    for (const double loss : losses.of_pair) sum += loss;
    return torch::tensor(static_cast<float>(sum / count));
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               const torch::autograd::tensor_list& outer) {
    const auto saved = context->get_saved_variables();
    return {saved[0] * outer[0], saved[1] * outer[0], Tensor(), Tensor()};
  }
};

}  // namespace

Tensor cosineHinge(const Tensor& weight, const Tensor& bias, const PairBatch& batch,
                   double margin) {
  return CosineHinge::apply(weight, bias, &batch, margin);
}

}  // namespace attacca::learn
