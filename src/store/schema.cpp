#include "schema.h"

namespace attacca::store {
namespace {

using Type = ColumnType;

Column id() { return {"id", Type::id}; }
Column text(std::string_view name) { return {name, Type::text}; }
Column bytes(std::string_view name) { return {name, Type::bytes}; }
Column integer(std::string_view name) { return {name, Type::integer}; }
Column real(std::string_view name) { return {name, Type::real}; }
Column flag(std::string_view name) { return {name, Type::flag}; }
Column time(std::string_view name) { return {name, Type::time}; }
Column reference(std::string_view name, std::string_view table) {
  return {name, Type::reference, false, table};
}
Column optional(Column column) {
  column.nullable = true;
  return column;
}

// Keys ("title_key") are folded for finding, sort keys are for order: archive/entry.h makes both.
SchemaVersion versionOne() {
  std::vector<Step> steps;
  const auto create = [&steps](Table table) { steps.emplace_back(CreateTable{std::move(table)}); };

  create(
      {"people", {id(), text("name"), text("sort_key")}, {}, {{"people_by_name", {"name"}, true}}});
  create({"albums",
          {id(), text("title"), text("title_key"), text("artists_key"), text("sort_key"),
           text("date"), text("musicbrainz")},
          {},
          {{"albums_by_key", {"title_key", "artists_key"}}}});
  create({"album_artists",
          {reference("album_id", "albums"), integer("position"), reference("person_id", "people")},
          {"album_id", "position"},
          {{"album_artists_by_person", {"person_id"}}}});
  // Where an album without album artists has files: tells it from others of its title.
  create({"album_folders",
          {bytes("folder"), reference("album_id", "albums")},
          {"folder", "album_id"},
          {{"album_folders_by_album", {"album_id"}}}});
  create({"works",
          {id(), text("work_key"), text("title"), optional(reference("composer_id", "people")),
           text("musicbrainz")},
          {},
          {{"works_by_key", {"work_key"}, true}, {"works_by_composer", {"composer_id"}}}});
  create({"recordings",
          {id(), bytes("hash"), real("duration"), optional(real("integrated_lufs")),
           optional(real("range_lu")), real("sample_peak"), text("format"), integer("rate_hz"),
           integer("channels")},
          {},
          {{"recordings_by_hash", {"hash"}, true}}});
  // path and offline are derived from places, so that a list needs no second look.
  create({"tracks",
          {id(), reference("recording_id", "recordings"), reference("album_id", "albums"),
           optional(reference("work_id", "works")), text("title"), text("title_key"),
           text("album_key"), text("movement"), optional(integer("movement_number")),
           optional(integer("movement_count")), optional(integer("disc_number")),
           optional(integer("track_number")), text("genre"), text("musicbrainz"), bytes("path"),
           flag("offline"), flag("removed")},
          {},
          {{"tracks_by_recording", {"recording_id"}},
           {"tracks_by_album", {"album_id", "removed"}},
           {"tracks_by_work", {"work_id"}},
           {"tracks_by_words", {"removed", "title_key", "album_key"}}}});
  // role: artist, composer, conductor, arranger, performer
  create({"credits",
          {reference("track_id", "tracks"), text("role"), integer("position"),
           reference("person_id", "people")},
          {"track_id", "role", "position"},
          {{"credits_by_person", {"person_id"}}}});
  create({"places",
          {id(), reference("track_id", "tracks"), bytes("path"), integer("size"),
           integer("modified_ns"), flag("offline")},
          {},
          {{"places_by_path", {"path"}, true}, {"places_by_track", {"track_id"}}}});
  create(
      {"refused_files",
       {bytes("path"), integer("size"), integer("modified_ns"), text("reason"), time("refused_at")},
       {"path"}});
  create({"users", {id(), text("name")}, {}, {{"users_by_name", {"name"}, true}}});
  create({"interactions",
          {reference("user_id", "users"), time("heard_at"), reference("track_id", "tracks"),
           real("fraction")},
          {"user_id", "heard_at", "track_id"},
          {{"interactions_by_track", {"track_id"}}}});
  return {1, std::move(steps)};
}

}  // namespace

std::span<const SchemaVersion> schemaVersions() {
  static const std::vector<SchemaVersion> versions = {versionOne()};
  return versions;
}

int currentSchemaVersion() { return schemaVersions().back().number; }

}  // namespace attacca::store
