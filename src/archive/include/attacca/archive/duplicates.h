// Which recordings are the same sound: in another encoding, at another loudness, trimmed otherwise.
// Another performance of the same work is not, however alike.
//
// Acoustic fingerprints (base/acoustic_fingerprint.h) are laid over each other at the offset that
// most equal items vote for, and the bits that differ are counted, as AcoustID does (L. Lalinsky,
// "How does Chromaprint work?", 2011; J. Haitsma and T. Kalker, "A highly robust audio
// fingerprinting system", ISMIR 2002, for offset and bit error rate). docs/decisions.md has the
// measurements behind the limits.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "attacca/base/acoustic_fingerprint.h"
#include "attacca/base/units.h"

namespace attacca::archive {

// One recording's fingerprint, which must outlive the call, and its whole length.
struct Fingerprinted {
  std::span<const FingerprintItem> items;
  Seconds duration{};
};

// Two fingerprints laid over each other.
struct Overlap {
  Seconds offset{};       // the second begins so far into the first; negative: before it
  Seconds compared{};     // where both have a fingerprint
  double bit_errors = 1;  // share of the bits there that differ
};

enum class Sureness { likely, certain };

struct SameSound {
  std::size_t first = 0;  // positions in the list given, first < second
  std::size_t second = 0;
  Overlap overlap;
  // Both hold nearly the same stretch of music; else one goes on where the other begins or ends,
  // as a whole concert does beside its first piece.
  bool whole = true;
  Sureness sureness = Sureness::likely;
};

// What two fingerprints have in common at the offset that fits best among those worth trying;
// nullopt when none is.
std::optional<Overlap> bestOverlap(std::span<const FingerprintItem> first,
                                   std::span<const FingerprintItem> second);

// How sure it is that an overlap means the same sound; nullopt: it means nothing.
std::optional<Sureness> judge(const Overlap& overlap);

// All pairs that are the same sound, in order of positions. Time grows with the number of items,
// not with the number of pairs; pure and deterministic.
std::vector<SameSound> findSameSounds(std::span<const Fingerprinted> recordings);

}  // namespace attacca::archive
