// Which album a track is on.
//
// Files name an album by its title and album artists. Files of one folder and one album title are
// one album, though some of them name no album artist, unless two different ones are named. Rows of
// a catalogue are on the album that its id, else its title, tells.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "attacca/archive/effective.h"
#include "attacca/archive/entry.h"
#include "attacca/archive/written.h"

#include "sqlite_database.h"

namespace attacca::store {

// Finds or makes the album, and describes it as the entry does. `track`: whose entry it is.
AlbumId albumOf(Database& database, const archive::Entry& entry, std::optional<TrackId> track);
AlbumId albumOfRow(Database& database, const archive::CatalogueRow& row);

// Albums without album artists join the one with album artists that has files of the same album
// title in the same folder, whichever came first.
void joinAlbums(Database& database);

// All albums, in order of ids; without keys unless they are wanted.
std::vector<archive::AlbumSources> readAlbumSources(Database& database, bool with_keys);

void dropUnusedAlbum(Database& database, AlbumId album);

// The person of exactly that name, made if there is none.
PersonId personOf(Database& database, const std::string& name);

}  // namespace attacca::store
