#include "embedding_ids.h"

#include <charconv>

#include <fmt/format.h>

#include "attacca/base/csv.h"
#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/base/text.h"

namespace attacca::app {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

struct Columns {
  std::size_t audio_hash = kNone;
  std::size_t catalogue_id = kNone;
  std::size_t track_id = kNone;
  std::size_t clip = kNone;
};

Columns readHeader(CsvReader& reader, const std::string& name) {
  Columns columns;
  if (const auto header = reader.next()) {
    for (std::size_t i = 0; i < header->fields.size(); ++i) {
      const std::string field = cleanText(header->fields[i], 64);
      if (field == "audio_hash") columns.audio_hash = i;
      if (field == "catalogue_id") columns.catalogue_id = i;
      if (field == "track_id") columns.track_id = i;
      if (field == "clip") columns.clip = i;
    }
  }
  if (columns.audio_hash == kNone && columns.catalogue_id == kNone && columns.track_id == kNone) {
    throw Error(
        Fault::refused, fmt::format("{}, line 1 names no column of ids", name),
        "it must name one at least: audio_hash, track_id, catalogue_id; for clips also clip");
  }
  return columns;
}

std::optional<std::int64_t> clipNumber(const std::string& text) {
  std::int64_t number = -1;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

}  // namespace

EmbeddingIds readEmbeddingIds(const std::filesystem::path& file) {
  const std::string text = readFile(file);
  CsvReader reader(text);
  const Columns columns = readHeader(reader, file.native());
  EmbeddingIds ids;
  ids.has_clips = columns.clip != kNone;
  while (const auto row = reader.next()) {
    if (row->unterminated) {
      throw Error(Fault::refused, fmt::format("{}, line {}: a quotation mark is never closed",
                                              file.native(), row->line));
    }
    const auto field = [&](std::size_t column) {
      return column < row->fields.size() ? cleanText(row->fields[column], 4096) : std::string();
    };
    ids.rows.push_back({row->line, field(columns.audio_hash), field(columns.catalogue_id),
                        field(columns.track_id), clipNumber(field(columns.clip))});
  }
  return ids;
}

RecordingFinder::RecordingFinder(const archive::Catalogue& catalogue) {
  const auto note = [](std::map<std::string, Known>& among, const std::string& id,
                       const archive::Track& track) {
    const auto [at, is_new] = among.try_emplace(id, Known{track.hash, track.heard(), false});
    if (!is_new && at->second.hash != track.hash) at->second.ambiguous = true;
  };
  for (const bool removed : {false, true}) {
    archive::TrackFilter filter;
    filter.removed = removed;
    for (const auto& track : catalogue.tracks(filter)) {
      if (track.heard()) hashes_.insert(track.hash);
      note(by_track_, std::to_string(track.id.value), track);
      if (!track.external_id.empty()) note(by_catalogue_, track.external_id, track);
    }
  }
}

RecordingFinder::Found RecordingFinder::find(const EmbeddingId& id) const {
  if (!id.audio_hash.empty()) {
    const auto digest = Sha256Digest::fromHex(id.audio_hash);
    if (!digest) return {{}, fmt::format("\"{}\" is not an audio hash", id.audio_hash)};
    if (!hashes_.contains(AudioHash{*digest})) {
      return {{}, fmt::format("no recording here has the audio hash {}", id.audio_hash)};
    }
    return {AudioHash{*digest}, {}};
  }
  if (!id.catalogue_id.empty()) return found(by_catalogue_, id.catalogue_id, "catalogue id");
  if (!id.track_id.empty()) return found(by_track_, id.track_id, "id");
  return {{}, "it names no recording"};
}

RecordingFinder::Found RecordingFinder::found(const std::map<std::string, Known>& among,
                                              const std::string& id, std::string_view what) {
  const auto at = among.find(id);
  if (at == among.end()) return {{}, fmt::format("no track here has the {} {}", what, id)};
  if (at->second.ambiguous) {
    return {{}, fmt::format("several recordings have the {} {}", what, id)};
  }
  if (!at->second.heard) {
    return {{}, fmt::format("the track with the {} {} has no audio here", what, id)};
  }
  return {at->second.hash, {}};
}

}  // namespace attacca::app
