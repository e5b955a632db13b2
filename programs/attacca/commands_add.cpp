#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>

#include <fmt/format.h>

#include "attacca/app/add.h"
#include "attacca/app/comparing.h"
#include "attacca/app/controls.h"
#include "attacca/app/track_names.h"

#include "commands.h"
#include "json_text.h"
#include "table.h"

namespace attacca::cli {
namespace {

std::string count(std::size_t number, std::string_view one, std::string_view many = {}) {
  if (number == 1) return fmt::format("1 {}", one);
  return many.empty() ? fmt::format("{} {}s", number, one) : fmt::format("{} {}", number, many);
}

void reportForPeople(const app::AddReport& report, Seconds spent,
                     const std::optional<index::SnapshotInfo>& snapshot) {
  std::vector<std::string> parts;
  if (report.entered > 0) parts.push_back(count(report.entered, "file") + " entered");
  if (report.heard > 0) {
    parts.push_back(fmt::format("{} of music heard in {:.1f} s ({:.0f}x real time)",
                                formatDuration(report.music), spent.count(),
                                report.music.count() / spent.count()));
  }
  if (const auto joined = report.conclusions.attached; joined > 0) {
    parts.push_back(
        fmt::format("{} joined to the catalogue", count(static_cast<std::size_t>(joined), "file")));
  }
  if (report.unchanged > 0) parts.push_back(count(report.unchanged, "file") + " unchanged");
  if (report.back > 0) parts.push_back(count(report.back, "file") + " back again");
  if (report.gone > 0) parts.push_back(count(report.gone, "file") + " gone (offline)");
  if (report.skipped > 0) parts.push_back(count(report.skipped, "other file") + " passed over");
  if (parts.empty()) parts.emplace_back("no music found");
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ", ") + part;
  text += "\n";
  for (const auto& root : report.missing) {
    text += fmt::format("{} is not there: its tracks are offline until it is back\n", root);
  }
  if (const auto number = report.refused.size() + report.refused_before.size(); number > 0) {
    text += fmt::format("{} refused{}; `attacca refused` says why\n", count(number, "file"),
                        report.refused.empty() ? " earlier and not changed since" : "");
  }
  if (snapshot) {
    text += fmt::format("{} can be compared; try `attacca similar TRACK`\n",
                        count(snapshot->tracks, "track"));
  }
  if (report.interrupted) text += "stopped; run it again and it goes on where it was\n";
  print(text);
}

Json refusedJson(std::span<const archive::RefusedFile> files) {
  Json list = Json::array();
  for (const auto& file : files) {
    Json entry;
    putPath(entry, "path", file.path);
    entry["reason"] = file.reason;
    entry["at"] = formatTime(file.at);
    list.push_back(std::move(entry));
  }
  return list;
}

Json snapshotJson(const std::optional<index::SnapshotInfo>& snapshot) {
  if (!snapshot) return nullptr;
  return {{"recipe", snapshot->recipe},
          {"version", snapshot->version},
          {"representation", snapshot->representation},
          {"tracks", snapshot->tracks}};
}

void reportForPrograms(const app::AddReport& report, Seconds spent,
                       const std::optional<index::SnapshotInfo>& snapshot) {
  Json json;
  json["found"] = report.found;
  json["skipped"] = report.skipped;
  json["unchanged"] = report.unchanged;
  json["entered"] = report.entered;
  json["heard"] = report.heard;
  json["attached"] = report.conclusions.attached;
  json["music_s"] = report.music.count();
  json["spent_s"] = spent.count();
  json["back"] = report.back;
  json["gone"] = report.gone;
  json["missing"] = Json::array();
  for (const auto& root : report.missing) {
    Json entry;
    putPath(entry, "path", root);
    json["missing"].push_back(std::move(entry));
  }
  json["refused"] = refusedJson(report.refused);
  json["refused_before"] = refusedJson(report.refused_before);
  json["unreadable"] = Json::array();
  for (const auto& file : report.unreadable) {
    Json entry;
    putPath(entry, "path", file.path);
    entry["reason"] = file.reason;
    json["unreadable"].push_back(std::move(entry));
  }
  json["interrupted"] = report.interrupted;
  json["snapshot"] = snapshotJson(snapshot);
  print(toText(json));
}

// The representations that recordings are heard with: those of the setting, and what the recipe
// compares by besides.
std::vector<std::string> needed(const Context& context) {
  auto names = context.representations();
  const auto recipe = app::recipeNamed(context.folder(), context.settings.recipe);
  for (auto& name : index::requiredRepresentations(recipe, context.asked())) {
    const bool control = name == app::kRandom || app::shuffledOf(name);
    const bool known = std::find(names.begin(), names.end(), name) != names.end();
    if (!known && !control) names.push_back(std::move(name));
  }
  return names;
}

using Hearing = std::function<app::AddReport(const app::AddPorts&, const app::AddOptions&)>;

// Hears with all representations of the setting, publishes what can be compared then, and reports.
Exit hear(const Context& context, store::OpenMode mode, const Hearing& hearing) {
  ConsoleProgress progress(context.quiet);
  // What can be found wrong at once is, before an archive is made or anything is waited for.
  std::vector<app::HearModel> models;
  app::AddOptions options;
  for (const auto& name : needed(context)) {
    const auto representation = app::usableRepresentation(context.folder(), name);
    models.push_back(representation.model());
    options.representations.push_back(representation.versioned_name);
  }
  options.jobs = context.jobs();
  options.exclude = context.folder().root();
  app::HearPool pool(hearProgram(), context.hearLimits(), std::move(models),
                     openVinoFolder(context));
  WritableArchive writable(context, progress, mode);
  OpenArchive& archive = writable.archive;

  const auto start = std::chrono::steady_clock::now();
  const auto report =
      hearing({archive.catalogue(), archive.blobs, pool, context.clock, progress}, options);
  const Seconds spent = std::chrono::steady_clock::now() - start;
  for (const auto& file : report.unreadable) {
    progress.note(fmt::format("cannot read {}: {}", file.path, file.reason));
  }
  // "seccomp, rlimits; this kernel lacks landlock"
  if (const std::string wall = pool.sandbox(); wall.find(';') != std::string::npos) {
    progress.note(fmt::format("files are opened behind a weaker wall than intended: {}", wall));
  }
  const auto snapshot = publish(context, archive, progress);
  if (context.json) {
    reportForPrograms(report, spent, snapshot);
  } else if (!context.quiet) {
    reportForPeople(report, spent, snapshot);
  }
  if (report.interrupted) return Exit::interrupted;
  return report.anyRefused() ? Exit::refused : Exit::done;
}

}  // namespace

