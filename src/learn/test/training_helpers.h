// Data to learn from whose structure is known.
#pragma once

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "attacca/learn/trainers.h"

namespace attacca::learn {

// Tracks in groups whose members follow one another in a circle: after track i comes i + 1 with a
// chance of 0.8, else any of the group. Embeddings say group and place, with noise. `withheld`: the
// first of each group is played by nobody.
struct Circles {
  std::vector<float> embeddings;
  recommend::TrainingData data;

  Circles(std::size_t groups, std::size_t members, std::size_t listeners, std::size_t plays,
          bool withheld = false) {
    std::mt19937_64 random(1);
    std::normal_distribution<float> noise(0, 0.1F);
    data.items = groups * members;
    const std::size_t columns = groups + 2;
    for (std::size_t i = 0; i < data.items; ++i) {
      for (std::size_t c = 0; c < groups; ++c) {
        embeddings.push_back((i / members == c ? 1.0F : 0.0F) + noise(random));
      }
      const double angle =
          6.2831853 * static_cast<double>(i % members) / static_cast<double>(members);
      embeddings.push_back(static_cast<float>(std::cos(angle)) + noise(random));
      embeddings.push_back(static_cast<float>(std::sin(angle)) + noise(random));
    }
    data.embeddings = {embeddings.data(), data.items, columns};
    const std::size_t from = withheld ? 1 : 0;
    const auto draw = [&](std::size_t begin, std::size_t end) {
      return std::uniform_int_distribution<std::size_t>(begin, end - 1)(random);
    };
    for (std::size_t l = 0; l < listeners; ++l) {
      const std::size_t first = draw(0, groups) * members;
      std::size_t place = draw(from, members);
      std::vector<index::Row> history;
      for (std::size_t p = 0; p < plays; ++p) {
        history.push_back(static_cast<index::Row>(first + place));
        place = draw(0, 10) < 8 ? place + 1 : draw(from, members);
        if (place == members) place = from;
      }
      if (l % 4 == 0) {
        const auto next = static_cast<index::Row>(first + place);
        if (std::ranges::find(history, next) == history.end()) {
          data.held_out.push_back({history, next});
        }
      }
      data.histories.push_back(std::move(history));
    }
  }
  Circles(const Circles&) = delete;
  Circles& operator=(const Circles&) = delete;
};

inline recommend::TrainingConfig smallConfig(recommend::NetworkKind kind,
                                             recommend::ItemInput items) {
  recommend::TrainingConfig config;
  config.kind = kind;
  config.items = items;
  config.width = 16;
  config.layers = 1;
  config.heads = 2;
  config.feed_forward = 32;
  config.length = 8;
  config.batch = 32;
  config.learning_rate = 3e-3;
  config.dropout = 0.1;
  config.epochs = 4;
  return config;
}

inline recommend::TrainingRun runOf(std::filesystem::path checkpoint, std::stop_token stop = {},
                                    unsigned jobs = 1) {
  recommend::TrainingRun run;
  run.checkpoint = std::move(checkpoint);
  run.stop = std::move(stop);
  run.jobs = jobs;
  return run;
}

inline recommend::Trained train(const recommend::TrainingData& data,
                                const recommend::TrainingConfig& config,
                                const recommend::TrainingRun& run = {}) {
  return makeTrainer(config.kind)->train(data, config, run);
}

}  // namespace attacca::learn
