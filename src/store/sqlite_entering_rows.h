// The SQL of entering rows of a catalogue.
#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>

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
  AlbumId albumOf(const archive::CatalogueRow& row);
  TrackId add(const archive::CatalogueRow& row);
  void change(TrackId track, const archive::CatalogueRow& row);

  Database& database_;
  std::unordered_map<std::string, AlbumId> albums_;  // by the catalogue's id and title
};

}  // namespace attacca::store
