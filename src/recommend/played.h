// Who heard what, and in which order: a log as strategies learn from it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "attacca/recommend/strategy.h"

namespace attacca::recommend {

// Lists of equal kind, one after the other.
template <class T>
struct Lists {
  std::vector<std::size_t> ends;
  std::vector<T> all;

  std::size_t size() const { return ends.size(); }
  std::span<const T> of(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return {all.data() + begin, ends[i] - begin};
  }
};

// The plays of a log that count: no skips, not later than now, of tracks that the snapshot holds.
// Listeners are numbered in the log's order, those without such a play left out.
struct Played {
  Played() = default;
  explicit Played(const Material& material);

  bool empty() const { return in_order.all.empty(); }

  Lists<Row> in_order;                // by listener: each play
  Lists<Row> rows;                    // by listener: what was heard, each once, ascending
  Lists<std::uint32_t> listeners;     // by row: who heard it, ascending
  std::vector<std::size_t> plays;     // by row
  std::vector<std::string> left_out;  // sentences
};

}  // namespace attacca::recommend
