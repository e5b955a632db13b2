// made_up_archive FOLDER [TRACKS, 10000]: an archive with made-up tracks and vectors, for timing
// whole commands on it. FOLDER must not be there yet.
#include <cstdlib>
#include <filesystem>
#include <random>
#include <vector>

#include <fmt/format.h>

#include "attacca/app/archive_folder.h"
#include "attacca/base/clock.h"
#include "attacca/index/snapshot.h"
#include "attacca/store/folder_blobs.h"
#include "attacca/store/sqlite_archive.h"

namespace {

using namespace attacca;  // NOLINT(google-build-using-namespace): a program, not a header

constexpr std::size_t kDimension = 200;

archive::Arrival arrivalOf(std::size_t number) {
  archive::Arrival arrival;
  arrival.path = fmt::format("/music/volume {}/{:02}.flac", number / 12, number % 12);
  arrival.stamp = {30'000'000, static_cast<std::int64_t>(number)};
  arrival.identity.hash = AudioHash{sha256(arrival.path)};
  arrival.identity.format = "flac";
  Tags& tags = arrival.identity.tags;
  tags.title = fmt::format("Quartet no. {} in F sharp minor: {}. Larghetto", number, number % 4);
  tags.album = fmt::format("Complete quartets, volume {}", number / 12);
  tags.album_artists = {fmt::format("Quartet of {}", number / 120)};
  tags.composers = {fmt::format("Composer {}", number / 300)};
  arrival.heard.duration = Seconds(300);
  return arrival;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t tracks = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 10'000;
  if (argc < 2 || tracks < 1 || std::filesystem::exists(argv[1])) {
    fmt::print(stderr, "usage: made_up_archive NEW_FOLDER [TRACKS]\n");
    return 2;
  }
  const app::ArchiveFolder folder{argv[1]};
  folder.create();
  store::SqliteArchive database(folder.database(), store::OpenMode::create);
  std::vector<archive::Arrival> arrivals;
  for (std::size_t i = 0; i < tracks; ++i) arrivals.push_back(arrivalOf(i));
  const auto ids = database.catalogue().enterAll(arrivals);

  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> vectors(tracks * kDimension);
  for (float& value : vectors) value = normal(random);
  std::vector<index::SnapshotTrack> rows;
  for (const auto& track : database.catalogue().tracks(ids)) {
    rows.push_back({track.id, {track.album, track.work, track.recording}, "{}"});
  }
  store::FolderBlobs blobs(folder.blobs());
  index::publishSnapshot(blobs, "mean-cosine+msd-musicnn", "made-up", rows,
                         {vectors.data(), rows.size(), kDimension}, SystemClock().now(), 2);
  return 0;
}
