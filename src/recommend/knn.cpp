#include "knn.h"

#include <algorithm>

namespace attacca::recommend {
namespace {

constexpr std::int32_t kUnseen = -1;
constexpr std::int32_t kExcluded = -2;

// In an archive whose tracks all sound the same there is no "nearer than any": keeps that finite.
constexpr double kLeastSpread = 1e-6;

}  // namespace

void ListenerNeighbours::Scored::add(const Term& term) {
  const auto before = [](const Term& a, const Term& b) {
    return a.value != b.value ? a.value > b.value : a.heard < b.heard;
  };
  std::size_t at = count;
  if (count == kMaxTerms) {
    if (!before(term, terms.back())) return;
    at = kMaxTerms - 1;
  } else {
    ++count;
  }
  for (; at > 0 && before(term, terms[at - 1]); --at) terms[at] = terms[at - 1];
  terms[at] = term;
}

std::size_t ListenerNeighbours::Scored::counting() const {
  // Positive terms add up to the score; where there are none the largest is the score.
  std::size_t counting = 1;
  while (counting < count && terms[counting].value > 0) ++counting;
  return counting;
}

double ListenerNeighbours::Scored::score() const {
  double sum = 0;
  for (std::size_t i = 0; i < counting(); ++i) sum += terms[i].value;
  return sum;
}

ListenerNeighbours::ListenerNeighbours(const Snapshot& snapshot, const Exclusions& excluded,
                                       std::span<const ProfileTrack> profile)
    : snapshot_(snapshot),
      excluded_(excluded),
      profile_(profile),
      slots_(snapshot.size(), kUnseen) {
  for (const ProfileTrack& heard : profile.first(std::min(profile.size(), kMaxTerms))) {
    weight_ += heard.weight;
  }
}

ListenerNeighbours::Scored* ListenerNeighbours::find(Row row) {
  std::int32_t& slot = slots_[static_cast<std::size_t>(row)];
  if (slot == kUnseen) {
    slot = excluded_(row) ? kExcluded : static_cast<std::int32_t>(scored_.size());
    if (slot != kExcluded) scored_.push_back({row, 0, {}});
  }
  return slot == kExcluded ? nullptr : &scored_[static_cast<std::size_t>(slot)];
}

double ListenerNeighbours::termValue(const ProfileTrack& heard, float cosine) const {
  const auto mean = static_cast<double>(snapshot_.centrality(heard.row));
  return heard.weight / weight_ * (static_cast<double>(cosine) - mean) /
         std::max(1 - mean, kLeastSpread);
}

void ListenerNeighbours::addStored(const ProfileTrack& heard) {
  const auto rows = snapshot_.neighbours(heard.row);
  const auto cosines = snapshot_.neighbourScores(heard.row);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (Scored* scored = find(rows[i])) {
      scored->add({heard.row, cosines[i], termValue(heard, cosines[i])});
    }
  }
}

void ListenerNeighbours::addAll(const ProfileTrack& heard, std::span<const Row> open) {
  std::vector<float> cosines(open.size());
  snapshot_.scores(heard.row, open, cosines);
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (open[i] == heard.row) continue;
    find(open[i])->add({heard.row, cosines[i], termValue(heard, cosines[i])});
  }
}

Candidates ListenerNeighbours::candidates(int round) {
  Candidates result;
  if (round == 0) {
    for (const ProfileTrack& heard : profile_) addStored(heard);
    result.complete = snapshot_.size() <= index::kStoredNeighbours + 1;
  } else {
    std::vector<Row> open;
    scored_.clear();
    std::fill(slots_.begin(), slots_.end(), kUnseen);
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      if (find(static_cast<Row>(i)) != nullptr) open.push_back(static_cast<Row>(i));
    }
    for (const ProfileTrack& heard : profile_) addAll(heard, open);
    result.complete = true;
  }
  for (const Scored& scored : scored_) {
    if (scored.count > 0) result.best.push_back({scored.row, scored.score()});
  }
  std::sort(result.best.begin(), result.best.end(), [](const Candidate& a, const Candidate& b) {
    return a.score != b.score ? a.score > b.score : a.row < b.row;
  });
  return result;
}

std::span<const Term> ListenerNeighbours::terms(Row candidate) const {
  const Scored& scored =
      scored_[static_cast<std::size_t>(slots_[static_cast<std::size_t>(candidate)])];
  return std::span(scored.terms).first(scored.counting());
}

}  // namespace attacca::recommend
