#include "profile.h"

#include <algorithm>
#include <cmath>

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

double completion(double fraction) {
  if (!(fraction > kSkippedBelow)) return 0;  // also what is not a number
  return (std::min(fraction, 1.0) - kSkippedBelow) / (1 - kSkippedBelow);
}

}  // namespace

bool isSilent(const Snapshot& snapshot, Row row) {
  if (snapshot.centrality(row) != 0) return false;  // without a look at the vector
  const auto vector = snapshot.vector(row);
  return std::all_of(vector.begin(), vector.end(), [](float value) { return value == 0; });
}

Profile makeProfile(const Snapshot& snapshot, std::span<const HeardTrack> history, UnixTime now) {
  Profile profile;
  std::vector<ProfileTrack> plays;
  plays.reserve(history.size());
  for (const HeardTrack& heard : history) {
    if (const auto row = snapshot.row(heard.track)) {
      plays.push_back({*row, recency(heard.at, now) * completion(heard.fraction)});
    } else {
      ++profile.unknown;
    }
  }
  std::stable_sort(plays.begin(), plays.end(),
                   [](const ProfileTrack& a, const ProfileTrack& b) { return a.row < b.row; });
  for (std::size_t i = 0; i < plays.size();) {
    const Row row = plays[i].row;
    double sum = 0;
    for (; i < plays.size() && plays[i].row == row; ++i) sum += plays[i].weight;
    profile.heard.push_back(row);
    if (sum > 0) profile.tracks.push_back({row, std::log1p(sum)});
  }
  std::sort(profile.tracks.begin(), profile.tracks.end(),
            [](const ProfileTrack& a, const ProfileTrack& b) {
              return a.weight != b.weight ? a.weight > b.weight : a.row < b.row;
            });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < profile.tracks.size() && kept < kProfileTracks; ++i) {
    if (!isSilent(snapshot, profile.tracks[i].row)) profile.tracks[kept++] = profile.tracks[i];
  }
  profile.tracks.resize(kept);
  return profile;
}

}  // namespace attacca::recommend
