// What listeners heard, as sets: what the nets of two towers learn from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "attacca/index/snapshot.h"

#include "training_loop.h"

namespace attacca::learn {

// A played track: its place among those that somebody heard, ascending by row. Tracks that nobody
// heard take no part in training, so that they are strangers to a net however often it meets the
// others.
using Played = std::int32_t;

class Heard {
 public:
  // Rows in `histories` are below `items`.
  Heard(const std::vector<std::vector<index::Row>>& histories, std::size_t items);

  std::size_t listeners() const { return begins_.size() - 1; }
  // The distinct tracks that a listener heard, ascending.
  std::span<const Played> of(std::size_t listener) const {
    return {tracks_.data() + begins_[listener], begins_[listener + 1] - begins_[listener]};
  }
  std::span<const index::Row> rows() const { return rows_; }  // by played track
  std::size_t played() const { return rows_.size(); }
  std::size_t pairs() const { return tracks_.size(); }  // of a listener and a distinct track

 private:
  std::vector<index::Row> rows_;
  std::vector<std::size_t> begins_{0};
  std::vector<Played> tracks_;
};

// Draws played tracks that a listener has not heard, each as likely as any other. Without
// rejection: a draw among those unheard is moved up by the heard ones below it, so a listener who
// heard all but one costs no more than another.
class Unheard {
 public:
  // `heard` must outlive this.
  explicit Unheard(const Heard& heard);

  std::size_t count(std::size_t listener) const {
    return heard_.played() - heard_.of(listener).size();
  }
  // `count(listener)` is not 0.
  Played draw(std::size_t listener, Random& random) const;

 private:
  const Heard& heard_;
  // By listener and heard track, as in `heard_`: how many unheard tracks come before it.
  std::vector<Played> unheard_before_;
  std::vector<std::size_t> begins_;
};

}  // namespace attacca::learn
