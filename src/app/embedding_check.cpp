#include "embedding_check.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "attacca/app/add.h"
#include "attacca/base/error.h"
#include "attacca/base/npy.h"

namespace attacca::app {

std::string hearAgain(const archive::Track& track, std::string_view key) {
  return fmt::format("remove blobs/{} from the archive and run `attacca add {}`", key, track.path);
}

EmbeddingCheck checkEmbedding(const Blobs& blobs, const InstalledRepresentation& representation,
                              const archive::Track& track) {
  const std::string key = embeddingKey(representation.versioned_name, track.hash);
  if (!blobs.exists(key)) return {};
  const auto damage = [&](std::string what) {
    std::string remedy =
        representation.embeddings_only
            ? fmt::format("remove blobs/{} from the archive and import it again", key)
            : hearAgain(track, key);
    return EmbeddingCheck{true, Finding{true, std::move(what), std::move(remedy)}};
  };
  try {
    const FileBytes file = blobs.read(key);
    const auto clips = npyView<float>(file, key);
    const auto all = clips.all();
    if (clips.rows == 0 ||
        clips.cols != static_cast<std::size_t>(representation.manifest.dimension)) {
      return damage(fmt::format("{} has the shape {} x {}", key, clips.rows, clips.cols));
    }
    if (!std::all_of(all.begin(), all.end(), [](float x) { return std::isfinite(x); })) {
      return damage(fmt::format("{} holds numbers that are not finite", key));
    }
  } catch (const Error& fault) {
    return damage(fault.problem());
  }
  return {true, std::nullopt};
}

Verification verifyRepresentation(const VerifyPorts& ports,
                                  const InstalledRepresentation& representation,
                                  const std::stop_token& stop) {
  Verification result;
  try {
    checkInstalled(representation);
  } catch (const Error& fault) {
    result.findings.push_back({true, fault.problem(), fault.remedy()});
  }
  std::vector<archive::Track> tracks = ports.catalogue.tracks(archive::TrackFilter{});
  for (auto& track : ports.catalogue.tracks({.removed = true})) tracks.push_back(std::move(track));
  std::set<AudioHash> seen;
  std::size_t missing = 0;
  ports.progress.begin("verifying", static_cast<double>(tracks.size()), "tracks");
  double done = 0;
  for (const auto& track : tracks) {
    if (stop.stop_requested()) throw Error(Fault::cancelled, "stopped while verifying");
    ports.progress.advanceTo(++done);
    if (!track.heard() || !seen.insert(track.hash).second) continue;
    ++result.recordings;
    auto check = checkEmbedding(ports.blobs, representation, track);
    if (check.there) ++result.embeddings;
    if (!check.there && !track.offline && !track.removed) ++missing;
    if (check.damage) result.findings.push_back(*std::move(check.damage));
  }
  ports.progress.end();
  if (missing > 0) {
    const std::string& name = representation.versioned_name;
    result.findings.push_back(
        {false,
         fmt::format("{} of {} recordings have no embedding of {}", missing, result.recordings,
                     name),
         representation.embeddings_only
             ? "`attacca embeddings import` takes more at any time"
             : fmt::format("`attacca embed --all --representation {}` makes them", name)});
  }
  return result;
}

}  // namespace attacca::app
