#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/recommend/forward.h"

#include "silent.h"
#include "together.h"
#include "yardsticks.h"

namespace attacca::recommend {
namespace {

constexpr std::size_t kLatest = 5;  // heard tracks of which it is asked what their absence does
constexpr Row kNoItem = -1;

// Of the network that a strategy needs. Throws.
ForwardPass passOf(std::string_view name, const Material& material) {
  if (material.network == nullptr) {
    throw Error(Fault::notFound, fmt::format("no {} network was trained for this archive", name),
                fmt::format("`attacca train {}` trains one", name));
  }
  const NetworkShape& shape = material.network->shape;
  if (nameOf(shape.kind) != name) {
    throw Error(Fault::refused,
                fmt::format("this is a {} network, and {} needs its own", nameOf(shape.kind), name),
                fmt::format("`attacca train {}` trains one", name));
  }
  if (shape.items == ItemInput::ids && material.network_items.size() != shape.input) {
    throw Error(Fault::refused,
                fmt::format("the {} network knows {} tracks, and its list of them has {}", name,
                            shape.input, material.network_items.size()),
                fmt::format("`attacca train {}` trains it anew", name));
  }
  const bool ids = shape.items == ItemInput::ids;
  return {material.network, ids ? MatrixView<float>{} : material.snapshot->vectors()};
}

class Networked : public Strategy {
 public:
  std::optional<std::string> lacks(const Listener& listener) const override {
    if (listener.sequence.empty()) return nothingHeard(listener);
    if (!itemsOf(listener).empty()) return std::nullopt;
    if (pass_.shape().items == ItemInput::content) return "nothing heard but silence";
    return "nothing of what was heard was there when the network was trained";
  }

  Scores scores(const Listener& listener) const override {
    const auto of_items = pass_.scores(pass_.listener(itemsOf(listener)));
    Scores scores{std::vector<double>(snapshot().size())};
    double sum = 0;
    double least = std::numeric_limits<double>::infinity();
    std::size_t known = 0;
    for (std::size_t i = 0; i < scores.of.size(); ++i) {
      if (item_of_[i] == kNoItem) continue;
      const auto score = static_cast<double>(of_items[static_cast<std::size_t>(item_of_[i])]);
      scores.of[i] = score;
      sum += score;
      least = std::min(least, score);
      ++known;
    }
    if (!std::isfinite(sum)) {
      throw Error(Fault::refused,
                  fmt::format("the {} network gives scores that are no numbers", name()),
                  fmt::format("`attacca train {}` trains it anew", name()));
    }
    scores.near = sum / static_cast<double>(known);
    // Nothing is known of the others. They come last, or not at all.
    const double below = std::nextafter(least, -std::numeric_limits<double>::infinity());
    for (std::size_t i = 0; i < scores.of.size(); ++i) {
      if (item_of_[i] == kNoItem) scores.of[i] = below;
    }
    if (pass_.shape().items == ItemInput::ids) {
      scores.near = below;
      scores.near_only = true;
    }
    return scores;
  }

  std::vector<Reason> why(const Listener& listener, Row row) const override {
    return whyEach(listener, {&row, 1}).front();
  }

 protected:
  Networked(std::string_view name, const Material& material)
      : Strategy(name, material.snapshot),
        pass_(passOf(name, material)),
        item_of_(snapshot().size(), kNoItem) {
    if (pass_.shape().items == ItemInput::ids) {
      for (std::size_t i = 0; i < material.network_items.size(); ++i) {
        const auto row = snapshot().row(material.network_items[i]);
        if (row) item_of_[static_cast<std::size_t>(*row)] = static_cast<Row>(i);
      }
      return;
    }
    for (std::size_t i = 0; i < item_of_.size(); ++i) {
      const auto row = static_cast<Row>(i);
      if (!isSilent(snapshot(), row)) item_of_[i] = row;
    }
  }

