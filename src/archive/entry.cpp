#include "attacca/archive/entry.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "attacca/archive/written.h"
#include "attacca/base/text.h"

namespace attacca::archive {
namespace {

constexpr std::size_t kMaxTitleBytes = 4096;
constexpr std::size_t kSortDigits = 9;

bool isDigit(char c) { return c >= '0' && c <= '9'; }

// Without "NaN" and the like, which programs write where nothing is known.
std::vector<std::string> distinct(const std::vector<std::string>& names) {
  std::vector<std::string> kept;
  for (const std::string& name : names) {
    if (!saysNothing(name) && std::find(kept.begin(), kept.end(), name) == kept.end()) {
      kept.push_back(name);
    }
  }
  return kept;
}

std::string foldedNames(const std::vector<std::string>& names) {
  std::string joined;
  for (const std::string& name : names) {
    if (!joined.empty()) joined += kJoin;
    joined += foldText(name);
  }
  return joined;
}

// "CD2", "Disc 1", "disk 03"
bool namesDisc(std::string_view folder) {
  const std::string folded = foldText(folder);
  static constexpr std::array<std::string_view, 3> kWords = {"cd", "disc", "disk"};
  for (const std::string_view word : kWords) {
    if (folded.compare(0, word.size(), word) != 0) continue;
    const std::size_t digits = folded.find_first_not_of(' ', word.size());
    if (digits != std::string::npos &&
        std::all_of(folded.begin() + static_cast<std::ptrdiff_t>(digits), folded.end(), isDigit)) {
      return true;
    }
  }
  return false;
}

std::string albumFolder(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.parent_path();
  return namesDisc(folder.filename().native()) ? folder.parent_path().native() : folder.native();
}

std::string titleFromName(const std::filesystem::path& path) {
  const std::string stem = cleanText(path.stem().native(), kMaxTitleBytes);
  return stem.empty() ? "(untitled)" : stem;
}

}  // namespace

Entry entryOf(const Arrival& arrival) {
  const Tags& tags = arrival.identity.tags;
  const std::filesystem::path path(arrival.path);
  Entry entry;
  entry.album_title = tags.album;
  if (!saysNothing(tags.date)) entry.album_date = tags.date;
  entry.album_artists = distinct(tags.album_artists);
  entry.album_musicbrainz = tags.musicbrainz_album;
  entry.album_folder = albumFolder(path);
  entry.album_key = {searchKey(tags.album), foldedNames(entry.album_artists)};
  // Artists without a title name no album.
  if (entry.album_title.empty()) entry.album_key = {};

  entry.title = tags.title.empty() ? titleFromName(path) : tags.title;
  entry.artists = distinct(tags.artists.empty() ? tags.album_artists : tags.artists);
  entry.composers = distinct(tags.composers);
  entry.conductors = distinct(tags.conductors);
  entry.arrangers = distinct(tags.arrangers);
  entry.performers = distinct(tags.performers);
  entry.movement = tags.movement;
  entry.movement_number = tags.movement_number;
  entry.movement_count = tags.movement_count;
  entry.disc_number = tags.disc_number;
  entry.track_number = tags.track_number;
  entry.genre = tags.genre;
  entry.musicbrainz = tags.musicbrainz_recording;
  return entry;
}

std::string searchKey(std::string_view text) {
  std::string folded = foldText(text);
  return folded.empty() ? cleanText(text, kMaxTitleBytes) : folded;
}

std::string sortKey(std::string_view text) {
  std::string folded = foldText(text);
  static constexpr std::array<std::string_view, 3> kArticles = {"the ", "a ", "an "};
  for (const std::string_view article : kArticles) {
    if (folded.size() > article.size() && folded.compare(0, article.size(), article) == 0) {
      folded.erase(0, article.size());
      break;
    }
  }
  std::string key;
  for (std::size_t at = 0; at < folded.size();) {
    if (!isDigit(folded[at])) {
      key += folded[at++];
      continue;
    }
    std::size_t end = at;
    while (end < folded.size() && isDigit(folded[end])) ++end;
    if (end - at < kSortDigits) key.append(kSortDigits - (end - at), '0');
    key.append(folded, at, end - at);
    at = end;
  }
  return key;
}

}  // namespace attacca::archive
