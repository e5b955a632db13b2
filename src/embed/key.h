// The key of a piece, from how much each pitch class sounds in it.
#pragma once

#include <span>

#include "chroma.h"

namespace attacca::embed {

struct Key {
  int tonic = 0;  // 0 is C
  bool major = true;
  double confidence = 0;  // 0..1
};

// The key whose profile correlates best with `classes` (C. Krumhansl, "Cognitive Foundations of
// Musical Pitch", 1990), by the profiles of J. Albrecht and D. Shanahan, "The use of large corpora
// to develop a new type of key-finding algorithm", Music Perception 31, 2013, with the partials of
// each note (as E. Gómez, "Tonal description of polyphonic audio", INFORMS JoC 18, 2006, has them).
// All equal: no key, confidence 0. The confidence is how much less the next best correlates, 1 from
// kSureMargin on.
constexpr double kSureMargin = 0.2;
Key findKey(std::span<const double> classes);

}  // namespace attacca::embed
