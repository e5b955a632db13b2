#include "snapshot_files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "attacca/base/error.h"
#include "attacca/index/snapshot_keys.h"

namespace attacca::index {
namespace {

constexpr std::string_view kSnapshotsFolder = "snapshots/";
constexpr std::string_view kCurrentFile = "CURRENT";
constexpr std::uint64_t kFormat = 3;  // 1 knew no performances, 2 no recipes of several parts
constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::string_view kRebuild = "make it again with attacca add, or restore a backup";

std::string currentKey(std::string_view recipe) {
  return fileKey(recipeFolder(recipe), kCurrentFile);
}

// These throw nlohmann's exception, or an Error without a file's name; decodeManifest adds that.
std::string textField(const nlohmann::json& object, const char* name) {
  return object.at(name).get<std::string>();
}

// A whole number from 0 to `most`; nlohmann would make one of anything.
std::uint64_t countField(const nlohmann::json& object, const char* name, std::uint64_t most) {
  const nlohmann::json& value = object.at(name);
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most) {
    throw Error(Fault::usage, fmt::format("its {} makes no sense", name));
  }
  return value.get<std::uint64_t>();
}

double realField(const nlohmann::json& object, const char* name, double most) {
  const nlohmann::json& value = object.at(name);
  if (!value.is_number() || !(value.get<double>() >= 0 && value.get<double>() <= most)) {
    throw Error(Fault::usage, fmt::format("its {} makes no sense", name));
  }
  return value.get<double>();
}

constexpr std::array<std::pair<PartKind, const char*>, 4> kKinds{{
    {PartKind::pooled, "pooled"},
    {PartKind::sequence, "sequence"},
    {PartKind::chroma, "chroma"},
    {PartKind::aspects, "aspects"},
}};

nlohmann::ordered_json encodePart(const SnapshotPart& part) {
  const auto* const kind = std::find_if(
      kKinds.begin(), kKinds.end(), [&](const auto& entry) { return entry.first == part.kind; });
  nlohmann::ordered_json json = {{"kind", kind->second},
                                 {"representation", part.representation},
                                 {"dimension", part.dimension},
                                 {"rows_per_second", part.rows_per_second},
                                 {"share", part.share}};
  if (!part.columns.empty()) json["columns"] = part.columns;
  return json;
}

SnapshotPart decodePart(const nlohmann::json& object) {
  const std::string kind = textField(object, "kind");
  const auto* const found = std::find_if(kKinds.begin(), kKinds.end(),
                                         [&](const auto& entry) { return entry.second == kind; });
  if (found == kKinds.end()) {
    throw Error(Fault::usage, fmt::format("it has a part of kind \"{}\"", kind));
  }
  SnapshotPart part{found->first, textField(object, "representation"),
                    countField(object, "dimension", std::numeric_limits<Row>::max()),
                    realField(object, "rows_per_second", 1e6), realField(object, "share", 1)};
  if (object.contains("columns")) {
    part.columns = object.at("columns").get<std::vector<std::string>>();
    if (part.columns.size() != part.dimension) {
      throw Error(Fault::usage, "it names more or fewer columns than a part has");
    }
  }
  return part;
}

}  // namespace

std::string partFile(std::size_t part, std::string_view what) {
  return fmt::format("part{}_{}.npy", part, what);
}

std::string recipeFolder(std::string_view recipe) {
  if (recipe.find('/') != std::string_view::npos) {
    throw Error(Fault::usage, fmt::format("\"{}\" cannot name a recipe", recipe));
  }
  checkBlobKey(fmt::format("{}{}", kSnapshotsFolder, recipe));
  return fmt::format("{}{}/", kSnapshotsFolder, recipe);
}

std::string versionFolder(std::string_view recipe, std::int64_t version) {
  return fmt::format("{}{}/", recipeFolder(recipe), version);
}

std::string fileKey(std::string_view folder, std::string_view name) {
  return fmt::format("{}{}", folder, name);
}

std::optional<std::int64_t> currentVersion(const Blobs& blobs, std::string_view recipe) {
  const std::string key = currentKey(recipe);
  if (!blobs.exists(key)) return std::nullopt;
  const FileBytes file = blobs.read(key);
  std::string_view text = file.text();
  if (text.ends_with('\n')) text.remove_suffix(1);
  std::int64_t version = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (fault != std::errc{} || end != text.data() + text.size() || version < 1) {
    throw Error(Fault::corrupt, fmt::format("{} does not name a snapshot version", key),
                std::string(kRebuild));
  }
  return version;
}

void setCurrentVersion(Blobs& blobs, std::string_view recipe, std::int64_t version) {
  blobs.put(currentKey(recipe), fmt::format("{}\n", version));
}

std::vector<std::string> snapshotKeys(const Blobs& blobs) {
  std::vector<std::string> keys;
  for (const BlobInfo& blob : blobs.list(kSnapshotsFolder)) {
    const std::string_view path = std::string_view(blob.key).substr(kSnapshotsFolder.size());
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (path.substr(slash) == fmt::format("/{}", kCurrentFile)) keys.emplace_back(path, 0, slash);
  }
  return keys;
}

