#include "session.h"

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>

#include <sqlite3.h>

#include "attacca/app/publish.h"
#include "attacca/app/recipes.h"
#include "attacca/base/error.h"
#include "attacca/base/openvino.h"

namespace attacca::cli {
namespace {

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

}  // namespace

app::HearLimits Context::hearLimits() const {
  return {jobs(), settings.hear_memory_mb, settings.hear_seconds, settings.hear_stall_seconds};
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
    names.emplace_back(rest.substr(0, comma));
    if (comma == rest.size()) return names;
    rest.remove_prefix(comma + 1);
  }
}

std::filesystem::path hearProgram() {
  std::error_code fault;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", fault);
  if (fault) throwSystemError("find", "the folder of this program", fault.value());
  return self.parent_path() / "attacca-hear";
}

std::filesystem::path openVinoFolder(const Context& context) {
  if (!context.settings.openvino.empty()) return context.settings.openvino;
  const std::filesystem::path here = hearProgram().parent_path();  // build/release/bin
  for (const auto& folder : {here / "openvino", here.parent_path().parent_path() / "openvino"}) {
    if (openVinoLibrary(folder)) return folder;
  }
  return here / "openvino";
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
                                           const app::InstalledRepresentation& representation,
                                           Progress& progress) {
  const auto own = app::archiveRecipes(archive.folder);
  const index::Asked asked[] = {{representation.manifest.name}};
  const index::Recipe recipe =
      index::resolved(index::findRecipe(context.settings.recipe, own), asked);
  std::vector<app::HeardRepresentation> heard;
  for (const std::string& name : index::requiredRepresentations(recipe, asked)) {
    heard.push_back(app::heardRepresentation(
        name == representation.manifest.name ? representation
                                             : app::installedRepresentation(archive.folder, name)));
  }
  progress.begin("comparing", 0, "");
  auto published = app::publishArchive(archive.catalogue(), archive.blobs, recipe.name, recipe,
                                       heard, context.clock, static_cast<unsigned>(context.jobs()));
  progress.end();
  if (!published) return std::nullopt;
  for (const auto& problem : published->problems) progress.note(problem);
  return published->snapshot;
}

void publishChanges(const Context& context, OpenArchive& archive, Progress& progress) {
  if (archive.catalogue().counts().recordings == 0) return;
  std::optional<app::InstalledRepresentation> representation;
  try {
    representation =
        app::installedRepresentation(archive.folder, context.representations().front());
  } catch (const Error& fault) {
    if (fault.fault() != Fault::notFound) throw;
    progress.note(fault.what());
    return;
  }
  publish(context, archive, *representation, progress);
}

}  // namespace attacca::cli
