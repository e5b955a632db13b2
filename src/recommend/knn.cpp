#include "knn.h"

#include <algorithm>
#include <cmath>

#include "greedy.h"
#include "list.h"
#include "played.h"

namespace attacca::recommend {
namespace {

constexpr std::size_t kMaxReasons = 3;

struct ListenerPick {
  Row row = -1;
  double score = 0;
  std::vector<HeardCosine> reasons;  // what contributed most to the score first, 1 to 3
};

// How near one candidate is to one heard track.
struct Term {
  std::uint32_t heard = 0;  // index into the profile
  float cosine = 0;
};

// Neighbourhood and their terms, at least one each.
struct Neighbourhood {
  std::vector<Row> rows;  // ascending
  Lists<Term> terms;      // of each of rows
  bool all = false;       // every track that may be suggested is there
};

// The stored neighbours of the profile.
Neighbourhood storedNeighbours(const Snapshot& snapshot, const Exclusions& excluded,
                               const std::vector<ProfileTrack>& profile) {
  std::vector<std::uint32_t> counts(snapshot.size());
  for (const ProfileTrack& heard : profile) {
    for (const Row row : snapshot.neighbours(heard.row)) ++counts[static_cast<std::size_t>(row)];
  }
  Neighbourhood result;
  result.all = snapshot.size() <= index::kStoredNeighbours + 1;
  constexpr auto kNone = static_cast<std::size_t>(-1);
  std::vector<std::size_t> next(snapshot.size(), kNone);  // where a row's next term goes
  std::size_t end = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto row = static_cast<Row>(i);
    if (counts[i] == 0 || excluded(row)) continue;
    next[i] = end;
    end += counts[i];
    result.rows.push_back(row);
    result.terms.ends.push_back(end);
  }
  result.terms.all.resize(end);
  for (std::size_t h = 0; h < profile.size(); ++h) {
    const auto rows = snapshot.neighbours(profile[h].row);
    const auto cosines = snapshot.neighbourScores(profile[h].row);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::size_t& at = next[static_cast<std::size_t>(rows[i])];
      if (at != kNone) result.terms.all[at++] = {static_cast<std::uint32_t>(h), cosines[i]};
    }
  }
  return result;
}

// Every track that may be suggested, compared with the whole profile.
Neighbourhood allTracks(const Snapshot& snapshot, const Exclusions& excluded,
                        const std::vector<ProfileTrack>& profile) {
  Neighbourhood result;
  result.all = true;
  std::vector<Row> heard;
  heard.reserve(profile.size());
  for (const ProfileTrack& track : profile) heard.push_back(track.row);
  std::vector<float> cosines(heard.size());
  for (std::size_t i = 0; i < snapshot.size(); ++i) {
    const auto row = static_cast<Row>(i);
    if (excluded(row)) continue;
    snapshot.estimates(row, heard, cosines);
    const std::size_t before = result.terms.all.size();
    for (std::size_t h = 0; h < heard.size(); ++h) {
      // Nothing is a neighbour of itself.
      if (heard[h] != row) result.terms.all.push_back({static_cast<std::uint32_t>(h), cosines[h]});
    }
    if (result.terms.all.size() == before) continue;
    result.rows.push_back(row);
    result.terms.ends.push_back(result.terms.all.size());
  }
  return result;
}

class ListenerWorth final : public GreedyWorth {
 public:
  ListenerWorth(const Snapshot& snapshot, const std::vector<ProfileTrack>& profile,
                const Neighbourhood& candidates)
      : candidates_(candidates), heard_(profile.size()), reasons_(candidates.rows.size()) {
    double total = 0;
    for (const ProfileTrack& track : profile) total += track.weight;
    for (std::size_t h = 0; h < profile.size(); ++h) {
      heard_[h].row = profile[h].row;
      heard_[h].weight = profile[h].weight / total;
      heard_[h].mean = static_cast<double>(snapshot.centrality(profile[h].row));
    }
  }

  double worth(std::size_t item) override {
    double sum = 0;
    double nearest = -std::numeric_limits<double>::infinity();
    for (const Term& term : candidates_.terms.of(item)) {
      sum += contribution(term);
      nearest = std::max(nearest, similarity(term));
    }
    // What is no nearer to anything heard than any track is comes last, the nearest first.
    return sum > 0 ? sum : std::min(nearest, 0.0);
  }

  void choose(std::size_t item) override {
    reasons_[item] = largestTerms(item);
    for (const Term& term : candidates_.terms.of(item)) {
      heard_[term.heard].served += std::max(similarity(term), 0.0);
    }
  }

  ListenerPick pick(const GreedyPick& chosen) const {
    return {candidates_.rows[chosen.item], chosen.score, reasons_[chosen.item]};
  }