void removeSnapshots(Blobs& blobs, std::string_view key) {
  blobs.remove(currentKey(key));
  for (const BlobInfo& blob : blobs.list(recipeFolder(key))) blobs.remove(blob.key);
}

const ManifestFile* SnapshotManifest::find(std::string_view name) const {
  for (const ManifestFile& file : files) {
    if (file.name == name) return &file;
  }
  return nullptr;
}

std::string encodeManifest(const SnapshotManifest& manifest) {
  const SnapshotInfo& info = manifest.info;
  nlohmann::ordered_json files = nlohmann::ordered_json::array();
  for (const ManifestFile& file : manifest.files) {
    files.push_back({{"name", file.name}, {"size", file.size}, {"sha256", file.sha256.hex()}});
  }
  nlohmann::ordered_json parts = nlohmann::ordered_json::array();
  for (const SnapshotPart& part : info.parts) parts.push_back(encodePart(part));
  const nlohmann::ordered_json json = {{"format", kFormat},
                                       {"version", info.version},
                                       {"recipe", info.recipe},
                                       {"representation", info.representation},
                                       {"tracks", info.tracks},
                                       {"dimension", info.dimension},
                                       {"made", formatTime(info.made)},
                                       {"parts", parts},
                                       {"fitted", info.fitted},
                                       {"fitted_tracks", info.fitted_tracks},
                                       {"files", files}};
  return json.dump(1) + "\n";
}

SnapshotManifest decodeManifest(std::string_view json, std::string_view name) {
  const auto corrupt = [&](std::string_view why) {
    return Error(Fault::corrupt, fmt::format("{} is not a snapshot's manifest: {}", name, why),
                 std::string(kRebuild));
  };
  try {
    const auto root = nlohmann::json::parse(json);
    if (const auto format = countField(root, "format", kMost); format != kFormat) {
      throw Error(
          Fault::corrupt,
          fmt::format("{} has format {}; this program reads format {}", name, format, kFormat),
          "`attacca add` makes it again, or use the version of Attacca that made it");
    }
    SnapshotManifest manifest;
    manifest.info.version = static_cast<std::int64_t>(countField(root, "version", kMost));
    manifest.info.recipe = textField(root, "recipe");
    manifest.info.representation = textField(root, "representation");
    manifest.info.tracks = countField(root, "tracks", std::numeric_limits<Row>::max());
    manifest.info.dimension = countField(root, "dimension", std::numeric_limits<Row>::max());
    manifest.info.made = parseTime(textField(root, "made"));
    for (const auto& part : root.at("parts")) manifest.info.parts.push_back(decodePart(part));
    if (manifest.info.parts.empty()) throw corrupt("it has no parts");
    manifest.info.fitted = static_cast<std::int64_t>(countField(root, "fitted", kMost));
    manifest.info.fitted_tracks = countField(root, "fitted_tracks", kMost);
    for (const auto& entry : root.at("files")) {
      ManifestFile file;
      file.name = textField(entry, "name");
      file.size = countField(entry, "size", kMost);
      const auto digest = Sha256Digest::fromHex(textField(entry, "sha256"));
      if (!digest) throw corrupt(fmt::format("the sha256 of {} is not one", file.name));
      file.sha256 = *digest;
      manifest.files.push_back(std::move(file));
    }
    return manifest;
  } catch (const nlohmann::json::exception& error) {
    throw corrupt(error.what());
  } catch (const Error& error) {
    if (error.fault() == Fault::corrupt) throw;
    throw corrupt(error.problem());
  }
}

std::string encodeIds(std::span<const TrackId> ids) {
  std::string json = "[";
  for (const TrackId id : ids) {
    if (json.size() > 1) json += ", ";
    json += fmt::format_int(id.value).c_str();
  }
  return json + "]\n";
}

std::vector<TrackId> decodeIds(std::string_view json, std::string_view name) {
  const char* at = json.data();
  const char* const end = at + json.size();
  const auto corrupt = [&](std::string_view why) {
    return Error(
        Fault::corrupt,
        fmt::format("{} is not a list of track ids: {} at byte {}", name, why, at - json.data()),
        std::string(kRebuild));
  };
  const auto next = [&] {  // the next character that is not white space, 0 at the end
    while (at != end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) ++at;
    return at == end ? '\0' : *at;
  };
  std::vector<TrackId> ids;
  if (next() != '[') throw corrupt("no list begins");
  ++at;
  if (next() == ']') {
    ++at;
  } else {
    std::int64_t last = 0;
    while (true) {
      next();
      std::int64_t id = 0;
      const auto [after, fault] = std::from_chars(at, end, id);
      if (fault != std::errc{}) throw corrupt("no number");
      if (id <= last) throw corrupt("ids are not positive and ascending");
      at = after;
      ids.push_back({last = id});
      const char separator = next();
      if (separator != ',' && separator != ']') throw corrupt("neither a comma nor the list's end");
      ++at;
      if (separator == ']') break;
    }
  }
  if (next() != '\0' || at != end) throw corrupt("something follows the list");
  return ids;
}

}  // namespace attacca::index
