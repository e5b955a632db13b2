// A row of a catalogue, as tables of archives have it, read into what Attacca keeps.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "attacca/archive/written.h"

namespace attacca::archive {

// Column and value, in the table's order; valid UTF-8.
using Cells = std::vector<std::pair<std::string, std::string>>;

// What Attacca keeps of a track, by the names that `--map` takes.
enum class RowField {
  track_id,
  title,
  album_id,
  album,
  album_artist,
  disc,
  track,
  composer,
  arranger,
  artist,
  conductor,
  performer,
  work,
  movement,
  movement_number,
  genre,
  date,
  duration,
  file,
};
std::string_view name(RowField field);
std::optional<RowField> fieldCalled(std::string_view name);
// The field that a column of that name surely is: "Composers", "audio_s3_key", "Track No".
std::optional<RowField> fieldOfColumn(std::string_view column);

// Which of day and month stands first in "8/2/2000" is told by other dates of the same table
// ("7/30/1998"), or not at all.
class DateOrder {
 public:
  void see(std::string_view date);
  std::optional<bool> monthFirst() const;

 private:
  bool month_first_ = false;
  bool day_first_ = false;
};

// "2008-07-26", "1998-07-30/1998-08-08", "1997/2006" of "26-Jul-08", "7/30/1998 - 8/8/1998",
// "1997 to 2006". Years of two digits are 1930 to 2029, as spreadsheets have it. nullopt for what
// is no date or may be two.
std::optional<std::string> readDate(std::string_view text, std::optional<bool> month_first);

// "0:07:51", "7:51.5", "471", "471 s", "471000 ms"
std::optional<Seconds> readDuration(std::string_view text);

struct RowReading {
  std::optional<CatalogueRow> row;  // nullopt: it cannot be used
  std::string refusal;              // then why
  // What a person should know: values that could not be read, kept as they were written.
  std::vector<std::string> notes;
};

class RowReader {
 public:
  // `columns`: which column is which field, beside those that their names tell.
  explicit RowReader(std::map<std::string, RowField> columns) : columns_(std::move(columns)) {}

  // Look at all rows before any is read.
  void see(const Cells& cells);
  RowReading read(const Cells& cells) const;
  std::optional<RowField> fieldOf(std::string_view column) const;

 private:
  std::optional<RowField> lookUp(std::string_view column) const;

  std::map<std::string, RowField> columns_;                           // by folded name
  std::map<std::string, std::optional<RowField>, std::less<>> seen_;  // by name as it is
  DateOrder order_;
};

}  // namespace attacca::archive
