#include "attacca/study/split.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

namespace attacca::study {
namespace {

using recommend::LoggedPlay;
using Plays = std::span<const LoggedPlay>;

// Calls with the plays of each listener.
template <class Use>
void eachListener(Plays log, const Use& use) {
  for (std::size_t begin = 0; begin < log.size();) {
    std::size_t end = begin;
    while (end < log.size() && log[end].listener == log[begin].listener) ++end;
    use(log.subspan(begin, end - begin));
    begin = end;
  }
}

HeldOutPlay heldOut(Plays before, const LoggedPlay& next) {
  HeldOutPlay play{next.listener, {}, next.track, next.at};
  play.before.reserve(before.size());
  for (const LoggedPlay& one : before) play.before.push_back({one.track, one.at, one.fraction});
  return play;
}

bool counts(const LoggedPlay& play) { return recommend::completion(play.fraction) > 0; }

}  // namespace

Split splitByTime(Plays log, double share) {
  Split split;
  std::vector<UnixTime> times;
  times.reserve(log.size());
  for (const LoggedPlay& play : log) times.push_back(play.at);
  const auto after =
      static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(log.size()));
  if (after > 0) {
    const auto at = times.begin() + static_cast<std::ptrdiff_t>(times.size() - after);
    std::nth_element(times.begin(), at, times.end());
    split.from = *at;
  }
  const bool nothing_before = std::none_of(
      log.begin(), log.end(), [&](const LoggedPlay& play) { return play.at < split.from; });
  if (after == 0 || nothing_before) {
    split.training.assign(log.begin(), log.end());
    for (const LoggedPlay& play : log) split.from = std::max(split.from, play.at);
    split.from += std::chrono::milliseconds(1);
    return split;
  }
  eachListener(log, [&](Plays plays) {
    const auto first = std::find_if(plays.begin(), plays.end(),
                                    [&](const LoggedPlay& play) { return play.at >= split.from; });
    const Plays before = plays.first(static_cast<std::size_t>(first - plays.begin()));
    split.training.insert(split.training.end(), before.begin(), before.end());
    if (before.empty()) return;
    std::set<TrackId> heard;
    for (const LoggedPlay& play : before) heard.insert(play.track);
    const auto next = std::find_if(first, plays.end(), [&](const LoggedPlay& play) {
      return counts(play) && !heard.contains(play.track);
    });
    if (next != plays.end()) split.held_out.push_back(heldOut(before, *next));
  });
  return split;
}

Split splitLast(Plays log) {
  Split split;
  for (const LoggedPlay& play : log) split.from = std::max(split.from, play.at);
  split.from += std::chrono::milliseconds(1);
  eachListener(log, [&](Plays plays) {
    std::set<TrackId> heard;
    std::size_t last = 0;  // the last play of something new
    for (std::size_t i = 0; i < plays.size(); ++i) {
      if (heard.insert(plays[i].track).second && counts(plays[i])) last = i;
    }
    const Plays before = last == 0 ? plays : plays.first(last);
    split.training.insert(split.training.end(), before.begin(), before.end());
    if (last > 0) split.held_out.push_back(heldOut(before, plays[last]));
  });
  return split;
}

}  // namespace attacca::study
