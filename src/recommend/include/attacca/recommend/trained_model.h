// Trained recommenders on disk, and what is known of how each came to be.
//
// Files below a root, an archive's `models/`:
//   <strategy>/<version>/card.json          ModelCard
//                        model.safetensors  network.h
//                        tracks.json        of item ids: their track ids, a list, in the order of
//                                           the network's rows
//                        names.json         of plain files: what the ids stand for, a list
//   <strategy>/.unfinished/                 of a training that goes on or was ended
// A version is there whole or not at all, whenever a process is ended.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/base/file.h"
#include "attacca/base/id.h"
#include "attacca/base/units.h"
#include "attacca/index/snapshot.h"
#include "attacca/recommend/network.h"
#include "attacca/recommend/trainer.h"

namespace attacca::recommend {

// How well a strategy foretells the plays that were held out: means over their listeners. Tracks
// that the listener had heard are left out of the ranking, all others are in it.
struct Judged {
  std::string strategy;
  double ndcg10 = 0;
  double hr10 = 0;      // the track is among the first ten
  double mrr = 0;       // 1 / its place
  double coverage = 0;  // share of all tracks that are in any first ten

  friend bool operator==(const Judged&, const Judged&) = default;
};

struct ModelCard {
  NetworkKind strategy = NetworkKind::bert4rec;
  std::int64_t version = 0;  // from 1; given when it is kept
  UnixTime made{};
  std::string attacca;  // version of the program
  std::string library;  // "libtorch 1.13.1"

  // What was learned from.
  std::size_t tracks = 0;
  std::size_t listeners = 0;
  std::size_t plays = 0;
  std::string data;            // 64 hex digits: sha256 of histories, held-out plays and embeddings
  std::string space;           // of content: Snapshot::space(); else empty
  std::string recipe;          // key of the snapshot; empty of plain files
  std::string representation;  // as SnapshotInfo has it; empty for ids

  TrainingConfig configuration;
  std::size_t epochs = 0;
  std::size_t best_epoch = 0;
  bool stopped = false;        // by a person, before its end
  std::vector<double> losses;  // by epoch

  // On plays after those that were learned from. The best epoch was chosen by the same plays, which
  // favours the model a little.
  std::size_t judged_on = 0;   // listeners; 0: nothing could be held out
  std::vector<Judged> judged;  // the model first
  double chance_ndcg10 = 0;

  double cpu_s = 0;
  double wall_s = 0;
  std::uint64_t peak_bytes = 0;  // of memory

  std::string network;  // sha256 of model.safetensors; given when it is kept

  const Judged* of(std::string_view name) const;  // nullptr: not judged
  double score() const;                           // the model's NDCG@10; 0 where it was not judged
  // NDCG@10 beyond that of knn on the same plays, or of popularity where there was no knn; 0 where
  // it was not judged.
  double gain() const;
  bool worthIts() const { return gain() > 0; }

  friend bool operator==(const ModelCard&, const ModelCard&) = default;
};

std::string cardJson(const ModelCard& card);  // with a final line end
// `name` is for messages. Throws Fault::corrupt for what is no card, Fault::unsupported for another
// format.
ModelCard readCard(std::string_view json, std::string_view name);

struct TrainedModel {
  ModelCard card;
  Network network;
  std::vector<TrackId> tracks;     // of item ids, by row; else empty
  std::vector<std::string> names;  // of plain files, by row; else empty

  friend bool operator==(const TrainedModel&, const TrainedModel&) = default;
};

// Why what was learned does not hold for this snapshot, in words; nullopt where it does.
std::optional<std::string> unfit(const ModelCard& card, const index::Snapshot& snapshot);

// The model that recommends unless a strategy is asked for: of the newest of each strategy that
// fit, that are worth it, the one that gains most over its yardstick (cards of different plays
// cannot be compared otherwise). nullopt: none.
std::optional<ModelCard> bestModel(std::span<const ModelCard> cards,
                                   const index::Snapshot& snapshot);

// Paths only; holds nothing open. Any thread; reading beside a writer sees whole versions.
class ModelFolder {
 public:
  explicit ModelFolder(std::filesystem::path root) : root_(std::move(root)) {}

  const std::filesystem::path& root() const { return root_; }

  struct Listed {
    std::vector<ModelCard> cards;       // by strategy, then version
    std::vector<std::string> problems;  // cards that cannot be read, in sentences
  };
  Listed list() const;  // nothing where there is no such folder
  // The newest version where none is said. Throws Fault::notFound naming what to train,
  // Fault::corrupt for files that are not what was written.
  TrainedModel open(NetworkKind strategy, std::optional<std::int64_t> version = {}) const;
  // Throws Fault::corrupt, also where a byte of the network is not what was written.
  void check(NetworkKind strategy, std::int64_t version) const;
  // Keeps it as the next version, durable on return, and returns its card. One caller of a strategy
  // at a time (Training).
  ModelCard keep(TrainedModel model) const;
  // Throws Fault::notFound.
  void remove(NetworkKind strategy, std::int64_t version) const;

 private:
  std::filesystem::path folderOf(NetworkKind strategy) const;

  std::filesystem::path root_;
};

// The right to train a strategy below a root: one process at a time has it.
class Training {
 public:
  // Makes the folders. Throws Fault::busy where another process trains the strategy.
  Training(const ModelFolder& models, NetworkKind strategy);

  std::filesystem::path checkpoint() const { return folder_ / "checkpoint"; }
  void forget() const;  // the checkpoint, if there is one

 private:
  std::filesystem::path folder_;
  std::optional<FileLock> lock_;
};

}  // namespace attacca::recommend
