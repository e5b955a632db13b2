// How long finding the same sounds takes.
//   duplicates_bench [COUNT]      so many made-up recordings (10000), a hundredth of them twice
//   duplicates_bench COUNT FILE...  the same, made from acoustic fingerprints of real recordings
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>

#include "attacca/archive/duplicates.h"
#include "attacca/base/file.h"

namespace {

using namespace attacca;
using Items = std::vector<FingerprintItem>;

double cpuSeconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// Neighbours share most of their bits, as in music.
Items madeUp(std::mt19937& random) {
  Items items(470);
  FingerprintItem item = random();
  for (auto& one : items) {
    for (int i = 0; i < 4; ++i) item ^= FingerprintItem{1} << random() % 32;
    one = item;
  }
  return items;
}

Items withErrors(Items items, unsigned percent, std::mt19937& random) {
  for (auto& item : items) {
    for (int bit = 0; bit < 32; ++bit) {
      if (random() % 100 < percent) item ^= FingerprintItem{1} << bit;
    }
  }
  return items;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10000;
  std::vector<Items> real;
  for (int i = 2; i < argc; ++i) {
    real.push_back(
        readFingerprint(FileBytes::map(std::filesystem::path(argv[i])).bytes(), argv[i]));
  }
  std::mt19937 random(1);
  std::vector<Items> all;
  while (all.size() < count) {
    // Unlike enough to be no duplicates, alike enough to be looked at.
    all.push_back(real.empty() ? madeUp(random)
                               : withErrors(real[random() % real.size()], 12, random));
    if (all.size() % 100 == 0) all.push_back(withErrors(all.back(), 4, random));
  }
  std::vector<archive::Fingerprinted> recordings;
  recordings.reserve(all.size());
  for (const auto& items : all) recordings.push_back({items, Seconds(200)});
  const double start = cpuSeconds();
  const auto found = archive::findSameSounds(recordings);
  const double spent = cpuSeconds() - start;
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  fmt::print("{} recordings: {:.2f} s of CPU, {} pairs, {} MB at most\n", all.size(), spent,
             found.size(), usage.ru_maxrss / 1024);
}
