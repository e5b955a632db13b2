// Scores of several parts as one, and the neighbour table made by them.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "attacca/base/npy.h"
#include "attacca/index/snapshot.h"

#include "frames.h"
#include "neighbours.h"
#include "shingles.h"

namespace attacca::index {

// What scores of tracks are made of.
struct FusedParts {
  struct Ordered {
    PartKind kind = PartKind::sequence;
    double rows_per_second = 0;
    ShinglePart shingles;
    FramesView frames;
    double share = 0;
  };

  MatrixView<float> vectors;  // the parts that are not ordered, folded into one
  double vectors_share = 1;
  std::vector<Ordered> ordered;  // those with a share
};

// Scores one track with others. One thread; `parts` outlives it.
class FusedScorer {
 public:
  explicit FusedScorer(const FusedParts& parts);
  void begin(Row row);
  // Of `begin`'s row and another, the same whichever of the two began.
  float score(Row other);
  // Of one ordered part alone.
  float partScore(std::size_t part, Row other);

  // Tracks are laid out for every comparison, unless all were beforehand.
  using PackedTracks = std::vector<std::vector<ShinglePart::Track>>;  // [part][row]
  static PackedTracks packAll(const FusedParts& parts, unsigned jobs);
  void use(const PackedTracks* packed) { packed_ = packed; }

 private:
  const ShinglePart::Track& packed(std::size_t part, Row row, ShinglePart::Track& own) const;

  const FusedParts& parts_;
  const PackedTracks* packed_ = nullptr;
  Row row_ = -1;
  std::vector<ShinglePart::Track> own_;
  std::vector<ShinglePart::Left> lefts_;
  ShinglePart::Track other_;
  ShinglePart::Scratch scratch_;
};

// An earlier table, and what it was made of. It saves work: pairs that stand in it are not scored
// again, nor those that were candidates and came too late for it. What stands in it stays a
// candidate, so that no list can be worse than one made without it.
struct EarlierFused {
  const EarlierTable& table;
  const FusedParts& parts;
};

// Each track's nearest by the fused score, among candidates: those that are near in the vectors,
// those whose sketches of an ordered part are near, and those of which it is itself a candidate. In
// archives of a few hundred tracks these are all.
NeighbourTable makeFusedTable(const FusedParts& parts, const FusedScorer::PackedTracks& packed,
                              const EarlierFused* earlier, unsigned jobs);

// Calls work(i) for i = 0 .. count - 1 in `jobs` threads, each with a worker of its own.
void inParallel(std::size_t count, unsigned jobs,
                const std::function<std::function<void(std::size_t)>()>& make_worker);

}  // namespace attacca::index
