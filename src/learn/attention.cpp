#include "attention.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <ATen/Parallel.h>

#include "attention_kernels.h"
#include "tower_kernels.h"

namespace attacca::learn {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::tensor_list;

// Of one head of one sequence.
struct Head {
  std::size_t asking;  // rows of queries
  std::size_t keys;
  std::int64_t query_row;
  std::int64_t key_row;
  std::size_t column;   // of the head in a row
  std::int64_t weight;  // where its weights begin
};

class Work {
 public:
  Work(const AttentionPlan& plan, std::int64_t width)
      : plan_(plan),
        width_(static_cast<std::size_t>(width)),
        columns_(width_ / static_cast<std::size_t>(plan.heads)),
        scale_(static_cast<float>(1 / std::sqrt(static_cast<double>(columns_)))),
        limit_(static_cast<std::uint32_t>(std::llround(plan.dropout * 4294967296.0))),
        keep_(static_cast<float>(1 / (1 - plan.dropout))) {
    for (std::size_t s = 0; s + 1 < plan.keys.size(); ++s) {
      begins_.push_back(weights_);
      weights_ +=
          (plan.queries[s + 1] - plan.queries[s]) * (plan.keys[s + 1] - plan.keys[s]) * plan.heads;
    }
  }

  std::int64_t weights() const { return weights_; }

  // Calls of(head) for all of them.
  template <class Of>
  void forEach(const Of& of) const {
    const auto sequences = static_cast<std::int64_t>(begins_.size());
    at::parallel_for(0, sequences, 4, [&](std::int64_t from, std::int64_t to) {
      for (std::int64_t i = from; i < to; ++i) {
        const auto s = static_cast<std::size_t>(i);
        Head head{.asking = static_cast<std::size_t>(plan_.queries[s + 1] - plan_.queries[s]),
                  .keys = static_cast<std::size_t>(plan_.keys[s + 1] - plan_.keys[s]),
                  .query_row = plan_.queries[s],
                  .key_row = plan_.keys[s],
                  .column = 0,
                  .weight = begins_[s]};
        for (std::int64_t h = 0; h < plan_.heads; ++h) {
          of(head);
          head.column += columns_;
          head.weight += static_cast<std::int64_t>(head.asking * head.keys);
        }
      }
    });
  }

  // out (asking x keys) = rows of `asked` . rows of `other`, in the columns of the head.
  void dot(const Head& head, const float* asked, const float* other, std::size_t other_row,
           float* out) const {
    std::vector<float> turned(columns_ * head.keys);
    for (std::size_t k = 0; k < head.keys; ++k) {
      for (std::size_t c = 0; c < columns_; ++c) {
        turned[c * head.keys + k] = other[k * other_row + c];
      }
    }
    std::fill_n(out, head.asking * head.keys, 0.0F);
    addProduct({.a = asked,
                .a_row = width_,
                .a_term = 1,
                .b = turned.data(),
                .b_row = head.keys,
                .c = out,
                .c_row = head.keys,
                .rows = head.asking,
                .columns = head.keys,
                .terms = columns_});
  }

  void softmax(const Head& head, float* scores) const {
    for (std::size_t q = 0; q < head.asking; ++q, scores += head.keys) {
      const std::size_t seen =
          plan_.causal ? static_cast<std::size_t>(
                             plan_.places[static_cast<std::size_t>(head.query_row) + q]) +
                             1
                       : head.keys;
      softmaxRow(scores, seen, scale_);
      std::fill(scores + seen, scores + head.keys, 0.0F);
    }
  }

  void drop(const Head& head, const float* in, float* out) const {
    const std::size_t count = head.asking * head.keys;
    if (plan_.dropout > 0) {
      dropValues(in, out, static_cast<std::uint32_t>(head.weight), count, limit_, keep_,
                 plan_.seed);
    } else if (in != out) {
      std::copy_n(in, count, out);
    }
  }

  // asking rows at `out` += weights (asking x keys) . rows of `other`.
  void mix(const Head& head, const float* weights, const float* other, std::size_t other_row,
           float* out) const {
    addProduct({.a = weights,
                .a_row = head.keys,
                .a_term = 1,
                .b = other,
                .b_row = other_row,
                .c = out,
                .c_row = width_,
                .rows = head.asking,
                .columns = columns_,
                .terms = head.keys});
  }

