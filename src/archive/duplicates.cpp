#include "attacca/archive/duplicates.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <tuple>
#include <unordered_set>

namespace attacca::archive {
namespace {

// docs/decisions.md, "The same recording": other encodings stay below the first, other performances
// above 0.3; between them are changed sounds (equalised, another speed) and scores that a machine
// played twice at exactly the same speed.
constexpr double kCertainErrors = 0.10;
constexpr double kLikelyErrors = 0.13;
constexpr Seconds kLeastCompared{8};
// Items that a stretch must hold to say something: silence and held chords repeat a few.
constexpr std::size_t kLeastDistinct = 24;
// An item that so many spots share (silence, a held tone) tells nothing about any of them.
constexpr std::size_t kMostSpots = 40;
// With so many of the spots behind it a spot votes: enough, since what is the same as one of many
// copies is the same as all of them.
constexpr std::ptrdiff_t kSpotsVotedWith = 6;
constexpr int kLeastVotes = 3;
constexpr std::size_t kOffsetsTried = 3;
constexpr std::size_t kSpotsAtOnce = 1 << 23;
// Of the longer recording, that both must hold.
constexpr double kWholeShare = 0.8;

// Where an item stands: only the first of equal neighbours is taken.
struct Spot {
  FingerprintItem item;
  std::uint32_t recording;
  std::int32_t position;

  friend bool operator<(const Spot& a, const Spot& b) {
    return std::tie(a.item, a.recording, a.position) < std::tie(b.item, b.recording, b.position);
  }
};

// "The second begins `offset` items into the first", said by one item that both hold.
struct Vote {
  std::uint32_t first;
  std::uint32_t second;
  std::int32_t offset;

  friend bool operator<(const Vote& a, const Vote& b) {
    return std::tie(a.first, a.second, a.offset) < std::tie(b.first, b.second, b.offset);
  }
};

template <class Visit>
void eachSpot(std::span<const FingerprintItem> items, Visit&& visit) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i == 0 || items[i] != items[i - 1]) visit(items[i], static_cast<std::int32_t>(i));
  }
}

void vote(std::vector<Spot>& spots, std::vector<Vote>& votes) {
  std::sort(spots.begin(), spots.end());
  for (auto begin = spots.begin(); begin != spots.end();) {
    const auto end = std::find_if(begin, spots.end(),
                                  [&](const Spot& spot) { return spot.item != begin->item; });
    if (static_cast<std::size_t>(end - begin) <= kMostSpots) {
      for (auto a = begin; a != end; ++a) {
        for (auto b = a + 1; b != end && b - a <= kSpotsVotedWith; ++b) {
          if (a->recording != b->recording) {
            votes.push_back({a->recording, b->recording, a->position - b->position});
          }
        }
      }
    }
    begin = end;
  }
}

// Share of bits that differ where both are, and whether that says anything.
std::optional<Overlap> overlapAt(std::span<const FingerprintItem> first,
                                 std::span<const FingerprintItem> second, std::int32_t offset) {
  if (offset < 0) {
    auto turned = overlapAt(second, first, -offset);
    if (turned) turned->offset = -turned->offset;
    return turned;
  }
  const auto start = static_cast<std::size_t>(offset);
  if (start >= first.size()) return std::nullopt;
  const std::size_t count = std::min(first.size() - start, second.size());
  int errors = 0;
  std::unordered_set<FingerprintItem> distinct;
  for (std::size_t i = 0; i < count; ++i) {
    errors += std::popcount(first[start + i] ^ second[i]);
    if (distinct.size() < kLeastDistinct) distinct.insert(second[i]);
  }
  if (distinct.size() < kLeastDistinct) return std::nullopt;
  return Overlap{offset * kFingerprintItemSeconds,
                 static_cast<double>(count) * kFingerprintItemSeconds,
                 errors / (32.0 * static_cast<double>(count))};
}

