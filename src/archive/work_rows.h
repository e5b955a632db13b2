// A catalogue on its way to conclusions.
#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "attacca/archive/works.h"

#include "known_works.h"
#include "title.h"

namespace attacca::archive {

inline constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

inline constexpr const char* kByHand = "set by hand";

// Folded words of composers' names, which titles may repeat; tracks with the same fields share
// them.
using Surnames = std::shared_ptr<const std::vector<std::string>>;

// What else the reading of a track's people finds.
struct SaidOfTrack {
  Surnames surnames;
  std::string rest;               // the title without the names it begins with; "" for all of it
  bool any_of_composers = false;  // the field holds the composers of the whole album
};

// Sets the credits of all tracks.
std::vector<SaidOfTrack> concludePeople(std::span<const WrittenTrack> written, const Joins& joins,
                                        std::vector<ConcludedTrack>& tracks);

// What is read from one track.
struct Row {
  const WrittenTrack* written = nullptr;
  int disc = 0;
  std::string composer;           // whose work it is; "" if nobody is named
  bool any_of_composers = false;  // only one of the credited composers made it
  Title title;
  const KnownWork* known = nullptr;
  std::string part;        // of a known set
  int known_movement = 0;  // 0 if the known work does not tell
  double known_confidence = 0;
  std::string known_reason;
  const std::string* own_work = nullptr;  // its title: a work that nothing else is of
  std::size_t head = kNone;               // the row whose work it continues
  bool elsewhere = false;                 // that row is no neighbour
  std::size_t reading = kNone;            // none for a track without a work
  std::size_t group = kNone;
};

// Reads the titles. Corrects credits where a known work tells who composed it.
std::vector<Row> readRows(std::span<const WrittenTrack> written, std::span<const SaidOfTrack> said,
                          std::vector<ConcludedTrack>& tracks);

// "A. Willner" in one title is "Arthur Willner" in another.
void oneNameForEach(std::span<const WrittenTrack> written, std::vector<ConcludedTrack>& tracks,
                    std::vector<Row>& rows);

// The movement of a row's known work, and its title where the track's has none.
void knownMovement(Row& row);
// "Slavonic Dances, Op. 46: No. 8 in G minor": a piece of a set is a work of its own.
void numberOfSet(Title& title);

// The rows in the order in which albums play them.
std::vector<std::size_t> playingOrder(std::span<const Row> rows);

// On one disc of one album.
bool neighbours(const Row& a, const Row& b);
// "Finale"
bool isLast(const Row& row);

// Finds the rows that name no work but continue that of the row before, or are a movement of a work
// that other rows name: sets head. Finds works and parts that only a comparison of neighbours
// parts.
void continueWorks(std::vector<Row>& rows, std::span<const std::size_t> order);

// Numbers of movements, from titles, tags, known works and the order of tracks.
void numberMovements(std::span<const Row> rows, std::span<const std::size_t> order,
                     std::vector<ConcludedTrack>& tracks);

}  // namespace attacca::archive
