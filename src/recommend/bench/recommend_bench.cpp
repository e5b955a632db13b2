// How fast the facade answers, on one core without a cache:
//   recommend_bench [tracks, 100000] [dimension, 200]
// Rates are medians of five runs, times those of the processor. The vectors are made up: tracks in
// clusters, all within a cone, as embeddings of music are.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <random>
#include <thread>
#include <vector>

#include <fmt/core.h>

#include "attacca/base/memory_blobs.h"
#include "attacca/index/snapshot.h"
#include "attacca/recommend/service.h"
#include "attacca/recommend/strategy.h"

namespace {

using attacca::TrackId;

double secondsOf(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::vector<float> madeUpVectors(std::size_t tracks, std::size_t dimension) {
  std::mt19937 random(20261124);
  std::normal_distribution<float> normal;
  const std::size_t clusters = std::max<std::size_t>(1, tracks / 50);
  const float spread = 1 / std::sqrt(static_cast<float>(dimension));
  std::vector<float> common(dimension);
  for (float& value : common) value = 1.4F * spread * std::abs(normal(random));
  std::vector<float> centres(clusters * dimension);
  for (float& value : centres) value = 0.6F * spread * normal(random);
  std::vector<float> vectors(tracks * dimension);
  for (std::size_t i = 0; i < tracks; ++i) {
    const float* centre = centres.data() + random() % clusters * dimension;
    for (std::size_t j = 0; j < dimension; ++j) {
      vectors[i * dimension + j] = common[j] + centre[j] + 0.4F * spread * normal(random);
    }
  }
  return vectors;
}

// Of this thread, so that what else the machine does plays no part.
double processorSecondsOf(const std::function<void()>& work) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  const double start = now();
  work();
  return now() - start;
}

// Calls `work` with 0, 1, .. for five runs of `calls`; the median rate and the 99th percentile of a
// call.
void report(const char* what, int calls, const std::function<void(int)>& work) {
  constexpr int kRuns = 5;
  std::vector<double> rates;
  std::vector<double> times;
  for (int run = 0; run < kRuns; ++run) {
    double all = 0;
    for (int call = 0; call < calls; ++call) {
      times.push_back(processorSecondsOf([&] { work(run * calls + call); }));
      all += times.back();
    }
    rates.push_back(calls / all);
  }
  std::sort(times.begin(), times.end());
  fmt::print("{:<44} {:>10.0f} /s   median {:8.4f} ms   p99 {:8.4f} ms\n", what, median(rates),
             times[times.size() / 2] * 1e3, times[times.size() * 99 / 100] * 1e3);
}

// `listeners` who each play up to `most` tracks of a quarter of the archive, popular ones often.
std::vector<attacca::recommend::LoggedPlay> madeUpLog(std::size_t listeners, std::size_t most,
                                                      std::size_t tracks, attacca::UnixTime now) {
  std::mt19937 random(20261130);
  std::uniform_real_distribution<double> even;
  std::vector<attacca::recommend::LoggedPlay> log;
  for (std::size_t listener = 1; listener <= listeners; ++listener) {
    const std::size_t plays = 1 + random() % most;
    for (std::size_t i = 0; i < plays; ++i) {
      const double place = std::pow(even(random), 3) * static_cast<double>(tracks) / 4;
      log.push_back({static_cast<std::int64_t>(listener),
                     {static_cast<std::int64_t>(place) + 1},
                     now - std::chrono::hours(plays - i),
                     1});
    }
  }
  return log;
}

// As trained for small archives, and as published.
std::vector<std::pair<std::string, attacca::recommend::NetworkShape>> networkShapes(
    std::size_t dimension, std::size_t tracks) {
  using attacca::recommend::ItemInput;
  using attacca::recommend::NetworkKind;
  return {
      {"bert4rec", {NetworkKind::bert4rec, ItemInput::content, dimension, 64, 0, 2, 2, 256, 50}},
      {"bert4rec, length 300",
       {NetworkKind::bert4rec, ItemInput::content, dimension, 64, 0, 2, 2, 256, 300}},
      {"bert4rec, ids", {NetworkKind::bert4rec, ItemInput::ids, tracks, 64, 0, 2, 2, 256, 50}},
      {"sasrec", {NetworkKind::sasrec, ItemInput::content, dimension, 64, 0, 2, 2, 256, 50}},
      {"shallow", {NetworkKind::shallow, ItemInput::content, dimension, 200}},
      {"contrastive", {NetworkKind::contrastive, ItemInput::content, dimension, 64, 128}}};
}

// Weights by lot: speed does not depend on them.
attacca::recommend::Network drawnNetwork(const attacca::recommend::NetworkShape& shape) {
  std::mt19937 random(2);
  std::normal_distribution<float> normal(0, 0.1F);
  auto network = attacca::recommend::emptyNetwork(shape);
  for (auto& [name, tensor] : network.tensors) {
    for (float& value : tensor.values) value = normal(random);
  }
  return network;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t tracks = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100000;
  const std::size_t dimension = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 200;
  if (tracks < 1000 || dimension < 1) {
    fmt::print(stderr, "usage: recommend_bench [tracks, at least 1000] [dimension]\n");
    return 2;
  }
  const std::vector<float> vectors = madeUpVectors(tracks, dimension);
  std::vector<attacca::index::SnapshotTrack> entries(tracks);
  for (std::size_t i = 0; i < tracks; ++i) {
    const auto id = static_cast<std::int64_t>(i) + 1;
    const std::int64_t work = id % 3 == 0 ? 0 : id / 4 + 1;
    // A work of up to three movements, on two albums every other time.
    entries[i] = {{id}, {{id / 12 + 1}, {work - work % 2}, {id}, work, id % 4 + 1}, "{}"};
    if (!entries[i].groups.work) entries[i].groups.performance = entries[i].groups.movement = 0;
  }
  attacca::MemoryBlobs blobs;
  const unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
  const auto publish = [&](std::size_t count) {
    attacca::index::publishSnapshot(blobs, "bench", "made-up", std::span(entries).first(count),
                                    {vectors.data(), count, dimension}, {}, jobs);
  };
  const std::size_t before = tracks - tracks / 100;
  fmt::print("{} tracks x {}\n", tracks, dimension);
  fmt::print("publish {} tracks, {} threads: {:.2f} s\n", before, jobs,
             secondsOf([&] { publish(before); }));
  fmt::print("publish {} more: {:.2f} s\n", tracks - before, secondsOf([&] { publish(tracks); }));
  const auto snapshot = attacca::index::Snapshot::openCurrent(blobs, "bench");
  const attacca::recommend::RecommendationService service(snapshot);
  const attacca::recommend::Policies policies;

  std::mt19937 random(1);
  const auto anyTrack = [&] { return TrackId{static_cast<std::int64_t>(random() % tracks) + 1}; };
  report("similar to a track", 20000, [&](int) { service.recommendSimilar(anyTrack(), policies); });
  attacca::recommend::Policies whole;
  whole.whole_works = true;
  whole.other_performances = attacca::recommend::OtherPerformances::grouped;
  report("the same, whole works, grouped", 2000,
         [&](int) { service.recommendSimilar(anyTrack(), whole); });
  std::normal_distribution<float> normal;
  std::vector<float> query(dimension);
  report("similar to a vector near a track", 200, [&](int) {
    const auto row = snapshot->vector(static_cast<attacca::index::Row>(random() % tracks));
    for (std::size_t j = 0; j < dimension; ++j) query[j] = row[j] + 0.02F * normal(random);
    service.recommendSimilar(query, policies);
  });
  report("similar to a vector of noise", 200, [&](int) {
    for (float& value : query) value = normal(random);
    service.recommendSimilar(query, policies);
  });
  const attacca::UnixTime now{std::chrono::hours(24 * 20000)};
  const auto listen = [&](const char* what, int calls, std::size_t plays) {
    report(what, calls, [&](int) {
      std::vector<attacca::recommend::HeardTrack> history(plays);
      for (std::size_t i = 0; i < plays; ++i) {
        history[i] = {anyTrack(), now - std::chrono::hours(plays - i), 1};
      }
      service.recommendForUser(history, now, policies);
    });
  };
  listen("for a listener, 50 plays", 200, 50);
  listen("for a listener, 1,000 plays", 50, 1000);
  listen("for a listener, 100,000 plays", 5, 100000);
  listen("for a new listener", 20, 0);

  const auto log = madeUpLog(1000, 2000, tracks, now);
  // ease compares no more than so many.
  const auto small_log =
      madeUpLog(1000, 2000, std::min(tracks, 4 * attacca::recommend::kEaseTracks), now);
  std::vector<attacca::recommend::TrackFacts> facts;
  for (const auto& entry : entries) {
    const auto number = entry.id.value;
    facts.push_back({entry.id,
                     {fmt::format("composer {}", number / 40 % 500)},
                     fmt::format("period {}", number / 900 % 6),
                     fmt::format("instruments {}", number % 30)});
  }
  fmt::print("strategies, a log of {} plays, 50 plays of the listener\n", log.size());
  const auto measure = [&](std::string_view name, const std::string& title,
                           const attacca::recommend::Material& material) {
    attacca::recommend::Made made;
    const double fit = secondsOf([&] { made = attacca::recommend::makeStrategy(name, material); });
    fmt::print("{:<24} made in {:.3f} s\n", title, fit);
    report(title.c_str(), 40, [&](int) {
      std::vector<attacca::recommend::HeardTrack> history(50);
      for (std::size_t i = 0; i < history.size(); ++i) {
        history[i] = {material.log[random() % material.log.size()].track,
                      now - std::chrono::hours(50 - i), 1};
      }
      service.recommendForUser(history, now, policies, *made.strategy);
    });
  };
  for (const auto& info : attacca::recommend::strategies()) {
    if (info.needs_network) continue;
    measure(info.name, std::string(info.name),
            {snapshot, info.name == "ease" ? small_log : log, facts, now, 1});
  }
  for (const auto& [title, shape] : networkShapes(dimension, tracks)) {
    const std::string bytes = attacca::recommend::networkBytes(drawnNetwork(shape));
    const auto read = [&] {
      return std::make_shared<const attacca::recommend::Network>(
          attacca::recommend::readNetwork(bytes, title));
    };
    report((title + ", read").c_str(), 20, [&](int) { read(); });
    measure(attacca::recommend::nameOf(shape.kind), title,
            {snapshot, log, facts, now, 1, read(),
             shape.items == attacca::recommend::ItemInput::ids ? snapshot->ids()
                                                               : std::span<const TrackId>()});
  }
  return 0;
}
