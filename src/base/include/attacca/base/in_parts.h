// Work on many like things, on as many cores as are worth it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <future>
#include <thread>
#include <vector>

namespace attacca {

// Calls `use(begin, end)` for parts of [0, count) that together are all of it, each on a thread of
// its own, and returns when all have. A part has at least `least`; `use` must not depend on how
// many there are. What one throws is thrown on.
template <class Use>
void inParts(std::size_t count, std::size_t least, const Use& use) {
  constexpr std::size_t kMostThreads = 4;  // further ones wait for memory
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t parts = std::clamp<std::size_t>(count / std::max<std::size_t>(1, least), 1,
                                                    std::min(cores, kMostThreads));
  std::vector<std::future<void>> others;
  others.reserve(parts - 1);
  for (std::size_t i = 1; i < parts; ++i) {
    others.push_back(std::async(std::launch::async, [&use, count, parts, i] {
      use(count * i / parts, count * (i + 1) / parts);
    }));
  }
  use(0, count / parts);
  for (std::future<void>& other : others) other.get();
}

}  // namespace attacca
