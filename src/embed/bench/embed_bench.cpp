// embed_bench [WHEEL [SECONDS]]: what the built-in representations take on one core for each
// instruction set; with musicnn's wheel also how many clips a second it understands, for each
// model, and what the front end alone takes.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <time.h>

#include "attacca/embed/embedder.h"
#include "attacca/embed/features.h"
#include "attacca/embed/import.h"
#include "attacca/embed/log_mel.h"

namespace {

using namespace attacca;         // NOLINT(google-build-using-namespace): a program, not a header
using namespace attacca::embed;  // NOLINT(google-build-using-namespace)

constexpr int kRounds = 5;

// Of this thread, so that what else the machine does counts less.
double cpuSeconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Calls of `work` in a second of processor time: the median of a few rounds.
double rate(double seconds, const std::function<void()>& work) {
  std::vector<double> rates;
  for (int round = 0; round < kRounds; ++round) {
    const double start = cpuSeconds();
    int calls = 0;
    double passed = 0;
    while (passed < seconds / kRounds) {
      work();
      ++calls;
      passed = cpuSeconds() - start;
    }
    rates.push_back(calls / passed);
  }
  std::sort(rates.begin(), rates.end());
  return rates[rates.size() / 2];
}

// Ten clips of noise that differs from sample to sample.
std::vector<float> noise(std::size_t count) {
  std::vector<float> samples(count);
  std::uint32_t state = 1;
  for (float& sample : samples) {
    state = state * 1664525 + 1013904223;
    sample = static_cast<float>(state >> 8) / static_cast<float>(1 << 23) - 1.0F;
    sample *= 0.1F;
  }
  return samples;
}

void runFeatures(double seconds) {
  constexpr std::size_t kSeconds = 10;
  const std::vector<float> samples = noise(kSeconds * std::size_t{Features::kRateHz});
  const Features::RowSink sink = [](auto) {};
  const std::vector<Target> targets = supportedTargets();
  std::printf("%-22s", "ms a second of audio");
  for (const Target target : targets) std::printf("%10s", std::string(targetName(target)).c_str());
  const std::pair<const char*, Features::Sinks> cases[] = {{"mfcc", {sink, {}, {}}},
                                                           {"chroma", {{}, sink, {}}},
                                                           {"aspects", {{}, {}, sink}},
                                                           {"all three", {sink, sink, sink}}};
  for (const auto& [name, sinks] : cases) {
    std::printf("\n%-22s", name);
    for (const Target target : targets) {
      Features features(sinks, target);
      std::printf("%10.3f", 1000 / (kSeconds * rate(seconds, [&] { features.hear(samples); })));
      std::fflush(stdout);
    }
  }
  std::printf("\n\n");
}

void runModels(const std::string& wheel, double seconds) {
  const FileBytes package = FileBytes::map(std::filesystem::path(wheel));
  const LogMelFrontEnd front_end;
  const auto clip_samples = 187 * static_cast<std::size_t>(front_end.hop);
  const std::vector<float> samples = noise(8 * clip_samples);
  std::printf("%-22s", "clips per second");
  const std::vector<Target> targets = supportedTargets();
  for (const Target target : targets) std::printf("%10s", std::string(targetName(target)).c_str());
  std::printf("\n%-22s", "log-mel alone");
  std::vector<float> frames;
  for (const Target target : targets) {
    frames.clear();
    LogMel log_mel(
        front_end,
        [&](std::span<const float> frame) {
          if (frames.size() < 187 * frame.size()) {
            frames.insert(frames.end(), frame.begin(), frame.end());
          }
        },
        target);
    std::printf("%10.0f", 8 * rate(seconds, [&] { log_mel.hear(samples); }));
    std::fflush(stdout);
  }
  std::set<std::string> models;
  for (const Manifest& manifest : shippedManifests()) {
    if (manifest.source.package.empty()) continue;  // no weights in the package
    if (!models.insert(manifest.source.member).second) continue;
    const std::string model = importModel(package, manifest);
    std::printf("\n%-22s", (manifest.name + " network").c_str());
    for (const Target target : targets) {
      const auto representation = Representation::load(manifest, FileBytes::hold(model), target);
      std::vector<float> embedding(representation.network->dimension());
      Workspace workspace;
      std::printf("%10.0f", rate(seconds, [&] {
                    representation.network->run(frames, embedding, {}, workspace);
                  }));
      std::fflush(stdout);
    }
    std::printf("\n%-22s", (manifest.name + " in all").c_str());
    for (const Target target : targets) {
      const auto representation = Representation::load(manifest, FileBytes::hold(model), target);
      Listener listener({{representation, [](auto, auto) {}}}, target);
      std::printf("%10.0f", 8 * rate(seconds, [&] { listener.hear(samples); }));
      std::fflush(stdout);
    }
  }
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 3) {
    std::fputs("usage: embed_bench [WHEEL [SECONDS]]\n", stderr);
    return 2;
  }
  try {
    const double seconds = argc == 3 ? std::atof(argv[2]) : 2.0;
    runFeatures(seconds);
    if (argc > 1) runModels(argv[1], seconds);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "embed_bench: %s\n", error.what());
    return 1;
  }
}
