#include "references.h"

#include <algorithm>
#include <cmath>

namespace attacca::index {
namespace {

constexpr double kLeastDeviation = 1e-3;  // of a part whose scores are all the same

}  // namespace

std::vector<std::vector<float>> scoreReferences(const FusedParts& parts,
                                                const FusedScorer::PackedTracks& packed,
                                                std::span<const Row> references,
                                                const std::function<bool(std::size_t row)>& wanted,
                                                unsigned jobs) {
  const std::size_t rows = parts.vectors.rows;
  std::vector<std::vector<float>> scores(parts.ordered.size());
  for (auto& of_part : scores) of_part.resize(rows * references.size());
  if (scores.empty()) return scores;
  inParallel(rows, jobs, [&] {
    return [&, scorer = FusedScorer(parts)](std::size_t row) mutable {
      if (!wanted(row)) return;
      scorer.use(&packed);
      scorer.begin(static_cast<Row>(row));
      for (std::size_t k = 0; k < references.size(); ++k) {
        if (references[k] == static_cast<Row>(row)) continue;
        for (std::size_t p = 0; p < scores.size(); ++p) {
          scores[p][row * references.size() + k] = scorer.partScore(p, references[k]);
        }
      }
    };
  });
  return scores;
}

double deviation(std::size_t rows, std::span<const Row> references,
                 const std::function<double(std::size_t row, std::size_t k)>& score) {
  double sum = 0;
  double squares = 0;
  double pairs = 0;
  eachReferencePair(rows, references, [&](std::size_t row, std::size_t k) {
    const double value = score(row, k);
    sum += value;
    squares += value * value;
    ++pairs;
  });
  if (pairs == 0) return 1;
  const double mean = sum / pairs;
  return std::max(std::sqrt(std::max(squares / pairs - mean * mean, 0.0)), kLeastDeviation);
}

}  // namespace attacca::index
