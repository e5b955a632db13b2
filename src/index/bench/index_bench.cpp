// How long a recipe's snapshot and its passages take, with made-up music of 6 minutes a track:
//   index_bench [tracks, 10000] [recipe, similar] [threads, all] [hours for passages, 25]
// The rows are mixtures of a few thousand, moving slowly, as music does; what is measured does not
// depend on what is in them. Times are seconds of CPU, of all threads together. Every thirtieth
// track resembles the one before it, at another tempo and in another transposition: how many of
// these are found says what the choice of candidates is worth.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <fmt/core.h>

#include "attacca/base/memory_blobs.h"
#include "attacca/index/passage.h"
#include "attacca/index/recipe.h"
#include "attacca/index/snapshot.h"

namespace {

using attacca::Seconds;
using attacca::index::Row;
using attacca::index::RowSource;

constexpr double kTrackSeconds = 360;
constexpr std::size_t kTwins = 30;

// Of CPU, so that other programs do not count.
double secondsOf(const std::function<void()>& work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

// Rows of one representation, made anew whenever they are asked for.
class MadeUpRows {
 public:
  MadeUpRows(std::size_t columns, double rate, std::uint32_t seed)
      : columns_(columns), rate_(rate), seed_(seed), words_(kWords * columns) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    // Columns vary ever less, as principal components do; chroma is never negative.
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const float value = normal(random) / std::sqrt(1 + static_cast<float>(i % columns));
      words_[i] = columns == 12 ? std::abs(normal(random)) / 4 : value;
    }
  }

  attacca::index::TrackRows operator()(std::size_t track) const {
    const bool twin = track % kTwins == 1;
    const std::size_t music = twin ? track - 1 : track;
    const double tempo = twin ? 1.03 : 1;
    const std::size_t shift = twin && columns_ == 12 ? 5 : 0;
    const auto count = static_cast<std::size_t>(kTrackSeconds * rate_);
    std::string bytes(count * columns_ * sizeof(float), '\0');
    auto* const out = reinterpret_cast<float*>(bytes.data());
    for (std::size_t i = 0; i < count; ++i) {
      const double at = static_cast<double>(i) / rate_ * tempo / 2;  // a new word every 2 s
      const auto word = static_cast<std::size_t>(at);
      const auto part = static_cast<float>(at - static_cast<double>(word));
      const float* const a = wordOf(music, word);
      const float* const b = wordOf(music, word + 1);
      const float* const noise = wordOf(track + 7919, i);
      for (std::size_t k = 0; k < columns_; ++k) {
        out[i * columns_ + (k + shift) % columns_] =
            (1 - part) * a[k] + part * b[k] + 0.3F * noise[k];
      }
    }
    attacca::index::TrackRows result;
    result.file = attacca::FileBytes::hold(std::move(bytes));
    result.rows = {reinterpret_cast<const float*>(result.file.bytes().data()), count, columns_};
    return result;
  }

 private:
  static constexpr std::size_t kWords = 4096;

  const float* wordOf(std::size_t music, std::size_t at) const {
    const std::uint64_t mixed = (music * 1'000'003 + at + seed_) * 0x9E3779B97F4A7C15ULL;
    return words_.data() + (mixed >> 40) % kWords * columns_;
  }

  std::size_t columns_;
  double rate_;
  std::uint32_t seed_;
  std::vector<float> words_;
};

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const std::size_t tracks = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10000;
  const std::string name = argc > 2 ? argv[2] : "similar";
  const unsigned jobs = argc > 3 ? static_cast<unsigned>(std::strtoul(argv[3], nullptr, 10))
                                 : std::max(1U, std::thread::hardware_concurrency());
  const double hours = argc > 4 ? std::strtod(argv[4], nullptr) : 25;
  if (tracks < 100 || jobs == 0) {
    fmt::print(stderr, "usage: index_bench [tracks, at least 100] [recipe] [threads] [hours]\n");
    return 2;
  }
  const attacca::index::Asked asked[] = {{"msd-musicnn"}};
  const auto recipe = attacca::index::resolved(attacca::index::findRecipe(name), asked);
  std::vector<RowSource> sources;
  std::uint32_t seed = 1;
  for (const auto& representation : requiredRepresentations(recipe, asked)) {
    const bool chroma = representation == "chroma";
    const bool clips = representation != "mfcc" && !chroma;
    const std::size_t columns = chroma ? 12 : clips ? 200 : 40;
    const double rate = chroma ? 2 : clips ? 1 / 3.0 : 1;
    sources.push_back({representation,
                       representation + "@bench",
                       columns,
                       rate,
                       {},
                       MadeUpRows(columns, rate, seed++)});
  }
  std::vector<attacca::index::SnapshotTrack> entries(tracks);
  for (std::size_t i = 0; i < tracks; ++i) {
    const auto id = static_cast<std::int64_t>(i) + 1;
    entries[i] = {{id}, {{id / 12 + 1}, {0}, {id}}, "{}"};
  }
  attacca::MemoryBlobs blobs;
  const auto publish = [&](std::size_t count) {
    return secondsOf([&] {
      attacca::index::publishSnapshot(blobs, "bench", recipe, std::span(entries).first(count),
                                      sources, {}, jobs);
    });
  };
  const std::size_t before = tracks - tracks / 100;
  fmt::print("{} under {}, {} threads\n", tracks, name, jobs);
  fmt::print("publish {} tracks: {:.1f} s\n", before, publish(before));
  fmt::print("publish {} more: {:.1f} s\n", tracks - before, publish(tracks));
  const auto snapshot = attacca::index::Snapshot::openCurrent(blobs, "bench");
  std::size_t twins = 0;
  std::size_t found = 0;
  for (std::size_t i = 1; i < tracks; i += kTwins) {
    ++twins;
    const auto neighbours = snapshot->neighbours(static_cast<Row>(i));
    found += neighbours[0] == static_cast<Row>(i - 1) ? 1U : 0U;
  }
  fmt::print("twins that are nearest: {} of {}\n", found, twins);
  std::vector<Row> others;
  for (Row row = 1; row < 100; ++row) others.push_back(row);
  std::vector<float> scores(others.size());
  const double pairs = secondsOf([&] { snapshot->scores(0, others, scores); });
  fmt::print("score of a pair, not laid out before: {:.3f} ms\n", pairs / 99 * 1e3);

  if (snapshot->vectorsOnly() && recipe.answers == attacca::index::Answers::tracks) return 0;
  const auto some = std::min(tracks, static_cast<std::size_t>(hours * 3600 / kTrackSeconds));
  publishSnapshot(blobs, "passages", recipe, std::span(entries).first(some), sources, {}, jobs);
  const attacca::index::PassageSearch search(
      attacca::index::Snapshot::openCurrent(blobs, "passages"));
  for (const double length : {15.0, 6.0, 3.0}) {
    std::vector<double> times;
    for (int i = 0; i < 21; ++i) {
      const Row row = i * 7 % static_cast<Row>(some);
      times.push_back(secondsOf([&] {
        search.find({row, Seconds(40), Seconds(40 + length)}, {.limit = 20});
      }));
    }
    std::sort(times.begin(), times.end());
    fmt::print("passage of {} s in {:.1f} hours, one thread: median {:.1f} ms\n", length,
               static_cast<double>(some) * kTrackSeconds / 3600, times[times.size() / 2] * 1e3);
  }
  return 0;
}
