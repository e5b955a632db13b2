#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "attacca/base/error.h"
#include "attacca/recommend/trained_model.h"

namespace attacca::recommend {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;

ModelCard decoded(const Json& json, std::string_view name) {
  ModelCard card;
  const auto strategy = json.at("strategy").get<std::string>();
  const auto kind = networkKind(strategy);
  if (!kind) {
    throw Error(
        Fault::unsupported,
        fmt::format("{} is of a strategy that this attacca does not know: {}", name, strategy));
  }
  card.strategy = *kind;
  json.at("version").get_to(card.version);
  card.made = parseTime(json.at("made").get<std::string>());
  json.at("attacca").get_to(card.attacca);
  json.at("library").get_to(card.library);
  json.at("network").get_to(card.network);

  const Json& data = json.at("data");
  data.at("tracks").get_to(card.tracks);
  data.at("listeners").get_to(card.listeners);
  data.at("plays").get_to(card.plays);
  data.at("sha256").get_to(card.data);
  data.at("space").get_to(card.space);
  data.at("recipe").get_to(card.recipe);
  data.at("representation").get_to(card.representation);

  const Json& training = json.at("training");
  TrainingConfig defaults;
  defaults.kind = card.strategy;
  card.configuration =
      readTrainingConfig(training.at("configuration").get<std::string>(), name, defaults);
  training.at("epochs").get_to(card.epochs);
  training.at("best_epoch").get_to(card.best_epoch);
  training.at("stopped").get_to(card.stopped);
  training.at("losses").get_to(card.losses);

  const Json& validation = json.at("validation");
  validation.at("listeners").get_to(card.judged_on);
  validation.at("chance_ndcg10").get_to(card.chance_ndcg10);
  for (const Json& one : validation.at("strategies")) {
    Judged& judged = card.judged.emplace_back();
    one.at("strategy").get_to(judged.strategy);
    one.at("ndcg10").get_to(judged.ndcg10);
    one.at("hr10").get_to(judged.hr10);
    one.at("mrr").get_to(judged.mrr);
    one.at("coverage").get_to(judged.coverage);
  }

  const Json& cost = json.at("cost");
  cost.at("cpu_s").get_to(card.cpu_s);
  cost.at("wall_s").get_to(card.wall_s);
  cost.at("peak_bytes").get_to(card.peak_bytes);
  return card;
}

}  // namespace

const Judged* ModelCard::of(std::string_view name) const {
  const auto found = std::find_if(judged.begin(), judged.end(),
                                  [&](const Judged& one) { return one.strategy == name; });
  return found == judged.end() ? nullptr : &*found;
}

double ModelCard::score() const {
  const Judged* const own = of(nameOf(strategy));
  return own == nullptr ? 0 : own->ndcg10;
}

double ModelCard::gain() const {
  const Judged* const own = of(nameOf(strategy));
  const Judged* const yardstick = of("knn") != nullptr ? of("knn") : of("popularity");
  return own == nullptr || yardstick == nullptr ? 0 : own->ndcg10 - yardstick->ndcg10;
}

std::string cardJson(const ModelCard& card) {
  Json json;
  json["format"] = kFormat;
  json["strategy"] = nameOf(card.strategy);
  json["version"] = card.version;
  json["made"] = formatTime(card.made);
  json["attacca"] = card.attacca;
  json["library"] = card.library;
  json["network"] = card.network;
  json["data"] = {{"tracks", card.tracks},
                  {"listeners", card.listeners},
                  {"plays", card.plays},
                  {"sha256", card.data},
                  {"space", card.space},
                  {"recipe", card.recipe},
                  {"representation", card.representation}};
  json["training"] = {{"configuration", trainingConfigToml(card.configuration)},
                      {"epochs", card.epochs},
                      {"best_epoch", card.best_epoch},
                      {"stopped", card.stopped},
                      {"losses", card.losses}};
  json["validation"] = {{"listeners", card.judged_on}, {"chance_ndcg10", card.chance_ndcg10}};
  json["validation"]["strategies"] = Json::array();
  for (const Judged& one : card.judged) {
    json["validation"]["strategies"].push_back({{"strategy", one.strategy},
                                                {"ndcg10", one.ndcg10},
                                                {"hr10", one.hr10},
                                                {"mrr", one.mrr},
                                                {"coverage", one.coverage}});
  }
  json["cost"] = {{"cpu_s", card.cpu_s}, {"wall_s", card.wall_s}, {"peak_bytes", card.peak_bytes}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

ModelCard readCard(std::string_view text, std::string_view name) {
  try {
    const auto json = Json::parse(text);
    if (json.at("format") != kFormat) {
      throw Error(Fault::unsupported,
                  fmt::format("{} has a format that this attacca does not know", name),
                  "use the attacca that made it, or a newer one; or train it anew");
    }
    return decoded(json, name);
  } catch (const nlohmann::json::exception& fault) {
    throw Error(Fault::corrupt,
                fmt::format("{} is not the card of a model: {}", name, fault.what()),
                "remove its folder and train it anew, or restore a backup");
  } catch (const Error& fault) {
    if (fault.fault() != Fault::usage) throw;
    throw Error(Fault::corrupt, fault.problem(),
                "remove its folder and train it anew, or restore a backup");
  }
}

std::optional<std::string> unfit(const ModelCard& card, const index::Snapshot& snapshot) {
  if (card.configuration.items == ItemInput::ids || card.space == snapshot.space()) {
    return std::nullopt;
  }
  const std::string& now = snapshot.info().representation;
  if (card.recipe.empty()) return "it was not trained on this archive";
  if (card.representation != now) {
    return fmt::format("it was trained on {} by {}, and tracks are compared by {} ({}) now",
                       card.representation, card.recipe, now, snapshot.info().recipe);
  }
  if (card.recipe != snapshot.info().recipe) {
    return fmt::format("it was trained on the recipe {}, and this list is made by {}", card.recipe,
                       snapshot.info().recipe);
  }
  return fmt::format(
      "it is older than the catalogue: since it was trained, {} was fitted anew on {} tracks",
      card.recipe, snapshot.info().fitted_tracks);
}

std::optional<ModelCard> bestModel(std::span<const ModelCard> cards,
                                   const index::Snapshot& snapshot) {
  std::optional<ModelCard> best;
  for (const NetworkKind kind : kNetworkKinds) {
    const ModelCard* newest = nullptr;
    for (const ModelCard& card : cards) {
      if (card.strategy != kind || unfit(card, snapshot)) continue;
      if (newest == nullptr || card.version > newest->version) newest = &card;
    }
    if (newest == nullptr || !newest->worthIts()) continue;
    if (!best || newest->gain() > best->gain()) best = *newest;
  }
  return best;
}

}  // namespace attacca::recommend