  // key rows at `out` += weights^T . rows of `asked`.
  void mixBack(const Head& head, const float* weights, const float* asked, float* out,
               std::size_t out_row) const {
    addProduct({.a = weights,
                .a_row = 1,
                .a_term = head.keys,
                .b = asked,
                .b_row = width_,
                .c = out,
                .c_row = out_row,
                .rows = head.keys,
                .columns = columns_,
                .terms = head.asking});
  }

  float scale() const { return scale_; }

 private:
  const AttentionPlan& plan_;
  std::size_t width_;
  std::size_t columns_;
  float scale_;
  std::uint32_t limit_;
  float keep_;
  std::vector<std::int64_t> begins_;
  std::int64_t weights_ = 0;
};

// What a plan is kept in until gradients are asked for.
struct Kept : torch::CustomClassHolder {
  explicit Kept(AttentionPlan from) : plan(std::move(from)) {}
  AttentionPlan plan;
};

struct Attention : Function<Attention> {
  static Tensor forward(AutogradContext* context, const Tensor& query, const Tensor& remembered,
                        const c10::intrusive_ptr<Kept>& kept) {
    const std::int64_t width = query.size(1);
    const auto d = static_cast<std::size_t>(width);
    const Work work(kept->plan, width);
    const Tensor weights = torch::empty({work.weights()}, query.options());
    Tensor out = torch::zeros_like(query);
    work.forEach([&](const Head& head) {
      const float* key = remembered.data_ptr<float>() + head.key_row * 2 * width + head.column;
      const std::int64_t at = head.query_row * width + static_cast<std::int64_t>(head.column);
      float* own = weights.data_ptr<float>() + head.weight;
      work.dot(head, query.data_ptr<float>() + at, key, 2 * d, own);
      work.softmax(head, own);
      std::vector<float> left(head.asking * head.keys);
      work.drop(head, own, left.data());
      work.mix(head, left.data(), key + d, 2 * d, out.data_ptr<float>() + at);
    });
    context->save_for_backward({query, remembered, weights});
    context->saved_data["plan"] = c10::IValue::make_capsule(kept);
    return out;
  }

  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    const auto saved = context->get_saved_variables();
    const auto kept =
        c10::static_intrusive_pointer_cast<Kept>(context->saved_data["plan"].toCapsule());
    const Tensor& query = saved[0];
    const Tensor& remembered = saved[1];
    const Tensor gradient = gradients[0].contiguous();
    const std::int64_t width = query.size(1);
    const auto d = static_cast<std::size_t>(width);
    const Work work(kept->plan, width);
    Tensor by_query = torch::zeros_like(query);
    Tensor by_remembered = torch::zeros_like(remembered);
    work.forEach([&](const Head& head) {
      const std::int64_t key_at = head.key_row * 2 * width + static_cast<std::int64_t>(head.column);
      const std::int64_t at = head.query_row * width + static_cast<std::int64_t>(head.column);
      const float* key = remembered.data_ptr<float>() + key_at;
      const float* slope = gradient.data_ptr<float>() + at;
      const float* own = saved[2].data_ptr<float>() + head.weight;
      float* by_key = by_remembered.data_ptr<float>() + key_at;
      const std::size_t count = head.asking * head.keys;
      std::vector<float> values(count);
      work.drop(head, own, values.data());
      work.mixBack(head, values.data(), slope, by_key + d, 2 * d);
      work.dot(head, slope, key + d, 2 * d, values.data());
      work.drop(head, values.data(), values.data());
      for (std::size_t q = 0; q < head.asking; ++q) {
        softmaxSlopes(own + q * head.keys, values.data() + q * head.keys, head.keys);
      }
      for (float& value : values) value *= work.scale();
      work.mix(head, values.data(), key, 2 * d, by_query.data_ptr<float>() + at);
      work.mixBack(head, values.data(), query.data_ptr<float>() + at, by_key, 2 * d);
    });
    return {by_query, by_remembered, Tensor()};
  }
};

}  // namespace

Tensor attention(const Tensor& query, const Tensor& remembered, AttentionPlan plan) {
  return Attention::apply(query.contiguous(), remembered.contiguous(),
                          c10::make_intrusive<Kept>(std::move(plan)));
}

}  // namespace attacca::learn
