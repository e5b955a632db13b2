// The port behind which networks are trained (room `learn` has the adapters; nobody else sees
// their library).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/base/npy.h"
#include "attacca/index/snapshot.h"
#include "attacca/recommend/network.h"

namespace attacca::recommend {

// How a network is trained. docs/recommenders.md has the meaning, the bounds and the defaults of
// each; what a strategy does not use is ignored.
struct TrainingConfig {
  NetworkKind kind = NetworkKind::bert4rec;
  ItemInput items = ItemInput::content;
  std::size_t width = 64;
  std::size_t hidden = 128;  // contrastive
  std::size_t layers = 2;    // bert4rec, sasrec ...
  std::size_t heads = 2;
  std::size_t feed_forward = 256;
  std::size_t length = 50;
  double dropout = 0.2;
  double mask = 0.2;            // bert4rec: share of a sequence's items that are asked for
  double margin = 0.2;          // shallow: hinge
  std::size_t negatives = 20;   // shallow: for each pair
  double temperature = 0.1;     // contrastive
  std::size_t batch = 128;      // sequences; shallow: pairs
  double learning_rate = 1e-3;  // Adam
  double weight_decay = 0;
  std::size_t epochs = 200;   // at most
  std::size_t patience = 10;  // epochs without a better validation before it ends
  std::uint64_t seed = 1;

  friend bool operator==(const TrainingConfig&, const TrainingConfig&) = default;
};

// The defaults of a kind. `published`: as in the papers; otherwise for small archives.
TrainingConfig trainingConfig(NetworkKind kind, bool published = false);
// Changes what a TOML file sets; keys are the fields' names. Throws Fault::usage naming `name` and
// the key for what is unknown, out of bounds or no number.
TrainingConfig readTrainingConfig(std::string_view toml, std::string_view name,
                                  TrainingConfig defaults);
std::string trainingConfigToml(const TrainingConfig& config);

// A listener's plays in time: what came before the validation's time, and the first new play after
// it.
struct HeldOut {
  std::vector<index::Row> before;  // oldest first, may be empty
  index::Row next = -1;            // not in `before`
};

// Rows are those of `embeddings`; with ids, numbers below `items`.
struct TrainingData {
  std::size_t items = 0;
  MatrixView<float> embeddings;                    // items x columns; none for ids
  std::vector<std::vector<index::Row>> histories;  // of a listener each, oldest first, no skips
  std::vector<HeldOut> held_out;                   // for early stopping; may be empty
};

struct TrainingProgress {
  std::size_t epoch = 0;   // from 1
  std::size_t epochs = 0;  // at most
  std::size_t step = 0;    // of this epoch's `steps`
  std::size_t steps = 0;
  double loss = 0;                   // mean of this epoch so far
  std::optional<double> validation;  // NDCG@10 over all tracks, once the epoch is whole
  std::size_t best_epoch = 0;        // 0: none yet
  double best = 0;
};

struct TrainingRun {
  std::function<void(const TrainingProgress&)> progress;  // of the calling thread; may be empty
  std::stop_token stop;                                   // the best so far is the result
  std::filesystem::path checkpoint;  // written after each epoch and gone on from; empty: none
  unsigned jobs = 1;                 // threads; results differ in last bits with their number
};

struct Trained {
  Network network;
  std::size_t epochs = 0;      // that were trained, those of a run gone on from among them
  std::size_t best_epoch = 0;  // whose weights these are
  double best = 0;             // NDCG@10 on what was held out
  std::vector<double> losses;  // by epoch
  bool stopped = false;        // before its end
};

class Trainer {
 public:
  virtual ~Trainer() = default;
  // Equal data, configuration and jobs give equal weights to the bit on one machine, also when
  // gone on from a checkpoint. Throws Fault::usage for data that cannot be learned from (fewer than
  // 2 tracks, no history of two plays, rows out of range, embeddings that are not finite), saying
  // which; Fault::refused for a checkpoint of other data or another configuration, and where
  // the loss is not finite.
  virtual Trained train(const TrainingData& data, const TrainingConfig& config,
                        const TrainingRun& run) const = 0;
};

}  // namespace attacca::recommend
