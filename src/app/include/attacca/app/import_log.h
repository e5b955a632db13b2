// Brings a listening history from elsewhere into the log.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <vector>

#include "attacca/archive/catalogue.h"
#include "attacca/archive/log_file.h"
#include "attacca/base/progress.h"

namespace attacca::app {

struct LogImport {
  std::int64_t rows = 0;  // but for the header and empty lines
  std::int64_t added = 0;
  std::int64_t known = 0;                      // were there already
  std::vector<archive::RefusedRow> refused;    // in order of lines
  std::vector<archive::RepeatedRow> repeated;  // in the file itself
};

// `path`: a file as archive/log_file.h describes it. TRACK is what it is everywhere. Rows that make
// no sense or name no track of this archive are reported, the others go in; the same file may be
// imported again. Throws Fault::usage when the header lacks a column.
LogImport importLog(const archive::Catalogue& catalogue, archive::ListeningLog& log,
                    const std::filesystem::path& path, UnixTime now, Progress& progress,
                    const std::stop_token& stop);

}  // namespace attacca::app
