// What to play next, with everything a list for people shows.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/app/heard_aspects.h"
#include "attacca/archive/catalogue.h"
#include "attacca/base/aspects.h"
#include "attacca/base/blob.h"
#include "attacca/base/clock.h"
#include "attacca/recommend/service.h"
#include "attacca/recommend/trained_model.h"

namespace attacca::app {

// The tracks of one album that record one work together, in movement order.
using Performance = std::vector<archive::Track>;

struct Suggestion {
  archive::Track track;
  int rank = 0;  // from 1
  double score = 0;
  std::vector<recommend::Reason> reasons;
  std::string reason;              // the reasons in words
  std::optional<Aspects> aspects;  // what the track sounds like, where that was heard
  // As recommend::Recommendation has them.
  Performance movements;
  std::vector<Performance> others;
  std::vector<recommend::Region> places;
};

struct Suggestions {
  std::string strategy;
  std::int64_t snapshot = 0;
  std::vector<Suggestion> list;
  std::vector<std::string> notes;
};

// Answers from the current snapshot. Holds it open; the ports outlive it. Any thread, as far as
// the ports allow.
class Suggester {
 public:
  // Throws Fault::notFound when nothing was published yet.
  Suggester(const archive::Catalogue& catalogue, const Blobs& blobs, std::string_view recipe);

  const index::Snapshot& snapshot() const { return *snapshot_; }
  const HeardAspects& aspects() const { return aspects_; }
  // A track that is offline still has neighbours: its embedding is kept.
  Suggestions similar(const archive::Track& seed, const recommend::Policies& policies) const;
  // The same with the recipe's weights turned between sound (1) and music (0); as
  // RecommendationService says. Throws Fault::notFound for a seed that the snapshot does not hold.
  Suggestions balanced(const archive::Track& seed, double sound,
                       const recommend::Policies& policies, unsigned jobs) const;
  // Where else that region occurs, or something like it; as RecommendationService says.
  Suggestions passage(const archive::Track& seed, recommend::Region region,
                      const recommend::Policies& policies) const;
  // For the listener of that history (none: a new listener). `strategy`: made by strategy().
  Suggestions forHistory(std::span<const archive::Interaction> history, UnixTime now,
                         const recommend::Policies& policies,
                         const recommend::Strategy& strategy) const;
  // Made of what it needs of the log and the catalogue: see recommend::makeStrategy. Learns from
  // plays up to `now`. `model`: of a strategy that is trained (choose.h).
  recommend::Made strategy(std::string_view name, const archive::ListeningLog& log, UnixTime now,
                           std::uint64_t seed,
                           const recommend::TrainedModel* model = nullptr) const;

 private:
  Suggestions describe(const recommend::Answer& answer, bool for_listener) const;
  std::string inCommon(const std::optional<Aspects>& a, const std::optional<Aspects>& b) const;

  const archive::Catalogue& catalogue_;
  const Blobs& blobs_;
  HeardAspects aspects_;
  std::shared_ptr<const index::Snapshot> snapshot_;
  recommend::RecommendationService service_;
};

// All performances of a work, in order of ids. From the catalogue alone: what is offline or was
// never heard is there too, what is removed is not.
std::vector<Performance> performancesOf(const archive::Catalogue& catalogue, WorkId work);

// Only the newest interactions of a listener are looked at.
constexpr std::int64_t kHistoryLength = 2000;

}  // namespace attacca::app
