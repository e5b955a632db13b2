// What this machine offers, and what it lacks.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "attacca/app/archive_folder.h"
#include "attacca/app/hear_pool.h"
#include "attacca/base/blob.h"

namespace attacca::app {

enum class Health { good, fair, bad };  // fair: works, but less well or not for everything

struct Diagnosis {
  std::string what;  // "processor"
  Health health = Health::good;
  std::string found;
  std::string remedy;  // where something can be done
};

struct Patient {
  const ArchiveFolder& archive;
  const Blobs& blobs;  // of that archive, if it is there
  std::filesystem::path hear_program;
  HearLimits limits;
  std::string database_version;  // "SQLite 3.40.1"
  std::string representation;    // that `add` would use
};

// Looks at the processor, the hear program (starts one and lets it hear a second of silence), the
// sandbox, pip, the archive folder, its free space, representation and embeddings. Throws nothing
// for what it finds; changes nothing.
std::vector<Diagnosis> examine(const Patient& patient);

}  // namespace attacca::app
