PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE people (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  sort_key TEXT NOT NULL
) STRICT;
INSERT INTO people VALUES(1,'Orchestra','orchestra');
INSERT INTO people VALUES(2,'Antonín Dvořák','antonin dvorak');
CREATE TABLE albums (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  title_key TEXT NOT NULL,
  artists_key TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  date TEXT NOT NULL,
  musicbrainz TEXT NOT NULL
) STRICT;
INSERT INTO albums VALUES(1,'Serenades','serenades','orchestra','serenades','','');
INSERT INTO albums VALUES(2,'','','','','','');
CREATE TABLE album_artists (
  album_id INTEGER NOT NULL REFERENCES albums (id),
  position INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES people (id),
  PRIMARY KEY (album_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO album_artists VALUES(1,0,1);
CREATE TABLE album_folders (
  folder BLOB NOT NULL,
  album_id INTEGER NOT NULL REFERENCES albums (id),
  PRIMARY KEY (folder, album_id)
) STRICT, WITHOUT ROWID;
INSERT INTO album_folders VALUES(X'2f636f7079',1);
INSERT INTO album_folders VALUES(X'2f6d757369632f536572656e61646573',1);
INSERT INTO album_folders VALUES(X'2f6d757369632f6c6f6f7365',2);
CREATE TABLE works (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  work_key TEXT NOT NULL,
  title TEXT NOT NULL,
  composer_id INTEGER REFERENCES people (id),
  musicbrainz TEXT NOT NULL
) STRICT;
INSERT INTO works VALUES(1,'antonin dvorakserenade op 44','Serenade op. 44',2,'');
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
INSERT INTO recordings VALUES(1,X'a0354fe85afab6cfab59ed58331a643e8c7e322ea071e3d20b571205d7a18d9d',180.49999999999999999,-20.499999999999999999,11.25,0.5,'flac',44100,2);
INSERT INTO recordings VALUES(3,X'56469d6119aa005479af87493e9e71d01171d32eb4f52c1fcd58fae2d8b810c3',180.49999999999999999,NULL,NULL,0.0,'flac',44100,2);
INSERT INTO recordings VALUES(4,X'efe2a5c09e6d49d7eb735c9875f77404be5b887bb3f56378038968d4e3ff8198',180.49999999999999999,NULL,NULL,0.0,'flac',44100,2);
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
INSERT INTO tracks VALUES(1,1,1,1,'Larghetto','larghetto','serenades','III. Andante con moto',3,NULL,NULL,3,'','',X'2f6d757369632f536572656e616465732f332e666c6163',0,0);
INSERT INTO tracks VALUES(2,3,1,NULL,'Finale','finale','serenades','',NULL,NULL,NULL,4,'','',X'2f6d757369632f536572656e616465732f342e666c6163',0,0);
INSERT INTO tracks VALUES(3,4,2,NULL,'noise','noise','','',NULL,NULL,NULL,NULL,'','',X'2f6d757369632f6c6f6f73652f6e6f6973652e776176',1,0);
CREATE TABLE credits (
  track_id INTEGER NOT NULL REFERENCES tracks (id),
  role TEXT NOT NULL,
  position INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES people (id),
  PRIMARY KEY (track_id, role, position)
) STRICT, WITHOUT ROWID;
INSERT INTO credits VALUES(1,'artist',0,1);
INSERT INTO credits VALUES(2,'artist',0,1);
INSERT INTO credits VALUES(1,'composer',0,2);
CREATE TABLE places (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  track_id INTEGER NOT NULL REFERENCES tracks (id),
  path BLOB NOT NULL,
  size INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL,
  offline INTEGER NOT NULL CHECK (offline IN (0, 1))
) STRICT;
INSERT INTO places VALUES(1,1,X'2f6d757369632f536572656e616465732f332e666c6163',1000,1,0);
INSERT INTO places VALUES(2,1,X'2f636f70792fff2e666c6163',1000,1,0);
INSERT INTO places VALUES(3,2,X'2f6d757369632f536572656e616465732f342e666c6163',1000,1,0);
INSERT INTO places VALUES(4,3,X'2f6d757369632f6c6f6f73652f6e6f6973652e776176',1000,1,1);
CREATE TABLE refused_files (
  path BLOB NOT NULL,
  size INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL,
  reason TEXT NOT NULL,
  refused_at INTEGER NOT NULL,
  PRIMARY KEY (path)
) STRICT, WITHOUT ROWID;
INSERT INTO refused_files VALUES(X'2f6d757369632f6c6973742e6d7033',12,34,'it holds no sound',0);
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL
) STRICT;
INSERT INTO users VALUES(1,'anna');
CREATE TABLE interactions (
  user_id INTEGER NOT NULL REFERENCES users (id),
  heard_at INTEGER NOT NULL,
  track_id INTEGER NOT NULL REFERENCES tracks (id),
  fraction REAL NOT NULL,
  PRIMARY KEY (user_id, heard_at, track_id)
) STRICT, WITHOUT ROWID;
INSERT INTO interactions VALUES(1,1000000000000,1,0.75);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('recordings',4);
INSERT INTO sqlite_sequence VALUES('albums',2);
INSERT INTO sqlite_sequence VALUES('people',2);
INSERT INTO sqlite_sequence VALUES('tracks',3);
INSERT INTO sqlite_sequence VALUES('works',1);
INSERT INTO sqlite_sequence VALUES('places',4);
INSERT INTO sqlite_sequence VALUES('users',1);
CREATE UNIQUE INDEX people_by_name ON people (name);
CREATE INDEX albums_by_key ON albums (title_key, artists_key);
CREATE INDEX album_artists_by_person ON album_artists (person_id);
CREATE INDEX album_folders_by_album ON album_folders (album_id);
CREATE UNIQUE INDEX works_by_key ON works (work_key);
CREATE INDEX works_by_composer ON works (composer_id);
CREATE UNIQUE INDEX recordings_by_hash ON recordings (hash);
CREATE INDEX tracks_by_recording ON tracks (recording_id);
CREATE INDEX tracks_by_album ON tracks (album_id, removed);
CREATE INDEX tracks_by_work ON tracks (work_id);
CREATE INDEX tracks_by_words ON tracks (removed, title_key, album_key);
CREATE INDEX credits_by_person ON credits (person_id);
CREATE UNIQUE INDEX places_by_path ON places (path);
CREATE INDEX places_by_track ON places (track_id);
CREATE UNIQUE INDEX users_by_name ON users (name);
CREATE INDEX interactions_by_track ON interactions (track_id);
COMMIT;
PRAGMA application_id = 1098146657;
PRAGMA user_version = 1;
