#include "attacca/study/training.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>

#include "attacca/base/error.h"
#include "attacca/base/sha256.h"
#include "attacca/study/validation.h"

namespace attacca::study {
namespace {

using recommend::HeldOut;
using recommend::ItemInput;
using recommend::LoggedPlay;
using recommend::Row;

std::vector<std::vector<Row>> historiesOf(const index::Snapshot& snapshot,
                                          std::span<const LoggedPlay> plays) {
  std::vector<std::vector<Row>> histories;
  std::int64_t listener = 0;
  for (const LoggedPlay& play : plays) {
    const auto row = snapshot.row(play.track);
    if (!row || recommend::completion(play.fraction) == 0) continue;
    if (histories.empty() || play.listener != listener) histories.emplace_back();
    listener = play.listener;
    histories.back().push_back(*row);
  }
  return histories;
}

HeldOut heldOut(const index::Snapshot& snapshot, const HeldOutPlay& play) {
  HeldOut held;
  held.next = snapshot.row(play.next).value();
  for (const auto& heard : play.before) {
    const auto row = snapshot.row(heard.track);
    if (row && recommend::completion(heard.fraction) > 0) held.before.push_back(*row);
  }
  return held;
}

std::string digestOf(const recommend::TrainingData& data) {
  Sha256 hash;
  const auto rows = [&](std::span<const Row> some) {
    hash.updateLittleEndian(some.size());
    hash.update(std::as_bytes(some));
  };
  hash.updateLittleEndian(data.items);
  hash.update(std::as_bytes(data.embeddings.all()));
  hash.updateLittleEndian(data.histories.size());
  for (const auto& history : data.histories) rows(history);
  for (const HeldOut& held : data.held_out) {
    rows(held.before);
    rows({&held.next, 1});
  }
  return hash.finish().hex();
}

void checkEnough(const Lesson& lesson, const Prepared& prepared) {
  constexpr const char* kRemedy =
      "`attacca import-log` brings in a history, and `attacca simulate` makes one up to try this";
  if (lesson.snapshot->size() < 2) {
    throw Error(Fault::usage, "one track alone leaves nothing to recommend",
                "`attacca add FOLDER` hears more");
  }
  if (lesson.log.empty()) {
    throw Error(Fault::usage,
                "nobody has heard any of these tracks yet: there is no play to learn from",
                kRemedy);
  }
  for (const auto& history : prepared.data.histories) {
    if (history.size() > 1) return;
  }
  throw Error(
      Fault::usage,
      "too little to learn from: no listener has heard two tracks before the plays that are "
      "held out",
      kRemedy);
}

}  // namespace

Prepared prepare(const Lesson& lesson, ItemInput items) {
  Prepared prepared;
  prepared.split = lesson.hold_out == HoldOut::time ? splitByTime(lesson.log, lesson.share)
                                                    : splitLast(lesson.log);
  prepared.split.held_out = thinned(prepared.split.held_out, kJudgedListeners);
  const index::Snapshot& snapshot = *lesson.snapshot;
  prepared.data.items = snapshot.size();
  if (items == ItemInput::content) prepared.data.embeddings = snapshot.vectors();
  prepared.data.histories = historiesOf(snapshot, prepared.split.training);
  for (const HeldOutPlay& play : prepared.split.held_out) {
    prepared.data.held_out.push_back(heldOut(snapshot, play));
  }
  prepared.listeners = prepared.data.histories.size();
  for (const auto& history : prepared.data.histories) prepared.plays += history.size();
  checkEnough(lesson, prepared);
  prepared.digest = digestOf(prepared.data);
  return prepared;
}

std::vector<recommend::Judged> judgeAll(const Lesson& lesson, const Prepared& prepared,
                                        recommend::NetworkKind kind,
                                        std::shared_ptr<const recommend::Network> network,
                                        const std::function<void(std::string_view)>& next,
                                        const std::stop_token& stop) {
  std::vector<std::string_view> names{recommend::nameOf(kind)};
  if (!lesson.without_sound) names.emplace_back("knn");
  for (const char* name : {"popularity", "item-knn", "markov"}) names.emplace_back(name);
  recommend::Material material;
  material.snapshot = lesson.snapshot;
  material.log = prepared.split.training;
  material.now = prepared.split.from;
  material.network_items = lesson.snapshot->ids();
  material.network = std::move(network);
  std::vector<recommend::Judged> judged;
  for (const std::string_view name : names) {
    if (next) next(name);
    const auto made = recommend::makeStrategy(name, material);
    judged.push_back(judge(*made.strategy, prepared.split.held_out, stop));
  }
  return judged;
}

recommend::TrainedModel learn(const Lesson& lesson, const recommend::TrainingConfig& config,
                              const recommend::TrainingRun& run, const recommend::Trainer& trainer,
                              const std::function<void(std::string_view)>& note) {
  const Prepared prepared = prepare(lesson, config.items);
  recommend::Trained trained;
  // A fault before anything was learned is the checkpoint's, if there is one.
  std::error_code ignored;
  bool in_doubt = !run.checkpoint.empty() && std::filesystem::exists(run.checkpoint, ignored);
  recommend::TrainingRun watched = run;
  watched.progress = [&](const recommend::TrainingProgress& at) {
    in_doubt = false;
    if (run.progress) run.progress(at);
  };
  try {
    trained = trainer.train(prepared.data, config, watched);
  } catch (const Error& fault) {
    if (!in_doubt || (fault.fault() != Fault::refused && fault.fault() != Fault::corrupt)) throw;
    note(
        "an earlier run was not ended; it learned from other plays or in another way, so this one "
        "begins anew");
    std::filesystem::remove(run.checkpoint, ignored);
    trained = trainer.train(prepared.data, config, watched);
  }
  if (trained.stopped && trained.best_epoch == 0) {
    throw Error(Fault::cancelled, "stopped before the first epoch was whole; nothing is kept");
  }
  recommend::TrainedModel model;
  recommend::ModelCard& card = model.card;
  card.strategy = config.kind;
  card.tracks = prepared.data.items;
  card.listeners = prepared.listeners;
  card.plays = prepared.plays;
  card.data = prepared.digest;
  if (config.items == ItemInput::content) {
    card.space = lesson.snapshot->space();
    card.representation = lesson.snapshot->info().representation;
  } else {
    const auto ids = lesson.snapshot->ids();
    model.tracks.assign(ids.begin(), ids.end());
  }
  card.configuration = config;
  card.epochs = trained.epochs;
  card.best_epoch = trained.best_epoch;
  card.stopped = trained.stopped;
  card.losses = std::move(trained.losses);
  model.network = std::move(trained.network);
  card.judged_on = prepared.split.held_out.size();
  if (card.judged_on == 0) return model;
  card.chance_ndcg10 = chanceNdcg10(*lesson.snapshot, prepared.split.held_out);
  // Who asked to stop the training still wants to know what it is worth.
  card.judged = judgeAll(lesson, prepared, config.kind,
                         std::make_shared<recommend::Network>(model.network), {}, {});
  return model;
}

}  // namespace attacca::study
