#include "attacca/recommend/service.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/index/balance.h"
#include "attacca/index/passage.h"

#include "central.h"
#include "knn.h"
#include "list.h"
#include "silent.h"
#include "works.h"

namespace attacca::recommend {
namespace {

constexpr const char* kSilent = "the track is silent, so nothing sounds like it";

// Equal scores by row.
bool nearerFirst(const Candidate& a, const Candidate& b) {
  return a.score != b.score ? a.score > b.score : a.row < b.row;
}

// Made when it is first asked for, by whichever thread.
template <class T>
class Lazy {
 public:
  template <class Make>
  const T& get(const Make& make) {
    std::call_once(once_, [&] { value_.emplace(make()); });
    return *value_;
  }

 private:
  std::once_flag once_;
  std::optional<T> value_;
};

}  // namespace

struct RecommendationService::State {
  std::shared_ptr<const Snapshot> snapshot;
  std::unique_ptr<index::TrackSearch> search;
  std::unique_ptr<const KnnStrategy> knn;
  std::unique_ptr<const CentralStrategy> central;
  mutable Lazy<WorkIndex> works;
  mutable Lazy<std::unique_ptr<index::PassageSearch>> passages;

  const WorkIndex& workIndex() const {
    return works.get([&] { return WorkIndex(*snapshot); });
  }

  ListRules rules(const Policies& policies, const Exclusions& excluded,
                  const KnownWorks* avoided = nullptr) const {
    const bool whole = policies.whole_works && !policies.raw;
    return {*snapshot, policies, excluded, avoided, whole ? &workIndex() : nullptr};
  }

  Answer answer(std::string strategy) const {
    Answer result;
    result.strategy = std::move(strategy);
    result.snapshot = snapshot->info().version;
    return result;
  }

  // Candidates of a search that is asked for eight times as many in each round.
  CandidateRounds searchRounds(std::span<const float> vector, std::size_t first) const {
    return [this, vector, first](int round) {
      std::size_t k = first;
      for (int i = 0; i < round && k < snapshot->size(); ++i) k *= 8;
      Candidates result;
      for (const index::Hit& hit : search->nearest(vector, k)) {
        result.best.push_back({hit.row, static_cast<double>(hit.score)});
      }
      result.complete = k >= snapshot->size();
      return result;
    };
  }

  // The stored neighbours, and a search only where they do not suffice.
  CandidateRounds neighbourRounds(Row seed) const {
    const CandidateRounds later = searchRounds(snapshot->vector(seed), index::kStoredNeighbours);
    return [this, seed, later](int round) {
      if (round > 0 && snapshot->vectorsOnly()) return later(round);
      Candidates result;
      const auto rows = snapshot->neighbours(seed);
      const auto scores = snapshot->neighbourScores(seed);
      result.best.reserve(rows.size());
      for (std::size_t i = 0; i < rows.size(); ++i) {
        result.best.push_back({rows[i], static_cast<double>(scores[i])});
      }
      result.complete = rows.size() + 1 >= snapshot->size();
      if (round > 0 && !result.complete) addEstimated(seed, result);
      return result;
    };
  }

  // All rows that are not stored neighbours, as less near than these.
  void addEstimated(Row seed, Candidates& candidates) const {
    const auto stored = snapshot->neighbours(seed);
    const std::set<Row> known(stored.begin(), stored.end());
    std::vector<Row> rows;
    for (std::size_t i = 0; i < snapshot->size(); ++i) {
      const auto row = static_cast<Row>(i);
      if (row != seed && !known.contains(row)) rows.push_back(row);
    }
    std::vector<float> scores(rows.size());
    snapshot->estimates(seed, rows, scores);
    const auto first = static_cast<std::ptrdiff_t>(candidates.best.size());
    const double most =
        first == 0 ? 1 : std::nextafter(candidates.best.back().score, -1);  // no tie with these
    for (std::size_t i = 0; i < rows.size(); ++i) {
      candidates.best.push_back({rows[i], std::min(static_cast<double>(scores[i]), most)});
    }
    std::sort(candidates.best.begin() + first, candidates.best.end(), nearerFirst);
    candidates.complete = true;
  }

  void addSimilar(Answer& answer, TrackId seed, const std::vector<Candidate>& list) const {
    for (const Candidate& candidate : list) {
      Recommendation& item = addItem(answer, candidate.row, candidate.score);
      item.reasons.push_back({ReasonKind::similarTo, seed, candidate.score});
    }
  }

  Recommendation& addItem(Answer& answer, Row row, double score) const {
    Recommendation& item = answer.list.emplace_back();
    item.track = idOf(row);
    item.rank = static_cast<int>(answer.list.size());
    item.score = score;
    return item;
  }

