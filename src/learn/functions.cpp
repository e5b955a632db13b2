#include "functions.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include <ATen/Parallel.h>

#include "attention_kernels.h"
#include "linear.h"

namespace attacca::learn {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::tensor_list;

struct GatherRows : Function<GatherRows> {
  static Tensor forward(AutogradContext* context, const Tensor& rows,
                        const std::vector<std::int64_t>& index) {
    const std::int64_t columns = rows.size(1);
    context->saved_data["rows"] = rows.size(0);
    const Tensor from = rows.contiguous();
    Tensor out = torch::empty({static_cast<std::int64_t>(index.size()), columns}, rows.options());
    const float* source = from.data_ptr<float>();
    float* target = out.data_ptr<float>();
    for (const std::int64_t row : index) {
      if (row < 0) {
        std::fill_n(target, columns, 0.0F);
      } else {
        std::copy_n(source + row * columns, columns, target);
      }
      target += columns;
    }
    context->saved_data["index"] = index;
    return out;
  }

  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    const Tensor gradient = gradients[0].contiguous();
    const auto index = context->saved_data["index"].toIntVector();
    const std::int64_t columns = gradient.size(1);
    Tensor out = torch::zeros({context->saved_data["rows"].toInt(), columns}, gradient.options());
    const float* source = gradient.data_ptr<float>();
    float* target = out.data_ptr<float>();
    for (const std::int64_t row : index) {
      if (row >= 0) {
        float* sum = target + row * columns;
        for (std::int64_t c = 0; c < columns; ++c) sum[c] += source[c];
      }
      source += columns;
    }
    return {out, Tensor()};
  }
};

Tensor dropped(const Tensor& values, double rate, std::uint64_t seed) {
  const Tensor in = values.contiguous();
  Tensor out = torch::empty_like(in);
  const auto limit = static_cast<std::uint32_t>(std::llround(rate * 4294967296.0));
  at::parallel_for(0, in.numel(), 1 << 15, [&](std::int64_t from, std::int64_t to) {
    dropValues(in.data_ptr<float>() + from, out.data_ptr<float>() + from,
               static_cast<std::uint32_t>(from), static_cast<std::size_t>(to - from), limit,
               static_cast<float>(1 / (1 - rate)), seed);
  });
  return out;
}

struct Dropout : Function<Dropout> {
  static Tensor forward(AutogradContext* context, const Tensor& values, double rate,
                        std::int64_t seed) {
    context->saved_data["rate"] = rate;
    context->saved_data["seed"] = seed;
    return dropped(values, rate, static_cast<std::uint64_t>(seed));
  }
  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    return {dropped(gradients[0], context->saved_data["rate"].toDouble(),
                    static_cast<std::uint64_t>(context->saved_data["seed"].toInt())),
            Tensor(), Tensor()};
  }
};

// `bias` is empty where there is none.
struct SoftmaxLoss : Function<SoftmaxLoss> {
  static Tensor forward(AutogradContext* context, const Tensor& queries, const Tensor& items,
                        const Tensor& bias, const std::vector<std::int64_t>& answers) {
    const std::int64_t count = queries.size(0);
    const std::int64_t all = items.size(0);
    const std::int64_t together = std::min(std::max(kScores / all, kRows), count);
    const auto share = static_cast<float>(1.0 / static_cast<double>(count));
    Tensor by_queries = torch::empty_like(queries);
    Tensor by_items = torch::zeros_like(items);
    Tensor by_bias = torch::zeros_like(bias);
    Tensor space = torch::empty({together, all}, queries.options());
    const Tensor columns = items.t().contiguous();
    by_queries.zero_();
    double loss = 0;
    for (std::int64_t begin = 0; begin < count; begin += together) {
      const std::int64_t part = std::min(together, count - begin);
      const Tensor some = queries.narrow(0, begin, part);
      Tensor scores = space.narrow(0, 0, part);
      if (bias.numel() > 0) {
        scores.copy_(bias);
      } else {
        scores.zero_();
      }
      addProductTo(scores, some, false, columns);
      loss += slopes(scores, answers.data() + begin, share);
      addProductTo(by_queries.narrow(0, begin, part), scores, false, items);
      addProductTo(by_items, scores, true, some);
      if (bias.numel() > 0) by_bias.add_(scores.sum(0));
    }
    context->save_for_backward({by_queries, by_items, by_bias});
    return torch::full({}, loss / static_cast<double>(count), queries.options());
  }

  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    const auto saved = context->get_saved_variables();
    const auto times = [&](const Tensor& slope) {
      return slope.defined() ? slope * gradients[0] : Tensor();
    };
    return {times(saved[0]), times(saved[1]), times(saved[2]), Tensor()};
  }

 private:
  // At once: what stays near the processor, but not so few rows that all items are read for little.
  static constexpr std::int64_t kScores = 1 << 18;
  static constexpr std::int64_t kRows = 32;

  // Makes scores their gradients of the mean loss, in place; returns the sum of the losses.
  static double slopes(Tensor& scores, const std::int64_t* answers, float share) {
    const std::int64_t all = scores.size(1);
    const Tensor most = scores.amax(1, true);
    scores.sub_(most);
    std::vector<double> own;
    for (std::int64_t i = 0; i < scores.size(0); ++i) {
      own.push_back(static_cast<double>(scores.data_ptr<float>()[i * all + answers[i]]));
    }
    scores.exp_();
    const Tensor sums = scores.sum(1, true);
    scores.mul_(share / sums);
    double loss = 0;
    for (std::int64_t i = 0; i < scores.size(0); ++i) {
      loss += std::log(static_cast<double>(sums.data_ptr<float>()[i])) -
              own[static_cast<std::size_t>(i)];
      scores.data_ptr<float>()[i * all + answers[i]] -= share;
    }
    return loss;
  }
};

}  // namespace

Tensor gatherRows(const Tensor& rows, const std::vector<std::int64_t>& index) {
  return GatherRows::apply(rows, index);
}

Tensor dropOut(const Tensor& values, double rate, std::uint64_t seed) {
  return rate > 0 ? Dropout::apply(values, rate, static_cast<std::int64_t>(seed)) : values;
}

Tensor softmaxLoss(const Tensor& queries, const Tensor& items, const std::optional<Tensor>& bias,
                   const std::vector<std::int64_t>& answers) {
  return SoftmaxLoss::apply(queries.contiguous(), items.contiguous(),
                            bias.value_or(torch::empty({0})), answers);
}

}  // namespace attacca::learn
