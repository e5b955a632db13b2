#!/bin/sh
# Writes src/store/test/golden/{archive_v<N>.sql,schema_v<N>.*.sql}: a database as the current program
# makes it, as text (sqlite3 3.40.1), and the statements of its schema. Run it once when schema
# version N is released; the files are never changed later.
# Usage: tools/reference/golden_archive.sh BUILD_DIR N
set -eu
build=$1
version=$2
golden=$(dirname "$0")/../../src/store/test/golden
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
ninja -C "$build" store_make_golden_archive
"$build/bin/store_make_golden_archive" "$folder"
{
  sqlite3 -readonly "$folder/archive.db" .dump
  for name in application_id user_version; do
    echo "PRAGMA $name = $(sqlite3 -readonly "$folder/archive.db" "PRAGMA $name");"
  done
} > "$golden/archive_v$version.sql"
for dialect in sqlite postgresql; do
  cp "$folder/schema.$dialect.sql" "$golden/schema_v$version.$dialect.sql"
done
