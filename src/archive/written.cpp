#include "attacca/archive/written.h"

#include <algorithm>
#include <array>

#include "attacca/base/text.h"

namespace attacca::archive {
namespace {

template <class Value>
const Value& chosen(const Value& row, const Value& tags) {
  return row == Value() ? tags : row;
}

}  // namespace

Written writtenOf(const Entry& entry, const Tags& tags) {
  Written written;
  written.title = entry.title;
  written.album = entry.album_title;
  written.album_artists = entry.album_artists;
  written.date = entry.album_date;
  written.artists = entry.artists;
  written.composers = entry.composers;
  written.conductors = entry.conductors;
  written.arrangers = entry.arrangers;
  written.performers = entry.performers;
  written.work = tags.work;
  written.musicbrainz_work = tags.musicbrainz_work;
  written.movement = entry.movement;
  written.movement_number = entry.movement_number;
  written.disc_number = entry.disc_number;
  written.track_number = entry.track_number;
  written.genre = entry.genre;
  return written;
}

Written merged(const Written* row, const Written* tags) {
  if (row == nullptr) return tags == nullptr ? Written() : *tags;
  if (tags == nullptr) return *row;
  Written one;
  one.title = chosen(row->title, tags->title);
  one.album = chosen(row->album, tags->album);
  one.album_artists = chosen(row->album_artists, tags->album_artists);
  one.date = chosen(row->date, tags->date);
  one.artists = chosen(row->artists, tags->artists);
  one.composers = chosen(row->composers, tags->composers);
  one.conductors = chosen(row->conductors, tags->conductors);
  one.arrangers = chosen(row->arrangers, tags->arrangers);
  one.performers = chosen(row->performers, tags->performers);
  one.work = chosen(row->work, tags->work);
  one.musicbrainz_work = chosen(row->musicbrainz_work, tags->musicbrainz_work);
  one.movement = chosen(row->movement, tags->movement);
  one.movement_number = chosen(row->movement_number, tags->movement_number);
  // A place on the album is one thing: a disc of one source and a number of the other is no place.
  const Written& place = row->track_number ? *row : *tags;
  one.disc_number = place.disc_number;
  one.track_number = place.track_number;
  one.genre = chosen(row->genre, tags->genre);
  return one;
}

bool saysNothing(std::string_view text) {
  static constexpr std::array<std::string_view, 9> kNothing = {
      "", "nan", "n a", "na", "null", "none", "nil", "unknown", "nat"};
  constexpr std::size_t kLongest = 12;  // "(unknown)"
  if (text.size() > kLongest) return false;
  return std::find(kNothing.begin(), kNothing.end(), foldText(text)) != kNothing.end();
}

}  // namespace attacca::archive
