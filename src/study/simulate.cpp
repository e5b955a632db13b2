#include "attacca/study/simulate.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <optional>
#include <random>
#include <tuple>
#include <utility>

#include "attacca/base/error.h"

namespace attacca::study {
namespace {

constexpr double kTracksASession = 5;
constexpr double kDayMs = 24.0 * 3600 * 1000;
// Share of sessions that begin in each hour: few at night, most in the evening.
constexpr double kHours[24] = {2, 1, 0.5, 0.3, 0.3, 0.5, 1, 2, 3, 3, 3, 3,
                               3, 3, 3,   3,   4,   5,   6, 8, 9, 9, 7, 4};

// Distributions of our own: the library's differ from one to the next.
class Lots {
 public:
  explicit Lots(std::uint64_t seed) : random_(seed) {}

  double uniform() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  bool chance(double p) { return uniform() < p; }
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }
  // How often, at a mean of `rate`: the number of exponential steps that fit into 1.
  double exponential(double rate) { return -std::log(1 - uniform()) / rate; }
  // By cumulative weights.
  std::size_t drawn(std::span<const double> cumulative) {
    const double at = uniform() * cumulative.back();
    const auto found = std::upper_bound(cumulative.begin(), cumulative.end(), at);
    return std::min(static_cast<std::size_t>(found - cumulative.begin()), cumulative.size() - 1);
  }

 private:
  std::mt19937_64 random_;
};

// A track's facts as numbers.
class Facts {
 public:
  explicit Facts(std::span<const SimulatedTrack> tracks) {
    for (const SimulatedTrack& track : tracks) {
      auto& own = of_.emplace_back();
      for (const std::string& composer : track.composers) own.push_back(number("c" + composer));
      if (!track.period.empty()) own.push_back(number("p" + track.period));
      if (!track.instrumentation.empty()) own.push_back(number("i" + track.instrumentation));
    }
  }
  std::size_t count() const { return numbers_.size(); }
  std::span<const std::size_t> of(std::size_t track) const { return of_[track]; }

 private:
  std::size_t number(const std::string& fact) {
    return numbers_.try_emplace(fact, numbers_.size()).first->second;
  }
  std::map<std::string, std::size_t> numbers_;
  std::vector<std::vector<std::size_t>> of_;
};

class Simulation {
 public:
  Simulation(std::span<const SimulatedTrack> tracks, const World& world)
      : tracks_(tracks), world_(world), facts_(tracks), lots_(world.seed) {
    std::map<WorkId, double> works;
    for (std::size_t i = 0; i < tracks.size(); ++i) {
      const double own = 0.5 * lots_.normal();
      double of_work = lots_.normal();
      if (tracks[i].work) of_work = works.try_emplace(tracks[i].work, of_work).first->second;
      liked_by_all_.push_back(world.popularity * (of_work + own));
      albums_[tracks[i].album].push_back(i);
      if (tracks[i].work && tracks[i].movement > 0) {
        movements_.emplace(std::tuple{tracks[i].album, tracks[i].work, tracks[i].movement}, i);
      }
    }
    for (const double share : kHours)
      hours_.push_back(share + (hours_.empty() ? 0 : hours_.back()));
  }

  std::vector<SimulatedPlay> run() {
    for (std::size_t listener = 0; listener < world_.listeners; ++listener) live(listener);
    return std::move(plays_);
  }

 private:
  void live(std::size_t listener) {
    // A seed of their own: what one does says nothing about another.
    lots_ = Lots(world_.seed * 1'000'003 + listener + 1);
    std::vector<double> tastes(facts_.count());
    for (double& taste : tastes) taste = world_.taste * lots_.normal();
    likes_.assign(tracks_.size(), 0);
    cumulative_.assign(tracks_.size(), 0);
    double sum = 0;
    for (std::size_t i = 0; i < tracks_.size(); ++i) {
      likes_[i] = liked_by_all_[i];
      for (const std::size_t fact : facts_.of(i)) likes_[i] += tastes[fact];
      sum += std::exp(likes_[i]);
      cumulative_[i] = sum;
    }
    const double rate = world_.sessions_a_day * std::exp(0.7 * lots_.normal());
    double busy_until = 0;  // in days
    double day = lots_.exponential(rate);
    while (day < world_.days) {
      const double hour = static_cast<double>(lots_.drawn(hours_)) + lots_.uniform();
      const double begin = std::max(std::floor(day) + hour / 24, busy_until);
      busy_until = session(listener, begin);
      day += lots_.exponential(rate);
    }
  }

  // Returns when it ends.
  double session(std::size_t listener, double day) {
    std::optional<std::size_t> last;
    do {
      const std::size_t track = next(last);
      // 1 as a rule for what is liked more than half of all tracks.
      const bool left = lots_.chance(0.6 / (1 + std::exp(2 * likes_[track])));
      const double fraction = left ? std::max(0.01, 0.8 * lots_.uniform()) : 1;
      if (day >= world_.days) return day;
      const double ms = (day - world_.days) * kDayMs;
      plays_.push_back({listener, tracks_[track].track,
                        world_.until + std::chrono::seconds(static_cast<std::int64_t>(ms / 1000)),
                        std::round(100 * fraction) / 100});
      const double seconds =
          tracks_[track].duration.count() > 0 ? tracks_[track].duration.count() : 300;
      day += (fraction * seconds + 2) / (kDayMs / 1000);
      last = left ? std::nullopt : std::optional(track);
    } while (!lots_.chance(1 / kTracksASession));
    return day;
  }

  std::size_t next(std::optional<std::size_t> last) {
    if (last) {
      const SimulatedTrack& now = tracks_[*last];
      const auto found = movements_.find({now.album, now.work, now.movement + 1});
      if (found != movements_.end() && lots_.chance(world_.follow)) return found->second;
      const auto& album = albums_.at(now.album);
      if (album.size() > 1 && lots_.chance(world_.album)) {
        const auto at =
            static_cast<std::size_t>(lots_.uniform() * static_cast<double>(album.size()));
        return album[std::min(at, album.size() - 1)];
      }
    }
    return lots_.drawn(cumulative_);
  }

  std::span<const SimulatedTrack> tracks_;
  const World& world_;
  Facts facts_;
  Lots lots_;
  std::vector<double> liked_by_all_;
  std::map<AlbumId, std::vector<std::size_t>> albums_;
  std::map<std::tuple<AlbumId, WorkId, int>, std::size_t> movements_;
  std::vector<double> hours_;
  std::vector<double> likes_;
  std::vector<double> cumulative_;
  std::vector<SimulatedPlay> plays_;
};

}  // namespace

double sessionsADay(std::size_t tracks, int days) {
  const double plays = std::max(10.0, static_cast<double>(tracks) / 4);
  return std::min(World().sessions_a_day, plays / (kTracksASession * std::max(1, days)));
}

std::vector<SimulatedPlay> simulate(std::span<const SimulatedTrack> tracks, const World& world) {
  if (tracks.empty()) {
    throw Error(Fault::usage, "there is no track to listen to",
                "`attacca add FOLDER` hears a folder of music; `attacca import` takes a catalogue");
  }
  if (world.listeners == 0 || world.days < 1) {
    throw Error(Fault::usage, "a simulation needs a listener and a day");
  }
  return Simulation(tracks, world).run();
}

}  // namespace attacca::study
