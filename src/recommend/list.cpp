#include "list.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace attacca::recommend {
namespace {

std::vector<Candidate> pick(const Snapshot& snapshot, const std::vector<Candidate>& candidates,
                            const Exclusions& excluded, std::size_t limit, const Caps& caps) {
  std::vector<Candidate> list;
  ListCounts counts(snapshot);
  for (const Candidate& candidate : candidates) {
    if (list.size() == limit) break;
    if (excluded(candidate.row) || !counts.admits(candidate.row, caps)) continue;
    counts.add(candidate.row);
    list.push_back(candidate);
  }
  return list;
}

// The smallest cap above `low` for which `reaches` holds, given that it holds for `high`.
template <class Reaches>
std::size_t smallestCap(std::size_t low, std::size_t high, const Reaches& reaches) {
  while (low + 1 < high) {
    const std::size_t middle = low + (high - low) / 2;
    (reaches(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace

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

std::vector<Candidate> makeList(const Snapshot& snapshot, const Policies& policies,
                                const Exclusions& excluded, const CandidateRounds& rounds,
                                std::vector<std::string>& notes) {
  const std::size_t limit = policies.limit;
  Caps caps = capsOf(policies);
  Candidates candidates;
  std::vector<Candidate> list;
  for (int round = 0; list.size() < limit && !candidates.complete; ++round) {
    candidates = rounds(round);
    list = pick(snapshot, candidates.best, excluded, limit, caps);
  }
  if (list.size() < limit && (caps.album != kNoCap || caps.work != kNoCap)) {
    const auto sizeWith = [&](std::size_t album, std::size_t work) {
      return pick(snapshot, candidates.best, excluded, limit, {album, work, true}).size();
    };
    const std::size_t most = sizeWith(kNoCap, kNoCap);
    if (most > list.size()) {
      if (sizeWith(kNoCap, caps.work) < most) {
        caps.work = smallestCap(caps.work, limit,
                                [&](std::size_t cap) { return sizeWith(kNoCap, cap) >= most; });
      }
      if (sizeWith(caps.album, caps.work) < most) {
        caps.album = smallestCap(caps.album, limit,
                                 [&](std::size_t cap) { return sizeWith(cap, caps.work) >= most; });
      }
      list = pick(snapshot, candidates.best, excluded, limit, caps);
    }
  }
  std::vector<Row> rows;
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
        fmt::format("up to {} tracks of one album instead of {}, as there are too few others",
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