  Row rowOf(TrackId id) const {
    if (const auto row = snapshot->row(id)) return *row;
    throw Error(Fault::notFound,
                fmt::format("track {} is not among those that can be compared", id.value),
                "it may have been removed, or added since; attacca status tells");
  }
  TrackId idOf(Row row) const { return snapshot->ids()[static_cast<std::size_t>(row)]; }
  std::vector<TrackId> idsOf(const std::vector<Row>& rows) const {
    std::vector<TrackId> ids;
    ids.reserve(rows.size());
    for (const Row row : rows) ids.push_back(idOf(row));
    return ids;
  }

  bool grouped(const Policies& policies) const {
    return !policies.raw && policies.other_performances == OtherPerformances::grouped;
  }

  // The works of what is being heard.
  KnownWorks knownWorks(std::span<const Row> heard, const Policies& policies) const {
    if (!grouped(policies)) return {*snapshot, heard, policies};
    std::vector<Row> rows;
    for (const Row row : heard) {
      for (const Row movement : workIndex().performanceOf(row)) rows.push_back(movement);
    }
    return {*snapshot, rows, policies};
  }

  // The performances of the work that `row` is of, but those of `row` and of `but`. What holds a
  // recording of these, or of one before it, is a re-issue and no other performance.
  std::vector<Performance> othersOf(Row row, std::optional<Row> but = std::nullopt) const {
    std::set<RecordingId> known;
    const auto note = [&](const std::vector<Row>& rows) {
      for (const Row one : rows) known.insert(snapshot->groups(one).recording);
    };
    note(workIndex().performanceOf(row));
    if (but) note(workIndex().performanceOf(*but));
    const WorkId work = snapshot->groups(row).work;
    std::vector<Performance> others;
    for (const auto& rows : workIndex().performancesOf(work)) {
      const bool is_known = std::any_of(rows.begin(), rows.end(), [&](Row one) {
        return known.contains(snapshot->groups(one).recording);
      });
      if (is_known) continue;
      note(rows);
      others.push_back({work, idsOf(rows)});
    }
    return others;
  }

  // What surrounds the tracks of a finished list.
  void addSurroundings(Answer& answer, const Policies& policies,
                       std::optional<Row> seed = std::nullopt) const {
    if (policies.raw || !(policies.whole_works || grouped(policies))) return;
    for (Recommendation& item : answer.list) {
      const Row row = *snapshot->row(item.track);
      if (policies.whole_works && snapshot->groups(row).performance != 0) {
        item.movements = idsOf(workIndex().performanceOf(row));
      }
      if (grouped(policies)) item.others = othersOf(row, seed);
    }
  }
};

RecommendationService::RecommendationService(std::shared_ptr<const index::Snapshot> snapshot)
    : state_(std::make_unique<State>()) {
  state_->search = index::makeExactSearch(snapshot);
  state_->knn = std::make_unique<KnnStrategy>(snapshot);
  state_->central = std::make_unique<CentralStrategy>(snapshot);
  state_->snapshot = std::move(snapshot);
}

RecommendationService::~RecommendationService() = default;

Answer RecommendationService::recommendSimilar(TrackId seed, const Policies& policies) const {
  const Snapshot& snapshot = *state_->snapshot;
  const Row row = state_->rowOf(seed);
  Answer answer = state_->answer("knn");
  if (isSilent(snapshot, row)) {
    answer.notes.emplace_back(kSilent);
    return answer;
  }
  const Exclusions excluded(snapshot, {row}, !policies.raw,
                            state_->knownWorks({&row, 1}, policies));
  state_->addSimilar(answer, seed,
                     makeList(state_->rules(policies, excluded), state_->neighbourRounds(row),
                              static_cast<double>(snapshot.centrality(row)), answer.notes));
  state_->addSurroundings(answer, policies, row);
  return answer;
}

Answer RecommendationService::recommendBalanced(TrackId seed, double sound,
                                                const Policies& policies, unsigned jobs) const {
  const Snapshot& snapshot = *state_->snapshot;
  const Row row = state_->rowOf(seed);
  Answer answer = state_->answer("knn");
  const auto scores = index::balancedScores(snapshot, row, sound, jobs);
  if (isSilent(snapshot, row)) {
    answer.notes.emplace_back(kSilent);
    return answer;
  }
  Candidates all;
  all.complete = true;
  double sum = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const auto other = static_cast<Row>(i);
    if (other == row) continue;
    all.best.push_back({other, static_cast<double>(scores[i])});
    sum += all.best.back().score;
  }
  const double mean = all.best.empty() ? 0 : sum / static_cast<double>(all.best.size());
  std::sort(all.best.begin(), all.best.end(), nearerFirst);
  const Exclusions excluded(snapshot, {row}, !policies.raw,
                            state_->knownWorks({&row, 1}, policies));
  const CandidateRounds rounds = [&](int) { return all; };
  state_->addSimilar(answer, seed,
                     makeList(state_->rules(policies, excluded), rounds, mean, answer.notes));
  state_->addSurroundings(answer, policies, row);
  return answer;
}

