#include "linear.h"

#include <algorithm>

#include <ATen/Parallel.h>

#include "tower_kernels.h"

namespace attacca::learn {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::tensor_list;

struct LinearRows : Function<LinearRows> {
  static Tensor forward(AutogradContext* context, const Tensor& rows, const Tensor& weight,
                        const Tensor& bias) {
    context->save_for_backward({rows, weight});
    Tensor out = torch::empty({rows.size(0), weight.size(0)}, rows.options());
    out.copy_(bias);
    addProductTo(out, rows, false, weight.t().contiguous());
    return out;
  }

  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor& rows = saved[0];
    const Tensor& weight = saved[1];
    const Tensor gradient = gradients[0].contiguous();
    Tensor by_rows;
    if (context->needs_input_grad(0)) {
      by_rows = torch::zeros_like(rows);
      addProductTo(by_rows, gradient, false, weight);
    }
    Tensor by_weight = torch::zeros_like(weight);
    addProductTo(by_weight, gradient, true, rows);
    return {by_rows, by_weight, gradient.sum(0)};
  }
};

}  // namespace

void addProductTo(const Tensor& out, const Tensor& a, bool a_transposed, const Tensor& b) {
  const auto rows = static_cast<std::size_t>(out.size(0));
  const auto columns = static_cast<std::size_t>(out.size(1));
  const auto terms = static_cast<std::size_t>(b.size(0));
  const std::size_t a_row = a_transposed ? 1 : terms;
  const std::size_t a_term = a_transposed ? rows : 1;
  // Elements are summed alike however the rows are shared out.
  constexpr std::int64_t kWork = 1 << 18;
  const auto share =
      std::max<std::int64_t>(6, kWork / static_cast<std::int64_t>(columns * terms + 1));
  at::parallel_for(0, out.size(0), share, [&](std::int64_t begin, std::int64_t end) {
    const auto from = static_cast<std::size_t>(begin);
    addProduct({.a = a.data_ptr<float>() + from * a_row,
                .a_row = a_row,
                .a_term = a_term,
                .b = b.data_ptr<float>(),
                .b_row = columns,
                .c = out.data_ptr<float>() + from * columns,
                .c_row = columns,
                .rows = static_cast<std::size_t>(end - begin),
                .columns = columns,
                .terms = terms});
  });
}

Tensor linearRows(const Tensor& rows, const Tensor& weight, const Tensor& bias) {
  return LinearRows::apply(rows.contiguous(), weight.contiguous(), bias);
}

}  // namespace attacca::learn
