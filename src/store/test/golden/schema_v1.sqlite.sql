CREATE TABLE people (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  sort_key TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX people_by_name ON people (name);
CREATE TABLE albums (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  title_key TEXT NOT NULL,
  artists_key TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  date TEXT NOT NULL,
  musicbrainz TEXT NOT NULL
) STRICT;
CREATE INDEX albums_by_key ON albums (title_key, artists_key);
CREATE TABLE album_artists (
  album_id INTEGER NOT NULL REFERENCES albums (id),
  position INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES people (id),
  PRIMARY KEY (album_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX album_artists_by_person ON album_artists (person_id);
CREATE TABLE album_folders (
  folder BLOB NOT NULL,
  album_id INTEGER NOT NULL REFERENCES albums (id),
  PRIMARY KEY (folder, album_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX album_folders_by_album ON album_folders (album_id);
CREATE TABLE works (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  work_key TEXT NOT NULL,
  title TEXT NOT NULL,
  composer_id INTEGER REFERENCES people (id),
  musicbrainz TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX works_by_key ON works (work_key);
CREATE INDEX works_by_composer ON works (composer_id);
CREATE TABLE recordings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  hash BLOB NOT NULL,
  duration REAL NOT NULL,
  integrated_lufs REAL,
  range_lu REAL,
  sample_peak REAL NOT NULL,
  format TEXT NOT NULL,
  rate_hz INTEGER NOT NULL,
  channels INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX recordings_by_hash ON recordings (hash);
CREATE TABLE tracks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  recording_id INTEGER NOT NULL REFERENCES recordings (id),
  album_id INTEGER NOT NULL REFERENCES albums (id),
  work_id INTEGER REFERENCES works (id),
  title TEXT NOT NULL,
  title_key TEXT NOT NULL,
  album_key TEXT NOT NULL,
  movement TEXT NOT NULL,
  movement_number INTEGER,
  movement_count INTEGER,
  disc_number INTEGER,
  track_number INTEGER,
  genre TEXT NOT NULL,
  musicbrainz TEXT NOT NULL,
  path BLOB NOT NULL,
  offline INTEGER NOT NULL CHECK (offline IN (0, 1)),
  removed INTEGER NOT NULL CHECK (removed IN (0, 1))
) STRICT;
CREATE INDEX tracks_by_recording ON tracks (recording_id);
CREATE INDEX tracks_by_album ON tracks (album_id, removed);
CREATE INDEX tracks_by_work ON tracks (work_id);
CREATE INDEX tracks_by_words ON tracks (removed, title_key, album_key);
CREATE TABLE credits (
  track_id INTEGER NOT NULL REFERENCES tracks (id),
  role TEXT NOT NULL,
  position INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES people (id),
  PRIMARY KEY (track_id, role, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX credits_by_person ON credits (person_id);
CREATE TABLE places (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  track_id INTEGER NOT NULL REFERENCES tracks (id),
  path BLOB NOT NULL,
  size INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL,
  offline INTEGER NOT NULL CHECK (offline IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX places_by_path ON places (path);
CREATE INDEX places_by_track ON places (track_id);
CREATE TABLE refused_files (
  path BLOB NOT NULL,
  size INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL,
  reason TEXT NOT NULL,
  refused_at INTEGER NOT NULL,
  PRIMARY KEY (path)
) STRICT, WITHOUT ROWID;
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_by_name ON users (name);
CREATE TABLE interactions (
  user_id INTEGER NOT NULL REFERENCES users (id),
  heard_at INTEGER NOT NULL,
  track_id INTEGER NOT NULL REFERENCES tracks (id),
  fraction REAL NOT NULL,
  PRIMARY KEY (user_id, heard_at, track_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX interactions_by_track ON interactions (track_id);
