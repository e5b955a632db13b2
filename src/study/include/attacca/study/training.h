// From a log to a trained model and what it is worth, with training known only as a port.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "attacca/index/snapshot.h"
#include "attacca/recommend/strategy.h"
#include "attacca/recommend/trained_model.h"
#include "attacca/recommend/trainer.h"
#include "attacca/study/split.h"

namespace attacca::study {

enum class HoldOut { time, last };  // splitByTime, splitLast

struct Lesson {
  std::shared_ptr<const index::Snapshot> snapshot;  // its rows are the items
  std::vector<recommend::LoggedPlay> log;           // by listener, then time; of its tracks alone
  HoldOut hold_out = HoldOut::time;
  double share = 0.1;          // of the plays, that are held out (HoldOut::time)
  bool without_sound = false;  // the vectors of the snapshot mean nothing
};

// Part of a lesson that a trainer sees. Holds the snapshot's vectors.
struct Prepared {
  Split split;  // held out: at most kJudgedListeners
  recommend::TrainingData data;
  std::size_t listeners = 0;  // whose plays are learned from
  std::size_t plays = 0;      // that are learned from; skips are not
  std::string digest;         // of all of it
};

// Listeners whose next play is asked for, spread evenly where there are more.
constexpr std::size_t kJudgedListeners = 2000;

// Throws Fault::usage where there is too little to learn from, saying what is needed.
Prepared prepare(const Lesson& lesson, recommend::ItemInput items);

// The model, then knn (where there is sound), popularity, item-knn and markov, made of the same
// plays. Also what the served forward pass is checked by: it judges the strategy that
// `attacca recommend` runs, not the trainer's.
std::vector<recommend::Judged> judgeAll(const Lesson& lesson, const Prepared& prepared,
                                        recommend::NetworkKind kind,
                                        std::shared_ptr<const recommend::Network> network,
                                        const std::function<void(std::string_view)>& next,
                                        const std::stop_token& stop);

// Trains and judges. The card lacks what this room cannot know: version, time, program, library,
// recipe and cost. Throws Fault::cancelled where it was stopped before anything was learned, and
// what trainers throw. A checkpoint of other data or another configuration is forgotten, which
// `note` is told.
recommend::TrainedModel learn(const Lesson& lesson, const recommend::TrainingConfig& config,
                              const recommend::TrainingRun& run, const recommend::Trainer& trainer,
                              const std::function<void(std::string_view)>& note);

}  // namespace attacca::study
