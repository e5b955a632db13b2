// Recordings laid over each other.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "attacca/archive/catalogue.h"
#include "attacca/archive/duplicates.h"
#include "attacca/base/blob.h"

namespace attacca::app {

// Recordings with their fingerprints, in the order in which their tracks come.
struct Sounds {
  std::vector<std::vector<std::size_t>> tracks;  // of each recording: positions in the list
  std::vector<std::vector<FingerprintItem>> items;
  std::vector<bool> missing;  // no fingerprint is there
  std::vector<std::string> problems;
  std::vector<archive::SameSound> same;
};

// Reads all fingerprints. Throws Fault::cancelled.
Sounds compareSounds(const Blobs& blobs, std::span<const archive::Track> tracks,
                     const std::stop_token& stop);

// Sets of recordings, each known by its first.
class Sets {
 public:
  explicit Sets(std::size_t size) : parent_(size) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t first(std::size_t member) const {
    while (parent_[member] != member) member = parent_[member];
    return member;
  }
  void join(std::size_t a, std::size_t b) {
    a = first(a);
    b = first(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parent_;
};

}  // namespace attacca::app
