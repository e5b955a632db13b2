#include "attacca/recommend/strategy.h"

#include <algorithm>
#include <numeric>

#include "list.h"

namespace attacca::recommend {
namespace {

// The best scored rows, eight times as many in each round.
CandidateRounds bestScored(const Scores& scores, std::size_t limit) {
  auto rows = std::make_shared<std::vector<Row>>();
  for (std::size_t i = 0; i < scores.of.size(); ++i) {
    if (!scores.near_only || scores.of[i] > scores.near) rows->push_back(static_cast<Row>(i));
  }
  const std::size_t first = std::max<std::size_t>(64, 2 * limit);
  return [&scores, rows, first](int round) {
    std::size_t k = first;
    for (int i = 0; i < round && k < rows->size(); ++i) k *= 8;
    k = std::min(k, rows->size());
    const auto score = [&](Row row) { return scores.of[static_cast<std::size_t>(row)]; };
    std::partial_sort(
        rows->begin(), rows->begin() + static_cast<std::ptrdiff_t>(k), rows->end(),
        [&](Row a, Row b) { return score(a) != score(b) ? score(a) > score(b) : a < b; });
    Candidates result;
    result.best.reserve(k);
    for (std::size_t i = 0; i < k; ++i) result.best.push_back({(*rows)[i], score((*rows)[i])});
    result.complete = k == rows->size();
    return result;
  };
}

}  // namespace

std::string Strategy::nothingHeard(const Listener& listener) {
  return listener.plays == 0 ? "nothing heard yet" : "nothing heard that says what pleases";
}

std::vector<std::vector<Reason>> Strategy::whyEach(const Listener& listener,
                                                   std::span<const Row> rows) const {
  std::vector<std::vector<Reason>> reasons;
  reasons.reserve(rows.size());
  for (const Row row : rows) reasons.push_back(why(listener, row));
  return reasons;
}

std::vector<Pick> Strategy::pick(const Listener& listener, const ListRules& rules,
                                 std::vector<std::string>& notes) const {
  const Scores given = scores(listener);
  std::vector<Pick> list;
  std::vector<Row> rows;
  for (const Candidate& candidate :
       makeList(rules, bestScored(given, rules.policies.limit), given.near, notes)) {
    list.push_back({candidate.row, candidate.score, {}});
    rows.push_back(candidate.row);
  }
  auto reasons = whyEach(listener, rows);
  for (std::size_t i = 0; i < list.size(); ++i) list[i].reasons = std::move(reasons[i]);
  return list;
}

}  // namespace attacca::recommend
