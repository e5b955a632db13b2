#include "attacca/app/verify.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include "attacca/app/add.h"
#include "attacca/app/publish.h"
#include "attacca/base/acoustic_fingerprint.h"
#include "attacca/base/error.h"
#include "attacca/base/npy.h"
#include "attacca/index/snapshot.h"

#include "embedding_check.h"

namespace attacca::app {
namespace {

constexpr std::string_view kPeaksMagic = "ATTPEAKS";

class Verifier {
 public:
  Verifier(const VerifyPorts& ports, const std::vector<InstalledRepresentation>& installed,
           std::string_view wanted, std::string_view recipe, std::stop_token stop)
      : ports_(ports),
        installed_(installed),
        wanted_(wanted),
        recipe_(recipe),
        stop_(std::move(stop)) {}

  Verification run() {
    for (const auto& representation : installed_) {
      try {
        checkInstalled(representation);
      } catch (const Error& fault) {
        report(fault.problem(), fault.remedy());
      }
    }
    checkSnapshot();
    auto tracks = ports_.catalogue.tracks(archive::TrackFilter{});
    const auto removed = ports_.catalogue.tracks({.removed = true});
    ports_.progress.begin("verifying", static_cast<double>(tracks.size() + removed.size()),
                          "tracks");
    double done = 0;
    for (const auto* list :
         std::initializer_list<const std::vector<archive::Track>*>{&tracks, &removed}) {
      for (const auto& track : *list) {
        if (stop_.stop_requested()) throw Error(Fault::cancelled, "stopped while verifying");
        checkTrack(track);
        ports_.progress.advanceTo(++done);
      }
    }
    ports_.progress.end();
    return std::move(result_);
  }

 private:
  void report(std::string what, std::string remedy) {
    result_.findings.push_back({true, std::move(what), std::move(remedy)});
  }
  void mention(std::string what, std::string remedy) {
    result_.findings.push_back({false, std::move(what), std::move(remedy)});
  }

  void checkSnapshot() {
    try {
      snapshot_ = index::Snapshot::openCurrent(ports_.blobs, recipe_);
      if (snapshot_ == nullptr) return;
      index::verifySnapshot(ports_.blobs, recipe_, snapshot_->info().version);
      result_.snapshot = snapshot_->info().version;
    } catch (const Error& fault) {
      report(fault.problem(),
             fmt::format("remove blobs/snapshots/{} from the archive and run `attacca add` with a "
                         "folder of it: it is made anew from the embeddings",
                         recipe_));
      snapshot_ = nullptr;
    }
  }

  void checkTrack(const archive::Track& track) {
    if (!track.heard()) return;  // a catalogue row promises no audio
    if (hashes_.insert(track.hash).second) {
      ++result_.recordings;
      checkPeaks(track);
      checkFingerprint(track);
      for (const auto& representation : installed_) checkEmbedding(track, representation);
    }
    if (snapshot_ != nullptr) checkVector(track);
    for (const auto& place : ports_.catalogue.places(track.id)) {
      if (!place.offline) checkPlace(place);
    }
  }

  // What must be there: a track that can be played has been heard.
  bool promised(const archive::Track& track) const { return !track.offline && !track.removed; }

  void checkPeaks(const archive::Track& track) {
    const std::string key = peaksKey(track.hash);
    if (!ports_.blobs.exists(key)) {
      if (promised(track)) {
        report(fmt::format("the waveform of \"{}\" is missing", track.title),
               fmt::format("run `attacca add {}`", track.path));
      }
    } else if (!ports_.blobs.read(key).text().starts_with(kPeaksMagic)) {
      report(fmt::format("{} does not hold a waveform", key), hearAgain(track, key));
    }
  }

  void checkFingerprint(const archive::Track& track) {
    const std::string key = fingerprintKey(track.hash);
    if (!ports_.blobs.exists(key)) {
      // Recordings heard by earlier versions have none.
      if (promised(track)) {
        mention(fmt::format("\"{}\" has no acoustic fingerprint", track.title),
                fmt::format("run `attacca add {}`", track.path));
      }
      return;
    }
    try {
      readFingerprint(ports_.blobs.read(key).bytes(), key);
    } catch (const Error& fault) {
      report(fault.problem(), hearAgain(track, key));
    }
  }

  void checkEmbedding(const archive::Track& track, const InstalledRepresentation& representation) {
    auto check = app::checkEmbedding(ports_.blobs, representation, track);
    if (!check.there) {
      if (promised(track) && representation.versioned_name == wanted_) {
        report(fmt::format("\"{}\" has no embedding of {}", track.title, wanted_),
               fmt::format("run `attacca add {}`", track.path));
      }
      return;
    }
    ++result_.embeddings;
    if (check.damage) result_.findings.push_back(*std::move(check.damage));
  }

  // A snapshot's checksums tell that it is as it was written; this, that an embedding is still what
  // its vector was made from.
  void checkVector(const archive::Track& track) {
    const auto row = snapshot_->row(track.id);
    if (!row) return;
    try {
      const auto vector = snapshotVector(ports_.blobs, *snapshot_, track.hash);
      const auto kept = snapshot_->vector(*row);
      double dot = 0;
      double length = 0;
      for (std::size_t i = 0; i < kept.size(); ++i) {
        dot += static_cast<double>(vector[i]) * static_cast<double>(kept[i]);
        length += static_cast<double>(vector[i]) * static_cast<double>(vector[i]);
      }
      constexpr double kTolerance = 1e-5;
      if (length > 0 && !(dot / length > 1 - kTolerance)) {
        const std::string& first = snapshot_->info().parts.front().representation;
        const std::string key = embeddingKey(first, track.hash);
        report(fmt::format("{} is not what it was when snapshot {} was made", key,
                           snapshot_->info().version),
               hearAgain(track, key));
      }
    } catch (const Error&) {
      return;  // reported with the embedding
    }
  }

  void checkPlace(const archive::Place& place) {
    ++result_.places;
    struct stat info;
    if (::lstat(place.path.c_str(), &info) != 0) {
      mention(
          fmt::format("{} is not there", place.path),
          "bring its disk or folder back, or run `attacca add` with the folder to mark it offline");
    } else if (!S_ISREG(info.st_mode) || stampOf(info) != place.stamp) {
      mention(fmt::format("{} has changed since it was heard", place.path),
              fmt::format("run `attacca add {}`", place.path));
    }
  }

  const VerifyPorts& ports_;
  const std::vector<InstalledRepresentation>& installed_;
  const std::string wanted_;
  const std::string recipe_;
  const std::stop_token stop_;
  std::shared_ptr<const index::Snapshot> snapshot_;
  std::set<AudioHash> hashes_;
  Verification result_;
};

}  // namespace

bool Verification::damaged() const {
  return std::any_of(findings.begin(), findings.end(), [](const auto& one) { return one.damage; });
}

std::vector<Finding> verifyModels(const recommend::ModelFolder& models) {
  std::vector<Finding> findings;
  const auto listed = models.list();
  for (const auto& problem : listed.problems) {
    findings.push_back({true, problem, "remove its folder and train it anew"});
  }
  for (const auto& card : listed.cards) {
    try {
      models.check(card.strategy, card.version);
    } catch (const Error& fault) {
      findings.push_back({true, fault.problem(), fault.remedy()});
    }
  }
  return findings;
}

Verification verifyArchive(const VerifyPorts& ports,
                           const std::vector<InstalledRepresentation>& installed,
                           std::string_view wanted, std::string_view recipe, std::stop_token stop) {
  return Verifier(ports, installed, wanted, recipe, std::move(stop)).run();
}

}  // namespace attacca::app