  std::vector<HeardCosine> largestTerms(std::size_t item) const {
    const auto all = candidates_.terms.of(item);
    std::vector<Term> terms(all.begin(), all.end());
    std::sort(terms.begin(), terms.end(), [&](const Term& a, const Term& b) {
      const double of_a = contribution(a);
      const double of_b = contribution(b);
      if (of_a != of_b) return of_a > of_b;
      return a.cosine != b.cosine ? a.cosine > b.cosine : heard_[a.heard].row < heard_[b.heard].row;
    });
    std::vector<HeardCosine> reasons;
    for (const Term& term : terms) {
      if (reasons.size() == kMaxReasons) break;
      if (!reasons.empty() && contribution(term) <= 0) break;
      reasons.push_back({heard_[term.heard].row, term.cosine});
    }
    return reasons;
  }

 private:
  struct Heard {
    Row row = -1;
    double weight = 0;  // all weights add up to 1
    double mean = 0;    // cosine to all tracks
    double served = 0;  // similarities of the chosen tracks to this
  };

  double similarity(const Term& term) const {
    return nearness(static_cast<double>(term.cosine), heard_[term.heard].mean);
  }

  double contribution(const Term& term) const {
    const Heard& heard = heard_[term.heard];
    return heard.weight * std::max(similarity(term), 0.0) / (1 + heard.served);
  }

  const Neighbourhood& candidates_;
  std::vector<Heard> heard_;
  std::vector<std::vector<HeardCosine>> reasons_;
};

std::vector<ListenerPick> pickForListener(const ListRules& rules,
                                          const std::vector<ProfileTrack>& profile) {
  const Snapshot& snapshot = rules.snapshot;
  const auto choose = [&](const Neighbourhood& candidates) {
    ListenerWorth worth(snapshot, profile, candidates);
    std::vector<ListenerPick> list;
    for (const GreedyPick& chosen : chooseGreedily(rules, candidates.rows, worth, candidates.all)) {
      list.push_back(worth.pick(chosen));
    }
    return list;
  };
  const Neighbourhood stored = storedNeighbours(snapshot, rules.excluded, profile);
  std::vector<ListenerPick> list = choose(stored);
  if (list.size() == rules.policies.limit || stored.all) return list;
  list = choose(allTracks(snapshot, rules.excluded, profile));
  // Reasons say what is so, not what was estimated.
  for (ListenerPick& pick : list) {
    for (HeardCosine& reason : pick.reasons) {
      snapshot.scores(pick.row, {&reason.heard, 1}, {&reason.cosine, 1});
    }
  }
  return list;
}

}  // namespace

KnnStrategy::KnnStrategy(std::shared_ptr<const Snapshot> snapshot)
    : Strategy("knn", std::move(snapshot)) {}

std::optional<std::string> KnnStrategy::lacks(const Listener& listener) const {
  if (!listener.profile.empty()) return std::nullopt;
  return nothingHeard(listener);
}

Scores KnnStrategy::scores(const Listener& listener) const {
  const Exclusions none(snapshot(), {}, false);
  const Neighbourhood all = allTracks(snapshot(), none, listener.profile);
  ListenerWorth worth(snapshot(), listener.profile, all);
  Scores scores{std::vector<double>(snapshot().size())};
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    scores.of[static_cast<std::size_t>(all.rows[i])] = worth.worth(i);
  }
  return scores;
}

std::vector<Reason> KnnStrategy::why(const Listener& listener, Row row) const {
  Neighbourhood one;
  one.rows = {row};
  for (std::size_t h = 0; h < listener.profile.size(); ++h) {
    const Row heard = listener.profile[h].row;
    Term term{static_cast<std::uint32_t>(h), 0};
    snapshot().scores(row, {&heard, 1}, {&term.cosine, 1});
    if (heard != row || listener.profile.size() == 1) one.terms.all.push_back(term);
  }
  one.terms.ends = {one.terms.all.size()};
  return reasonsOf(ListenerWorth(snapshot(), listener.profile, one).largestTerms(0));
}

std::vector<Pick> KnnStrategy::pick(const Listener& listener, const ListRules& rules,
                                    std::vector<std::string>& notes) const {
  std::vector<Pick> list;
  std::vector<Row> rows;
  for (const ListenerPick& pick : pickForListener(rules, listener.profile)) {
    rows.push_back(pick.row);
    list.push_back({pick.row, pick.score, reasonsOf(pick.reasons)});
  }
  noteShortcomings(rules, rows, notes);
  return list;
}

std::vector<Reason> KnnStrategy::reasonsOf(std::span<const HeardCosine> terms) const {
  std::vector<Reason> reasons;
  for (const HeardCosine& term : terms) {
    reasons.push_back({ReasonKind::similarTo, idOf(term.heard), static_cast<double>(term.cosine)});
  }
  return reasons;
}

}  // namespace attacca::recommend
