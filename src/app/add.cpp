#include "attacca/app/add.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include "attacca/base/error.h"

#include "hearing_desk.h"

namespace attacca::app {
namespace {

bool isUnder(std::string_view path, std::string_view root) {
  return path == root || root == "/" ||
         (path.size() > root.size() && path.starts_with(root) && path[root.size()] == '/');
}

bool isUnderAny(std::string_view path, std::span<const std::string> roots) {
  return std::any_of(roots.begin(), roots.end(),
                     [&](const auto& root) { return isUnder(path, root); });
}

// The recordings of which everything wanted is kept.
std::unordered_set<AudioHash> completeRecordings(const Blobs& blobs, const AddOptions& options) {
  std::unordered_map<AudioHash, std::size_t> kept;
  const auto count = [&](std::string_view prefix, std::string_view suffix) {
    for (const auto& blob : blobs.list(prefix)) {
      std::string_view name(blob.key);
      name.remove_prefix(std::min(name.size(), name.rfind('/') + 1));
      if (!name.ends_with(suffix)) continue;
      name.remove_suffix(suffix.size());
      if (const auto digest = Sha256Digest::fromHex(name)) ++kept[AudioHash{*digest}];
    }
  };
  count("peaks/", "");
  count("fingerprints/", "");
  for (const auto& name : options.representations) count("embeddings/" + name + "/", ".npy");
  std::unordered_set<AudioHash> complete;
  for (const auto& [hash, number] : kept) {
    if (number == options.representations.size() + 2) complete.insert(hash);
  }
  return complete;
}

std::optional<FoundFile> lookAt(const std::string& path) {
  struct stat info;
  if (::lstat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return FoundFile{path, stampOf(info)};
}

class Addition {
 public:
  Addition(const AddPorts& ports, const AddOptions& options, std::stop_token stop)
      : ports_(ports), options_(options), stop_(std::move(stop)) {}

  AddReport run(std::span<const std::filesystem::path> named) {
    ports_.progress.begin("looking for music", 0, "");
    scan_ = scanForMusic(named, options_.exclude, stop_);
    ports_.progress.end();
    readWhatIsKnown();
    plan();
    return carryOut();
  }

  AddReport runKnown() {
    complete_ = completeRecordings(ports_.blobs, options_);
    std::unordered_set<AudioHash> seen;
    for (const auto& track : ports_.catalogue.tracks(archive::TrackFilter{})) {
      if (!track.heard() || track.offline || !seen.insert(track.hash).second) continue;
      ++report_.found;
      if (complete_.contains(track.hash)) {
        ++report_.unchanged;
      } else if (!planTrack(track.id)) {
        seen.erase(track.hash);  // another track of the recording may have a file that is there
      }
    }
    sortPlan();
    return carryOut();
  }

 private:
  AddReport carryOut() {
    ports_.catalogue.setOffline(back_, false);
    ports_.catalogue.setOffline(gone_, true);
    hearAll();
    report_.conclusions = ports_.catalogue.conclude();
    return std::move(report_);
  }

  // One of the track's files; false where none is there.
  bool planTrack(TrackId id) {
    for (auto& place : ports_.catalogue.places(id)) {
      if (place.offline) continue;
      if (const auto file = lookAt(place.path)) {
        work_.push_back(*file);
        std::string path = place.path;
        places_.emplace(std::move(path), std::move(place));
        return true;
      }
      gone_.push_back(place.id);
    }
    return false;
  }

  void readWhatIsKnown() {
    for (const auto& root : scan_.roots) {
      for (auto& place : ports_.catalogue.placesUnder(root)) {
        std::string path = place.path;
        places_.emplace(std::move(path), std::move(place));
      }
    }
    for (auto& file : ports_.catalogue.refusedFiles()) {
      if (!isUnderAny(file.path, scan_.roots)) continue;
      std::string path = file.path;
      refused_.emplace(std::move(path), std::move(file));
    }
    const auto known = [&](const std::string& root) {
      const auto under = [&](const auto& entry) { return isUnder(entry.first, root); };
      return std::any_of(places_.begin(), places_.end(), under) ||
             std::any_of(refused_.begin(), refused_.end(), under);
    };
    for (const auto& root : scan_.missing) {
      if (!known(root)) {
        throw Error(Fault::notFound, fmt::format("there is no file or folder {}", root));
      }
    }
    std::vector<TrackId> ids;
    for (const auto& [path, place] : places_) ids.push_back(place.track);
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    for (const auto& track : ports_.catalogue.tracks(ids)) hashes_.emplace(track.id, track.hash);
    complete_ = completeRecordings(ports_.blobs, options_);
  }

  void plan() {
    report_.found = scan_.files.size();
    report_.skipped = scan_.skipped;
    report_.missing = scan_.missing;
    report_.unreadable = scan_.unreadable;
    std::unordered_set<std::string_view> seen;
    for (const auto& file : scan_.files) {
      seen.insert(file.path);
      planFile(file);
    }
    // What was known but not met: gone, or named in another way then (a file of an odd name).
    for (const auto& [path, place] : places_) {
      if (seen.contains(path)) continue;
      if (const auto file = lookAt(path)) {
        planFile(*file);
      } else if (!place.offline) {
        gone_.push_back(place.id);
      }
    }
    for (const auto& [path, file] : refused_) {
      if (!seen.contains(path) && !lookAt(path)) ports_.catalogue.forgetRefusal(path);
    }
    sortPlan();
  }

  void sortPlan() {
    std::sort(work_.begin(), work_.end(),
              [](const FoundFile& a, const FoundFile& b) { return a.path < b.path; });
    report_.back = back_.size();
    report_.gone = gone_.size();
  }

  void planFile(const FoundFile& file) {
    if (const auto place = places_.find(file.path);
        place != places_.end() && place->second.stamp == file.stamp) {
      const auto hash = hashes_.find(place->second.track);
      if (hash != hashes_.end() && complete_.contains(hash->second)) {
        ++report_.unchanged;
        if (place->second.offline) back_.push_back(place->second.id);
        return;
      }
    }
    if (const auto before = refused_.find(file.path);
        before != refused_.end() && before->second.stamp == file.stamp) {
      report_.refused_before.push_back(before->second);
      return;
    }
    work_.push_back(file);
  }

  void hearAll() {
    if (work_.empty()) return;
    double bytes = 0;
    for (const auto& file : work_) bytes += static_cast<double>(file.stamp.size);
    ports_.progress.begin("hearing", bytes, "bytes");
    start_ = std::chrono::steady_clock::now();
    HearingDesk desk(ports_, options_, work_, stop_);
    for (std::size_t done = 0; done < work_.size();) {
      if (auto outcome = desk.next()) {
        if (std::holds_alternative<std::monostate>(outcome->what)) {
          report_.interrupted = true;
          break;
        }
        apply(*outcome);
        ++done;
      }
      showPace(desk.pace(), done);
    }
    ports_.progress.end();
  }

  void apply(const Outcome& outcome) {
    std::visit(
        [&](const auto& what) {
          using What = std::remove_cvref_t<decltype(what)>;
          if constexpr (std::is_same_v<What, archive::Arrival>) {
            enter(what, outcome.heard);
          } else if constexpr (std::is_same_v<What, archive::RefusedFile>) {
            refuse(what);
          } else if constexpr (std::is_same_v<What, Unreadable>) {
            ports_.progress.note(fmt::format("cannot read {}: {}", what.path, what.reason));
            report_.unreadable.push_back(what);
          }
        },
        outcome.what);
  }

  void enter(const archive::Arrival& arrival, bool heard) {
    ports_.catalogue.enter(arrival);
    ++report_.entered;
    if (heard) {
      ++report_.heard;
      report_.music += arrival.heard.duration;
      for (const auto& note : arrival.heard.notes) {
        ports_.progress.note(fmt::format("{}: {}", arrival.path, note));
      }
    }
  }

  void refuse(const archive::RefusedFile& file) {
    ports_.catalogue.refuse(file);
    // What the path held before is not there any more.
    if (const auto place = places_.find(file.path);
        place != places_.end() && !place->second.offline) {
      ports_.catalogue.setOffline(std::span(&place->second.id, 1), true);
      ++report_.gone;
    }
    ports_.progress.note(fmt::format("refused {}: {}", file.path, file.reason));
    report_.refused.push_back(file);
  }

  void showPace(const DeskPace& pace, std::size_t done) {
    const Seconds spent = std::chrono::steady_clock::now() - start_;
    std::string detail =
        fmt::format("{} of {} files, {} of music", done, work_.size(), formatDuration(pace.music));
    if (spent.count() > 0.5) {
      detail += fmt::format(", {:.0f}x real time", pace.music.count() / spent.count());
    }
    ports_.progress.detail(detail);
    ports_.progress.advanceTo(pace.bytes);
  }

  const AddPorts& ports_;
  const AddOptions& options_;
  const std::stop_token stop_;
  Scan scan_;
  std::map<std::string, archive::Place, std::less<>> places_;  // by path, under the roots
  std::map<std::string, archive::RefusedFile, std::less<>> refused_;
  std::unordered_map<TrackId, AudioHash> hashes_;
  std::unordered_set<AudioHash> complete_;
  std::vector<PlaceId> back_;
  std::vector<PlaceId> gone_;
  std::vector<FoundFile> work_;
  std::chrono::steady_clock::time_point start_;
  AddReport report_;
};

}  // namespace

AddReport addRecordings(const AddPorts& ports, std::span<const std::filesystem::path> named,
                        const AddOptions& options, std::stop_token stop) {
  return Addition(ports, options, std::move(stop)).run(named);
}

AddReport embedKnownRecordings(const AddPorts& ports, const AddOptions& options,
                               std::stop_token stop) {
  return Addition(ports, options, std::move(stop)).runKnown();
}

std::string embeddingKey(std::string_view versioned_name, const AudioHash& hash) {
  return fmt::format("embeddings/{}/{}.npy", versioned_name, hash.hex());
}

std::string peaksKey(const AudioHash& hash) { return fmt::format("peaks/{}", hash.hex()); }

std::string fingerprintKey(const AudioHash& hash) {
  return fmt::format("fingerprints/{}", hash.hex());
}

}  // namespace attacca::app