Exit add(const Context& context, const AddArgs& args) {
  const std::vector<std::filesystem::path> named(args.paths.begin(), args.paths.end());
  return hear(context, store::OpenMode::create,
              [&](const app::AddPorts& ports, const app::AddOptions& options) {
                return app::addRecordings(ports, named, options, context.stop);
              });
}

Exit embedAll(const Context& context) {
  return hear(context, store::OpenMode::existing,
              [&](const app::AddPorts& ports, const app::AddOptions& options) {
                return app::embedKnownRecordings(ports, options, context.stop);
              });
}

Exit remove(const Context& context, const RemoveArgs& args) {
  ConsoleProgress progress(context.quiet);
  WritableArchive writable(context, progress, store::OpenMode::existing);
  OpenArchive& archive = writable.archive;
  const auto chosen = app::resolveTracks(archive.catalogue(), args.names, args.undo);
  std::vector<TrackId> ids;
  ids.reserve(chosen.size());
  for (const auto& track : chosen) ids.push_back(track.id);
  archive.catalogue().setRemoved(ids, !args.undo);
  publish(context, archive, progress);
  if (!context.quiet) {
    std::string text;
    for (const auto& track : chosen) text += app::trackLine(track) + "\n";
    text += args.undo ? fmt::format("{} back in the archive\n", count(ids.size(), "track"))
                      : fmt::format(
                            "{} removed; the files stay where they are, and `attacca "
                            "remove --undo` brings tracks back\n",
                            count(ids.size(), "track"));
    print(text);
  }
  return Exit::done;
}

Exit refused(const Context& context) {
  OpenArchive archive(context);
  const auto files = archive.catalogue().refusedFiles();
  if (context.json) {
    print(toText(Json{{"refused", refusedJson(files)}}));
    return Exit::done;
  }
  if (files.empty()) {
    if (!context.quiet) say("no file was refused");
    return Exit::done;
  }
  Table table({{"file", Table::Align::left, true}, {"why", Table::Align::left, true}});
  for (const auto& file : files) table.add({file.path, file.reason});
  print(table.text(terminalWidth(1)));
  return Exit::done;
}

}  // namespace attacca::cli
