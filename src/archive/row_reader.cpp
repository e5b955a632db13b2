#include "attacca/archive/row_reader.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "attacca/archive/corrections.h"
#include "attacca/base/text.h"

namespace attacca::archive {
namespace {

constexpr std::size_t kMaxValueBytes = 4096;

struct Known {
  RowField field;
  std::string_view name;                    // as `--map` has it
  std::array<std::string_view, 8> columns;  // other folded names that surely mean it
};

constexpr std::array<Known, 19> kFields = {{
    {RowField::track_id, "track_id", {"track id", "id", "external id", "trackid"}},
    {RowField::title, "title", {"title", "track title", "track name", "name", "piece"}},
    {RowField::album_id, "album_id", {"album id", "albumid"}},
    {RowField::album, "album", {"album", "album name", "album title"}},
    {RowField::album_artist, "album_artist", {"album artist", "album artists", "albumartist"}},
    {RowField::disc,
     "disc",
     {"disc", "disc no", "disc number", "disk", "disk no", "cd", "cd no", "discnumber"}},
    {RowField::track,
     "track",
     {"track no", "track number", "no", "nr", "position", "tracknumber", "track nr"}},
    {RowField::composer, "composer", {"composer", "composers"}},
    {RowField::arranger, "arranger", {"arranger", "arrangers"}},
    {RowField::artist, "artist", {"artist", "artists"}},
    {RowField::conductor, "conductor", {"conductor", "conductors"}},
    {RowField::performer, "performer", {"performer", "performers"}},
    {RowField::work, "work", {"work", "work title"}},
    {RowField::movement, "movement", {"movement", "movement title", "movement name"}},
    {RowField::movement_number,
     "movement_number",
     {"movement number", "movement no", "movementnumber"}},
    {RowField::genre, "genre", {"genre", "genres"}},
    {RowField::date,
     "date",
     {"date", "release date", "released", "year", "release year", "recorded date", "recording date",
      "recorded"}},
    {RowField::duration,
     "duration",
     {"duration", "length", "time", "duration s", "duration ms", "length ms"}},
    {RowField::file,
     "file",
     {"audio s3 key", "s3 key", "path", "file", "filename", "file name", "audio file", "location"}},
}};

std::optional<int> placeOf(std::string_view text) {
  // "3", "3.0" (a spreadsheet's), "3/12"
  const std::string_view digits = text.substr(0, text.find_first_of("./"));
  int number = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (fault != std::errc{} || end != digits.data() + digits.size() || number < 1 || number > 9999) {
    return std::nullopt;
  }
  const std::string_view rest = text.substr(digits.size());
  if (rest.empty() || rest.front() == '/' || rest == ".0") return number;
  return std::nullopt;
}

// Puts one value where it belongs.
class Filling {
 public:
  Filling(RowReading& reading, CatalogueRow& row, std::optional<bool> month_first)
      : reading_(reading), row_(row), month_first_(month_first) {}

  void put(const std::string& column, std::optional<RowField> field, const std::string& value) {
    Written& written = row_.written;
    if (!field) {
      row_.extra.emplace(column, value);
      return;
    }
    switch (*field) {
      case RowField::track_id:
        row_.external_id = value;
        break;
      case RowField::title:
        written.title = value;
        break;
      case RowField::album_id:
        row_.album_id = value;
        break;
      case RowField::album:
        written.album = value;
        break;
      case RowField::album_artist:
        written.album_artists = splitNames(value);
        break;
      case RowField::disc:
        place(column, value, written.disc_number);
        break;
      case RowField::track:
        place(column, value, written.track_number);
        break;
      case RowField::composer:
        written.composers = splitNames(value);
        break;
      case RowField::arranger:
        written.arrangers = splitNames(value);
        break;
      case RowField::artist:
        written.artists = splitNames(value);
        break;
      case RowField::conductor:
        written.conductors = splitNames(value);
        break;
      case RowField::performer:
        written.performers = splitNames(value);
        break;
      case RowField::work:
        written.work = value;
        break;
      case RowField::movement:
        written.movement = value;
        break;
      case RowField::movement_number:
        place(column, value, written.movement_number);
        break;
      case RowField::genre:
        written.genre = value;
        break;
      case RowField::date:
        date(column, value);
        break;
      case RowField::duration:
        duration(column, value);
        break;
      case RowField::file:
        row_.file = value;
        break;
    }
  }

