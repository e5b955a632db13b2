CREATE TABLE conclusions (
  sources BYTEA NOT NULL,
  PRIMARY KEY (sources)
);
ALTER TABLE written ADD COLUMN catalogue BIGINT;
UPDATE written SET catalogue = 1 WHERE source = 'row';
