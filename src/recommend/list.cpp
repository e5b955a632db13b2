#include "list.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace attacca::recommend {
namespace {

// In an archive whose tracks all sound the same there is no "nearer than any": keeps that finite.
constexpr double kLeastSpread = 1e-6;

}  // namespace

double nearness(double cosine, double mean) {
  return (cosine - mean) / std::max(1 - mean, kLeastSpread);
}

Exclusions::Exclusions(const Snapshot& snapshot, std::vector<Row> rows, bool recordings,
                       KnownWorks works)
    : snapshot_(snapshot), rows_(std::move(rows)), works_(std::move(works)) {
  if (!recordings) return;
  for (const Row row : rows_) recordings_.push_back(snapshot.groups(row).recording);
  std::sort(recordings_.begin(), recordings_.end());
}

bool Exclusions::excludesSound(Row row) const {
  if (std::binary_search(rows_.begin(), rows_.end(), row)) return true;
  return !recordings_.empty() && std::binary_search(recordings_.begin(), recordings_.end(),
                                                    snapshot_.groups(row).recording);
}

bool Exclusions::bitesByWork() const {
  if (works_.empty()) return false;
  for (std::size_t i = 0; i < snapshot_.size(); ++i) {
    const auto row = static_cast<Row>(i);
    if (works_.holds(row) && !excludesSound(row)) return true;
  }
  return false;
}

Caps capsOf(const ListRules& rules) {
  const Policies& policies = rules.policies;
  if (policies.raw) return {};
  Caps caps;
  if (policies.per_album != 0) caps.album = policies.per_album;
  if (policies.per_work != 0) caps.work = policies.per_work;
  if (policies.other_performances == OtherPerformances::grouped) caps.work = 1;
  caps.recording_once = true;
  if (rules.avoided != nullptr && !rules.avoided->empty()) caps.avoided = rules.avoided;
  return caps;
}

bool ListCounts::admits(Row row, const Caps& caps) const {
  const index::Groups groups = rules_.snapshot.groups(row);
  if (caps.recording_once && recordings_.contains(groups.recording)) return false;
  if (caps.album != kNoCap) {
    const auto album = albums_.find(groups.album);
    if (album != albums_.end() && album->second >= caps.album) return false;
  }
  if (caps.work != kNoCap && groups.work) {
    const auto work = works_.find(groups.work);
    if (work != works_.end() && work->second >= caps.work) return false;
  }
  if (caps.avoided != nullptr && caps.avoided->holds(row)) return false;
  if (rules_.whole == nullptr || groups.performance == 0) return true;
  const auto movements = rules_.whole->performanceOf(row);
  return std::none_of(movements.begin(), movements.end(), [&](Row movement) {
    return recordings_.contains(rules_.snapshot.groups(movement).recording);
  });
}

void ListCounts::add(Row row) {
  const index::Groups groups = rules_.snapshot.groups(row);
  recordings_.insert(groups.recording);
  largest_album_ = std::max(largest_album_, ++albums_[groups.album]);
  if (groups.work) largest_work_ = std::max(largest_work_, ++works_[groups.work]);
  if (rules_.avoided != nullptr && rules_.avoided->holds(row)) ++avoided_;
  if (rules_.whole == nullptr) return;
  for (const Row movement : rules_.whole->performanceOf(row)) {
    recordings_.insert(rules_.snapshot.groups(movement).recording);
  }
}

Relaxation::Relaxation(const ListRules& rules, double near)
    : first_(capsOf(rules)),
      grouped_(rules.policies.other_performances == OtherPerformances::grouped),
      caps_(first_),
      least_(near) {}

bool Relaxation::weaken(std::size_t size) {
  if (caps_.album <= size) {
    ++caps_.album;
  } else if (caps_.avoided != nullptr) {
    caps_.avoided = nullptr;
    caps_.album = first_.album;
  } else if (least_ > kAnyScore) {
    least_ = kAnyScore;
    caps_.album = first_.album;
  } else if (caps_.work <= size && !grouped_) {
    ++caps_.work;
  } else {
    return false;
  }
  return true;
}

std::vector<Candidate> makeList(const ListRules& rules, const CandidateRounds& rounds, double near,
                                std::vector<std::string>& notes) {
  const std::size_t limit = rules.policies.limit;
  Relaxation demands(rules, near);
  Candidates candidates;
  ListCounts counts(rules);
  std::vector<Candidate> list;
  const auto listed = [&](Row row) {
    return std::any_of(list.begin(), list.end(),
                       [&](const Candidate& chosen) { return chosen.row == row; });
  };
  for (int round = 0; limit > 0;) {
    for (const Candidate& candidate : candidates.best) {
      if (list.size() == limit || candidate.score <= demands.least()) break;
      if (!counts.admits(candidate.row, demands.caps()) || rules.excluded(candidate.row) ||
          listed(candidate.row)) {
        continue;
      }
      counts.add(candidate.row);
      list.push_back(candidate);
    }
    if (list.size() == limit) break;  // a further round may cost a search
    const bool seen_all = candidates.complete || (!candidates.best.empty() &&
                                                  candidates.best.back().score <= demands.least());
    if (!seen_all) {
      candidates = rounds(round++);
    } else if (!demands.weaken(list.size())) {
      break;
    }
  }
  std::sort(list.begin(), list.end(), [](const Candidate& a, const Candidate& b) {
    return a.score != b.score ? a.score > b.score : a.row < b.row;
  });
  std::vector<Row> rows;
  rows.reserve(list.size());
  for (const Candidate& candidate : list) rows.push_back(candidate.row);
  noteShortcomings(rules, rows, notes);
  return list;
}

void noteShortcomings(const ListRules& rules, const std::vector<Row>& rows,
                      std::vector<std::string>& notes) {
  const Caps caps = capsOf(rules);
  const std::string_view things = rules.whole == nullptr ? "tracks" : "works";
  ListCounts counts(rules);
  for (const Row row : rows) counts.add(row);
  if (counts.largestAlbum() > caps.album) {
    notes.push_back(
        fmt::format("up to {} {} of one album instead of {}, as too few others come near",
                    counts.largestAlbum(), things, caps.album));
  }
  if (counts.avoided() > 0) {
    notes.push_back(fmt::format(
        "works that the listener knows are among them ({} of {}), as too few others come near",
        counts.avoided(), rows.size()));
  }
  if (counts.largestWork() > caps.work) {
    notes.push_back(fmt::format(
        "up to {} {} of one work instead of {}, as there are too few others", counts.largestWork(),
        rules.whole == nullptr ? "tracks" : "performances", caps.work));
  }
  if (rows.size() == rules.policies.limit) return;
  const std::string_view left = rules.excluded.bitesByWork() ? " but the same work" : "";
  notes.push_back(rows.empty()
                      ? fmt::format("there is nothing to suggest{}", left)
                      : fmt::format("only {} of {} {}, as there is nothing else to suggest{}",
                                    rows.size(), rules.policies.limit, things, left));
}

}  // namespace attacca::recommend
