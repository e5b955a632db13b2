PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE people (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  sort_key TEXT NOT NULL
, sort_name TEXT, born INTEGER, died INTEGER) STRICT;
INSERT INTO people VALUES(1,'Orchestra','orchestra',NULL,NULL,NULL);
INSERT INTO people VALUES(2,'Antonín Dvořák','dvorak antonin','Dvořák, Antonín',1841,1904);
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
INSERT INTO albums VALUES(3,'Serenades, live','serenades','','serenades live','','');
CREATE TABLE album_artists (
  album_id INTEGER NOT NULL REFERENCES albums (id),
  position INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES people (id),
  PRIMARY KEY (album_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO album_artists VALUES(1,0,1);
INSERT INTO album_artists VALUES(3,0,1);
CREATE TABLE album_folders (
  folder BLOB NOT NULL,
  album_id INTEGER NOT NULL REFERENCES albums (id),
  PRIMARY KEY (folder, album_id)
) STRICT, WITHOUT ROWID;
INSERT INTO album_folders VALUES(X'2f636f7079',1);
INSERT INTO album_folders VALUES(X'2f6d757369632f536572656e61646573',1);
INSERT INTO album_folders VALUES(X'2f6d757369632f6c6f6f7365',2);
INSERT INTO album_folders VALUES(X'636174616c6f67756520616c62756d2032',3);
CREATE TABLE works (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  work_key TEXT NOT NULL,
  title TEXT NOT NULL,
  composer_id INTEGER REFERENCES people (id),
  musicbrainz TEXT NOT NULL
, sort_key TEXT, music_key TEXT, catalogue_numbers TEXT, period TEXT, period_confidence REAL, period_reason TEXT, instrumentation TEXT, instrumentation_confidence REAL, instrumentation_reason TEXT, concluded BLOB) STRICT;
INSERT INTO works VALUES(1,'/noise','noise',NULL,'','noise','','','',0.0,'','',0.0,'',X'b908d7c4cbf9ef1fbd0534ceccdd5362f910bd0d31f23c7b7cd9ef137b526213');
INSERT INTO works VALUES(2,'antonin dvorak/not heard yet','Not heard yet',2,'','not heard yet','','','romantic',0.9000000000000000222,'Antonín Dvořák was born in 1841','',0.0,'',X'3c7f845f0218668240785faccfaa7de2c90c82abda929747a343db66d6cf3c23');
INSERT INTO works VALUES(3,'antonin dvorak/op 44','Serenade op. 44',2,'','serenade op 000000044','','Op. 44','romantic',0.9000000000000000222,'Antonín Dvořák was born in 1841','',0.0,'',X'003375e1c08f7fe4382e88d97290d5dc6afa1ff5c31db9ad9b5f6332f55c3834');
INSERT INTO works VALUES(4,'serenades/finale','Finale',NULL,'','finale','','','',0.0,'','',0.0,'',X'04b59d60e30325ed41d3c921e2dd889cb6a699f0af9ba2a7ba8a3b89f1aaba16');
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
CREATE TABLE credits (
  track_id INTEGER NOT NULL REFERENCES tracks (id),
  role TEXT NOT NULL,
  position INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES people (id), written TEXT, confidence REAL, reason TEXT,
  PRIMARY KEY (track_id, role, position)
) STRICT, WITHOUT ROWID;
INSERT INTO credits VALUES(1,'artist',0,1,NULL,NULL,NULL);
INSERT INTO credits VALUES(1,'composer',0,2,'A. Dvorak',0.94999999999999995559,'surname and initials agree');
INSERT INTO credits VALUES(2,'artist',0,1,NULL,NULL,NULL);
INSERT INTO credits VALUES(5,'composer',0,2,'A. Dvorak',0.94999999999999995559,'surname and initials agree');
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
CREATE TABLE IF NOT EXISTS "tracks" (
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
, external_id TEXT, duration REAL, people_key TEXT, work_confidence REAL, work_reason TEXT, movement_confidence REAL, movement_reason TEXT, concluded BLOB) STRICT;
INSERT INTO tracks VALUES(1,1,3,3,'Serenade op. 44: III. Andante con moto','serenade op 44 iii andante con moto','serenades live','III. Andante con moto',3,NULL,1,3,'','',X'2f6d757369632f536572656e616465732f332e666c6163',0,0,'6',NULL,'antonin dvoraka dvorak',0.9000000000000000222,'its catalogue number is no other work''s',0.96999999999999997335,'the tags state number 3',X'1f5f96339dca19bfd602b923f3edf419b7a0fd4e59fb5968714b2975be335e33');
INSERT INTO tracks VALUES(2,3,1,4,'Finale','finale','serenades','',NULL,NULL,NULL,4,'','',X'2f6d757369632f536572656e616465732f342e666c6163',0,0,NULL,NULL,'',0.8000000000000000444,'nothing else in the catalogue is called so',0.0,'',X'13c7658183abf1aba67ec7cbf4e649926e10f2c630e6f6e713af55ede3745181');
INSERT INTO tracks VALUES(3,4,2,1,'noise','noise','','',NULL,NULL,NULL,NULL,'','',X'2f6d757369632f6c6f6f73652f6e6f6973652e776176',1,0,NULL,NULL,'',0.8000000000000000444,'nothing else in the catalogue is called so',0.0,'',X'87009d74e5ce5bb253919b1933a9ba42c8b44e343129ae07b83d770fdd72e471');
INSERT INTO tracks VALUES(5,NULL,3,2,'Not heard yet','not heard yet','serenades live','',NULL,NULL,1,NULL,'Serenade','',X'',1,0,'7',180.0,'antonin dvoraka dvorak',0.8000000000000000444,'nothing else in the catalogue is called so',0.0,'',X'fc165d5695091f3adfee1a44b6f31f05682a13d974b83866bbf54a4054cdb11d');
CREATE TABLE work_composers (
  work_id INTEGER NOT NULL REFERENCES works (id),
  position INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES people (id),
  PRIMARY KEY (work_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO work_composers VALUES(2,0,2);
INSERT INTO work_composers VALUES(3,0,2);
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
  extra TEXT, catalogue INTEGER,
  PRIMARY KEY (track_id, source)
) STRICT, WITHOUT ROWID;
INSERT INTO written VALUES(1,'row','Serenade op. 44: III. Andante con moto','Serenades (Disc I)','','','','','','',NULL,NULL,NULL,'','id:6','6','2','Serenades/3.m4a',180.0,'labelsOwn',1);
INSERT INTO written VALUES(1,'tags','Larghetto','Serenades','serenades','orchestra','','Serenade op. 44','','III. Andante con moto',3,NULL,3,'',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO written VALUES(2,'tags','Finale','Serenades','serenades','orchestra','','','','',NULL,NULL,4,'',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO written VALUES(3,'tags','noise','','','','','','','',NULL,NULL,NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO written VALUES(5,'row','Not heard yet','Serenades (Disc I)','','','','','','',NULL,NULL,NULL,'','id:7','7','2','',180.0,'labelsOwn',1);
CREATE TABLE written_names (
  track_id INTEGER NOT NULL REFERENCES tracks (id),
  source TEXT NOT NULL,
  role TEXT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (track_id, source, role, position)
) STRICT, WITHOUT ROWID;
INSERT INTO written_names VALUES(1,'row','composer',0,'A. Dvorak');
INSERT INTO written_names VALUES(1,'tags','album artist',0,'Orchestra');
INSERT INTO written_names VALUES(1,'tags','artist',0,'Orchestra');
INSERT INTO written_names VALUES(1,'tags','composer',0,'Antonín Dvořák');
INSERT INTO written_names VALUES(2,'tags','album artist',0,'Orchestra');
INSERT INTO written_names VALUES(2,'tags','artist',0,'Orchestra');
INSERT INTO written_names VALUES(5,'row','composer',0,'A. Dvorak');
CREATE TABLE corrections (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  subject TEXT NOT NULL,
  subject_key TEXT NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
INSERT INTO corrections VALUES(1,'track','id:7','genre','Serenade',0);
INSERT INTO corrections VALUES(2,'album','id:2','title','Serenades, live',0);
CREATE TABLE conclusions (
  sources BLOB NOT NULL,
  PRIMARY KEY (sources)
) STRICT, WITHOUT ROWID;
INSERT INTO conclusions VALUES(X'5e0e6b3926878f756266d10fba997bd2943d12b0edb396e65e04fc3d4a416a92');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('recordings',4);
INSERT INTO sqlite_sequence VALUES('albums',3);
INSERT INTO sqlite_sequence VALUES('people',2);
INSERT INTO sqlite_sequence VALUES('tracks',5);
INSERT INTO sqlite_sequence VALUES('places',4);
INSERT INTO sqlite_sequence VALUES('works',4);
INSERT INTO sqlite_sequence VALUES('corrections',2);
INSERT INTO sqlite_sequence VALUES('users',1);
CREATE UNIQUE INDEX people_by_name ON people (name);
CREATE INDEX albums_by_key ON albums (title_key, artists_key);
CREATE INDEX album_artists_by_person ON album_artists (person_id);
CREATE INDEX album_folders_by_album ON album_folders (album_id);
CREATE UNIQUE INDEX works_by_key ON works (work_key);
CREATE INDEX works_by_composer ON works (composer_id);
CREATE UNIQUE INDEX recordings_by_hash ON recordings (hash);
CREATE INDEX credits_by_person ON credits (person_id);
CREATE UNIQUE INDEX places_by_path ON places (path);
CREATE INDEX places_by_track ON places (track_id);
CREATE UNIQUE INDEX users_by_name ON users (name);
CREATE INDEX interactions_by_track ON interactions (track_id);
CREATE INDEX tracks_by_recording ON tracks (recording_id);
CREATE INDEX tracks_by_album ON tracks (album_id, removed);
CREATE INDEX tracks_by_work ON tracks (work_id);
CREATE UNIQUE INDEX tracks_by_external_id ON tracks (external_id);
CREATE INDEX tracks_by_words ON tracks (removed, title_key, album_key, people_key);
CREATE INDEX work_composers_by_person ON work_composers (person_id);
CREATE UNIQUE INDEX written_by_row_key ON written (row_key);
COMMIT;
PRAGMA application_id = 1098146657;
PRAGMA user_version = 3;
