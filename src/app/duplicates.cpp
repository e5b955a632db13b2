#include "attacca/app/duplicates.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "sounds.h"

namespace attacca::app {
namespace {

bool isLossless(std::string_view format) {
  constexpr std::array<std::string_view, 3> kLossless{"flac", "alac", "pcm"};
  constexpr std::array<std::string_view, 2> kPacked{"adpcm", "mulaw"};
  const auto names = [&](std::string_view word) { return format.find(word) != format.npos; };
  return std::any_of(kLossless.begin(), kLossless.end(), names) &&
         std::none_of(kPacked.begin(), kPacked.end(), names);
}

// What makes one better to keep than another, the most important first.
auto worth(const Duplicate& one) {
  const auto size = one.lossless ? one.recording.rate_hz * one.recording.channels
                                 : static_cast<int>(one.bits_per_second / 8000);
  return std::tuple(!one.track.offline, one.lossless, size, std::lround(one.track.duration.count()),
                    -one.track.id.value);
}

std::string reasonFor(const DuplicateGroup& group) {
  const auto& best = group.tracks.front();
  const auto& next = group.tracks[1];
  if (best.track.offline != next.track.offline) return "its file is there";
  if (best.lossless != next.lossless) return "it is lossless";
  if (best.lossless && std::pair(best.recording.rate_hz, best.recording.channels) !=
                           std::pair(next.recording.rate_hz, next.recording.channels)) {
    return "it holds more of the sound";
  }
  if (std::get<2>(worth(best)) != std::get<2>(worth(next))) return "it has more bits a second";
  if (std::get<3>(worth(best)) != std::get<3>(worth(next))) return "it is longer";
  return {};
}

class Finder {
 public:
  Finder(const archive::Catalogue& catalogue, const Blobs& blobs, Progress& progress,
         const std::stop_token& stop)
      : catalogue_(catalogue), tracks_(catalogue.tracks(archive::TrackFilter{})) {
    std::sort(tracks_.begin(), tracks_.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    progress.begin("comparing recordings", 0, "");
    sounds_ = compareSounds(blobs, tracks_, stop);
    progress.end();
  }

  Duplicates run() {
    result_.problems = std::move(sounds_.problems);
    Sets sets(sounds_.tracks.size());
    for (const auto& pair : sounds_.same) {
      if (pair.whole) {
        sets.join(pair.first, pair.second);
      } else {
        addPart(pair);
      }
    }
    std::map<std::size_t, std::vector<std::size_t>> members;
    for (std::size_t i = 0; i < sounds_.tracks.size(); ++i) {
      members[sets.first(i)].push_back(i);
      if (sounds_.missing[i]) result_.not_heard.push_back(trackOf(i));
    }
    for (const auto& [first, recordings] : members) addGroup(recordings);
    std::sort(result_.groups.begin(), result_.groups.end(), [](const auto& a, const auto& b) {
      return a.tracks.front().track.id < b.tracks.front().track.id;
    });
    return std::move(result_);
  }

 private:
  const archive::Track& trackOf(std::size_t recording) const {
    return tracks_[sounds_.tracks[recording].front()];
  }

  void addPart(const archive::SameSound& pair) {
    Part part{trackOf(pair.first), trackOf(pair.second), pair.overlap, pair.sureness};
    if (part.longer.duration < part.shorter.duration) {
      std::swap(part.longer, part.shorter);
      part.overlap.offset = -part.overlap.offset;
    }
    result_.parts.push_back(std::move(part));
  }

  Duplicate describe(const archive::Track& track) const {
    Duplicate one{track, {}, catalogue_.places(track.id), 0, false, {}};
    if (auto recording = catalogue_.recording(track.hash)) one.recording = *std::move(recording);
    one.lossless = isLossless(one.recording.format);
    std::stable_sort(one.places.begin(), one.places.end(),
                     [](const auto& a, const auto& b) { return a.offline < b.offline; });
    if (!one.places.empty() && track.duration.count() > 0) {
      one.bits_per_second = static_cast<std::uint64_t>(
          static_cast<double>(one.places.front().stamp.size) * 8 / track.duration.count());
    }
    return one;
  }

  void addGroup(const std::vector<std::size_t>& recordings) {
    DuplicateGroup group;
    std::map<AudioHash, std::size_t> recording_of;
    std::size_t files = 0;
    for (const std::size_t recording : recordings) {
      recording_of[trackOf(recording).hash] = recording;
      for (const std::size_t track : sounds_.tracks[recording]) {
        group.tracks.push_back(describe(tracks_[track]));
        files += group.tracks.back().places.size();
      }
    }
    if (group.tracks.size() == 1 && files < 2) return;
    std::sort(group.tracks.begin(), group.tracks.end(),
              [](const auto& a, const auto& b) { return worth(a) > worth(b); });
    const std::size_t kept = recording_of.at(group.tracks.front().track.hash);
    for (auto& one : group.tracks) {
      one.same = relation(kept, recording_of.at(one.track.hash));
    }
    if (group.tracks.size() > 1) group.why = reasonFor(group);
    result_.groups.push_back(std::move(group));
  }

  // Of a recording to the kept one; where they meet only over a third, to that.
  Sameness relation(std::size_t kept, std::size_t other) const {
    if (kept == other) return {true, {}, archive::Sureness::certain};
    if (const auto direct = archive::bestOverlap(sounds_.items[kept], sounds_.items[other])) {
      if (const auto sureness = archive::judge(*direct)) return {false, *direct, *sureness};
    }
    Sameness found{false, {}, archive::Sureness::likely};
    for (const auto& pair : sounds_.same) {
      if (pair.second != other && pair.first != other) continue;
      if (pair.overlap.bit_errors >= found.overlap.bit_errors) continue;
      found.overlap = pair.overlap;
      if (pair.first == other) found.overlap.offset = -found.overlap.offset;
    }
    return found;
  }

  const archive::Catalogue& catalogue_;
  std::vector<archive::Track> tracks_;
  Sounds sounds_;
  Duplicates result_;
};

}  // namespace

Duplicates findDuplicates(const archive::Catalogue& catalogue, const Blobs& blobs,
                          Progress& progress, const std::stop_token& stop) {
  return Finder(catalogue, blobs, progress, stop).run();
}

}  // namespace attacca::app
