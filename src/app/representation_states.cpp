#include "attacca/app/representation_states.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <system_error>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "attacca/app/comparing.h"
#include "attacca/app/controls.h"
#include "attacca/base/error.h"
#include "attacca/index/snapshot.h"
#include "attacca/index/snapshot_keys.h"

#include "representation_files.h"

namespace attacca::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEngineRemedy =
    "`script/setup --openvino` brings OpenVINO, which runs it";

RepresentationState stateOf(const InstalledRepresentation& installed, bool engine) {
  RepresentationState state;
  state.manifest = installed.manifest;
  state.versioned_name = installed.versioned_name;
  state.model_bytes = installed.bytes;
  if (installed.embeddings_only) {
    state.readiness = Readiness::imported;
  } else if (isOnnx(installed.manifest) && !engine) {
    state.readiness = Readiness::partMissing;
    state.remedy = kEngineRemedy;
  }
  return state;
}

// The text names that version: "a@1f.." but not "xa@1f..".
bool names(std::string_view text, std::string_view versioned_name) {
  for (std::size_t at = text.find(versioned_name); at != std::string_view::npos;
       at = text.find(versioned_name, at + 1)) {
    const char before = at == 0 ? ',' : text[at - 1];
    if (text.substr(0, at).ends_with(shuffledName(""))) return true;
    if (before != '-' && std::isalnum(static_cast<unsigned char>(before)) == 0) return true;
  }
  return false;
}

// The representations of all current snapshots, by key.
std::map<std::string, std::string> currentSnapshots(const Blobs& blobs) {
  std::map<std::string, std::string> found;
  for (const auto& key : index::snapshotKeys(blobs)) {
    try {
      if (const auto snapshot = index::Snapshot::openCurrent(blobs, key)) {
        found.emplace(key, snapshot->info().representation);
      }
    } catch (const Error& fault) {
      if (fault.fault() != Fault::corrupt) throw;
    }
  }
  return found;
}

}  // namespace

std::vector<RepresentationState> representationStates(const ArchiveFolder& archive,
                                                      const Blobs& blobs, bool engine) {
  std::vector<RepresentationState> states;
  std::set<std::string> here;
  for (const auto& installed : installedRepresentations(archive)) {
    here.insert(installed.manifest.name);
    states.push_back(stateOf(installed, engine));
  }
  for (const auto& manifest : shippedManifests()) {
    if (here.contains(manifest.name)) continue;
    RepresentationState state;
    state.manifest = manifest;
    state.readiness = Readiness::weightsMissing;
    state.remedy = howToGet(manifest);
    states.push_back(std::move(state));
  }
  for (auto& use : embeddingUse(blobs)) {
    const auto found = std::find_if(states.begin(), states.end(), [&](const auto& state) {
      return state.versioned_name == use.versioned_name;
    });
    const bool described = found != states.end();
    RepresentationState& state = described ? *found : states.emplace_back();
    if (!described) {
      state.versioned_name = use.versioned_name;
      state.manifest.name = use.versioned_name.substr(0, use.versioned_name.find('@'));
      state.readiness = Readiness::noManifest;
      state.remedy = fmt::format(
          "nothing can be added to them; `attacca representation remove {}` "
          "frees their room",
          use.versioned_name);
    }
    state.embeddings = std::move(use);
  }
  const auto snapshots = currentSnapshots(blobs);
  for (auto& state : states) {
    if (state.versioned_name.empty()) continue;
    for (const auto& [key, representation] : snapshots) {
      if (names(representation, state.versioned_name)) state.snapshots.push_back(key);
    }
  }
  std::sort(states.begin(), states.end(), [](const auto& a, const auto& b) {
    return std::tie(a.manifest.name, a.versioned_name) <
           std::tie(b.manifest.name, b.versioned_name);
  });
  return states;
}

std::vector<RepresentationState> statesOf(std::span<const RepresentationState> states,
                                          std::string_view name) {
  std::vector<RepresentationState> found;
  std::string all;
  for (const auto& state : states) {
    if (state.manifest.name == name || state.versioned_name == name) found.push_back(state);
    if (!all.ends_with(" " + state.manifest.name)) {
      all += (all.empty() ? " " : ", ") + state.manifest.name;
    }
  }
  if (found.empty()) {
    throw Error(Fault::notFound, fmt::format("there is no representation \"{}\"", name),
                "there are:" + all);
  }
  return found;
}

void removeRepresentation(const ArchiveFolder& archive, Blobs& blobs,
                          const RepresentationState& state, std::string_view kept) {
  // What compares by it first: a snapshot never outlives what it is made from unless it is meant
  // to.
  for (const auto& key : state.snapshots) {
    if (key != kept) index::removeSnapshots(blobs, key);
  }
  for (const auto& blob : blobs.list(fmt::format("embeddings/{}/", state.versioned_name))) {
    blobs.remove(blob.key);
  }
  std::error_code fault;
  fs::remove_all(archive.representations() / state.versioned_name, fault);
  if (fault) throwSystemError("remove", state.versioned_name, fault.value());
}

}  // namespace attacca::app
