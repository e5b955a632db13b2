#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "attacca/app/backup.h"
#include "attacca/app/doctor.h"
#include "attacca/app/verify.h"
#include "attacca/base/error.h"

#include "commands.h"
#include "findings.h"
#include "json_text.h"
#include "table.h"

namespace attacca::cli {
namespace {

namespace fs = std::filesystem;

// Bytes of all files below a folder, or of one file.
std::uint64_t bytesOf(const fs::path& path) {
  std::error_code fault;
  if (!fs::is_directory(path, fault)) {
    const auto size = fs::file_size(path, fault);
    return fault ? 0 : size;
  }
  std::uint64_t sum = 0;
  for (auto at = fs::recursive_directory_iterator(path, fault);
       !fault && at != fs::recursive_directory_iterator(); at.increment(fault)) {
    std::error_code gone;  // a file may go while it is counted
    if (at->is_regular_file(gone)) {
      const auto size = at->file_size(gone);
      if (!gone) sum += size;
    }
  }
  return sum;
}

std::string_view healthName(app::Health health) {
  switch (health) {
    case app::Health::good:
      return "good";
    case app::Health::fair:
      return "fair";
    case app::Health::bad:
      break;
  }
  return "bad";
}

}  // namespace

Exit backup(const Context& context, const std::string& to) {
  ConsoleProgress progress(context.quiet);
  WritableArchive writable(context, progress, store::OpenMode::existing);
  const auto report = app::backupArchive(
      writable.archive.folder,
      [&](const fs::path& file) { writable.archive.database.backup(file); }, to, progress,
      context.stop);
  if (!context.quiet) {
    print(
        fmt::format("{} files, {}, in {}\nThe recordings themselves are not in it: they stay "
                    "where they are.\n",
                    report.files, formatBytes(report.bytes), to));
  }
  return Exit::done;
}

Exit restore(const Context& context, const std::string& from) {
  ConsoleProgress progress(context.quiet);
  const app::ArchiveFolder folder = context.folder();
  std::optional<app::WriterLock> lock;
  if (folder.exists()) lock = app::WriterLock::acquire(folder, progress, context.stop);
  const auto report = app::restoreArchive(folder, from, progress, context.stop);
  if (!context.quiet) {
    std::string text = fmt::format("{} files, {}, restored to {}\n", report.files,
                                   formatBytes(report.bytes), folder.root().native());
    if (!report.kept_aside.empty()) {
      text += fmt::format("What was there is now {}\n", report.kept_aside.native());
    }
    print(text);
  }
  return Exit::done;
}

Exit verify(const Context& context) {
  ConsoleProgress progress(context.quiet);
  OpenArchive archive(context);
  const auto installed = app::installedRepresentations(archive.folder);
  std::string wanted;
  try {
    wanted = app::installedRepresentation(archive.folder, context.representations().front())
                 .versioned_name;
  } catch (const Error& fault) {
    progress.note(fault.what());
  }
  const auto faults = archive.database.check();
  auto result = app::verifyArchive({archive.catalogue(), archive.blobs, progress}, installed,
                                   wanted, usualKey(context), context.stop);
  for (auto& finding : app::verifyModels(recommend::ModelFolder(archive.folder.models()))) {
    result.findings.push_back(std::move(finding));
  }
  for (const auto& fault : faults) {
    result.findings.insert(result.findings.begin(),
                           {true, "the database: " + fault,
                            "restore a backup, or move archive.db away and add the folders anew"});
  }
  if (context.json) {
    Json json{{"recordings", result.recordings},
              {"embeddings", result.embeddings},
              {"places", result.places},
              {"snapshot", result.snapshot ? Json(*result.snapshot) : Json()},
              {"damaged", result.damaged()},
              {"findings", findingsJson(result.findings)}};
    print(toText(json));
  } else {
    std::string text = findingsText(result.findings);
    if (!context.quiet || result.damaged()) {
      text += fmt::format(
          "{} recordings, {} embeddings, {} files, {}: {}\n", result.recordings, result.embeddings,
          result.places,
          result.snapshot ? fmt::format("snapshot {}", *result.snapshot) : "no snapshot",
          result.damaged() ? "something is damaged" : "all is well");
    }
    print(text);
  }
  return result.damaged() ? Exit::error : Exit::done;
}

Exit status(const Context& context) {
  OpenArchive archive(context);
  const auto counts = archive.catalogue().counts();
  const auto snapshot = index::Snapshot::openCurrent(archive.blobs, usualKey(context));
  const auto installed = app::installedRepresentations(archive.folder);
  const auto& folder = archive.folder;
  const std::uint64_t database =
      bytesOf(folder.database()) + bytesOf(folder.database().native() + "-wal");
  const std::uint64_t embeddings = bytesOf(folder.blobs() / "embeddings");
  const std::uint64_t peaks = bytesOf(folder.blobs() / "peaks");
  const std::uint64_t fingerprints = bytesOf(folder.blobs() / "fingerprints");
  const std::uint64_t snapshots = bytesOf(folder.blobs() / "snapshots");
  const std::uint64_t models = bytesOf(folder.representations());
  if (context.json) {
    Json json;
    putPath(json, "archive", folder.root().native());
    json["tracks"] = counts.tracks;
    json["offline"] = counts.offline;
    json["not_heard"] = counts.not_heard;
    json["removed"] = counts.removed;
    json["recordings"] = counts.recordings;
    json["albums"] = counts.albums;
    json["works"] = counts.works;
    json["people"] = counts.people;
    json["refused"] = counts.refused;
    json["users"] = counts.users;
    json["interactions"] = counts.interactions;
    json["duration_s"] = counts.duration.count();
    json["representations"] = Json::array();
    for (const auto& one : installed) json["representations"].push_back(one.versioned_name);
    json["snapshot"] = nullptr;
    if (snapshot != nullptr) {
      const auto& info = snapshot->info();
      json["snapshot"] = {{"recipe", info.recipe},
                          {"version", info.version},
                          {"representation", info.representation},
                          {"tracks", info.tracks},
                          {"made", formatTime(info.made)}};
    }
    json["bytes"] = {{"database", database},   {"embeddings", embeddings},
                     {"peaks", peaks},         {"fingerprints", fingerprints},
                     {"snapshots", snapshots}, {"representations", models}};
    print(toText(json));
    return Exit::done;
  }
  std::string names;
  for (const auto& one : installed) names += (names.empty() ? "" : ", ") + one.versioned_name;
  Table table({{"", Table::Align::left}, {"", Table::Align::left, true}});
  table.add({"archive", folder.root().native()});
  std::string tracks = fmt::format("{} ({} offline", counts.tracks, counts.offline);
  if (counts.not_heard > 0) tracks += fmt::format(", {} not heard yet", counts.not_heard);
  table.add({"tracks", fmt::format("{}), {} removed", tracks, counts.removed)});
  table.add({"recordings",
             fmt::format("{}, {} of music", counts.recordings, formatDuration(counts.duration))});
  table.add({"albums",
             fmt::format("{}, {} works, {} people", counts.albums, counts.works, counts.people)});
  table.add({"listeners", fmt::format("{}, {} listenings", counts.users, counts.interactions)});
  table.add({"refused", fmt::format("{} files", counts.refused)});
  table.add({"representations", names.empty() ? "none" : names});
  table.add({"snapshot", snapshot == nullptr
                             ? "none"
                             : fmt::format("{} {}: {} tracks by {}, {}", snapshot->info().recipe,
                                           snapshot->info().version, snapshot->info().tracks,
                                           snapshot->info().representation,
                                           formatTime(snapshot->info().made))});
  table.add(
      {"disk",
       fmt::format("{}: embeddings {}, waveforms {}, fingerprints {}, snapshots {}, "
                   "models {}, database {}",
                   formatBytes(database + embeddings + peaks + fingerprints + snapshots + models),
                   formatBytes(embeddings), formatBytes(peaks), formatBytes(fingerprints),
                   formatBytes(snapshots), formatBytes(models), formatBytes(database))});
  print(table.text(0));
  return Exit::done;
}

Exit doctor(const Context& context) {
  const app::ArchiveFolder folder = context.folder();
  const store::FolderBlobs blobs(folder.blobs());
  const auto diagnoses = app::examine({folder, blobs, hearProgram(), context.hearLimits(),
                                       databaseVersion(), context.representations().front()});
  const bool bad = std::any_of(diagnoses.begin(), diagnoses.end(),
                               [](const auto& one) { return one.health == app::Health::bad; });
  if (context.json) {
    Json json;
    json["checks"] = Json::array();
    for (const auto& one : diagnoses) {
      json["checks"].push_back({{"what", one.what},
                                {"health", healthName(one.health)},
                                {"found", one.found},
                                {"remedy", one.remedy}});
    }
    print(toText(json));
  } else {
    Table table({{"", Table::Align::left}, {"", Table::Align::left}, {"", Table::Align::left}});
    for (const auto& one : diagnoses) {
      table.add({one.what, std::string(healthName(one.health)),
                 one.remedy.empty() ? one.found : fmt::format("{}: {}", one.found, one.remedy)});
    }
    print(table.text(0));
  }
  return bad ? Exit::error : Exit::done;
}

Exit showSettings(const Context& context, bool markdown) {
  if (markdown) {
    print(settingsDocumentation());
    return Exit::done;
  }
  if (context.json) {
    Json json;
    for (const auto& row : settingsTable()) {
      json[std::string(row.key)] = settingValue(context.settings, row);
    }
    print(toText(json));
    return Exit::done;
  }
  Table table({{"setting", Table::Align::left},
               {"value", Table::Align::left, true},
               {"what it is", Table::Align::left, true}});
  for (const auto& row : settingsTable()) {
    table.add({std::string(row.key), settingValue(context.settings, row), std::string(row.help)});
  }
  print(table.text(terminalWidth(1)));
  return Exit::done;
}

}  // namespace attacca::cli
