// The catalogue port over SQLite.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "attacca/archive/catalogue.h"

#include "sqlite_connections.h"

namespace attacca::store {

class SqliteCatalogue final : public archive::Catalogue {
 public:
  explicit SqliteCatalogue(SqliteConnections& connections) : connections_(connections) {}

  std::optional<archive::Track> track(TrackId id) const override;
  std::vector<archive::Track> tracks(std::span<const TrackId> ids) const override;
  std::vector<archive::Track> tracks(const archive::TrackFilter& filter) const override;
  std::vector<archive::Album> albums() const override;
  std::vector<archive::Track> find(std::string_view text, int limit) const override;
  std::optional<archive::Recording> recording(const AudioHash& hash) const override;
  std::optional<archive::Place> place(std::string_view path) const override;
  std::vector<archive::Place> places(TrackId id) const override;
  std::vector<archive::Place> placesUnder(std::string_view folder) const override;
  std::optional<archive::RefusedFile> refusedFile(std::string_view path) const override;
  std::vector<archive::RefusedFile> refusedFiles() const override;
  archive::CatalogueCounts counts() const override;
  std::vector<archive::Work> works() const override;
  std::optional<archive::Work> work(WorkId id) const override;
  std::vector<archive::CataloguePerson> people() const override;
  archive::TrackReasons reasons(TrackId id) const override;
  std::optional<archive::Written> tagsOf(TrackId id) const override;
  std::optional<archive::CatalogueRow> rowOf(TrackId id) const override;
  std::vector<archive::Correction> corrections() const override;

  TrackId enter(const archive::Arrival& arrival) override;
  std::vector<TrackId> enterAll(std::span<const archive::Arrival> arrivals) override;
  void refuse(const archive::RefusedFile& file) override;
  void forgetRefusal(std::string_view path) override;
  void setOffline(std::span<const PlaceId> places, bool offline) override;
  void setRemoved(std::span<const TrackId> tracks, bool removed) override;
  archive::RowsEntered enterRows(std::span<const archive::CatalogueRow> rows, bool dry_run,
                                 const std::stop_token& stop) override;
  archive::ConclusionChanges conclude() override;
  archive::ConclusionChanges correct(std::span<const archive::Correction> corrections) override;
  archive::ConclusionChanges undoCorrections(std::span<const std::int64_t> ids) override;

 private:
  SqliteConnections& connections_;
};

}  // namespace attacca::store
