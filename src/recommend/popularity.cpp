#include <algorithm>
#include <numeric>

#include "yardsticks.h"

namespace attacca::recommend {
namespace {

// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

class Random final : public Strategy {
 public:
  explicit Random(const Material& material)
      : Strategy("random", material.snapshot), seed_(material.seed) {}

  std::optional<std::string> lacks(const Listener&) const override { return std::nullopt; }

  Scores scores(const Listener& listener) const override {
    std::uint64_t draw = mixed(seed_);
    for (const Row row : listener.heard) draw = mixed(draw ^ numberOf(row));
    Scores scores{std::vector<double>(snapshot().size())};
    for (std::size_t i = 0; i < scores.of.size(); ++i) {
      // 53 bits are what a double holds.
      const auto number = mixed(draw ^ numberOf(static_cast<Row>(i))) >> 11;
      scores.of[i] = (static_cast<double>(number) + 0.5) * 0x1p-53;
    }
    return scores;
  }

  std::vector<Reason> why(const Listener&, Row) const override {
    return {{ReasonKind::chance, {}, 0}};
  }

 private:
  std::uint64_t numberOf(Row row) const { return static_cast<std::uint64_t>(idOf(row).value); }

  std::uint64_t seed_;
};

class Popularity final : public Strategy {
 public:
  Popularity(const Material& material, const Played& played)
      : Strategy("popularity", material.snapshot), listeners_(snapshot().size()) {
    // Plays are a fraction that never reaches one listener.
    const double plays = static_cast<double>(played.in_order.all.size()) + 1;
    scores_.of.resize(snapshot().size());
    scores_.near_only = true;
    for (std::size_t i = 0; i < listeners_.size(); ++i) {
      listeners_[i] = played.listeners.of(i).size();
      scores_.of[i] =
          static_cast<double>(listeners_[i]) + static_cast<double>(played.plays[i]) / plays;
    }
  }

  std::optional<std::string> lacks(const Listener&) const override {
    const bool any =
        std::any_of(scores_.of.begin(), scores_.of.end(), [](double score) { return score > 0; });
    if (any) return std::nullopt;
    return "nobody has listened to anything here yet";
  }

  Scores scores(const Listener&) const override { return scores_; }

  std::vector<Reason> why(const Listener&, Row row) const override {
    return {
        {ReasonKind::popular, {}, static_cast<double>(listeners_[static_cast<std::size_t>(row)])}};
  }

 private:
  std::vector<std::size_t> listeners_;
  Scores scores_;
};

class PersonalPopularity final : public Strategy {
 public:
  explicit PersonalPopularity(const Material& material)
      : Strategy("personal-popularity", material.snapshot) {}

  std::optional<std::string> lacks(const Listener& listener) const override {
    if (!listener.played.empty()) return std::nullopt;
    return nothingHeard(listener);
  }

  Scores scores(const Listener& listener) const override {
    Scores scores{std::vector<double>(snapshot().size()), 0, true};
    for (const PlayedTrack& played : listener.played) {
      scores.of[static_cast<std::size_t>(played.row)] = played.recent;
    }
    return scores;
  }

  std::vector<Reason> why(const Listener& listener, Row row) const override {
    const auto found =
        std::partition_point(listener.played.begin(), listener.played.end(),
                             [&](const PlayedTrack& played) { return played.row < row; });
    return {{ReasonKind::played, idOf(row), static_cast<double>(found->plays)}};
  }

  bool repeats() const override { return true; }
};

}  // namespace

MadeStrategy makeRandom(const Material& material) { return std::make_unique<Random>(material); }

MadeStrategy makePopularity(const Material& material, const Played& played) {
  return std::make_unique<Popularity>(material, played);
}

MadeStrategy makePersonalPopularity(const Material& material) {
  return std::make_unique<PersonalPopularity>(material);
}

}  // namespace attacca::recommend
