#include "attacca/archive/performances.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>
#include <unordered_map>

namespace attacca::archive {
namespace {

constexpr int kLast = std::numeric_limits<int>::max();  // a track that does not say where it stands

auto placeOf(const Track& track) {
  return std::tuple(track.disc_number.value_or(track.track_number ? 1 : kLast),
                    track.track_number.value_or(kLast));
}

// One track on its way into a performance.
struct Step {
  const Track* track = nullptr;
  int place = 0;  // on the album, counted without holes; equal for two tracks that claim one place

  std::optional<int> number() const {
    return track->movement_number.value_or(0) > 0 ? track->movement_number : std::nullopt;
  }
  bool isSameMovementAs(const Step& other) const {
    return number() || other.number() ? number() == other.number()
                                      : track->title == other.track->title;
  }
};

// A performance as far as the album was read.
class Run {
 public:
  explicit Run(const Step& first) { add(first); }

  bool isFollowedBy(const Step& step) const {
    return may(step) && step.place == steps_.back().place + 1;
  }
  // Across tracks of other works.
  bool goesOnAt(const Step& step) const {
    return may(step) && highest_ > 0 && step.number().value_or(0) > highest_;
  }

  void add(const Step& step) {
    steps_.push_back(step);
    if (!step.number()) return;
    highest_ = std::max(highest_, *step.number());
    lowest_ = std::min(lowest_, *step.number());
  }

  Performance finish() {
    const bool numbered = std::all_of(steps_.begin(), steps_.end(),
                                      [](const Step& step) { return step.number().has_value(); });
    if (numbered) {
      std::stable_sort(steps_.begin(), steps_.end(),
                       [](const Step& a, const Step& b) { return *a.number() < *b.number(); });
    }
    Performance performance{steps_.front().track->work, steps_.front().track->album, {}};
    for (const Step& step : steps_) performance.tracks.push_back(step.track->id);
    return performance;
  }

 private:
  bool may(const Step& step) const {
    if (step.place == steps_.back().place) return false;
    // Without places the order is that of ids, in which a first movement may come late.
    if (step.track->track_number && highest_ > 0 && step.number().value_or(kLast) < lowest_) {
      return false;
    }
    return std::none_of(steps_.begin(), steps_.end(),
                        [&](const Step& earlier) { return earlier.isSameMovementAs(step); });
  }

  std::vector<Step> steps_;
  int lowest_ = kLast;
  int highest_ = 0;
};

// `album`: the tracks of one album in its order.
void readAlbum(std::span<const Track* const> album, std::vector<Performance>& found) {
  std::unordered_map<WorkId, std::vector<Run>> works;
  Step step;
  for (std::size_t i = 0; i < album.size(); ++i) {
    const bool shares_place =
        i > 0 && album[i]->track_number && placeOf(*album[i]) == placeOf(*album[i - 1]);
    step.track = album[i];
    step.place += shares_place ? 0 : 1;
    if (!step.track->work) continue;
    std::vector<Run>& runs = works[step.track->work];
    auto run = std::find_if(runs.begin(), runs.end(),
                            [&](const Run& one) { return one.isFollowedBy(step); });
    if (run == runs.end()) {
      const auto latest = std::find_if(runs.rbegin(), runs.rend(),
                                       [&](const Run& one) { return one.goesOnAt(step); });
      if (latest != runs.rend()) run = std::prev(latest.base());
    }
    if (run == runs.end()) {
      runs.emplace_back(step);
    } else {
      run->add(step);
    }
  }
  for (auto& [work, runs] : works) {
    for (Run& run : runs) found.push_back(run.finish());
  }
}

}  // namespace

std::vector<Performance> performances(std::span<const Track> tracks) {
  std::vector<const Track*> order(tracks.size());
  std::transform(tracks.begin(), tracks.end(), order.begin(),
                 [](const Track& track) { return &track; });
  std::sort(order.begin(), order.end(), [](const Track* a, const Track* b) {
    return std::tuple(a->album, placeOf(*a), a->id) < std::tuple(b->album, placeOf(*b), b->id);
  });
  std::vector<Performance> found;
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    ++end;
    while (end < order.size() && order[end]->album == order[begin]->album && order[begin]->album) {
      ++end;
    }
    readAlbum(std::span(order).subspan(begin, end - begin), found);
  }
  const auto smallest = [](const Performance& one) {
    return *std::min_element(one.tracks.begin(), one.tracks.end());
  };
  std::sort(found.begin(), found.end(),
            [&](const Performance& a, const Performance& b) { return smallest(a) < smallest(b); });
  return found;
}

}  // namespace attacca::archive
