#include "session.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <span>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <pthread.h>
#include <sqlite3.h>
#include <unistd.h>

#include "attacca/app/comparing.h"
#include "attacca/app/controls.h"
#include "attacca/base/error.h"
#include "attacca/base/openvino.h"
#include "attacca/index/snapshot_keys.h"

namespace attacca::cli {
namespace {

constexpr std::string_view kPlainRecipe = "mean-cosine";
constexpr std::string_view kPassage = "passage";

app::ArchiveFolder checked(const Context& context) {
  app::ArchiveFolder folder = context.folder();
  folder.check();
  std::error_code ignored;
  if (!std::filesystem::exists(folder.database(), ignored)) {
    throw Error(Fault::notFound, "this archive holds no track yet",
                "`attacca add FOLDER` hears a folder of music");
  }
  return folder;
}

app::WriterLock lockFor(const Context& context, Progress& progress, store::OpenMode mode) {
  const app::ArchiveFolder folder = context.folder();
  if (mode == store::OpenMode::create) {
    folder.create();
  } else {
    checked(context);
  }
  return app::WriterLock::acquire(folder, progress, context.stop);
}

app::Comparison comparisonBy(const OpenArchive& archive, const index::Recipe& recipe,
                             std::span<const index::Asked> asked) {
  return app::comparison(archive.folder, archive.database.catalogue(), archive.blobs, recipe,
                         asked);
}

std::optional<index::SnapshotInfo> publishOne(const Context& context, OpenArchive& archive,
                                              const app::Comparison& comparison,
                                              Progress& progress) {
  const auto result =
      app::publishComparison(archive.folder, archive.catalogue(), archive.blobs, comparison,
                             context.clock, static_cast<unsigned>(context.jobs()));
  if (result.lacking > 0) {
    progress.note(
        fmt::format("{} recordings are not heard anew yet: until they are, lists are "
                    "made from {} (`attacca embed --all` hears them)",
                    result.lacking, result.serving));
  }
  if (!result.published) return std::nullopt;
  for (const auto& problem : result.published->problems) progress.note(problem);
  return result.published->snapshot;
}

// The key, if there is a snapshot of it.
std::string published(const OpenArchive& archive, std::string key) {
  const auto keys = index::snapshotKeys(archive.blobs);
  if (keys.empty() || std::find(keys.begin(), keys.end(), key) != keys.end()) return key;
  throw Error(
      Fault::notFound,
      fmt::format("nothing is compared by {} yet, but by {}", key, fmt::join(keys, ", ")),
      "`attacca embed --all` hears what is missing and compares by it; until then, --recipe and "
      "--representation name another way");
}

// Publishes what was never asked for before, unless it is there.
std::string publishedNow(const Context& context, OpenArchive& archive, const index::Recipe& recipe,
                         std::span<const index::Asked> asked, Progress& progress) {
  const auto comparison = comparisonBy(archive, recipe, asked);
  if (app::isMadeFrom(archive.blobs, comparison)) return comparison.key;
  const auto lock = app::WriterLock::acquire(archive.folder, progress, context.stop);
  progress.begin("comparing", 0, "");
  const auto snapshot = publishOne(context, archive, comparison, progress);
  progress.end();
  if (!snapshot) {
    std::string names;
    for (const auto& name : index::requiredRepresentations(recipe, asked)) {
      names += (names.empty() ? "" : ",") + name;
    }
    throw Error(Fault::notFound,
                fmt::format("no track was heard with all that {} compares by", comparison.key),
                fmt::format("`attacca embed --all --representation {}` does that", names));
  }
  progress.note(
      fmt::format("{} tracks are comparable by {} from now on", snapshot->tracks, comparison.key));
  return comparison.key;
}

}  // namespace

app::HearLimits Context::hearLimits() const {
  return {jobs(), settings.hear_memory_mb, settings.hear_seconds, settings.hear_load_seconds,
          settings.hear_stall_seconds};
}

int Context::jobs() const {
  if (settings.jobs > 0) return settings.jobs;
  return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 256U));
}

std::vector<std::string> Context::representations() const {
  std::vector<std::string> names;
  std::string_view rest = settings.representation;
  while (true) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    for (const auto& part : app::parseAsked(rest.substr(0, comma))) {
      std::string name(app::shuffledOf(part.representation).value_or(part.representation));
      const bool known = std::find(names.begin(), names.end(), name) != names.end();
      if (!known && name != app::kRandom) names.push_back(std::move(name));
    }
    if (comma == rest.size()) break;
    rest.remove_prefix(comma + 1);
  }
  if (names.empty()) {
    throw Error(Fault::usage, fmt::format("{} hears nothing", settings.representation),
                "the setting `representation` names one that does, too");
  }
  return names;
}

