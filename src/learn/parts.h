// Work in as many parts as the training has threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <thread>
#include <vector>

#include <ATen/Parallel.h>

namespace attacca::learn {

// Calls `work(begin, end)` for parts of [0, count), none but the last smaller than `least`, and
// waits for all. Unlike OpenMP's, these threads sleep while they wait: on a machine that has other
// things to do, waiting in a loop took five times the work's own time. `work` must not throw.
template <class Work>
void inParts(std::int64_t count, std::int64_t least, const Work& work) {
  const std::int64_t parts =
      std::clamp<std::int64_t>(count / least, 1, std::max(1, at::get_num_threads()));
  std::vector<std::jthread> threads;
  for (std::int64_t part = 1; part < parts; ++part) {
    threads.emplace_back([&, part] { work(count * part / parts, count * (part + 1) / parts); });
  }
  work(0, count / parts);
}

}  // namespace attacca::learn
