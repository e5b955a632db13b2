#include "attacca/app/choose.h"

#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/recommend/strategy.h"

namespace attacca::app {
namespace {

using recommend::NetworkKind;

// The newest model of a kind that fits, or why there is none, with the remedy.
struct Found {
  std::optional<recommend::TrainedModel> model;
  std::string why;
};

Found find(const recommend::ModelFolder& models, const index::Snapshot& snapshot,
           NetworkKind kind) {
  const auto name = recommend::nameOf(kind);
  Found found;
  const auto listed = models.list();
  for (auto card = listed.cards.rbegin(); card != listed.cards.rend(); ++card) {
    if (card->strategy != kind) continue;
    if (const auto why = recommend::unfit(*card, snapshot)) {
      if (found.why.empty()) {
        found.why = fmt::format("{} {} does not fit: {} (`attacca train {}` trains it anew)", name,
                                card->version, *why, name);
      }
      continue;
    }
    try {
      found.model = models.open(kind, card->version);
      return found;
    } catch (const Error& fault) {
      if (found.why.empty()) found.why = fault.what();
    }
  }
  if (found.why.empty()) {
    found.why = fmt::format("no {} was trained here (`attacca train {}` does that)", name, name);
  }
  return found;
}

}  // namespace

Choice chooseStrategy(const recommend::ModelFolder& models, const index::Snapshot& snapshot,
                      std::string_view asked) {
  Choice choice;
  choice.strategy = "knn";
  if (asked.empty()) {
    const auto listed = models.list();
    choice.notes = listed.problems;
    const auto best = recommend::bestModel(listed.cards, snapshot);
    if (!best) return choice;
    try {
      choice.model = models.open(best->strategy, best->version);
      choice.strategy = recommend::nameOf(best->strategy);
    } catch (const Error& fault) {
      choice.notes.emplace_back(fault.what());
    }
    return choice;
  }
  choice.strategy = recommend::strategyNamed(asked).name;
  const auto kind = recommend::networkKind(asked);
  if (!kind) return choice;
  std::vector<NetworkKind> chain{*kind};
  if (*kind == NetworkKind::bert4rec || *kind == NetworkKind::sasrec ||
      *kind == NetworkKind::contrastive) {
    chain.push_back(NetworkKind::shallow);
  }
  std::string why;
  for (const NetworkKind one : chain) {
    Found found = find(models, snapshot, one);
    if (found.model) {
      choice.strategy = recommend::nameOf(one);
      choice.model = std::move(found.model);
      break;
    }
    if (why.empty()) why = std::move(found.why);
    choice.strategy = "knn";
  }
  if (!why.empty()) {
    choice.notes.push_back(fmt::format("{}; {} answers instead", why, choice.strategy));
  }
  return choice;
}

}  // namespace attacca::app
