// Made-up logs to learn from.
#pragma once

#include "attacca/recommend/strategy.h"

#include "helpers.h"
#include "networks.h"

namespace attacca::recommend {

constexpr UnixTime kNow{std::chrono::hours(24 * 20000)};

inline UnixTime hoursAgo(double hours) {
  return kNow - std::chrono::milliseconds(static_cast<std::int64_t>(hours * 3'600'000));
}

// What everybody heard, each play an hour after the one before, the last an hour ago.
inline std::vector<LoggedPlay> logOf(const std::vector<std::vector<std::int64_t>>& tracks) {
  std::vector<LoggedPlay> log;
  for (std::size_t listener = 0; listener < tracks.size(); ++listener) {
    for (std::size_t i = 0; i < tracks[listener].size(); ++i) {
      log.push_back({static_cast<std::int64_t>(listener) + 1,
                     {tracks[listener][i]},
                     hoursAgo(static_cast<double>(tracks[listener].size() - i)),
                     1});
    }
  }
  return log;
}

inline std::vector<HeardTrack> historyOf(const std::vector<std::int64_t>& tracks) {
  std::vector<HeardTrack> history;
  for (const LoggedPlay& play : logOf({tracks})) history.push_back({play.track, play.at, 1});
  return history;
}

// Of content, of the strategy's kind.
inline std::shared_ptr<const Network> drawnNetwork(std::string_view strategy, std::size_t input) {
  std::mt19937 random(11);
  NetworkShape shape{NetworkKind::shallow, ItemInput::content, input, 6};
  if (strategy == "contrastive") {
    shape.kind = NetworkKind::contrastive;
    shape.hidden = 7;
  } else if (strategy != "shallow") {
    shape.kind = strategy == "sasrec" ? NetworkKind::sasrec : NetworkKind::bert4rec;
    shape.layers = shape.heads = 2;
    shape.feed_forward = 9;
    shape.length = 10;
  }
  return std::make_shared<const Network>(randomNetwork(shape, random));
}

// An archive with what strategies learn from.
struct World {
  std::shared_ptr<const index::Snapshot> snapshot;
  std::vector<LoggedPlay> log;
  std::vector<TrackFacts> facts;
  std::shared_ptr<const Network> network = nullptr;  // where one is needed; drawn by lot if none
  std::vector<TrackId> network_items = {};

  Made make(std::string_view name, std::uint64_t seed = 1) const {
    const auto used = strategyNamed(name).needs_network && network == nullptr
                          ? drawnNetwork(name, snapshot->info().dimension)
                          : network;
    return makeStrategy(name, {snapshot, log, facts, kNow, seed, used, network_items});
  }
  Answer ask(std::string_view name, const std::vector<HeardTrack>& history,
             const Policies& policies = {}) const {
    return RecommendationService(snapshot).recommendForUser(history, kNow, policies,
                                                            *make(name).strategy);
  }
  Scores scores(std::string_view name, const std::vector<HeardTrack>& history) const {
    return make(name).strategy->scores(makeListener(*snapshot, history, kNow));
  }
};

// Tracks 1 to `count`, each on an album of its own, with no work.
inline std::shared_ptr<const index::Snapshot> plainSnapshot(std::size_t count) {
  std::mt19937 random(1);
  MadeUpArchive archive;
  for (std::size_t i = 1; i <= count; ++i) {
    archive.add(static_cast<std::int64_t>(i), randomVector(random, 4));
  }
  return archive.snapshot();
}

}  // namespace attacca::recommend
