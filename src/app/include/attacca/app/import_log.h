// Brings a listening history from elsewhere into the log.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "attacca/archive/catalogue.h"
#include "attacca/base/progress.h"

namespace attacca::app {

struct RefusedRow {
  std::int64_t line = 0;  // where the row begins, from 1
  std::string reason;
};

struct LogImport {
  std::int64_t rows = 0;  // but for the header and empty lines
  std::int64_t added = 0;
  std::int64_t known = 0;  // were there already
  std::vector<RefusedRow> refused;
};

// `csv` is RFC 4180 (a byte order mark and either kind of line end are fine) with a header that
// names the columns user, track, timestamp and, if there is one, fraction; others are ignored.
// TRACK is what it is everywhere, timestamps are seconds since 1970 or ISO 8601. Rows that make no
// sense are reported, the others go in; the same file may be imported again. Throws Fault::usage
// when the header lacks a column.
LogImport importLog(const archive::Catalogue& catalogue, archive::ListeningLog& log,
                    const std::filesystem::path& csv, Progress& progress,
                    const std::stop_token& stop);

}  // namespace attacca::app
