// What every adapter of the catalogue and the listening log must do. An adapter's test derives
// OpenArchive and instantiates the suites.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "attacca/archive/catalogue.h"

#include "store_fixture.h"

namespace attacca::store {

// An empty archive of the adapter, open. Its destructor closes and removes it.
class OpenArchive {
 public:
  virtual ~OpenArchive() = default;
  virtual archive::Catalogue& catalogue() = 0;
  virtual archive::ListeningLog& log() = 0;
};

using MakeArchive = std::function<std::unique_ptr<OpenArchive>()>;

class ArchiveContract : public testing::TestWithParam<MakeArchive> {
 protected:
  ArchiveContract() : open_(GetParam()()), catalogue_(open_->catalogue()), log_(open_->log()) {}

  archive::Track track(TrackId id) const {
    auto found = catalogue_.track(id);
    if (!found) throw std::runtime_error("no such track");
    return std::move(*found);
  }
  PlaceId placeAt(const std::string& path) const { return catalogue_.place(path).value().id; }
  void takeAway(const std::string& path) {
    const PlaceId place = placeAt(path);
    catalogue_.setOffline(std::span(&place, 1), true);
  }
  void remove(TrackId id, bool removed = true) {
    catalogue_.setRemoved(std::span(&id, 1), removed);
  }
  // One interaction with the track, by which its history is known again.
  void listenTo(TrackId id, std::int64_t at = 1000) {
    const archive::Interaction heard{log_.user("anna"), id, UnixTime(std::chrono::seconds(at)), 1};
    log_.record(std::span(&heard, 1));
  }
  std::vector<TrackId> heardTracks() {
    std::vector<TrackId> ids;
    for (const auto& heard : log_.history(log_.user("anna"), 100)) ids.push_back(heard.track);
    return ids;
  }

  std::unique_ptr<OpenArchive> open_;
  archive::Catalogue& catalogue_;
  archive::ListeningLog& log_;
};

// The suites by subject, each in a file of its own.
class IdentityContract : public ArchiveContract {};
class CatalogueContract : public ArchiveContract {};
class LogContract : public ArchiveContract {};
class RowsContract : public ArchiveContract {
 protected:
  static archive::CatalogueRow rowOf(const std::string& id, const std::string& title,
                                     const std::string& album = "Serenades") {
    archive::CatalogueRow row;
    row.key = "id:" + id;
    row.external_id = id;
    row.album_id = "7";
    row.duration = Seconds(180);
    row.written.title = title;
    row.written.album = album;
    row.written.composers = {"Antonín Dvořák"};
    row.written.track_number = 1;
    row.extra = {{"labels", "Own"}, {"shelf", "B 12"}};
    return row;
  }
  archive::RowsEntered import(const std::vector<archive::CatalogueRow>& rows,
                              bool dry_run = false) {
    return catalogue_.enterRows(rows, dry_run, {});
  }
  std::vector<archive::Track> all() const { return catalogue_.tracks(archive::TrackFilter{}); }
};

}  // namespace attacca::store
