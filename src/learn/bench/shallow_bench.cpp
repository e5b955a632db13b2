// How long an epoch of the shallow net takes, and how much memory training does:
//   shallow_bench [tracks, 3500] [listeners, 10000] [plays of each, 100] [columns, 200] [width, 64]
//                 [batch, 1024] [threads, 2]
// The embeddings are noise and the plays are drawn evenly, which is the most work: nearly every
// negative is too near and pulls. Three epochs; the first has the preparation in it.
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "attacca/learn/trainers.h"

namespace {

using attacca::recommend::TrainingConfig;
using attacca::recommend::TrainingData;
using attacca::recommend::TrainingProgress;
using attacca::recommend::TrainingRun;

std::string peakMemory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return line.substr(line.find_first_not_of("VmHWM:\t "));
  }
  return "unknown";
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int place, std::size_t otherwise) {
    return argc > place ? std::strtoull(argv[place], nullptr, 10) : otherwise;
  };
  const std::size_t tracks = argument(1, 3500);
  const std::size_t listeners = argument(2, 10000);
  const std::size_t plays = argument(3, 100);
  const std::size_t columns = argument(4, 200);
  std::mt19937 random(20261201);
  std::normal_distribution<float> normal;
  std::vector<float> embeddings(tracks * columns);
  for (float& value : embeddings) value = normal(random);
  TrainingData data{tracks, {embeddings.data(), tracks, columns}, {}, {}};
  data.histories.resize(listeners);
  for (auto& history : data.histories) {
    for (std::size_t i = 0; i < plays; ++i) {
      history.push_back(static_cast<attacca::index::Row>(random() % tracks));
    }
  }
  TrainingConfig config;
  config.kind = attacca::recommend::NetworkKind::shallow;
  config.width = argument(5, 64);
  config.batch = argument(6, 1024);
  config.epochs = 3;
  TrainingRun run;
  run.jobs = static_cast<unsigned>(argument(7, 2));
  fmt::print("{} tracks, {} plays, {} columns to {}, batches of {}, {} threads\n", tracks,
             listeners * plays, columns, config.width, config.batch, run.jobs);
  auto wall = std::chrono::steady_clock::now();
  std::clock_t cpu = std::clock();
  run.progress = [&](const TrainingProgress& progress) {
    if (progress.step < progress.steps) return;
    const auto now = std::chrono::steady_clock::now();
    const std::clock_t now_cpu = std::clock();
    fmt::print("epoch {}: {:.2f} s ({:.2f} s of CPU), loss {:.4f}\n", progress.epoch,
               std::chrono::duration<double>(now - wall).count(),
               static_cast<double>(now_cpu - cpu) / CLOCKS_PER_SEC, progress.loss);
    wall = now;
    cpu = now_cpu;
  };
  attacca::learn::makeTrainer(config.kind)->train(data, config, run);
  fmt::print("peak memory {}\n", peakMemory());
  return 0;
}
