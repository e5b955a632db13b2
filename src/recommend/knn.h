// For a listener with a history: the content neighbours of what was heard, each heard track in turn
// (service.h says how).
#pragma once

#include "attacca/recommend/strategy.h"

namespace attacca::recommend {

// How near a track is to one that was heard.
struct HeardCosine {
  Row heard = -1;
  float cosine = 0;
};

class KnnStrategy final : public Strategy {
 public:
  explicit KnnStrategy(std::shared_ptr<const Snapshot> snapshot);

  std::optional<std::string> lacks(const Listener& listener) const override;
  // What each track is worth as the first of a list, all tracks compared with all of the profile.
  Scores scores(const Listener& listener) const override;
  std::vector<Reason> why(const Listener& listener, Row row) const override;
  std::vector<Pick> pick(const Listener& listener, const ListRules& rules,
                         std::vector<std::string>& notes) const override;

 private:
  std::vector<Reason> reasonsOf(std::span<const HeardCosine> terms) const;
};

}  // namespace attacca::recommend