 private:
  void keepAsWritten(const std::string& column, const std::string& value, std::string_view why) {
    row_.extra.emplace(column, value);
    reading_.notes.push_back(fmt::format("{} \"{}\" {}; kept as it is", column, value, why));
  }
  void place(const std::string& column, const std::string& value, std::optional<int>& number) {
    number = placeOf(value);
    if (!number) keepAsWritten(column, value, "is no whole number");
  }
  void date(const std::string& column, const std::string& value) {
    if (const auto known = readDate(value, month_first_)) {
      row_.written.date = *known;
      return;
    }
    row_.written.date = value;
    const bool two_ways = readDate(value, true) && readDate(value, false);
    reading_.notes.push_back(
        fmt::format("{} \"{}\" {}; kept as it is", column, value,
                    two_ways ? "may be month or day first" : "is no date that can be read"));
  }
  void duration(const std::string& column, const std::string& value) {
    const std::string folded = foldText(column);
    const bool in_ms = folded.size() > 3 && folded.compare(folded.size() - 3, 3, " ms") == 0;
    row_.duration = readDuration(in_ms ? value + " ms" : value);
    if (!row_.duration) keepAsWritten(column, value, "is no duration that can be read");
  }

  RowReading& reading_;
  CatalogueRow& row_;
  std::optional<bool> month_first_;
};

std::string keyOf(const CatalogueRow& row) {
  if (!row.external_id.empty()) return "id:" + row.external_id;
  if (!row.file.empty()) return "file:" + row.file;
  const Written& written = row.written;
  return fmt::format("place:{}{}{}{}{}{}{}", row.album_id.empty() ? written.album : row.album_id,
                     kJoin, written.disc_number.value_or(0), kJoin,
                     written.track_number.value_or(0), kJoin, searchKey(written.title));
}

}  // namespace

std::string_view name(RowField field) { return kFields[static_cast<std::size_t>(field)].name; }

std::optional<RowField> fieldCalled(std::string_view called) {
  for (const Known& one : kFields) {
    if (one.name == called) return one.field;
  }
  return std::nullopt;
}

std::optional<RowField> fieldOfColumn(std::string_view column) {
  const std::string folded = foldText(column);
  for (const Known& one : kFields) {
    if (!folded.empty() &&
        std::find(one.columns.begin(), one.columns.end(), folded) != one.columns.end()) {
      return one.field;
    }
  }
  return std::nullopt;
}

std::optional<RowField> RowReader::fieldOf(std::string_view column) const {
  const auto seen = seen_.find(column);
  return seen == seen_.end() ? lookUp(column) : seen->second;
}

std::optional<RowField> RowReader::lookUp(std::string_view column) const {
  const auto mapped = columns_.find(foldText(column));
  if (mapped != columns_.end()) return mapped->second;
  const auto field = fieldOfColumn(column);
  // A field that was given a column has no other.
  const bool taken = field && std::any_of(columns_.begin(), columns_.end(),
                                          [&](const auto& one) { return one.second == *field; });
  return taken ? std::nullopt : field;
}

void RowReader::see(const Cells& cells) {
  for (const auto& [column, value] : cells) {
    auto seen = seen_.find(column);
    if (seen == seen_.end()) seen = seen_.emplace(column, lookUp(column)).first;
    if (seen->second == RowField::date) order_.see(cleanText(value, kMaxValueBytes));
  }
}

RowReading RowReader::read(const Cells& cells) const {
  RowReading reading;
  CatalogueRow row;
  Filling filling(reading, row, order_.monthFirst());
  for (const auto& [column, value] : cells) {
    const std::string clean = cleanText(value, kMaxValueBytes);
    if (!saysNothing(clean)) filling.put(column, fieldOf(column), clean);
  }
  if (row.written.title.empty()) {
    reading.refusal = "it has no title";
    return reading;
  }
  row.key = keyOf(row);
  reading.row = std::move(row);
  return reading;
}

}  // namespace attacca::archive
