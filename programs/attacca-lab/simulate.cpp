#include "attacca/study/simulate.h"

#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "attacca/app/archive_folder.h"
#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/store/sqlite_archive.h"

#include "commands.h"
#include "console.h"
#include "json_text.h"

namespace attacca::cli {
namespace {

// Tracks that were heard: others cannot be recommended.
std::vector<study::SimulatedTrack> tracksOf(const archive::Catalogue& catalogue) {
  std::unordered_map<WorkId, archive::Work> works;
  for (auto& work : catalogue.works()) works.emplace(work.id, std::move(work));
  std::vector<study::SimulatedTrack> tracks;
  for (auto& track : catalogue.tracks(archive::TrackFilter{})) {
    if (!track.heard() || track.offline) continue;
    study::SimulatedTrack& one = tracks.emplace_back();
    one.track = track.id;
    one.album = track.album;
    one.work = track.work;
    one.movement = track.movement_number.value_or(0);
    one.duration = track.duration;
    one.composers = std::move(track.composers);
    if (const auto work = works.find(track.work); work != works.end()) {
      one.period = work->second.period;
      one.instrumentation = work->second.instrumentation;
    }
  }
  return tracks;
}

}  // namespace

Exit simulate(const LabContext& context, const SimulateArgs& args) {
  const app::ArchiveFolder folder(context.settings.archive);
  folder.check();
  std::vector<study::SimulatedTrack> tracks;
  {
    const store::SqliteArchive database(folder.database(), store::OpenMode::existing);
    tracks = tracksOf(database.catalogue());
  }
  study::World world;
  world.listeners = static_cast<std::size_t>(args.listeners);
  world.days = args.days;
  world.sessions_a_day = study::sessionsADay(tracks.size(), args.days);
  world.seed = args.seed;
  world.until = std::chrono::floor<std::chrono::days>(args.until.empty() ? context.clock.now()
                                                                         : parseTime(args.until));
  const auto plays = study::simulate(tracks, world);
  std::string text = "user,track,timestamp,fraction\n";
  for (const auto& play : plays) {
    text += fmt::format("listener-{:04},{},{},{}\n", play.listener + 1, play.track.value,
                        formatTime(play.at), play.fraction);
  }
  writeFileAtomically(args.output, text);
  if (context.json) {
    Json json{{"plays", plays.size()}, {"listeners", args.listeners}, {"tracks", tracks.size()}};
    putPath(json, "file", args.output);
    print(toText(json));
  } else if (!context.quiet) {
    print(
        fmt::format("{} made-up plays of {} tracks by {} listeners, the last before {}, in {}\n"
                    "`attacca import-log {}` takes them into the archive's own log, where they "
                    "stay.\n",
                    plays.size(), tracks.size(), args.listeners, formatTime(world.until),
                    args.output, args.output));
  }
  return Exit::done;
}

}  // namespace attacca::cli
