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

// path and offline are derived from places, so that a list needs no second look.
Table tracksTable(bool without_recording) {
  Column recording = reference("recording_id", "recordings");
  recording.nullable = without_recording;
  return {
      "tracks",
      {id(), recording, reference("album_id", "albums"), optional(reference("work_id", "works")),
       text("title"), text("title_key"), text("album_key"), text("movement"),
       optional(integer("movement_number")), optional(integer("movement_count")),
       optional(integer("disc_number")), optional(integer("track_number")), text("genre"),
       text("musicbrainz"), bytes("path"), flag("offline"), flag("removed")},
      {},
      {{"tracks_by_recording", {"recording_id"}},
       {"tracks_by_album", {"album_id", "removed"}},
       {"tracks_by_work", {"work_id"}},
       {"tracks_by_words", {"removed", "title_key", "album_key"}}}};
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
  create(tracksTable(false));
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

// What is written, what was concluded and what was corrected are kept apart: written and
// written_names hold what tags and catalogue rows say, corrections what people said. tracks,
// credits, works, work_composers and people hold what is shown, which is made from those and can be
// made again at any time (tracks.concluded and works.concluded: digests of it).
SchemaVersion versionTwo() {
  std::vector<Step> steps;
  const auto create = [&steps](Table table) { steps.emplace_back(CreateTable{std::move(table)}); };
  const auto add = [&steps](std::string_view table, std::initializer_list<Column> columns) {
    for (const Column& column : columns) steps.emplace_back(AddColumn{table, optional(column)});
  };
  const auto change = [&steps](std::string_view sql) { steps.emplace_back(ChangeRows{sql}); };

  add("people", {text("sort_name"), integer("born"), integer("died")});
  steps.emplace_back(AllowNull{tracksTable(true), "recording_id"});
  // duration: of a track without a recording.
  add("tracks", {text("external_id"), real("duration"), text("people_key"), real("work_confidence"),
                 text("work_reason"), real("movement_confidence"), text("movement_reason"),
                 bytes("concluded")});
  steps.emplace_back(CreateIndex{"tracks", {"tracks_by_external_id", {"external_id"}, true}});
  steps.emplace_back(DropIndex{"tracks_by_words"});
  steps.emplace_back(CreateIndex{
      "tracks", {"tracks_by_words", {"removed", "title_key", "album_key", "people_key"}}});
  add("credits", {text("written"), real("confidence"), text("reason")});
  add("works",
      {text("sort_key"), text("music_key"), text("catalogue_numbers"), text("period"),
       real("period_confidence"), text("period_reason"), text("instrumentation"),
       real("instrumentation_confidence"), text("instrumentation_reason"), bytes("concluded")});
  create({"work_composers",
          {reference("work_id", "works"), integer("position"), reference("person_id", "people")},
          {"work_id", "position"},
          {{"work_composers_by_person", {"person_id"}}}});
  // source: tags, row. album_key and artists_key are archive::AlbumKey's; what follows genre is of
  // rows only. extra: what Attacca has no column for.
  create({"written",
          {reference("track_id", "tracks"),
           text("source"),
           text("title"),
           text("album"),
           text("album_key"),
           text("artists_key"),
           text("date"),
           text("work"),
           text("musicbrainz_work"),
           text("movement"),
           optional(integer("movement_number")),
           optional(integer("disc_number")),
           optional(integer("track_number")),
           text("genre"),
           optional(text("row_key")),
           optional(text("external_id")),
           optional(text("album_id")),
           optional(text("file")),
           optional(real("duration")),
           optional(text("extra"))},
          {"track_id", "source"},
          {{"written_by_row_key", {"row_key"}, true}}});
  // role: those of credits, and album artist
  create({"written_names",
          {reference("track_id", "tracks"), text("source"), text("role"), integer("position"),
           text("name")},
          {"track_id", "source", "role", "position"}});
  create({"corrections",
          {id(), text("subject"), text("subject_key"), text("field"), text("value"),
           time("made_at")}});
  // Version 1 knew tags only.
  change(
      "INSERT INTO written (track_id, source, title, album, album_key, artists_key, date, work, "
      "musicbrainz_work, movement, movement_number, disc_number, track_number, genre) "
      "SELECT t.id, 'tags', t.title, a.title, a.title_key, a.artists_key, a.date, "
      "COALESCE(w.title, ''), COALESCE(w.musicbrainz, ''), t.movement, t.movement_number, "
      "t.disc_number, t.track_number, t.genre FROM tracks t JOIN albums a ON a.id = t.album_id "
      "LEFT JOIN works w ON w.id = t.work_id");
  change(
      "INSERT INTO written_names (track_id, source, role, position, name) "
      "SELECT c.track_id, 'tags', c.role, c.position, p.name FROM credits c "
      "JOIN people p ON p.id = c.person_id");
  change(
      "INSERT INTO written_names (track_id, source, role, position, name) "
      "SELECT t.id, 'tags', 'album artist', x.position, p.name FROM tracks t "
      "JOIN album_artists x ON x.album_id = t.album_id JOIN people p ON p.id = x.person_id");
  return {2, std::move(steps)};
}

// conclusions: one row, the digest of what the present conclusions were made from; none where they
// must be made. written.catalogue: a number that the rows of one catalogue share.
SchemaVersion versionThree() {
  std::vector<Step> steps;
  steps.emplace_back(CreateTable{{"conclusions", {bytes("sources")}, {"sources"}}});
  steps.emplace_back(AddColumn{"written", optional(integer("catalogue"))});
  steps.emplace_back(ChangeRows{"UPDATE written SET catalogue = 1 WHERE source = 'row'"});
  return {3, std::move(steps)};
}

}  // namespace

std::span<const SchemaVersion> schemaVersions() {
  static const std::vector<SchemaVersion> versions = {versionOne(), versionTwo(), versionThree()};
  return versions;
}

int currentSchemaVersion() { return schemaVersions().back().number; }

}  // namespace attacca::store
