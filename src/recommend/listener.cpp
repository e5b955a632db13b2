#include "attacca/recommend/listener.h"

#include <algorithm>
#include <cmath>

#include "silent.h"

namespace attacca::recommend {
namespace {

constexpr double kHalfLifeDays = 30;
constexpr double kSkippedBelow = 0.2;  // of the track
constexpr std::size_t kProfileTracks = 100;
// Older plays weigh as much as this, so that a weight never vanishes altogether.
constexpr double kOldestDays = 20 * 365;

double recency(UnixTime at, UnixTime now) {
  constexpr double kDay = 24.0 * 3600 * 1000;
  const double days = (static_cast<double>(now.time_since_epoch().count()) -
                       static_cast<double>(at.time_since_epoch().count())) /
                      kDay;
  return std::exp2(-std::clamp(days, 0.0, kOldestDays) / kHalfLifeDays);
}

}  // namespace

double completion(double fraction) {
  if (!(fraction > kSkippedBelow)) return 0;  // also what is not a number
  return (std::min(fraction, 1.0) - kSkippedBelow) / (1 - kSkippedBelow);
}

bool isSilent(const Snapshot& snapshot, Row row) {
  if (snapshot.centrality(row) != 0) return false;  // without a look at the vector
  const auto vector = snapshot.vector(row);
  return std::all_of(vector.begin(), vector.end(), [](float value) { return value == 0; });
}

Listener makeListener(const Snapshot& snapshot, std::span<const HeardTrack> history, UnixTime now) {
  Listener listener;
  listener.plays = history.size();
  std::vector<ProfileTrack> plays;
  plays.reserve(history.size());
  for (const HeardTrack& heard : history) {
    if (const auto row = snapshot.row(heard.track)) {
      plays.push_back({*row, recency(heard.at, now) * completion(heard.fraction)});
      if (plays.back().weight > 0) listener.sequence.push_back(*row);
    } else {
      ++listener.unknown;
    }
  }
  auto& sequence = listener.sequence;
  if (!sequence.empty()) listener.last = sequence.back();
  if (sequence.size() > kSequencePlays) {
    sequence.erase(sequence.begin(), sequence.end() - kSequencePlays);
  }
  std::stable_sort(plays.begin(), plays.end(),
                   [](const ProfileTrack& a, const ProfileTrack& b) { return a.row < b.row; });
  for (std::size_t i = 0; i < plays.size();) {
    PlayedTrack played{plays[i].row, 0, 0};
    for (; i < plays.size() && plays[i].row == played.row; ++i) {
      if (plays[i].weight > 0) ++played.plays;
      played.recent += plays[i].weight;
    }
    listener.heard.push_back(played.row);
    if (played.plays == 0) continue;
    listener.played.push_back(played);
    listener.profile.push_back({played.row, played.weight()});
  }
  std::sort(listener.profile.begin(), listener.profile.end(),
            [](const ProfileTrack& a, const ProfileTrack& b) {
              return a.weight != b.weight ? a.weight > b.weight : a.row < b.row;
            });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < listener.profile.size() && kept < kProfileTracks; ++i) {
    if (!isSilent(snapshot, listener.profile[i].row))
      listener.profile[kept++] = listener.profile[i];
  }
  listener.profile.resize(kept);
  return listener;
}

}  // namespace attacca::recommend
