// The composition root: what a command works with, on this machine.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "attacca/app/archive_folder.h"
#include "attacca/app/hear_pool.h"
#include "attacca/app/representations.h"
#include "attacca/base/clock.h"
#include "attacca/base/settings.h"
#include "attacca/index/recipe.h"
#include "attacca/index/snapshot.h"
#include "attacca/store/folder_blobs.h"
#include "attacca/store/sqlite_archive.h"

#include "console.h"
#include "program.h"

namespace attacca::cli {

// What every command is given.
struct Context {
  Settings settings;
  bool json = false;
  bool quiet = false;
  bool recipe_asked = false;  // --recipe was given
  std::stop_token stop;
  SystemClock clock;

  app::ArchiveFolder folder() const { return app::ArchiveFolder(settings.archive); }
  app::HearLimits hearLimits() const;
  int jobs() const;
  // The representations of the setting, each once: those that recordings are heard with.
  std::vector<std::string> representations() const;
  // What lists are made from where nothing else is asked for: the setting up to the first comma.
  std::vector<index::Asked> asked() const;
};

// attacca-hear, which belongs beside this program.
std::filesystem::path hearProgram();
// Becomes attacca-lab, with the same command line. Throws Fault::unsupported where that was not
// built.
[[noreturn]] void runLab(char** argv);
// The folder of OpenVINO's libraries: of the setting, else `openvino` beside this program or in the
// build folder. It need not exist.
std::filesystem::path openVinoFolder(const Context& context);
bool hasOpenVino(const Context& context);

std::string databaseVersion();  // "SQLite 3.40.1"

// An archive that is open. Readers need no lock and never wait.
struct OpenArchive {
  explicit OpenArchive(const Context& context);  // throws Fault::notFound where there is none
  OpenArchive(const app::ArchiveFolder& where, store::OpenMode mode);

  archive::Catalogue& catalogue() { return database.catalogue(); }
  archive::ListeningLog& log() { return database.log(); }

  app::ArchiveFolder folder;
  store::SqliteArchive database;
  store::FolderBlobs blobs;
};

// An archive that this process alone may change. Waits for another that does.
struct WritableArchive {
  WritableArchive(const Context& context, Progress& progress, store::OpenMode mode);

  app::WriterLock lock;
  OpenArchive archive;
};

// Publishes the snapshot of the settings' recipe and representation, and those of others that were
// asked for earlier; says what could not be used. Returns the first.
std::optional<index::SnapshotInfo> publish(const Context& context, OpenArchive& archive,
                                           Progress& progress);

// The same after a change of the catalogue alone; does nothing where nothing was heard yet.
void publishChanges(const Context& context, OpenArchive& archive, Progress& progress);

// The key of the snapshot that `publish` makes first, and that lists are made from.
std::string usualKey(const Context& context);

// The key of the snapshot to answer from. `representation` is what a person asked for
// ("msd-musicnn:2+aspects"), empty where that is what the settings say. One that a person asks for
// by it or by --recipe and that is not there is published now, which waits for the writer lock; the
// usual one is not (Fault::notFound, naming what is there). A recipe that is not open goes with no
// representation: of the settings, mean-cosine stands in for it; asked for, it is Fault::usage.
std::string snapshotFor(const Context& context, OpenArchive& archive,
                        std::string_view representation, Progress& progress);

// The same for a passage: of the recipe `passage`, or of the one that was asked for.
std::string passageSnapshotFor(const Context& context, OpenArchive& archive, Progress& progress);

}  // namespace attacca::cli
