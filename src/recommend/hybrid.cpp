#include <algorithm>
#include <cmath>

#include "knn.h"
#include "list.h"
#include "together.h"
#include "yardsticks.h"

namespace attacca::recommend {
namespace {

constexpr double kEnough = 2;  // listeners of a track, or tracks of a listener: half the weight

double credibility(std::size_t count) {
  const auto n = static_cast<double>(count);
  return n / (n + kEnough);
}

// Scales what is not 0 to a mean square of 1.
void standardise(std::vector<double>& scores) {
  double squares = 0;
  std::size_t count = 0;
  for (const double score : scores) {
    if (score == 0) continue;
    squares += score * score;
    ++count;
  }
  if (count == 0) return;
  const double scale = 1 / std::sqrt(squares / static_cast<double>(count));
  for (double& score : scores) score *= scale;
}

class Hybrid final : public Strategy {
 public:
  Hybrid(const Material& material, const Played& played)
      : Strategy("hybrid", material.snapshot),
        item_knn_(makeItemKnn(material, played)),
        knn_(material.snapshot) {
    for (std::size_t i = 0; i < snapshot().size(); ++i) {
      listeners_.push_back(played.listeners.of(i).size());
    }
  }

  std::optional<std::string> lacks(const Listener& listener) const override {
    if (!listener.profile.empty()) return std::nullopt;
    return item_knn_->lacks(listener);
  }

  Scores scores(const Listener& listener) const override {
    const Parts parts = partsOf(listener);
    Scores scores{std::vector<double>(snapshot().size()), 0, true};
    for (std::size_t i = 0; i < scores.of.size(); ++i) scores.of[i] = parts.log[i] + parts.sound[i];
    return scores;
  }

  std::vector<Reason> why(const Listener& listener, Row row) const override {
    return whyEach(listener, {&row, 1}).front();
  }

  // Those of the part that says more.
  std::vector<std::vector<Reason>> whyEach(const Listener& listener,
                                           std::span<const Row> rows) const override {
    const Parts parts = partsOf(listener);
    std::vector<std::vector<Reason>> reasons;
    for (const Row row : rows) {
      const auto i = static_cast<std::size_t>(row);
      const bool by_log = parts.log[i] > parts.sound[i] || listener.profile.empty();
      reasons.push_back(by_log ? item_knn_->why(listener, row) : knn_.why(listener, row));
    }
    return reasons;
  }

 private:
  // By row.
  struct Parts {
    std::vector<double> log;
    std::vector<double> sound;
  };

  Parts partsOf(const Listener& listener) const {
    Parts parts{std::vector<double>(snapshot().size()), soundOf(listener)};
    standardise(parts.sound);
    if (item_knn_->lacks(listener)) return parts;
    parts.log = item_knn_->scores(listener).of;
    standardise(parts.log);
    std::size_t known = 0;  // of what the listener heard, what others heard
    for (const PlayedTrack& heard : listener.played) {
      if (listeners_[static_cast<std::size_t>(heard.row)] > 0) ++known;
    }
    const double of_listener = credibility(known);
    for (std::size_t i = 0; i < listeners_.size(); ++i) {
      const double weight = of_listener * credibility(listeners_[i]);
      parts.log[i] *= weight;
      parts.sound[i] *= 1 - weight;
    }
    return parts;
  }

  // As KnnStrategy values the first of a list, by stored neighbours alone.
  std::vector<double> soundOf(const Listener& listener) const {
    std::vector<double> sound(snapshot().size());
    for (const ProfileTrack& heard : listener.profile) {
      const auto mean = static_cast<double>(snapshot().centrality(heard.row));
      const auto rows = snapshot().neighbours(heard.row);
      const auto cosines = snapshot().neighbourScores(heard.row);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        sound[static_cast<std::size_t>(rows[i])] +=
            heard.weight * std::max(nearness(static_cast<double>(cosines[i]), mean), 0.0);
      }
    }
    return sound;
  }

  MadeStrategy item_knn_;
  KnnStrategy knn_;
  std::vector<std::size_t> listeners_;  // by row, how many
};

}  // namespace

MadeStrategy makeHybrid(const Material& material, const Played& played) {
  return std::make_unique<Hybrid>(material, played);
}

}  // namespace attacca::recommend
