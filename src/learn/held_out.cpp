#include "held_out.h"

#include <algorithm>
#include <cmath>

namespace attacca::learn {
namespace {

constexpr std::size_t kTogether = 64;  // listeners whose scores are in memory at once

double gain(const float* scores, std::size_t items, const recommend::HeldOut& held) {
  const auto row = static_cast<std::size_t>(held.next);
  const float own = scores[row];
  const auto ahead = [&](std::size_t other) {
    return scores[other] > own || (scores[other] == own && other < row);
  };
  std::size_t rank = 1;
  for (std::size_t other = 0; other < items; ++other) rank += ahead(other) ? 1 : 0;
  std::vector<index::Row> before = held.before;
  std::ranges::sort(before);
  const auto repeated = std::ranges::unique(before);
  before.erase(repeated.begin(), repeated.end());
  for (const index::Row other : before) rank -= ahead(static_cast<std::size_t>(other)) ? 1 : 0;
  return rank <= 10 ? 1 / std::log2(1 + static_cast<double>(rank)) : 0;
}

}  // namespace

double ndcg10(const std::vector<recommend::HeldOut>& held_out, const Scorer& scores) {
  const torch::NoGradGuard no_gradients;
  std::vector<recommend::HeldOut> asked;
  std::ranges::copy_if(held_out, std::back_inserter(asked),
                       [](const auto& held) { return !held.before.empty(); });
  double sum = 0;
  for (std::size_t begin = 0; begin < asked.size(); begin += kTogether) {
    const auto part = std::span(asked).subspan(begin, std::min(kTogether, asked.size() - begin));
    const torch::Tensor matrix = scores(part).contiguous();
    const auto items = static_cast<std::size_t>(matrix.size(1));
    for (std::size_t i = 0; i < part.size(); ++i) {
      sum += gain(matrix.data_ptr<float>() + i * items, items, part[i]);
    }
  }
  return asked.empty() ? 0 : sum / static_cast<double>(asked.size());
}

}  // namespace attacca::learn
