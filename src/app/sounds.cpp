#include "sounds.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "attacca/app/add.h"
#include "attacca/app/duplicates.h"
#include "attacca/archive/effective.h"
#include "attacca/base/error.h"

namespace attacca::app {
namespace {

// One line that says what the file is and of which recordings; then a line for each pair of them
// that are one sound, by their audio hashes.
constexpr std::string_view kKey = "duplicates";
constexpr std::string_view kMagic = "attacca duplicates 1";

using HashPairs = std::vector<std::pair<AudioHash, AudioHash>>;

// Of all that the comparison looks at: fingerprints do not change as long as they are there.
std::string headOf(const Blobs& blobs, std::span<const archive::Track> tracks) {
  std::set<std::string> there;
  for (auto& blob : blobs.list("fingerprints/")) there.insert(std::move(blob.key));
  std::map<AudioHash, Seconds> recordings;
  for (const auto& track : tracks) {
    if (track.heard()) recordings.emplace(track.hash, track.duration);
  }
  Sha256 digest;
  digest.update(archive::rules());
  for (const auto& [hash, duration] : recordings) {
    digest.update(fmt::format("{} {} {}\n", hash.hex(), duration.count(),
                              there.contains(fingerprintKey(hash))));
  }
  return fmt::format("{} {}\n", kMagic, digest.finish().hex());
}

std::optional<HashPairs> readPairs(const Blobs& blobs, std::string_view head) {
  if (!blobs.exists(kKey)) return std::nullopt;
  const FileBytes file = blobs.read(kKey);
  std::string_view text = file.text();
  if (!text.starts_with(head)) return std::nullopt;
  text.remove_prefix(head.size());
  HashPairs pairs;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t space = std::min(line.find(' '), line.size());
    const auto first = Sha256Digest::fromHex(line.substr(0, space));
    const auto second = Sha256Digest::fromHex(line.substr(std::min(space + 1, line.size())));
    if (!first || !second || line.size() == text.size()) return std::nullopt;
    pairs.emplace_back(AudioHash{*first}, AudioHash{*second});
    text.remove_prefix(line.size() + 1);
  }
  return pairs;
}

HashPairs findPairs(Blobs& blobs, std::span<const archive::Track> tracks, const std::string& head) {
  const Sounds sounds = compareSounds(blobs, tracks, {});
  const auto hash = [&](std::size_t recording) {
    return tracks[sounds.tracks[recording].front()].hash;
  };
  HashPairs pairs;
  std::string text = head;
  for (const auto& pair : sounds.same) {
    if (!pair.whole || pair.sureness != archive::Sureness::certain) continue;
    pairs.emplace_back(hash(pair.first), hash(pair.second));
    text += fmt::format("{} {}\n", pairs.back().first.hex(), pairs.back().second.hex());
  }
  // What could not be read may be readable the next time.
  if (sounds.problems.empty()) blobs.put(kKey, text);
  return pairs;
}

}  // namespace

Sounds compareSounds(const Blobs& blobs, std::span<const archive::Track> tracks,
                     const std::stop_token& stop) {
  Sounds sounds;
  std::map<AudioHash, std::size_t> recordings;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (!tracks[i].heard()) continue;
    const auto [at, is_new] = recordings.try_emplace(tracks[i].hash, sounds.tracks.size());
    if (is_new) sounds.tracks.emplace_back();
    sounds.tracks[at->second].push_back(i);
  }
  sounds.items.resize(sounds.tracks.size());
  sounds.missing.resize(sounds.tracks.size());
  std::vector<archive::Fingerprinted> fingerprinted;
  for (std::size_t i = 0; i < sounds.tracks.size(); ++i) {
    if (stop.stop_requested()) throw Error(Fault::cancelled, "stopped while comparing recordings");
    const auto& track = tracks[sounds.tracks[i].front()];
    const std::string key = fingerprintKey(track.hash);
    try {
      sounds.items[i] = readFingerprint(blobs.read(key).bytes(), key);
    } catch (const Error& fault) {
      if (fault.fault() != Fault::notFound) sounds.problems.push_back(fault.what());
      sounds.missing[i] = fault.fault() == Fault::notFound;
    }
    fingerprinted.push_back({sounds.items[i], track.duration});
  }
  sounds.same = archive::findSameSounds(fingerprinted);
  return sounds;
}

std::map<RecordingId, RecordingId> sameRecordings(Blobs& blobs,
                                                  std::span<const archive::Track> tracks) {
  std::map<AudioHash, RecordingId> recordings;
  for (const auto& track : tracks) {
    if (track.heard()) recordings.emplace(track.hash, track.recording);
  }
  const std::string head = headOf(blobs, tracks);
  auto pairs = readPairs(blobs, head);
  if (!pairs) pairs = findPairs(blobs, tracks, head);
  // By id, so that the first of a set is the oldest.
  std::map<RecordingId, std::size_t> places;
  for (const auto& [hash, id] : recordings) places.emplace(id, 0);
  std::vector<RecordingId> ids;
  for (auto& [id, place] : places) {
    place = ids.size();
    ids.push_back(id);
  }
  Sets sets(ids.size());
  for (const auto& [first, second] : *pairs) {
    const auto a = recordings.find(first);
    const auto b = recordings.find(second);
    if (a != recordings.end() && b != recordings.end()) {
      sets.join(places.at(a->second), places.at(b->second));
    }
  }
  std::map<RecordingId, RecordingId> same;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (const std::size_t oldest = sets.first(i); oldest != i) same.emplace(ids[i], ids[oldest]);
  }
  return same;
}

}  // namespace attacca::app
