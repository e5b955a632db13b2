#include "attacca/index/balance.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "attacca/base/error.h"

#include "score_kernels.h"
#include "snapshot_state.h"

namespace attacca::index {
namespace {

// The share of each part at that balance; they add up to 1. A share is as weight / spread, and the
// spread is what the snapshot's own shares tell.
std::vector<double> balancedShares(const Recipe& recipe, std::span<const SnapshotPart> parts,
                                   double own, double sound) {
  std::vector<double> shares(parts.size());
  double total = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool hears_sound = recipe.parts[i].hears() == Side::sound;
    shares[i] = parts[i].share * (hears_sound ? sound / own : (1 - sound) / (1 - own));
    total += shares[i];
  }
  for (double& share : shares) share /= total;
  return shares;
}

// Its dot product with a row of the snapshot's vectors is what all parts in them add to a score.
std::vector<float> balancedQuery(const Snapshot& snapshot, Row row,
                                 std::span<const double> shares) {
  const Snapshot::State& state = snapshot.state();
  const auto& parts = snapshot.info().parts;
  double folded = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!state.recipe.parts[i].ordered()) folded += parts[i].share;
  }
  const auto own = snapshot.vector(row);
  std::vector<float> query;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (state.recipe.parts[i].ordered()) continue;
    // A part's unit vector stands there times the root of its weight among the others.
    const double weight = folded > 0 ? parts[i].share / folded : 0;
    const double factor = weight > 0 ? shares[i] / weight : 0;
    const std::size_t columns = state.fits[i].columns(parts[i].dimension);
    for (std::size_t k = 0; k < columns; ++k) {
      query.push_back(static_cast<float>(factor * static_cast<double>(own[query.size()])));
    }
  }
  return query;
}

}  // namespace

std::vector<float> balancedScores(const Snapshot& snapshot, Row row, double sound, unsigned jobs) {
  const Snapshot::State& state = snapshot.state();
  const auto own = state.recipe.sound();
  if (!own) {
    throw Error(Fault::unsupported,
                fmt::format("the recipe \"{}\" compares by the sound alone, or by the music alone: "
                            "there is nothing to turn",
                            state.recipe.name),
                "`--recipe similar` compares by both");
  }
  if (!(sound >= 0 && sound <= 1)) {
    throw Error(Fault::usage, fmt::format("{} is no part of the sound", sound),
                "it is from 0 (the music alone) to 1 (the sound alone)");
  }
  const auto shares = balancedShares(state.recipe, snapshot.info().parts, *own, sound);
  const std::vector<float> query = balancedQuery(snapshot, row, shares);
  FusedParts ordered;
  ordered.vectors = state.vectors;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (!state.recipe.parts[i].ordered() || shares[i] == 0) continue;
    const double rate = snapshot.info().parts[i].rows_per_second;
    ordered.ordered.push_back({state.recipe.parts[i].kind, rate,
                               ShinglePart(state.recipe.parts[i], rate), state.frames[i],
                               shares[i]});
  }
  std::vector<float> scores(snapshot.size());
  inParallel(scores.size(), jobs, [&] {
    const auto scorer = std::make_shared<FusedScorer>(ordered);
    scorer->begin(row);
    return [&, scorer](std::size_t other) {
      const float* const left = query.data();
      const float* const right = state.vectors.row(other).data();
      float in_vectors = 0;
      scorePairs({&left, 1}, {&right, 1}, query.size(), &in_vectors);
      double sum = static_cast<double>(in_vectors);
      for (std::size_t p = 0; p < ordered.ordered.size(); ++p) {
        sum += ordered.ordered[p].share *
               static_cast<double>(scorer->partScore(p, static_cast<Row>(other)));
      }
      scores[other] = static_cast<float>(std::clamp(sum, -1.0, 1.0)) + 0.0F;  // one zero
    };
  });
  return scores;
}

}  // namespace attacca::index
