#include "material.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "attacca/app/archive_folder.h"
#include "attacca/app/comparing.h"
#include "attacca/app/track_names.h"
#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/index/snapshot_keys.h"
#include "attacca/store/folder_blobs.h"
#include "attacca/store/sqlite_archive.h"

namespace attacca::cli {
namespace {

std::shared_ptr<const index::Snapshot> snapshotOf(const app::ArchiveFolder& folder,
                                                  const Settings& settings, std::string& key) {
  const store::FolderBlobs blobs(folder.blobs());
  const std::string_view asked = settings.representation;
  key = index::snapshotKey(app::recipeNamed(folder, settings.recipe),
                           app::parseAsked(asked.substr(0, asked.find(','))));
  auto snapshot = index::Snapshot::openCurrent(blobs, key);
  if (snapshot != nullptr) return snapshot;
  const auto keys = index::snapshotKeys(blobs);
  if (keys.empty()) {
    throw Error(Fault::notFound, "nothing in this archive can be compared yet",
                "`attacca add FOLDER` hears a folder of music and makes it comparable");
  }
  throw Error(Fault::notFound,
              fmt::format("nothing is compared by {} yet, but by {}", key, fmt::join(keys, ", ")),
              "--recipe and --representation name another way; `attacca similar TRACK` with them "
              "makes it");
}

// The archive's own log.
void takeLog(const archive::ListeningLog& log, UnixTime now, Material& material) {
  log.each([&](const archive::Interaction& play) {
    if (play.at > now) {
      ++material.left_out.future;
    } else if (!material.lesson.snapshot->row(play.track)) {
      ++material.left_out.plays;
      ++material.left_out.tracks[fmt::format("track {}", play.track.value)];
    } else {
      material.lesson.log.push_back({play.user.value, play.track, play.at, play.fraction});
    }
  });
}

// A file, whose tracks are named as `import-log` takes them.
void takeFile(const archive::Catalogue& catalogue, const std::string& path, UnixTime now,
              Material& material) {
  const std::string text = readFile(path);
  archive::LogFile file(text, path, now);
  std::unordered_map<std::string, TrackId> tracks;
  std::unordered_map<std::string, std::int64_t> users;
  while (const auto row = file.next()) {
    const auto [track, is_new] = tracks.try_emplace(row->track);
    if (is_new) {
      try {
        const TrackId found = app::resolveTrack(catalogue, row->track).id;
        if (material.lesson.snapshot->row(found)) track->second = found;
      } catch (const Error& fault) {
        if (fault.fault() != Fault::usage && fault.fault() != Fault::notFound) throw;
      }
    }
    if (!track->second) {
      ++material.left_out.plays;
      ++material.left_out.tracks[row->track];
      continue;
    }
    const auto user = users.try_emplace(row->user, static_cast<std::int64_t>(users.size()) + 1);
    material.lesson.log.push_back({user.first->second, track->second, row->at, row->fraction});
  }
  material.left_out.refused = file.refused();
  material.left_out.repeated = file.repeated();
}

}  // namespace

void sortPlays(std::vector<recommend::LoggedPlay>& plays) {
  std::stable_sort(plays.begin(), plays.end(),
                   [](const recommend::LoggedPlay& a, const recommend::LoggedPlay& b) {
                     return std::tie(a.listener, a.at, a.track) <
                            std::tie(b.listener, b.at, b.track);
                   });
}

Material materialOf(const LabContext& context, const TrainArgs& args, Progress& progress) {
  if (fromPlainFiles(context, args)) return plainMaterial(context, args);
  const app::ArchiveFolder folder(context.settings.archive);
  folder.check();
  progress.begin("reading the log", 0, "");
  Material material;
  material.models = args.output.empty() ? folder.models() : std::filesystem::path(args.output);
  material.lesson.snapshot = snapshotOf(folder, context.settings, material.recipe);
  const store::SqliteArchive database(folder.database(), store::OpenMode::existing);
  if (args.log.empty()) {
    takeLog(database.log(), context.clock.now(), material);
  } else {
    takeFile(database.catalogue(), args.log, context.clock.now(), material);
  }
  sortPlays(material.lesson.log);
  progress.end();
  return material;
}

}  // namespace attacca::cli