  const ForwardPass& pass() const { return pass_; }
  Row itemOf(Row row) const { return item_of_[static_cast<std::size_t>(row)]; }
  // What the network reads, those that it knows nothing of left out.
  virtual std::vector<Row> itemsOf(const Listener& listener) const = 0;

 private:
  ForwardPass pass_;
  std::vector<Row> item_of_;  // by row
};

class Sequence final : public Networked {
 public:
  Sequence(std::string_view name, const Material& material) : Networked(name, material) {}

  // Exact: the network is asked again without each of the latest.
  std::vector<std::vector<Reason>> whyEach(const Listener& listener,
                                           std::span<const Row> rows) const override {
    const auto items = itemsOf(listener);
    const auto whole = pass().listener(items);
    std::vector<Without> latest;
    for (const Row heard : latestOf(listener)) {
      std::vector<Row> rest;
      std::copy_if(items.begin(), items.end(), std::back_inserter(rest),
                   [&](Row item) { return item != itemOf(heard); });
      latest.push_back({heard, rest.empty() ? whole : pass().listener(rest), rest.empty()});
    }
    std::vector<std::vector<Reason>> reasons(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Row item = itemOf(rows[i]);
      for (const Without& without : latest) {
        if (item == kNoItem) break;
        const double gain = static_cast<double>(pass().score(whole, item)) -
                            static_cast<double>(pass().score(without.listener, item));
        if (!without.sole && !(gain > 0 && std::isfinite(gain))) continue;
        reasons[i].push_back({ReasonKind::followsFrom, idOf(without.heard), gain});
      }
      keepStrongest(reasons[i]);
      if (reasons[i].empty()) reasons[i].push_back({ReasonKind::followsFrom, {}, 0});
    }
    return reasons;
  }

 private:
  struct Without {
    Row heard = -1;
    std::vector<float> listener;  // had it not been heard
    bool sole = false;            // nothing else was heard
  };

  std::vector<Row> itemsOf(const Listener& listener) const override {
    std::vector<Row> items;
    for (const Row row : listener.sequence) {
      if (itemOf(row) != kNoItem) items.push_back(itemOf(row));
    }
    return items;
  }

  // The newest first, each once.
  std::vector<Row> latestOf(const Listener& listener) const {
    std::vector<Row> latest;
    const auto& plays = listener.sequence;
    for (auto play = plays.rbegin(); play != plays.rend() && latest.size() < kLatest; ++play) {
      const bool is_new = std::find(latest.begin(), latest.end(), *play) == latest.end();
      if (is_new && itemOf(*play) != kNoItem) latest.push_back(*play);
    }
    return latest;
  }
};

class Towers final : public Networked {
 public:
  Towers(std::string_view name, const Material& material) : Networked(name, material) {}

  std::vector<std::vector<Reason>> whyEach(const Listener& listener,
                                           std::span<const Row> rows) const override {
    const auto heard = itemsOf(listener);
    std::vector<std::vector<Reason>> reasons(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto place = pass().space().row(static_cast<std::size_t>(rows[i]));
      for (const Row other : heard) {
        if (other == rows[i] && heard.size() > 1) continue;
        reasons[i].push_back({ReasonKind::learnedLike, idOf(other),
                              static_cast<double>(pass().score(place, other))});
      }
      keepStrongest(reasons[i]);
    }
    return reasons;
  }

 private:
  // Content alone: items are rows.
  std::vector<Row> itemsOf(const Listener& listener) const override {
    std::vector<Row> items;
    for (const PlayedTrack& heard : listener.played) {
      if (itemOf(heard.row) != kNoItem) items.push_back(heard.row);
    }
    return items;
  }
};

}  // namespace

MadeStrategy makeSequence(std::string_view name, const Material& material) {
  return std::make_unique<Sequence>(name, material);
}

MadeStrategy makeTowers(std::string_view name, const Material& material) {
  return std::make_unique<Towers>(name, material);
}

}  // namespace attacca::recommend
