ALTER TABLE people ADD COLUMN sort_name TEXT;
ALTER TABLE people ADD COLUMN born INTEGER;
ALTER TABLE people ADD COLUMN died INTEGER;
CREATE TABLE new_tracks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  recording_id INTEGER REFERENCES recordings (id),
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
INSERT INTO new_tracks (id, recording_id, album_id, work_id, title, title_key, album_key, movement, movement_number, movement_count, disc_number, track_number, genre, musicbrainz, path, offline, removed) SELECT id, recording_id, album_id, work_id, title, title_key, album_key, movement, movement_number, movement_count, disc_number, track_number, genre, musicbrainz, path, offline, removed FROM tracks;
DELETE FROM sqlite_sequence WHERE name = 'new_tracks';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new_tracks', seq FROM sqlite_sequence WHERE name = 'tracks';
DROP TABLE tracks;
ALTER TABLE new_tracks RENAME TO tracks;
CREATE INDEX tracks_by_recording ON tracks (recording_id);
CREATE INDEX tracks_by_album ON tracks (album_id, removed);
CREATE INDEX tracks_by_work ON tracks (work_id);
CREATE INDEX tracks_by_words ON tracks (removed, title_key, album_key);
ALTER TABLE tracks ADD COLUMN external_id TEXT;
ALTER TABLE tracks ADD COLUMN duration REAL;
ALTER TABLE tracks ADD COLUMN people_key TEXT;
ALTER TABLE tracks ADD COLUMN work_confidence REAL;
ALTER TABLE tracks ADD COLUMN work_reason TEXT;
ALTER TABLE tracks ADD COLUMN movement_confidence REAL;
ALTER TABLE tracks ADD COLUMN movement_reason TEXT;
ALTER TABLE tracks ADD COLUMN concluded BLOB;
CREATE UNIQUE INDEX tracks_by_external_id ON tracks (external_id);
DROP INDEX tracks_by_words;
CREATE INDEX tracks_by_words ON tracks (removed, title_key, album_key, people_key);
ALTER TABLE credits ADD COLUMN written TEXT;
ALTER TABLE credits ADD COLUMN confidence REAL;
ALTER TABLE credits ADD COLUMN reason TEXT;
ALTER TABLE works ADD COLUMN sort_key TEXT;
ALTER TABLE works ADD COLUMN music_key TEXT;
ALTER TABLE works ADD COLUMN catalogue_numbers TEXT;
ALTER TABLE works ADD COLUMN period TEXT;
ALTER TABLE works ADD COLUMN period_confidence REAL;
ALTER TABLE works ADD COLUMN period_reason TEXT;
ALTER TABLE works ADD COLUMN instrumentation TEXT;
ALTER TABLE works ADD COLUMN instrumentation_confidence REAL;
ALTER TABLE works ADD COLUMN instrumentation_reason TEXT;
ALTER TABLE works ADD COLUMN concluded BLOB;
CREATE TABLE work_composers (
  work_id INTEGER NOT NULL REFERENCES works (id),
  position INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES people (id),
  PRIMARY KEY (work_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX work_composers_by_person ON work_composers (person_id);
CREATE TABLE written (
  track_id INTEGER NOT NULL REFERENCES tracks (id),
  source TEXT NOT NULL,
  title TEXT NOT NULL,
  album TEXT NOT NULL,
  album_key TEXT NOT NULL,
  artists_key TEXT NOT NULL,
  date TEXT NOT NULL,
  work TEXT NOT NULL,
  musicbrainz_work TEXT NOT NULL,
  movement TEXT NOT NULL,
  movement_number INTEGER,
  disc_number INTEGER,
  track_number INTEGER,
  genre TEXT NOT NULL,
  row_key TEXT,
  external_id TEXT,
  album_id TEXT,
  file TEXT,
  duration REAL,
  extra TEXT,
  PRIMARY KEY (track_id, source)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX written_by_row_key ON written (row_key);
CREATE TABLE written_names (
  track_id INTEGER NOT NULL REFERENCES tracks (id),
  source TEXT NOT NULL,
  role TEXT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (track_id, source, role, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE corrections (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  subject TEXT NOT NULL,
  subject_key TEXT NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
INSERT INTO written (track_id, source, title, album, album_key, artists_key, date, work, musicbrainz_work, movement, movement_number, disc_number, track_number, genre) SELECT t.id, 'tags', t.title, a.title, a.title_key, a.artists_key, a.date, COALESCE(w.title, ''), COALESCE(w.musicbrainz, ''), t.movement, t.movement_number, t.disc_number, t.track_number, t.genre FROM tracks t JOIN albums a ON a.id = t.album_id LEFT JOIN works w ON w.id = t.work_id;
INSERT INTO written_names (track_id, source, role, position, name) SELECT c.track_id, 'tags', c.role, c.position, p.name FROM credits c JOIN people p ON p.id = c.person_id;
INSERT INTO written_names (track_id, source, role, position, name) SELECT t.id, 'tags', 'album artist', x.position, p.name FROM tracks t JOIN album_artists x ON x.album_id = t.album_id JOIN people p ON p.id = x.person_id;
