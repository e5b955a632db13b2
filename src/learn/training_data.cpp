#include "training_data.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>
#include <string>

#include "attacca/base/error.h"

#include "torch.h"

namespace attacca::learn {
namespace {

using recommend::ItemInput;
using recommend::NetworkKind;
using recommend::TrainingConfig;
using recommend::TrainingData;

[[noreturn]] void refuse(std::string problem, std::string remedy) {
  throw Error(Fault::usage, std::move(problem), std::move(remedy));
}

void checkRows(std::span<const index::Row> rows, std::size_t items, std::string_view whose,
               std::size_t number) {
  for (const index::Row row : rows) {
    if (row < 0 || static_cast<std::size_t>(row) >= items) {
      refuse("training: " + std::string(whose) + ' ' + std::to_string(number) + " has row " +
                 std::to_string(row) + " of " + std::to_string(items) + " tracks",
             "give the embeddings that the log's tracks are of");
    }
  }
}

void checkEmbeddings(const TrainingData& data) {
  const auto& matrix = data.embeddings;
  if (matrix.rows != data.items || matrix.cols == 0) {
    refuse("training: embeddings of " + std::to_string(matrix.rows) + " tracks with " +
               std::to_string(matrix.cols) + " columns for " + std::to_string(data.items) +
               " tracks",
           "give one row of embeddings for each track, or train with items = \"ids\"");
  }
  for (std::size_t row = 0; row < matrix.rows; ++row) {
    if (!std::ranges::all_of(matrix.row(row), [](float value) { return std::isfinite(value); })) {
      refuse("training: the embedding of row " + std::to_string(row) + " is not finite",
             "compute that track's embedding again, or leave the track out");
    }
  }
}

void checkConfig(const TrainingConfig& config) {
  const auto demand = [](bool fine, const char* what) {
    if (!fine) refuse(std::string("training: ") + what, "change it in the configuration");
  };
  demand(config.width > 0, "width is 0");
  demand(config.batch > 0, "batch is 0");
  demand(config.epochs > 0, "epochs is 0");
  demand(std::isfinite(config.learning_rate) && config.learning_rate > 0,
         "learning_rate is not above 0");
  demand(std::isfinite(config.weight_decay) && config.weight_decay >= 0, "weight_decay is below 0");
  if (config.kind != NetworkKind::bert4rec && config.kind != NetworkKind::sasrec) return;
  demand(config.layers > 0, "layers is 0");
  demand(config.feed_forward > 0, "feed_forward is 0");
  demand(config.length >= 2, "length is below 2");
  demand(config.dropout >= 0 && config.dropout < 1, "dropout is not in [0, 1)");
  demand(config.heads > 0 && config.width % config.heads == 0, "heads does not divide width");
  if (config.kind == NetworkKind::bert4rec) {
    demand(config.mask > 0 && config.mask < 1, "mask is not between 0 and 1");
  }
}

void update(Sha256& hash, std::span<const index::Row> rows) {
  hash.updateLittleEndian(rows.size());
  hash.update(std::as_bytes(rows));
}

}  // namespace

void check(const TrainingData& data, const TrainingConfig& config) {
  checkConfig(config);
  if (data.items < 2) {
    refuse("training: there are " + std::to_string(data.items) + " tracks",
           "there is nothing to choose from; add recordings");
  }
  if (config.items == ItemInput::content) checkEmbeddings(data);
  for (std::size_t i = 0; i < data.histories.size(); ++i) {
    checkRows(data.histories[i], data.items, "history", i);
  }
  for (std::size_t i = 0; i < data.held_out.size(); ++i) {
    const auto& held = data.held_out[i];
    checkRows(held.before, data.items, "held-out listener", i);
    checkRows(std::span(&held.next, 1), data.items, "held-out listener", i);
    if (std::ranges::find(held.before, held.next) != held.before.end()) {
      refuse("training: held-out listener " + std::to_string(i) + " heard row " +
                 std::to_string(held.next) + " before, so it is not new",
             "hold out plays that are a listener's first of a track");
    }
  }
  if (std::ranges::none_of(data.histories, [](const auto& rows) { return rows.size() >= 2; })) {
    refuse("training: no listener played two tracks before the time that is held out",
           "there is no order to learn from; take a longer log");
  }
}

Sha256Digest digestOf(const TrainingData& data, const TrainingConfig& config, unsigned jobs) {
  Sha256 hash;
  hash.update("attacca checkpoint, libtorch " TORCH_VERSION);
  for (const std::size_t value :
       {static_cast<std::size_t>(config.kind), static_cast<std::size_t>(config.items), config.width,
        config.hidden, config.layers, config.heads, config.feed_forward, config.length,
        config.negatives, config.batch, config.epochs, config.patience,
        static_cast<std::size_t>(config.seed), static_cast<std::size_t>(jobs), data.items,
        data.histories.size(), data.held_out.size()}) {
    hash.updateLittleEndian(value);
  }
  for (const double value : {config.dropout, config.mask, config.margin, config.temperature,
                             config.learning_rate, config.weight_decay}) {
    hash.updateLittleEndian(std::bit_cast<std::uint64_t>(value));
  }
  if (config.items == ItemInput::content) {
    hash.updateLittleEndian(data.embeddings.cols);
    hash.update(std::as_bytes(data.embeddings.all()));
  }
  for (const auto& rows : data.histories) update(hash, rows);
  for (const auto& held : data.held_out) {
    update(hash, held.before);
    update(hash, std::span(&held.next, 1));
  }
  return hash.finish();
}

}  // namespace attacca::learn
