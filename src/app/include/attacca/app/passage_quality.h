// Are passages found? For archives of which it is known where the same music is in several tracks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "attacca/app/quality.h"
#include "attacca/index/passage.h"

namespace attacca::app {

// A passage, and where the same music is in other recordings.
struct KnownPassage {
  index::Passage asked;
  std::vector<index::Passage> same;  // at least one
};

struct KnownPassages {
  std::vector<KnownPassage> passages;
  std::size_t elsewhere = 0;  // lines of files that the archive does not hold
};

// A table with the columns file, from_s, to_s, other_file, other_from_s and other_to_s: the music
// of one file from here to there is that of another from there to there. Lines that ask for the
// same passage give several answers. Files are told by the end of their paths; `tracks[i]` is row
// i. Throws Fault::refused naming `origin` and the line.
KnownPassages readKnownPassages(std::string_view csv, std::string_view origin,
                                std::span<const archive::Track> tracks);

struct PassageQuality {
  double seconds = 0;  // the passages' length, to a tenth
  Figure place;        // the share whose best hit is at the right place of a right track
  double track = 0;    // the share whose best hit is anywhere in a right track
};

// The best hit for a passage in another recording; nullopt where there is none.
using PassageFinder = std::function<std::optional<index::Passage>(const index::Passage& asked)>;

// A place is right when its middle is at most half the passage's length off. `tracks[i]` and
// `groups[i]` are those of row i. Longest passages first. Deterministic for a seed.
std::vector<PassageQuality> measurePassages(std::span<const KnownPassage> known,
                                            std::span<const archive::Track> tracks,
                                            std::span<const index::Groups> groups,
                                            const PassageFinder& find, std::uint64_t seed);

}  // namespace attacca::app
