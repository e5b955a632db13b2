// Writes what tools/reference/golden_archive.sh keeps into a folder: a database, and the statements
// of the current schema version in both dialects.
#include <fstream>

#include "attacca/store/sqlite_archive.h"

#include "schema.h"
#include "store_fixture.h"

namespace {

void writeSchema(const std::filesystem::path& file, attacca::store::Dialect dialect) {
  using namespace attacca::store;
  std::ofstream text(file);
  const auto versions = schemaVersions();
  for (const Step& step : versions.back().steps) {
    for (const std::string& sql : statements(step, dialect)) text << sql << ";\n";
  }
}

}  // namespace

int main(int argc, char** argv) {
  using namespace attacca;
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  writeSchema(folder / "schema.sqlite.sql", store::Dialect::sqlite);
  writeSchema(folder / "schema.postgresql.sql", store::Dialect::postgresql);
  store::SqliteArchive archive(folder / "archive.db", store::OpenMode::create);
  auto& catalogue = archive.catalogue();

  auto first = store::arrivalOf("/music/Serenades/3.flac", "larghetto");
  first.identity.tags.title = "Larghetto";
  first.identity.tags.composers = {"Antonín Dvořák"};
  first.identity.tags.work = "Serenade op. 44";
  first.identity.tags.movement = "III. Andante con moto";
  first.identity.tags.movement_number = 3;
  first.identity.tags.track_number = 3;
  first.heard.loudness = {-20.5, 11.25, 0.5};
  const TrackId track = catalogue.enter(first);
  first.path = "/copy/\xff.flac";
  catalogue.enter(first);

  auto second = store::arrivalOf("/music/Serenades/4.flac", "finale");
  second.identity.tags.title = "Finale";
  second.identity.tags.track_number = 4;
  catalogue.enter(second);

  auto third = store::arrivalOf("/music/loose/noise.wav", "noise", "");
  third.identity.tags = {};
  catalogue.enter(third);
  const PlaceId place = catalogue.place("/music/loose/noise.wav")->id;
  catalogue.setOffline(std::span(&place, 1), true);

  // Since version 2: rows of a catalogue, conclusions, corrections.
  archive::CatalogueRow row;
  row.key = "id:6";
  row.external_id = "6";
  row.album_id = "2";
  row.file = "Serenades/3.m4a";
  row.duration = Seconds(180);
  row.written.title = "Serenade op. 44: III. Andante con moto";
  row.written.album = "Serenades (Disc I)";
  row.written.composers = {"A. Dvorak"};
  row.extra = {{"labels", "Own"}};
  auto waiting = row;
  waiting.key = "id:7";
  waiting.external_id = "7";
  waiting.file.clear();
  waiting.written.title = "Not heard yet";
  catalogue.enterRows(std::vector{row, waiting}, false, {});
  const archive::Correction correction{
      0, archive::Subject::track, "id:7", "genre", "Serenade", UnixTime{}};
  catalogue.correct(std::span(&correction, 1));
  // Since version 3: corrections of albums.
  const archive::Correction of_album{0,       archive::Subject::album, "id:2",
                                     "title", "Serenades, live",       UnixTime{}};
  catalogue.correct(std::span(&of_album, 1));

  catalogue.refuse({"/music/list.mp3", {12, 34}, "it holds no sound", UnixTime{}});
  const archive::Interaction heard{archive.log().user("anna"), track,
                                   UnixTime(std::chrono::seconds(1'000'000'000)), 0.75};
  archive.log().record(std::span(&heard, 1));
  return 0;
}