Answer RecommendationService::recommendSimilar(std::span<const float> vector,
                                               const Policies& policies, WorkId known) const {
  const Snapshot& snapshot = *state_->snapshot;
  Answer answer = state_->answer("knn");
  const Exclusions excluded(snapshot, {}, false, KnownWorks(snapshot, known, policies));
  // Enough for the usual caps; most of the first round's cost does not depend on it.
  const std::size_t first = std::max<std::size_t>(64, policies.limit);
  state_->addSimilar(answer, {},
                     makeList(state_->rules(policies, excluded),
                              state_->searchRounds(vector, first), kAnyScore, answer.notes));
  state_->addSurroundings(answer, policies);
  return answer;
}

Answer RecommendationService::recommendPassage(TrackId seed, Region region,
                                               const Policies& policies) const {
  constexpr std::size_t kPlaces = 3;
  const Snapshot& snapshot = *state_->snapshot;
  const Row seed_row = state_->rowOf(seed);
  Answer answer = state_->answer("passage");
  const auto& search = state_->passages.get(
      [&] { return std::make_unique<index::PassageSearch>(state_->snapshot); });
  const RecordingId own = snapshot.groups(seed_row).recording;
  index::PassageSearch::Options options;
  options.per_track = kPlaces;
  options.keep = [&](Row row) {
    if (row == seed_row) return policies.same_work && !policies.raw;
    return policies.raw || snapshot.groups(row).recording != own;
  };
  // All places of the tracks that are listed are among this many best ones, or nearly all.
  options.limit = std::max<std::size_t>(policies.limit, 1) * 2 * kPlaces;
  std::set<RecordingId> listed;
  std::map<Row, std::size_t> items;
  for (const index::PassageHit& hit : search->find({seed_row, region.from, region.to}, options)) {
    const auto known = items.find(hit.row);
    if (known != items.end()) {
      answer.list[known->second].places.push_back({hit.start, hit.end});
      continue;
    }
    if (answer.list.size() == policies.limit) continue;
    if (!listed.insert(snapshot.groups(hit.row).recording).second && !policies.raw) continue;
    items.emplace(hit.row, answer.list.size());
    Recommendation& item = state_->addItem(answer, hit.row, static_cast<double>(hit.score));
    item.reasons.push_back({ReasonKind::passage, seed, static_cast<double>(hit.score)});
    item.places.push_back({hit.start, hit.end});
  }
  if (answer.list.size() < policies.limit) {
    answer.notes.push_back(answer.list.empty() ? "nothing else is as long as this passage"
                                               : "there is nothing else to search");
  }
  return answer;
}

Answer RecommendationService::recommendForUser(std::span<const HeardTrack> history, UnixTime now,
                                               const Policies& policies) const {
  return recommendForUser(history, now, policies, *state_->knn);
}

Answer RecommendationService::recommendForUser(std::span<const HeardTrack> history, UnixTime now,
                                               const Policies& policies,
                                               const Strategy& strategy) const {
  const Snapshot& snapshot = *state_->snapshot;
  assert(&strategy.snapshot() == &snapshot);
  const Listener listener = makeListener(snapshot, history, now);
  const auto lacking = strategy.lacks(listener);
  const Strategy& used = lacking ? *state_->central : strategy;
  Answer answer = state_->answer(std::string(used.name()));
  if (listener.unknown > 0) {
    answer.notes.push_back(
        fmt::format("{} of {} plays are of tracks that cannot be compared and were left out",
                    listener.unknown, listener.plays));
  }
  if (lacking) {
    answer.notes.push_back(*lacking + ": typical and varied tracks of this archive");
  }
  const bool repeats = policies.allow_heard || used.repeats();
  const std::vector<Row> heard = repeats ? std::vector<Row>() : listener.heard;
  const KnownWorks known_works = state_->knownWorks(heard, policies);
  const Exclusions excluded(snapshot, heard, !policies.raw);
  const ListRules rules = state_->rules(policies, excluded, &known_works);
  for (Pick& pick : used.pick(listener, rules, answer.notes)) {
    state_->addItem(answer, pick.row, pick.score).reasons = std::move(pick.reasons);
  }
  state_->addSurroundings(answer, policies);
  return answer;
}

std::vector<Performance> RecommendationService::performances(WorkId work) const {
  std::vector<Performance> found;
  for (const auto& rows : state_->workIndex().performancesOf(work)) {
    found.push_back({work, state_->idsOf(rows)});
  }
  return found;
}

std::vector<Performance> RecommendationService::otherPerformances(TrackId track) const {
  return state_->othersOf(state_->rowOf(track));
}

}  // namespace attacca::recommend
