#include "works.h"

#include <algorithm>
#include <tuple>

namespace attacca::recommend {
namespace {

template <class T>
void makeSet(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

WorkIndex::WorkIndex(const Snapshot& snapshot) : snapshot_(snapshot) {
  for (std::size_t i = 0; i < snapshot.size(); ++i) {
    const auto row = static_cast<Row>(i);
    if (snapshot.groups(row).work) rows_.push_back(row);
  }
  const auto key = [&](Row row) {
    const index::Groups groups = snapshot.groups(row);
    return std::tuple(groups.work, groups.performance, groups.movement, row);
  };
  std::sort(rows_.begin(), rows_.end(), [&](Row a, Row b) { return key(a) < key(b); });
}

std::span<const Row> WorkIndex::rowsOf(WorkId work) const {
  const auto begin = std::partition_point(
      rows_.begin(), rows_.end(), [&](Row row) { return snapshot_.groups(row).work < work; });
  const auto end = std::partition_point(
      begin, rows_.end(), [&](Row row) { return snapshot_.groups(row).work == work; });
  return {begin, end};
}

std::vector<Row> WorkIndex::performanceOf(Row row) const {
  const index::Groups groups = snapshot_.groups(row);
  if (!groups.work || groups.performance == 0) return {row};
  std::vector<Row> rows;
  for (const Row other : rowsOf(groups.work)) {
    if (snapshot_.groups(other).performance == groups.performance) rows.push_back(other);
  }
  return rows;
}

std::vector<std::vector<Row>> WorkIndex::performancesOf(WorkId work) const {
  std::vector<std::vector<Row>> found;
  std::int64_t last = 0;
  if (!work) return found;
  for (const Row row : rowsOf(work)) {
    const std::int64_t performance = snapshot_.groups(row).performance;
    if (performance == 0 || performance != last) found.emplace_back();
    found.back().push_back(row);
    last = performance;
  }
  return found;
}

KnownWorks::KnownWorks(const Snapshot& snapshot, std::span<const Row> rows,
                       const Policies& policies)
    : snapshot_(&snapshot),
      keeps_own_out_(!policies.same_work),
      keeps_others_out_(policies.other_performances == OtherPerformances::hidden) {
  if (policies.raw || (!keeps_own_out_ && !keeps_others_out_)) return;
  for (const Row row : rows) {
    const index::Groups groups = snapshot.groups(row);
    if (!groups.work) continue;
    works_.push_back(groups.work);
    performances_.push_back(groups.performance);
    if (!keeps_others_out_) recordings_.push_back(groups.recording);
  }
  makeSet(works_);
  makeSet(performances_);
  makeSet(recordings_);
}

KnownWorks::KnownWorks(const Snapshot& snapshot, WorkId work, const Policies& policies)
    : snapshot_(&snapshot), keeps_own_out_(true), keeps_others_out_(true) {
  if (work && !policies.raw && !policies.same_work) works_.push_back(work);
}

bool KnownWorks::holds(Row row) const {
  if (works_.empty()) return false;
  const index::Groups groups = snapshot_->groups(row);
  if (!groups.work || !std::binary_search(works_.begin(), works_.end(), groups.work)) return false;
  if (keeps_own_out_ && keeps_others_out_) return true;
  const bool own =
      std::binary_search(performances_.begin(), performances_.end(), groups.performance) ||
      std::binary_search(recordings_.begin(), recordings_.end(), groups.recording);
  return own ? keeps_own_out_ : keeps_others_out_;
}

}  // namespace attacca::recommend
