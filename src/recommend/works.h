// Works and performances of a snapshot: who belongs together, and which works somebody knows.
#pragma once

#include <span>
#include <vector>

#include "attacca/index/snapshot.h"
#include "attacca/recommend/service.h"

namespace attacca::recommend {

using index::Row;
using index::Snapshot;

// Finds the rows of works and performances.
class WorkIndex {
 public:
  explicit WorkIndex(const Snapshot& snapshot);

  // In movement order, `row` among them; alone where it is part of no performance.
  std::vector<Row> performanceOf(Row row) const;
  // By performance, in movement order. Those of no performance are performances of one track.
  std::vector<std::vector<Row>> performancesOf(WorkId work) const;

 private:
  std::span<const Row> rowsOf(WorkId work) const;

  const Snapshot& snapshot_;
  std::vector<Row> rows_;  // those of a work, by work, performance and movement
};

// The works of what is being heard.
class KnownWorks {
 public:
  KnownWorks() = default;  // none
  // Those of `rows`, as far as `policies` keep them out. Give whole performances where others may
  // come: then a re-issue of what is heard is known from the others.
  KnownWorks(const Snapshot& snapshot, std::span<const Row> rows, const Policies& policies);
  // One of which it is not known which performance was heard.
  KnownWorks(const Snapshot& snapshot, WorkId work, const Policies& policies);

  bool empty() const { return works_.empty(); }
  // True for a track to be kept out. Cheap.
  bool holds(Row row) const;

 private:
  const Snapshot* snapshot_ = nullptr;
  std::vector<WorkId> works_;               // ascending
  std::vector<std::int64_t> performances_;  // ascending; what is heard itself
  std::vector<RecordingId> recordings_;     // ascending; of the same
  bool keeps_own_out_ = false;
  bool keeps_others_out_ = false;
};

}  // namespace attacca::recommend
