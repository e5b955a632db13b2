#include <map>

#include <fmt/format.h>

#include "attacca/app/quality.h"
#include "attacca/base/error.h"

#include "commands.h"
#include "json_text.h"
#include "lists.h"

namespace attacca::cli {
namespace {

constexpr std::size_t kDepth = 5;
constexpr std::size_t kPermutations = 1000;
constexpr std::uint64_t kSeed = 1;

std::string text(const app::ComposerAgreement& found,
                 const std::map<TrackId, archive::Track>& tracks) {
  const auto against = [&](const app::Agreement& one) {
    return fmt::format("{:.1f} % on average, {:.1f} % at most (p = {:.3f})", 100 * one.chance,
                       100 * one.chance_highest, one.p);
  };
  std::string out = fmt::format(
      "{} tracks by {} composers: {:.1f} % of each track's {} nearest are by the same composer.\n"
      "With composers dealt out at random, {} times: {}.\n"
      "Without tracks of the same work, which share their composer anyhow: {:.1f} %.\n"
      "With composers dealt out to works: {}.\n",
      found.tracks, found.composers, 100 * found.all.share, found.depth, found.permutations,
      against(found.all), 100 * found.across_works.share, against(found.across_works));
  if (found.worst.empty()) return out;
  out += fmt::format("\nThe {} lists that fall most short, worth reading:\n", found.worst.size());
  for (const auto& list : found.worst) {
    const auto& seed = tracks.at(list.seed);
    out += fmt::format("  {} ({}), {:.0f} % of a possible {:.0f} %:\n", seed.title, creator(seed),
                       100 * list.share, 100 * list.possible);
    for (const auto id : list.neighbours) {
      const auto& near = tracks.at(id);
      out += fmt::format("      {} ({})\n", near.title, creator(near));
    }
  }
  return out;
}

Json json(const app::ComposerAgreement& found) {
  const auto figures = [](const app::Agreement& one) {
    return Json{{"share", one.share},
                {"chance", one.chance},
                {"chance_highest", one.chance_highest},
                {"p", one.p}};
  };
  Json all{{"tracks", found.tracks},
           {"composers", found.composers},
           {"depth", found.depth},
           {"permutations", found.permutations}};
  all.update(figures(found.all));
  all["across_works"] = figures(found.across_works);
  all["worst"] = Json::array();
  for (const auto& list : found.worst) {
    Json near = Json::array();
    for (const auto id : list.neighbours) near.push_back(id.value);
    all["worst"].push_back({{"seed", list.seed.value},
                            {"share", list.share},
                            {"possible", list.possible},
                            {"neighbours", std::move(near)}});
  }
  return all;
}

}  // namespace

Exit quality(const Context& context, std::size_t worst) {
  OpenArchive archive(context);
  const auto snapshot = index::Snapshot::openCurrent(archive.blobs, context.settings.recipe);
  if (snapshot == nullptr) {
    throw Error(Fault::notFound, "there is nothing to judge yet", "`attacca add FOLDER` first");
  }
  const auto list = archive.catalogue().tracks(snapshot->ids());
  const auto found = app::composerAgreement(list, *snapshot, kDepth, kPermutations, worst, kSeed);
  if (found.tracks == 0) {
    throw Error(Fault::notFound, "fewer than two tracks have a composer",
                "quality is judged by composers: tag the recordings and run `attacca add` again");
  }
  if (context.json) {
    print(toText(json(found)));
    return Exit::done;
  }
  std::map<TrackId, archive::Track> tracks;
  for (const auto& track : list) tracks.emplace(track.id, track);
  print(text(found, tracks));
  return Exit::done;
}

}  // namespace attacca::cli
