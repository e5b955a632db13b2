#include <algorithm>
#include <array>
#include <cassert>

#include <fmt/format.h>

#include "attacca/base/error.h"

#include "knn.h"
#include "yardsticks.h"

namespace attacca::recommend {
namespace {

constexpr std::array kStrategies = {
    StrategyInfo{"knn", "near each of the tracks that the listener heard, in turn", false, false},
    StrategyInfo{"knn-published", "near the mean of what the listener heard", false, false},
    StrategyInfo{"random", "drawn by lot", false, false},
    StrategyInfo{"popularity", "what most listeners heard", true, false},
    StrategyInfo{"personal-popularity", "what this listener plays most, lately", false, false},
    StrategyInfo{"item-knn", "what was heard by those who heard the same", true, false},
    StrategyInfo{"ease", "the same by a linear model of all tracks at once", true, false},
    StrategyInfo{"markov", "what is often played after the last track", true, false},
    StrategyInfo{"next-movement", "how the work that was heard last goes on", false, false},
    StrategyInfo{"same-album", "the rest of the albums that were heard", false, false},
    StrategyInfo{"metadata", "the same composer, work, period or instrumentation", false, true},
    StrategyInfo{"album-mean", "tracks of albums that sound like those that were heard", false,
                 false},
    StrategyInfo{"bert4rec", "what a network foretells from the latest plays, both ways", false,
                 false, true},
    StrategyInfo{"sasrec", "what a network foretells from the latest plays, forwards", false, false,
                 true},
    StrategyInfo{"shallow", "near the mean of what was heard, as a network learned nearness", false,
                 false, true},
    StrategyInfo{"contrastive", "near in sound, as a network learned it from who heard what", false,
                 false, true},
    StrategyInfo{"hybrid", "by the log where it is known, by sound where it is not", true, false},
};

MadeStrategy make(std::string_view name, const Material& material, const Played& played) {
  if (name == "knn") return std::make_unique<KnnStrategy>(material.snapshot);
  if (name == "knn-published") return makeKnnPublished(material);
  if (name == "random") return makeRandom(material);
  if (name == "popularity") return makePopularity(material, played);
  if (name == "personal-popularity") return makePersonalPopularity(material);
  if (name == "item-knn") return makeItemKnn(material, played);
  if (name == "ease") return makeEase(material, played);
  if (name == "markov") return makeMarkov(material, played);
  if (name == "next-movement") return makeNextMovement(material);
  if (name == "same-album") return makeSameAlbum(material);
  if (name == "metadata") return makeMetadata(material);
  if (name == "album-mean") return makeAlbumMean(material);
  if (name == "bert4rec" || name == "sasrec") return makeSequence(name, material);
  if (name == "shallow" || name == "contrastive") return makeTowers(name, material);
  assert(name == "hybrid");
  return makeHybrid(material, played);
}

}  // namespace

std::span<const StrategyInfo> strategies() { return kStrategies; }

const StrategyInfo& strategyNamed(std::string_view name) {
  const auto* found = std::find_if(kStrategies.begin(), kStrategies.end(),
                                   [&](const StrategyInfo& info) { return info.name == name; });
  if (found != kStrategies.end()) return *found;
  std::string names;
  for (const StrategyInfo& info : kStrategies) {
    names += names.empty() ? "" : ", ";
    names += info.name;
  }
  throw Error(Fault::usage, fmt::format("there is no strategy \"{}\"", name), "there are " + names);
}

Made makeStrategy(std::string_view name, const Material& material) {
  const StrategyInfo& info = strategyNamed(name);
  const Played played = info.learns_from_log ? Played(material) : Played();
  return {make(info.name, material, played), played.left_out};
}

}  // namespace attacca::recommend
