#include <algorithm>
#include <charconv>
#include <iterator>
#include <memory>
#include <system_error>

#include <fmt/format.h>

#include "attacca/base/error.h"
#include "attacca/recommend/trained_model.h"

#include "commands.h"
#include "json_text.h"
#include "table.h"

namespace attacca::cli {
namespace {

using recommend::ModelCard;
using recommend::NetworkKind;

std::string figure(const recommend::Judged* judged) {
  return judged == nullptr ? "" : fmt::format("{:.4f}", judged->ndcg10);
}

std::string stateOf(const ModelCard& card, const index::Snapshot* snapshot,
                    const std::optional<ModelCard>& best) {
  if (best && best->strategy == card.strategy && best->version == card.version) {
    return "recommends";
  }
  if (snapshot == nullptr) return "";
  return recommend::unfit(card, *snapshot).value_or("");
}

// "shallow", "2"
Exit removeModel(const Context& context, const recommend::ModelFolder& models,
                 const std::string& strategy, const std::string& version) {
  constexpr NetworkKind kKinds[] = {NetworkKind::bert4rec, NetworkKind::sasrec,
                                    NetworkKind::shallow, NetworkKind::contrastive};
  const auto* const kind = std::find_if(std::begin(kKinds), std::end(kKinds), [&](NetworkKind one) {
    return recommend::nameOf(one) == strategy;
  });
  if (kind == std::end(kKinds)) {
    throw Error(Fault::usage, fmt::format("\"{}\" is nothing that is trained", strategy),
                "bert4rec, sasrec, shallow and contrastive are");
  }
  std::int64_t number = 0;
  const auto [end, fault] =
      std::from_chars(version.data(), version.data() + version.size(), number);
  if (fault != std::errc{} || end != version.data() + version.size()) {
    throw Error(Fault::usage, fmt::format("\"{}\" is no version", version),
                "`attacca models` lists them");
  }
  models.remove(*kind, number);
  if (!context.quiet) print(fmt::format("{} {} is removed\n", strategy, number));
  return Exit::done;
}

}  // namespace

Exit models(const Context& context, const ModelsArgs& args) {
  OpenArchive archive(context);
  const recommend::ModelFolder folder(archive.folder.models());
  if (!args.remove.empty()) return removeModel(context, folder, args.remove[0], args.remove[1]);
  const auto listed = folder.list();
  const auto snapshot = index::Snapshot::openCurrent(archive.blobs, usualKey(context));
  std::optional<ModelCard> best;
  if (snapshot != nullptr) best = recommend::bestModel(listed.cards, *snapshot);
  if (context.json) {
    Json json;
    json["models"] = Json::array();
    for (const ModelCard& card : listed.cards) {
      Json one = Json::parse(recommend::cardJson(card));
      one["used"] = best && best->strategy == card.strategy && best->version == card.version;
      one["unfit"] = nullptr;
      if (snapshot != nullptr) {
        if (const auto why = recommend::unfit(card, *snapshot)) one["unfit"] = *why;
      }
      json["models"].push_back(std::move(one));
    }
    json["problems"] = listed.problems;
    print(toText(json));
    return Exit::done;
  }
  for (const auto& problem : listed.problems) say(problem);
  if (listed.cards.empty()) {
    print("Nothing was trained yet: `attacca train shallow` learns from the listening history.\n");
    return Exit::done;
  }
  Table table({{"strategy"},
               {"version", Table::Align::right},
               {"made"},
               {"plays", Table::Align::right},
               {"NDCG@10", Table::Align::right},
               {"knn", Table::Align::right},
               {"popularity", Table::Align::right},
               {"", Table::Align::left, true}});
  for (const ModelCard& card : listed.cards) {
    const auto name = recommend::nameOf(card.strategy);
    table.add({std::string(name), std::to_string(card.version), formatTime(card.made),
               std::to_string(card.plays), figure(card.of(name)), figure(card.of("knn")),
               figure(card.of("popularity")), stateOf(card, snapshot.get(), best)});
  }
  print(table.text(terminalWidth(1)));
  return Exit::done;
}

}  // namespace attacca::cli
