// Brings the catalogue that an archive has kept so far in, with or without its audio.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "attacca/archive/catalogue.h"
#include "attacca/archive/row_reader.h"
#include "attacca/base/progress.h"

namespace attacca::app {

struct RowRemark {
  std::string file;
  std::int64_t line = 0;  // where the row begins, from 1; 0: the file as a whole
  std::string text;
};

struct CatalogueImport {
  std::int64_t rows = 0;  // of tracks
  archive::RowsEntered entered;
  std::vector<RowRemark> refused;       // rows that cannot be used, and why
  std::vector<RowRemark> notes;         // values that were kept as written, and why
  std::vector<std::string> changes;     // titles of the rows that changed
  std::vector<std::string> not_fields;  // columns that are kept, but mean nothing to Attacca
};

struct ImportOptions {
  std::map<std::string, archive::RowField> columns;  // by column name, beside what names tell
  bool dry_run = false;
};

// "composer=Komponist". Throws Fault::usage.
std::pair<std::string, archive::RowField> readMapping(const std::string& text);

// `files`: tables of tracks (JSON or CSV); a CSV table of albums beside them is joined by album_id.
// All of it goes in, or nothing; rows that make no sense are left out and reported. The same import
// again changes nothing. The caller holds the writer lock. Throws Fault::refused for a file that is
// no table, Fault::usage for tables without a column of titles or a mapping of a column that is not
// there, Fault::cancelled.
CatalogueImport importCatalogue(archive::Catalogue& catalogue,
                                std::span<const std::filesystem::path> files,
                                const ImportOptions& options, Progress& progress,
                                const std::stop_token& stop);

}  // namespace attacca::app
