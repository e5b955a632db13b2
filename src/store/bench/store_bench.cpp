// What the archive's database costs, as medians.
//   store_bench [TRACKS]   default 10000; works in a fresh temporary folder
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "attacca/base/sha256.h"
#include "attacca/store/sqlite_archive.h"

namespace {

using namespace attacca;
namespace fs = std::filesystem;

double medianMilliseconds(int rounds, const std::function<void(int)>& work) {
  std::vector<double> times;
  for (int round = 0; round < rounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    work(round);
    const std::chrono::duration<double, std::milli> spent =
        std::chrono::steady_clock::now() - start;
    times.push_back(spent.count());
  }
  std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
  return times[static_cast<std::size_t>(rounds / 2)];
}

archive::Arrival arrivalOf(int number) {
  archive::Arrival arrival;
  arrival.path = fmt::format("/music/album {}/{:02}.flac", number / 12, number % 12);
  arrival.stamp = {30'000'000, number};
  arrival.identity.hash = AudioHash{sha256(arrival.path)};
  Tags& tags = arrival.identity.tags;
  tags.title = fmt::format("Quartet no. {} in F sharp minor: {}. Larghetto", number, number % 4);
  tags.album = fmt::format("Complete quartets, volume {}", number / 12);
  tags.album_artists = {fmt::format("Quartet of {}", number / 120)};
  tags.artists = tags.album_artists;
  tags.composers = {fmt::format("Composer {}", number / 300)};
  tags.work = fmt::format("Quartet no. {}", number / 4);
  tags.movement_number = number % 4 + 1;
  tags.track_number = number % 12 + 1;
  arrival.identity.format = "flac";
  arrival.heard.duration = Seconds(300);
  return arrival;
}

void report(const std::string& what, double milliseconds) {
  fmt::print("{:<52} {:9.3f} ms\n", what, milliseconds);
}

}  // namespace

int main(int argc, char** argv) {
  const int tracks = argc > 1 ? std::atoi(argv[1]) : 10'000;
  std::string pattern = (fs::temp_directory_path() / "attacca-bench-XXXXXX").native();
  if (tracks < 100 || ::mkdtemp(pattern.data()) == nullptr) return 2;
  const fs::path file = fs::path(pattern) / "archive.db";

  std::vector<archive::Arrival> arrivals;
  arrivals.reserve(static_cast<std::size_t>(tracks));
  for (int number = 0; number < tracks; ++number) arrivals.push_back(arrivalOf(number));
  {
    store::SqliteArchive archive(file, store::OpenMode::create);
    report(fmt::format("enterAll, {} files", tracks),
           medianMilliseconds(1, [&](int) { archive.catalogue().enterAll(arrivals); }));
    report("enter, one more file", medianMilliseconds(51, [&](int round) {
             archive.catalogue().enter(arrivalOf(tracks + round));
           }));
  }
  report("open, find by words, ten tracks, close", medianMilliseconds(51, [&](int round) {
           const store::SqliteArchive archive(file, store::OpenMode::existing);
           archive.catalogue().find(fmt::format("{} sharp", round + 100), 20);
           std::vector<TrackId> ids;
           for (int i = 1; i <= 10; ++i) ids.push_back({i * 7});
           archive.catalogue().tracks(ids);
         }));
  store::SqliteArchive archive(file, store::OpenMode::existing);
  report("open, track, close", medianMilliseconds(51, [&](int) {
           store::SqliteArchive(file, store::OpenMode::existing).catalogue().track(TrackId{1});
         }));
  report("find a whole title", medianMilliseconds(51, [&](int round) {
           archive.catalogue().find(arrivals[static_cast<std::size_t>(round)].identity.tags.title,
                                    5);
         }));
  report("find by words of titles",
         medianMilliseconds(51, [&](int) { archive.catalogue().find("9991 sharp", 20); }));
  report("find by words of albums and titles", medianMilliseconds(51, [&](int) {
           archive.catalogue().find("volume 417 larghetto", 20);
         }));
  report("all tracks",
         medianMilliseconds(5, [&](int) { archive.catalogue().tracks(archive::TrackFilter{}); }));
  report("a page of 50", medianMilliseconds(21, [&](int round) {
           archive.catalogue().tracks({.album = {}, .limit = 50, .offset = round * 50});
         }));
  report("albums", medianMilliseconds(5, [&](int) { archive.catalogue().albums(); }));
  report("counts", medianMilliseconds(5, [&](int) { archive.catalogue().counts(); }));
  report("backup", medianMilliseconds(3, [&](int) { archive.backup(file.native() + ".copy"); }));
  report("check", medianMilliseconds(3, [&](int) { archive.check(); }));
  fmt::print("database: {:.1f} MB\n", static_cast<double>(fs::file_size(file)) / 1e6);
  fs::remove_all(pattern);
  return 0;
}
