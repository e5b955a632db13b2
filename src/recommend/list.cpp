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

Exclusions::Exclusions(const Snapshot& snapshot, std::vector<Row> rows, bool recordings)
    : snapshot_(snapshot), rows_(std::move(rows)) {
  if (!recordings) return;
  for (const Row row : rows_) recordings_.push_back(snapshot.groups(row).recording);
  std::sort(recordings_.begin(), recordings_.end());
}

bool Exclusions::operator()(Row row) const {
  if (std::binary_search(rows_.begin(), rows_.end(), row)) return true;
  return !recordings_.empty() && std::binary_search(recordings_.begin(), recordings_.end(),
                                                    snapshot_.groups(row).recording);
}

Caps capsOf(const Policies& policies) {
  if (policies.raw) return {};
  return {policies.per_album == 0 ? kNoCap : policies.per_album,
          policies.per_work == 0 ? kNoCap : policies.per_work, true};
}

bool ListCounts::admits(Row row, const Caps& caps) const {
  const index::Groups groups = snapshot_.groups(row);
  if (caps.recording_once && recordings_.contains(groups.recording)) return false;
  if (caps.album != kNoCap) {
    const auto album = albums_.find(groups.album);
    if (album != albums_.end() && album->second >= caps.album) return false;
  }
  if (caps.work != kNoCap && groups.work) {
    const auto work = works_.find(groups.work);
    if (work != works_.end() && work->second >= caps.work) return false;
  }
  return true;
}

void ListCounts::add(Row row) {
  const index::Groups groups = snapshot_.groups(row);
  recordings_.insert(groups.recording);
  largest_album_ = std::max(largest_album_, ++albums_[groups.album]);
  if (groups.work) largest_work_ = std::max(largest_work_, ++works_[groups.work]);
}

Relaxation::Relaxation(const Policies& policies, double near)
    : first_(capsOf(policies)), caps_(first_), least_(near) {}

bool Relaxation::weaken(std::size_t size) {
  if (caps_.album <= size) {
    ++caps_.album;
  } else if (least_ > kAnyScore) {
    least_ = kAnyScore;
    caps_.album = first_.album;
  } else if (caps_.work <= size) {
    ++caps_.work;
  } else {
    return false;
  }
  return true;
}

std::vector<Candidate> makeList(const Snapshot& snapshot, const Policies& policies,
                                const Exclusions& excluded, const CandidateRounds& rounds,
                                double near, std::vector<std::string>& notes) {
  Relaxation demands(policies, near);
  Candidates candidates;
  ListCounts counts(snapshot);
  std::vector<Candidate> list;
  const auto listed = [&](Row row) {
    return std::any_of(list.begin(), list.end(),
                       [&](const Candidate& chosen) { return chosen.row == row; });
  };
  for (int round = 0; policies.limit > 0;) {
    for (const Candidate& candidate : candidates.best) {
      if (list.size() == policies.limit || candidate.score <= demands.least()) break;
      if (!counts.admits(candidate.row, demands.caps()) || excluded(candidate.row) ||
          listed(candidate.row)) {
        continue;
      }
      counts.add(candidate.row);
      list.push_back(candidate);
    }
    if (list.size() == policies.limit) break;  // a further round may cost a search
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
  noteShortcomings(snapshot, policies, rows, notes);
  return list;
}

void noteShortcomings(const Snapshot& snapshot, const Policies& policies,
                      const std::vector<Row>& rows, std::vector<std::string>& notes) {
  const Caps caps = capsOf(policies);
  ListCounts counts(snapshot);
  for (const Row row : rows) counts.add(row);
  if (counts.largestAlbum() > caps.album) {
    notes.push_back(
        fmt::format("up to {} tracks of one album instead of {}, as too few others come near",
                    counts.largestAlbum(), caps.album));
  }
  if (counts.largestWork() > caps.work) {
    notes.push_back(
        fmt::format("up to {} tracks of one work instead of {}, as there are too few others",
                    counts.largestWork(), caps.work));
  }
  if (rows.size() < policies.limit) {
    notes.push_back(rows.empty()
                        ? "there is nothing to suggest"
                        : fmt::format("only {} of {} tracks, as there are no others to suggest",
                                      rows.size(), policies.limit));
  }
}

}  // namespace attacca::recommend