// `votes` are those of one pair, in order of offsets.
std::optional<Overlap> bestOf(std::span<const FingerprintItem> first,
                              std::span<const FingerprintItem> second,
                              std::span<const Vote> votes) {
  struct Candidate {
    int votes;
    std::int32_t offset;
  };
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < votes.size();) {
    std::size_t end = i;
    while (end < votes.size() && votes[end].offset == votes[i].offset) ++end;
    std::size_t near = end;  // recordings out of step by half an item vote for two offsets
    while (near < votes.size() && votes[near].offset == votes[i].offset + 1) ++near;
    candidates.push_back({static_cast<int>(near - i), votes[i].offset});
    i = end;
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const auto& a, const auto& b) { return a.votes > b.votes; });
  std::optional<Overlap> best;
  for (std::size_t i = 0; i < std::min(kOffsetsTried, candidates.size()); ++i) {
    if (candidates[i].votes < kLeastVotes) break;
    for (const std::int32_t step : {-1, 0, 1, 2}) {
      const auto found = overlapAt(first, second, candidates[i].offset + step);
      if (found && (!best || found->bit_errors < best->bit_errors)) best = found;
    }
  }
  return best;
}

// Whether both hold nearly the same stretch of music.
bool isWhole(const Fingerprinted& first, const Fingerprinted& second, Seconds offset) {
  const Seconds begin = std::max(Seconds(0), offset);
  const Seconds end = std::min(first.duration, offset + second.duration);
  return end - begin >= kWholeShare * std::max(first.duration, second.duration);
}

}  // namespace

std::optional<Overlap> bestOverlap(std::span<const FingerprintItem> first,
                                   std::span<const FingerprintItem> second) {
  std::vector<Spot> spots;
  eachSpot(first, [&](FingerprintItem item, std::int32_t at) { spots.push_back({item, 0, at}); });
  eachSpot(second, [&](FingerprintItem item, std::int32_t at) { spots.push_back({item, 1, at}); });
  std::vector<Vote> votes;
  vote(spots, votes);
  std::sort(votes.begin(), votes.end());
  return bestOf(first, second, votes);
}

std::optional<Sureness> judge(const Overlap& overlap) {
  if (overlap.compared < kLeastCompared || overlap.bit_errors > kLikelyErrors) return std::nullopt;
  return overlap.bit_errors <= kCertainErrors ? Sureness::certain : Sureness::likely;
}

std::vector<SameSound> findSameSounds(std::span<const Fingerprinted> recordings) {
  std::size_t items = 0;
  for (const auto& recording : recordings) items += recording.items.size();
  // In several rounds, each over its share of all possible items, so that memory stays small.
  const auto rounds = static_cast<FingerprintItem>(items / kSpotsAtOnce + 1);
  std::vector<Vote> votes;
  for (FingerprintItem round = 0; round < rounds; ++round) {
    std::vector<Spot> spots;
    for (std::size_t i = 0; i < recordings.size(); ++i) {
      eachSpot(recordings[i].items, [&](FingerprintItem item, std::int32_t at) {
        if (item % rounds == round) spots.push_back({item, static_cast<std::uint32_t>(i), at});
      });
    }
    vote(spots, votes);
  }
  std::sort(votes.begin(), votes.end());

  std::vector<SameSound> found;
  for (auto begin = votes.begin(); begin != votes.end();) {
    const auto end = std::find_if(begin, votes.end(), [&](const Vote& one) {
      return one.first != begin->first || one.second != begin->second;
    });
    const auto& first = recordings[begin->first];
    const auto& second = recordings[begin->second];
    if (end - begin >= kLeastVotes) {
      const auto overlap = bestOf(first.items, second.items, {begin, end});
      if (const auto sureness = overlap ? judge(*overlap) : std::nullopt) {
        found.push_back({begin->first, begin->second, *overlap,
                         isWhole(first, second, overlap->offset), *sureness});
      }
    }
    begin = end;
  }
  return found;
}

}  // namespace attacca::archive
