CREATE TABLE conclusions (
  sources BLOB NOT NULL,
  PRIMARY KEY (sources)
) STRICT, WITHOUT ROWID;
ALTER TABLE written ADD COLUMN catalogue INTEGER;
UPDATE written SET catalogue = 1 WHERE source = 'row';
