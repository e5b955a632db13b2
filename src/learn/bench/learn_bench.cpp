// One training step of bert4rec: 128 histories of 50 plays, 3,500 tracks with 200 columns, width
// 64, 2 layers, 2 heads, feed-forward 256, a fifth masked, dropout 0.2; gradients and Adam
// included.
//   learn_bench [THREADS] [STEPS]     prints the median step in ms: wall, processor time
//   learn_bench memory                peak memory of training on a million plays, by its first
//   steps
// tools/reference/training_step_time.py is the same in PyTorch.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include <sys/resource.h>

#include "attacca/learn/trainers.h"

#include "../sequence_network.h"

namespace {

using namespace attacca;
using namespace attacca::learn;

class Steps final : public Learner {
 public:
  explicit Steps(std::size_t steps) : steps_(steps) {}
  std::vector<Parameter> parameters() const override { return network_.parameters(); }
  std::size_t beginEpoch(Random&) override { return steps_; }
  torch::Tensor loss(std::size_t, Random& random) override {
    Sequences batch;
    std::uniform_int_distribution<std::int64_t> item(0, 3499);
    std::bernoulli_distribution masked(0.2);
    for (std::int64_t i = 0; i < std::int64_t{128} * 50; ++i) {
      const std::int64_t row = item(random);
      const bool ask = masked(random);
      if (ask) batch.asked.push_back(i);
      if (ask) batch.answers.push_back(row);
      batch.items.push_back(ask ? Sequences::kMask : row);
    }
    batch.lengths.assign(128, 50);
    const auto now = std::chrono::steady_clock::now();
    const std::clock_t busy = std::clock();
    wall.push_back(std::chrono::duration<double, std::milli>(now - last_).count());
    cpu.push_back(static_cast<double>(busy - busy_) * 1e3 / CLOCKS_PER_SEC);
    last_ = now;
    busy_ = busy;
    return network_.loss(batch, 0.2, random);
  }
  double validate() override { return 0; }
  recommend::Network network() const override { return {}; }

  std::vector<double> wall, cpu;

 private:
  static SequenceNetwork made() {
    Random random(1);
    ContentInput content;
    content.mean = torch::zeros({200});
    content.scale = torch::ones({200});
    content.rows = torch::empty({3500, 200});
    std::normal_distribution<float> normal;
    std::generate_n(content.rows.data_ptr<float>(), 3500 * 200, [&] { return normal(random); });
    return SequenceNetwork({.kind = recommend::NetworkKind::bert4rec,
                            .items = recommend::ItemInput::content,
                            .input = 200,
                            .width = 64,
                            .hidden = 0,
                            .layers = 2,
                            .heads = 2,
                            .feed_forward = 256,
                            .length = 50},
                           content, random);
  }
  std::size_t steps_;
  SequenceNetwork network_ = made();
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
  std::clock_t busy_ = std::clock();
};

double median(std::vector<double> values) {
  values.erase(values.begin(), values.begin() + 2);  // until everything is in place
  std::ranges::sort(values);
  return values[values.size() / 2];
}

// 10,000 listeners with 100 plays each, the default network.
void memory() {
  std::mt19937_64 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> embeddings(std::size_t{3500} * 200);
  std::ranges::generate(embeddings, [&] { return normal(random); });
  recommend::TrainingData data;
  data.items = 3500;
  data.embeddings = {embeddings.data(), 3500, 200};
  data.histories.assign(10'000, std::vector<index::Row>(100));
  for (auto& history : data.histories) {
    std::ranges::generate(history, [&] { return static_cast<index::Row>(random() % 3500); });
  }
  std::stop_source stop;
  recommend::TrainingRun run;
  run.stop = stop.get_token();
  run.progress = [&](const recommend::TrainingProgress& progress) {
    if (progress.step >= 20) stop.request_stop();
  };
  makeTrainer(recommend::NetworkKind::bert4rec)->train(data, {}, run);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("bert4rec on a million plays: %ld MB\n", usage.ru_maxrss / 1000);
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 1 && std::string_view(arguments[1]) == "memory") {
    memory();
    return 0;
  }
  const int threads = count > 1 ? std::atoi(arguments[1]) : 1;
  const int steps = count > 2 ? std::atoi(arguments[2]) : 30;
  Steps learner(static_cast<std::size_t>(std::max(steps, 5)));
  recommend::TrainingConfig config;
  config.epochs = 1;
  recommend::TrainingRun run;
  run.jobs = static_cast<unsigned>(std::max(threads, 1));
  Random random(1);
  trainLoop(learner, config, run, false, random, {});
  std::printf("bert4rec step, %d threads: %.1f ms, %.1f ms of processor time\n", threads,
              median(learner.wall), median(learner.cpu));
}
