// The best k of many scored rows: highest score first, equal scores by row.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "attacca/index/search.h"

namespace attacca::index {

// Rows may be offered in any order, each once. Scores are numbers, never NaN.
class TopRows {
 public:
  explicit TopRows(std::size_t k) : k_(k), full_(std::max<std::size_t>(2 * k, 64)) {
    if (k_ == 0) floor_ = std::numeric_limits<float>::infinity();
  }

  // False when a row of this score cannot be among the best k; cheap, for the inner loop.
  bool wants(float score) const { return score >= floor_; }

  void offer(Row row, float score) {
    const std::uint64_t key = encode(row, score);
    if (!wants(score) || key < floor_key_) return;
    keys_.push_back(key);
    if (keys_.size() >= full_) shrink();
  }

  // The k-th best score so far, -infinity while there are fewer.
  float kthScore() {
    shrink();
    return floor_;
  }

  std::vector<Hit> take() {
    shrink();
    std::sort(keys_.begin(), keys_.end(), std::greater<>());
    std::vector<Hit> hits;
    hits.reserve(keys_.size());
    for (const std::uint64_t key : keys_) hits.push_back(decode(key));
    keys_.clear();
    return hits;
  }

 private:
  // Orders as (score descending, row ascending) when compared as an integer.
  static std::uint64_t encode(Row row, float score) {
    const auto bits = std::bit_cast<std::uint32_t>(score + 0.0F);  // one zero
    const std::uint32_t ordered = (bits >> 31) != 0 ? ~bits : bits | 0x80000000U;
    return static_cast<std::uint64_t>(ordered) << 32 |
           (0xffffffffU - static_cast<std::uint32_t>(row));
  }
  static Hit decode(std::uint64_t key) {
    const auto ordered = static_cast<std::uint32_t>(key >> 32);
    const std::uint32_t bits = (ordered >> 31) != 0 ? ordered & 0x7fffffffU : ~ordered;
    return {static_cast<Row>(0xffffffffU - static_cast<std::uint32_t>(key)),
            std::bit_cast<float>(bits)};
  }

  void shrink() {
    if (k_ == 0 || keys_.size() < k_) return;
    const auto kth = keys_.begin() + static_cast<std::ptrdiff_t>(k_ - 1);
    std::nth_element(keys_.begin(), kth, keys_.end(), std::greater<>());
    keys_.resize(k_);
    floor_key_ = keys_.back();
    floor_ = decode(floor_key_).score;
  }

  std::size_t k_;
  std::size_t full_;
  std::vector<std::uint64_t> keys_;
  std::uint64_t floor_key_ = 0;
  float floor_ = -std::numeric_limits<float>::infinity();
};

}  // namespace attacca::index
