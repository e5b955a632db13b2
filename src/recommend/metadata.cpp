#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "attacca/base/text.h"

#include "together.h"
#include "yardsticks.h"

namespace attacca::recommend {
namespace {

enum class FactKind { composer, work, period, instrumentation };
constexpr std::array<std::string_view, 4> kFactNames = {"composer", "work", "period",
                                                        "instrumentation"};

class Metadata final : public Strategy {
 public:
  explicit Metadata(const Material& material) : Strategy("metadata", material.snapshot) {
    std::vector<std::vector<std::size_t>> facts_of(snapshot().size());
    std::map<std::pair<FactKind, std::string>, std::size_t> known;
    const auto add = [&](Row row, FactKind kind, const std::string& text) {
      if (text.empty()) return;
      const auto [fact, is_new] = known.try_emplace({kind, text}, kinds_.size());
      if (is_new) kinds_.push_back(kind);
      facts_of[static_cast<std::size_t>(row)].push_back(fact->second);
    };
    for (std::size_t i = 0; i < snapshot().size(); ++i) {
      const auto row = static_cast<Row>(i);
      if (const WorkId work = snapshot().groups(row).work) {
        add(row, FactKind::work, std::to_string(work.value));
      }
    }
    for (const TrackFacts& facts : material.facts) {
      const auto row = snapshot().row(facts.track);
      if (!row) continue;
      for (const auto& composer : facts.composers) add(*row, FactKind::composer, composer);
      add(*row, FactKind::period, facts.period);
      add(*row, FactKind::instrumentation, facts.instrumentation);
    }
    std::vector<std::size_t> tracks(kinds_.size());  // by fact
    for (auto& facts : facts_of) {
      std::sort(facts.begin(), facts.end());
      facts.erase(std::unique(facts.begin(), facts.end()), facts.end());
      for (const std::size_t fact : facts) ++tracks[fact];
    }
    for (const auto& facts : facts_of) {
      double squares = 0;
      const std::size_t begin = terms_.all.size();
      for (const std::size_t fact : facts) {
        const double value =
            std::log(static_cast<double>(snapshot().size()) / static_cast<double>(tracks[fact]));
        if (value == 0) continue;  // all tracks have it
        terms_.all.push_back({fact, value});
        squares += value * value;
      }
      for (std::size_t i = begin; i < terms_.all.size(); ++i) {
        terms_.all[i].value /= std::sqrt(squares);
      }
      terms_.ends.push_back(terms_.all.size());
    }
  }

  std::optional<std::string> lacks(const Listener& listener) const override {
    if (listener.played.empty()) return nothingHeard(listener);
    for (const PlayedTrack& heard : listener.played) {
      if (!factsOf(heard.row).empty()) return std::nullopt;
    }
    return "the catalogue knows nothing of what was heard that tells it from the rest";
  }

  Scores scores(const Listener& listener) const override {
    std::vector<double> taste(kinds_.size());
    double all = 0;
    for (const PlayedTrack& heard : listener.played) {
      for (const Term& term : factsOf(heard.row)) taste[term.fact] += heard.weight() * term.value;
      all += heard.weight();
    }
    Scores scores{std::vector<double>(snapshot().size()), 0, true};
    for (std::size_t i = 0; i < scores.of.size(); ++i) {
      for (const Term& term : terms_.of(i)) scores.of[i] += taste[term.fact] * term.value;
      scores.of[i] /= all;
    }
    return scores;
  }

  std::vector<Reason> why(const Listener& listener, Row row) const override {
    auto reasons = strongest(
        listener, row, ReasonKind::sharedFacts, snapshot(),
        [&](const PlayedTrack& heard) { return heard.weight() * cosine(heard.row, row); });
    for (Reason& reason : reasons) {
      const Row heard = *snapshot().row(reason.track);
      reason.value = cosine(heard, row);
      reason.detail = sharedKinds(heard, row);
    }
    return reasons;
  }

 private:
  struct Term {
    std::size_t fact = 0;
    double value = 0;
  };

  // Of length 1, or empty.
  std::span<const Term> factsOf(Row row) const { return terms_.of(static_cast<std::size_t>(row)); }

  // Calls with each fact that both have.
  template <class Use>
  void eachShared(Row a, Row b, const Use& use) const {
    const auto of_b = factsOf(b);
    auto other = of_b.begin();
    for (const Term& term : factsOf(a)) {
      while (other != of_b.end() && other->fact < term.fact) ++other;
      if (other != of_b.end() && other->fact == term.fact)
        use(term.fact, term.value * other->value);
    }
  }

  double cosine(Row a, Row b) const {
    double sum = 0;
    eachShared(a, b, [&](std::size_t, double product) { sum += product; });
    return sum;
  }

  // "composer, work and period"
  std::string sharedKinds(Row a, Row b) const {
    std::array<bool, kFactNames.size()> shared{};
    eachShared(a, b, [&](std::size_t fact, double) {
      shared[static_cast<std::size_t>(kinds_[fact])] = true;
    });
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < shared.size(); ++i) {
      if (shared[i]) names.push_back(kFactNames[i]);
    }
    return enumerated(names);
  }

  std::vector<FactKind> kinds_;  // by fact
  Lists<Term> terms_;            // by row, ascending facts
};

}  // namespace

MadeStrategy makeMetadata(const Material& material) { return std::make_unique<Metadata>(material); }

}  // namespace attacca::recommend
