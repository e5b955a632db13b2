// Controls: representations that hear nothing, to be compared with those that do.
//
// `random` gives every recording independent standard normal numbers; `shuffled:NAME` gives every
// recording what NAME heard in another one, so that the numbers are as they were and only say
// nothing about what they stand beside. Both follow from the audio hashes alone: the same archive
// has the same controls everywhere and every time. They are made when a snapshot is published and
// kept nowhere else.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "attacca/base/sha256.h"

namespace attacca::app {

constexpr std::string_view kRandom = "random";
constexpr std::size_t kRandomDimension = 200;
// Stands for a version: what the controls are changes with it.
constexpr std::string_view kRandomVersioned = "random@0000000000000001";

// kRandomDimension numbers.
std::vector<float> randomVector(const AudioHash& hash);

// What recipes, snapshots and their keys call "shuffled:NAME", and the NAME in it (also with a
// version): a representation's own name may not begin so.
std::string shuffledName(std::string_view name);
std::optional<std::string_view> shuffledOf(std::string_view shuffled_name);

// One permutation of recordings, drawn once for a set of them.
class Shuffle {
 public:
  // In any order; a recording that comes twice counts once.
  explicit Shuffle(std::span<const AudioHash> recordings);
  // The recording whose embedding it gets; nullptr for one that was not given.
  const AudioHash* standIn(const AudioHash& recording) const;

 private:
  std::unordered_map<AudioHash, AudioHash> stand_ins_;
};

}  // namespace attacca::app
