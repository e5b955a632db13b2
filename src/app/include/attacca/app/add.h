// The main job: the recordings in folders become tracks with embeddings.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "attacca/app/hear_pool.h"
#include "attacca/app/scan.h"
#include "attacca/archive/catalogue.h"
#include "attacca/base/blob.h"
#include "attacca/base/clock.h"
#include "attacca/base/progress.h"
#include "attacca/base/units.h"

namespace attacca::app {

// All outlive the call. The caller holds the archive's writer lock.
struct AddPorts {
  archive::Catalogue& catalogue;
  Blobs& blobs;
  HearPool& pool;
  const Clock& clock;
  Progress& progress;
};

struct AddOptions {
  // Versioned names ("msd-musicnn@0123456789abcdef") of the pool's models, in its order: each
  // recording gets an embedding of each.
  std::vector<std::string> representations;
  int jobs = 1;                   // recordings heard at once
  std::filesystem::path exclude;  // a folder never looked into: the archive itself
};

struct AddReport {
  std::size_t found = 0;                             // files meant to be music
  std::size_t skipped = 0;                           // other files
  std::size_t unchanged = 0;                         // known, nothing to do
  std::size_t entered = 0;                           // new, changed, moved
  std::size_t heard = 0;                             // recordings, each once
  std::size_t back = 0;                              // places that were offline
  std::size_t gone = 0;                              // places that are offline now
  Seconds music{};                                   // of the recordings heard
  std::vector<archive::RefusedFile> refused;         // in this run
  std::vector<archive::RefusedFile> refused_before;  // and not changed since
  std::vector<Unreadable> unreadable;                // not recorded: tried again each time
  std::vector<std::string> missing;                  // named folders that are not there
  archive::ConclusionChanges conclusions;
  bool interrupted = false;  // by the stop token; what is reported is done

  bool anyRefused() const {
    return !refused.empty() || !refused_before.empty() || !unreadable.empty();
  }
};

// Looks through what is named, hears what is not known yet and enters it. Files are entered in
// order of their paths, whichever is heard first, so that track ids do not depend on timing.
// Embeddings and peaks are durable before the catalogue names them: killed at any moment, the next
// call goes on and ends with the same bytes. Throws Fault::notFound when something named is not
// there and was never known, and whatever makes going on senseless (a full disk, a broken
// database).
AddReport addRecordings(const AddPorts& ports, std::span<const std::filesystem::path> named,
                        const AddOptions& options, std::stop_token stop);

// The same for the recordings that the archive knows: those of tracks that are neither removed nor
// offline and lack an embedding of one of the representations are heard again, each once. Nothing
// new is looked for.
AddReport embedKnownRecordings(const AddPorts& ports, const AddOptions& options,
                               std::stop_token stop);

// Keys of what is kept for a recording.
std::string embeddingKey(std::string_view versioned_name, const AudioHash& hash);
std::string peaksKey(const AudioHash& hash);
std::string fingerprintKey(const AudioHash& hash);

}  // namespace attacca::app
