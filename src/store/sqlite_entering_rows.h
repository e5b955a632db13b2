// The SQL of entering rows of a catalogue.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "attacca/archive/catalogue.h"

#include "sqlite_database.h"

namespace attacca::store {

// Works inside the caller's transaction. What is shown of the tracks is left to Concluding.
class EnteringRows {
 public:
  explicit EnteringRows(Database& database) : database_(database) {}

  archive::RowsEntered enter(std::span<const archive::CatalogueRow> rows,
                             const std::stop_token& stop);

 private:
  struct KnownRow {
    TrackId track;
    std::int64_t catalogue = 0;
    const archive::CatalogueRow* row = nullptr;
  };
  using KnownRows = std::unordered_map<std::string_view, KnownRow>;  // by key

  static std::int64_t catalogueOf(std::span<const archive::CatalogueRow> rows,
                                  const KnownRows& known_rows);
  std::vector<TrackId> missing(const std::unordered_set<TrackId>& seen);
  AlbumId albumOf(const archive::CatalogueRow& row);
  TrackId add(const archive::CatalogueRow& row);
  void change(TrackId track, const archive::CatalogueRow& row);

  Database& database_;
  std::unordered_map<std::string, AlbumId> albums_;  // by the catalogue's id and title
  std::int64_t catalogue_ = 0;                       // the number of the one that is entered
};

}  // namespace attacca::store
