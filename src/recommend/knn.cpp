#include "knn.h"

#include <algorithm>

namespace attacca::recommend {
namespace {

// Positive terms add up to the score; where there are none the largest is the score.
std::size_t countTerms(std::span<const Term> of_candidate) {
  std::size_t count = 1;
  while (count < std::min(of_candidate.size(), kMaxTerms) && of_candidate[count].value > 0) ++count;
  return count;
}

// In an archive whose tracks all sound the same there is no "nearer than any": keeps that finite.
constexpr double kLeastSpread = 1e-6;

}  // namespace

ListenerNeighbours::ListenerNeighbours(const Snapshot& snapshot, const index::TrackSearch& search,
                                       std::span<const ProfileTrack> profile)
    : snapshot_(snapshot), search_(search), profile_(profile) {
  for (const ProfileTrack& heard : profile.first(std::min(profile.size(), kMaxTerms))) {
    weight_ += heard.weight;
  }
}

void ListenerNeighbours::addTerms(const ProfileTrack& heard, std::size_t k) {
  const auto mean = static_cast<double>(snapshot_.centrality(heard.row));
  const double scale = heard.weight / weight_ / std::max(1 - mean, kLeastSpread);
  const auto add = [&](Row candidate, float cosine) {
    terms_.push_back({candidate, heard.row, cosine, scale * (static_cast<double>(cosine) - mean)});
  };
  if (k <= index::kStoredNeighbours) {
    const auto rows = snapshot_.neighbours(heard.row);
    const auto scores = snapshot_.neighbourScores(heard.row);
    for (std::size_t i = 0; i < rows.size(); ++i) add(rows[i], scores[i]);
    return;
  }
  const auto hits =
      search_.nearest(snapshot_.vector(heard.row), k, [&](Row row) { return row != heard.row; });
  for (const index::Hit& hit : hits) add(hit.row, hit.score);
}

Candidates ListenerNeighbours::candidates(int round) {
  std::size_t k = index::kStoredNeighbours;
  for (int i = 0; i < round && k < snapshot_.size(); ++i) k *= 8;
  terms_.clear();
  for (const ProfileTrack& heard : profile_) addTerms(heard, k);
  std::sort(terms_.begin(), terms_.end(), [](const Term& a, const Term& b) {
    if (a.candidate != b.candidate) return a.candidate < b.candidate;
    return a.value != b.value ? a.value > b.value : a.heard < b.heard;
  });
  Candidates result;
  result.complete = k + 1 >= snapshot_.size();
  for (std::size_t i = 0; i < terms_.size();) {
    const std::size_t begin = i;
    while (i < terms_.size() && terms_[i].candidate == terms_[begin].candidate) ++i;
    const std::span<const Term> of_candidate(terms_.data() + begin, i - begin);
    double score = 0;
    for (const Term& term : of_candidate.first(countTerms(of_candidate))) score += term.value;
    result.best.push_back({terms_[begin].candidate, score});
  }
  std::sort(result.best.begin(), result.best.end(), [](const Candidate& a, const Candidate& b) {
    return a.score != b.score ? a.score > b.score : a.row < b.row;
  });
  return result;
}

std::span<const Term> ListenerNeighbours::terms(Row candidate) const {
  const auto begin =
      std::lower_bound(terms_.begin(), terms_.end(), candidate,
                       [](const Term& term, Row row) { return term.candidate < row; });
  auto end = begin;
  while (end != terms_.end() && end->candidate == candidate) ++end;
  const std::span<const Term> all(begin, end);
  return all.first(countTerms(all));
}

}  // namespace attacca::recommend
