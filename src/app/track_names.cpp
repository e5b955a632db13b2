#include "attacca/app/track_names.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/base/text.h"

namespace attacca::app {
namespace {

namespace fs = std::filesystem;

constexpr int kCandidates = 12;

Error ambiguous(std::string_view text, std::span<const archive::Track> tracks) {
  std::string lines = "name one of these by its id:";
  for (std::size_t i = 0; i < tracks.size() && i < kCandidates; ++i) {
    lines += "\n    " + trackLine(tracks[i]);
  }
  if (tracks.size() > kCandidates) lines += "\n    and more";
  return {Fault::usage, fmt::format("\"{}\" may mean more than one track", text), lines};
}

Error unknown(std::string_view text) {
  return {
      Fault::notFound, fmt::format("no track is called \"{}\"", text),
      "`attacca tracks` lists all; a track is named by its id, its path or a part of its title"};
}

// The path as places have it, if the text is the name of something that is there.
std::optional<std::string> existingPath(std::string_view text) {
  std::error_code fault;
  auto path = fs::canonical(fs::path(text), fault);
  if (fault) return std::nullopt;
  return path.native();
}

std::string absolutePath(std::string_view text) {
  if (auto path = existingPath(text)) return *std::move(path);
  fs::path path = fs::absolute(fs::path(text)).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return path.native();
}

bool matches(const archive::Track& track, std::string_view text) {
  if (std::to_string(track.id.value) == text || track.path == absolutePath(text)) return true;
  const std::string folded = foldText(fmt::format("{} {}", track.album_title, track.title));
  const auto words = splitWords(foldText(text));
  return !words.empty() && std::all_of(words.begin(), words.end(), [&](const auto& word) {
    return folded.find(word) != std::string::npos;
  });
}

std::vector<archive::Track> underFolder(const archive::Catalogue& catalogue,
                                        std::string_view text) {
  std::vector<TrackId> ids;
  for (const auto& place : catalogue.placesUnder(absolutePath(text))) ids.push_back(place.track);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return catalogue.tracks(ids);
}

archive::Track resolveRemoved(std::span<const archive::Track> removed, std::string_view text) {
  std::vector<archive::Track> found;
  for (const auto& track : removed) {
    if (std::to_string(track.id.value) == text) return track;
    if (matches(track, text)) found.push_back(track);
  }
  if (found.size() > 1) throw ambiguous(text, found);
  if (found.empty()) {
    throw Error(Fault::notFound, fmt::format("no removed track is called \"{}\"", text),
                "`attacca tracks --removed` lists those there are");
  }
  return std::move(found.front());
}

}  // namespace

std::string trackLine(const archive::Track& track) {
  std::string line = fmt::format("{:>5}  {}", track.id.value, track.title);
  const auto& by = track.composers.empty() ? track.artists : track.composers;
  if (!by.empty()) line += fmt::format(", {}", by.front());
  if (!track.album_title.empty()) line += fmt::format(" ({})", track.album_title);
  return line;
}

archive::Track resolveTrack(const archive::Catalogue& catalogue, std::string_view text) {
  auto found = catalogue.find(text, kCandidates + 1);
  if (found.empty()) {
    if (const auto path = existingPath(text)) found = catalogue.find(*path, kCandidates + 1);
  }
  if (found.empty()) {
    if (catalogue.tracks({.limit = 1}).empty()) {
      throw Error(Fault::notFound, "this archive holds no track yet",
                  "`attacca add FOLDER` hears a folder of music");
    }
    throw unknown(text);
  }
  if (found.size() > 1) throw ambiguous(text, found);
  return std::move(found.front());
}

std::vector<archive::Track> resolveTracks(const archive::Catalogue& catalogue,
                                          std::span<const std::string> texts, bool removed) {
  std::vector<archive::Track> gone;
  if (removed) gone = catalogue.tracks({.removed = true});
  std::map<TrackId, archive::Track> chosen;
  for (const auto& text : texts) {
    auto under = underFolder(catalogue, text);
    std::erase_if(under, [&](const auto& track) { return track.removed != removed; });
    if (under.empty()) {
      under.push_back(removed ? resolveRemoved(gone, text) : resolveTrack(catalogue, text));
    }
    for (auto& track : under) chosen.emplace(track.id, std::move(track));
  }
  std::vector<archive::Track> result;
  result.reserve(chosen.size());
  for (auto& [id, track] : chosen) result.push_back(std::move(track));
  return result;
}

}  // namespace attacca::app
