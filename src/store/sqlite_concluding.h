// What is shown, made from what is written and corrected: archive/effective.h decides, this reads
// and writes.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "attacca/archive/catalogue.h"
#include "attacca/archive/effective.h"

#include "sqlite_database.h"
#include "sqlite_sources.h"

namespace attacca::store {

// Works inside the caller's transaction.
class Concluding {
 public:
  explicit Concluding(Database& database) : database_(database) {}

  archive::ConclusionChanges run();

 private:
  void attachRows();
  bool isConcluded(const Sources& sources);
  void readPeople();
  PersonId person(const std::string& name);
  void keepPeople(const std::vector<archive::Person>& people);
  void keepAlbums(const std::vector<archive::EffectiveAlbum>& albums);
  void keepWorks(const std::vector<archive::Work>& works);
  void dropWorks(const std::vector<archive::Work>& works);
  void keepTrack(const archive::EffectiveTrack& track);
  void credit(TrackId track, std::string_view role, const std::vector<std::string>& names);
  void credit(TrackId track, std::string_view role, const std::vector<archive::Credit>& credits);

  Database& database_;
  std::unordered_map<std::string, PersonId> people_;
  std::unordered_map<PersonId, std::string> described_;  // of whom more is kept than their name
  std::vector<WorkId> works_;                            // as Effective::works
  std::unordered_map<TrackId, std::string> concluded_;
  archive::ConclusionChanges changes_;
};

}  // namespace attacca::store