std::vector<index::Asked> Context::asked() const {
  return app::parseAsked(
      std::string_view(settings.representation).substr(0, settings.representation.find(',')));
}

std::filesystem::path hearProgram() {
  std::error_code fault;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", fault);
  if (fault) throwSystemError("find", "the folder of this program", fault.value());
  return self.parent_path() / "attacca-hear";
}

void runLab(char** argv) {
  const std::filesystem::path lab = hearProgram().parent_path() / "attacca-lab";
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);  // as we were started
  ::execv(lab.c_str(), argv);
  if (errno != ENOENT) throwErrno("start", lab.native());
  throw Error(Fault::unsupported, "attacca-lab, which trains and simulates, was not built",
              "`script/setup --lab` brings what it needs, libtorch; then `script/build` makes it");
}

std::filesystem::path openVinoFolder(const Context& context) {
  if (!context.settings.openvino.empty()) return context.settings.openvino;
  const std::filesystem::path here = hearProgram().parent_path();  // build/release/bin
  for (const auto& folder : {here / "openvino", here.parent_path().parent_path() / "openvino"}) {
    if (openVinoLibrary(folder)) return folder;
  }
  return here / "openvino";
}

bool hasOpenVino(const Context& context) {
  return openVinoLibrary(openVinoFolder(context)).has_value();
}

std::string databaseVersion() { return std::string("SQLite ") + sqlite3_libversion(); }

OpenArchive::OpenArchive(const Context& context)
    : OpenArchive(checked(context), store::OpenMode::existing) {}

OpenArchive::OpenArchive(const app::ArchiveFolder& where, store::OpenMode mode)
    : folder(where), database(where.database(), mode), blobs(where.blobs()) {}

WritableArchive::WritableArchive(const Context& context, Progress& progress, store::OpenMode mode)
    : lock(lockFor(context, progress, mode)), archive(context.folder(), mode) {
  archive.blobs.removeUnfinished();
}

std::optional<index::SnapshotInfo> publish(const Context& context, OpenArchive& archive,
                                           Progress& progress) {
  progress.begin("comparing", 0, "");
  const auto usual = comparisonBy(
      archive, app::recipeNamed(archive.folder, context.settings.recipe), context.asked());
  auto first = publishOne(context, archive, usual, progress);
  for (const auto& key : index::snapshotKeys(archive.blobs)) {
    if (key == usual.key) continue;
    const auto other =
        app::comparisonOfKey(archive.folder, archive.catalogue(), archive.blobs, key);
    if (!other) continue;
    try {
      publishOne(context, archive, *other, progress);
    } catch (const Error& fault) {  // one that this archive cannot follow any more
      if (fault.fault() != Fault::refused) throw;
      progress.note(fault.what());
    }
  }
  progress.end();
  return first;
}

void publishChanges(const Context& context, OpenArchive& archive, Progress& progress) {
  if (archive.catalogue().counts().recordings == 0) return;
  try {
    publish(context, archive, progress);
  } catch (const Error& fault) {
    if (fault.fault() != Fault::notFound) throw;
    progress.note(fault.what());
  }
}

std::string usualKey(const Context& context) {
  return index::snapshotKey(app::recipeNamed(context.folder(), context.settings.recipe),
                            context.asked());
}

std::string snapshotFor(const Context& context, OpenArchive& archive,
                        std::string_view representation, Progress& progress) {
  auto recipe = app::recipeNamed(archive.folder, context.settings.recipe);
  if (representation.empty()) {
    if (context.recipe_asked)
      return publishedNow(context, archive, recipe, context.asked(), progress);
    return published(archive, index::snapshotKey(recipe, context.asked()));
  }
  if (!recipe.open()) {
    if (context.recipe_asked) {
      throw Error(Fault::usage,
                  fmt::format("the recipe {} says itself what it compares by: {}", recipe.name,
                              fmt::join(index::requiredRepresentations(recipe, {}), ", ")),
                  "leave out --recipe or --representation; `--recipe mean-cosine` goes with any "
                  "representation");
    }
    recipe = app::recipeNamed(archive.folder, kPlainRecipe);
  }
  return publishedNow(context, archive, recipe, app::parseAsked(representation), progress);
}

std::string passageSnapshotFor(const Context& context, OpenArchive& archive, Progress& progress) {
  const auto recipe = app::recipeNamed(
      archive.folder, context.recipe_asked ? std::string_view(context.settings.recipe) : kPassage);
  if (!recipe.ordered()) {
    throw Error(Fault::usage,
                fmt::format("the recipe {} knows no order, and so finds no passages", recipe.name),
                "leave out --recipe, or take `--recipe passage`");
  }
  return publishedNow(context, archive, recipe, context.asked(), progress);
}

}  // namespace attacca::cli
