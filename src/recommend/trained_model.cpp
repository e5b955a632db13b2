#include "attacca/recommend/trained_model.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "attacca/base/error.h"
#include "attacca/base/sha256.h"
#include "attacca/base/unfinished_folder.h"

namespace attacca::recommend {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kCard = "card.json";
constexpr const char* kNetwork = "model.safetensors";
constexpr const char* kTracks = "tracks.json";
constexpr const char* kNames = "names.json";

std::optional<std::int64_t> versionOf(const fs::path& folder) {
  const std::string name = folder.filename().native();
  std::int64_t version = 0;
  const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), version);
  if (fault != std::errc{} || end != name.data() + name.size() || version < 1) return std::nullopt;
  return version;
}

// Ascending.
std::vector<std::int64_t> versionsIn(const fs::path& folder) {
  std::vector<std::int64_t> versions;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (const auto version = versionOf(entry.path())) versions.push_back(*version);
  }
  std::sort(versions.begin(), versions.end());
  return versions;
}

ModelCard cardIn(const fs::path& folder) {
  const fs::path file = folder / kCard;
  return readCard(readFile(file), file.native());
}

Json listIn(const fs::path& file) {
  try {
    return Json::parse(readFile(file));
  } catch (const nlohmann::json::exception& fault) {
    throw Error(Fault::corrupt, fmt::format("{} is no list: {}", file.native(), fault.what()),
                "train it anew, or restore a backup");
  }
}

std::vector<TrackId> tracksIn(const fs::path& file, std::size_t rows) {
  std::vector<TrackId> tracks;
  const Json list = listIn(file);
  for (const Json& one : list) {
    if (one.is_number_integer()) tracks.push_back({one.get<std::int64_t>()});
  }
  if (tracks.size() != list.size() || tracks.size() != rows) {
    throw Error(Fault::corrupt,
                fmt::format("{} does not name a track for each of {} rows", file.native(), rows),
                "train it anew, or restore a backup");
  }
  return tracks;
}

std::vector<std::string> namesIn(const fs::path& file) {
  std::vector<std::string> names;
  for (const Json& one : listIn(file))
    names.push_back(one.is_string() ? one.get<std::string>() : "");
  return names;
}

void makeFolders(const fs::path& folder) {
  std::error_code fault;
  fs::create_directories(folder, fault);
  if (fault) throwSystemError("make", folder.native(), fault.value());
}

}  // namespace

fs::path ModelFolder::folderOf(NetworkKind strategy) const {
  return root_ / std::string(nameOf(strategy));
}

ModelFolder::Listed ModelFolder::list() const {
  Listed listed;
  for (const NetworkKind kind : kNetworkKinds) {
    for (const std::int64_t version : versionsIn(folderOf(kind))) {
      const fs::path folder = folderOf(kind) / std::to_string(version);
      try {
        listed.cards.push_back(cardIn(folder));
        listed.cards.back().version = version;
      } catch (const Error& fault) {
        listed.problems.emplace_back(fault.what());
      }
    }
  }
  return listed;
}

TrainedModel ModelFolder::open(NetworkKind strategy, std::optional<std::int64_t> version) const {
  const auto versions = versionsIn(folderOf(strategy));
  const bool there = version
                         ? std::find(versions.begin(), versions.end(), *version) != versions.end()
                         : !versions.empty();
  if (!there) {
    throw Error(
        Fault::notFound,
        version ? fmt::format("there is no {} {} in {}", nameOf(strategy), *version, root_.native())
                : fmt::format("no {} was trained here", nameOf(strategy)),
        fmt::format("`attacca train {}` does that", nameOf(strategy)));
  }
  const fs::path folder = folderOf(strategy) / std::to_string(version ? *version : versions.back());
  TrainedModel model;
  model.card = cardIn(folder);
  const fs::path network = folder / kNetwork;
  model.network = readNetwork(FileBytes::map(network).text(), network.native());
  if (model.network.shape.kind != strategy || model.card.strategy != strategy) {
    throw Error(Fault::corrupt, fmt::format("{} is no {}", network.native(), nameOf(strategy)),
                "train it anew, or restore a backup");
  }
  std::error_code ignored;
  if (model.network.shape.items == ItemInput::ids) {
    model.tracks = tracksIn(folder / kTracks, model.network.shape.input);
  }
  if (fs::exists(folder / kNames, ignored)) model.names = namesIn(folder / kNames);
  return model;
}

void ModelFolder::check(NetworkKind strategy, std::int64_t version) const {
  const TrainedModel model = open(strategy, version);
  const fs::path network = folderOf(strategy) / std::to_string(version) / kNetwork;
  if (sha256(FileBytes::map(network).bytes()).hex() == model.card.network) return;
  throw Error(Fault::corrupt,
              fmt::format("{} is not what was written: its sha256 differs", network.native()),
              "train it anew, or restore a backup");
}

ModelCard ModelFolder::keep(TrainedModel model) const {
  const fs::path parent = folderOf(model.card.strategy);
  makeFolders(parent);
  removeUnfinishedFolders(parent);
  const auto versions = versionsIn(parent);
  model.card.version = versions.empty() ? 1 : versions.back() + 1;
  UnfinishedFolder folder(parent);
  const std::string bytes = networkBytes(model.network);
  model.card.network = sha256(bytes).hex();
  writeFileAtomically(folder.path() / kNetwork, bytes);
  if (!model.tracks.empty()) {
    Json list = Json::array();
    for (const TrackId track : model.tracks) list.push_back(track.value);
    writeFileAtomically(folder.path() / kTracks, list.dump() + "\n");
  }
  if (!model.names.empty()) {
    writeFileAtomically(
        folder.path() / kNames,
        Json(model.names).dump(0, ' ', false, Json::error_handler_t::replace) + "\n");
  }
  writeFileAtomically(folder.path() / kCard, cardJson(model.card));
  folder.publishAs(parent / std::to_string(model.card.version));
  return model.card;
}

void ModelFolder::remove(NetworkKind strategy, std::int64_t version) const {
  const fs::path parent = folderOf(strategy);
  const fs::path folder = parent / std::to_string(version);
  std::error_code fault;
  if (!fs::is_directory(folder, fault)) {
    throw Error(Fault::notFound, fmt::format("there is no {} {}", nameOf(strategy), version),
                "`attacca models` lists those there are");
  }
  // Whole until it is gone.
  const UnfinishedFolder aside(parent);
  fs::rename(folder, aside.path() / "removed", fault);
  if (fault) throwSystemError("remove", folder.native(), fault.value());
  syncFolder(parent);
}

Training::Training(const ModelFolder& models, NetworkKind strategy)
    : folder_(models.root() / std::string(nameOf(strategy)) / ".unfinished") {
  makeFolders(folder_);
  lock_ = FileLock::tryLock(folder_ / "lock");
  if (!lock_) {
    throw Error(Fault::busy, fmt::format("another attacca trains {} here now", nameOf(strategy)),
                "wait until it is done");
  }
}

void Training::forget() const {
  std::error_code fault;
  fs::remove(checkpoint(), fault);
  if (fault) throwSystemError("remove", checkpoint().native(), fault.value());
}

}  // namespace attacca::recommend
