#include <algorithm>
#include <map>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "attacca/app/comparing.h"
#include "attacca/app/passage_quality.h"
#include "attacca/app/quality.h"
#include "attacca/base/error.h"
#include "attacca/base/file.h"
#include "attacca/index/passage.h"
#include "attacca/index/snapshot_keys.h"

#include "commands.h"
#include "json_text.h"
#include "lists.h"
#include "table.h"

namespace attacca::cli {
namespace {

constexpr std::uint64_t kSeed = 1;

struct Judged {
  std::string name;  // key of the snapshot
  index::SnapshotInfo snapshot;
  index::Recipe recipe;
  app::Quality quality;
  std::vector<app::PassageQuality> passages;
  std::vector<archive::Track> tracks;
};

// Stored neighbours have exact scores; all others come after them, in the order of what they cost
// nothing to estimate.
void rowScores(const index::Snapshot& snapshot, std::span<const index::Row> rows, index::Row row,
               std::span<float> scores) {
  constexpr float kBehind = 4;  // scores lie within -1 and 1
  snapshot.estimates(row, rows, scores);
  for (float& score : scores) score -= kBehind;
  const auto near = snapshot.neighbours(row);
  const auto exact = snapshot.neighbourScores(row);
  for (std::size_t i = 0; i < near.size(); ++i) {
    scores[static_cast<std::size_t>(near[i])] = exact[i];
  }
}

std::vector<index::Groups> groupsOf(const index::Snapshot& snapshot) {
  std::vector<index::Groups> groups;
  for (index::Row row = 0; static_cast<std::size_t>(row) < snapshot.size(); ++row) {
    groups.push_back(snapshot.groups(row));
  }
  return groups;
}

app::PassageFinder finder(const index::PassageSearch& search,
                          const std::vector<index::Groups>& groups) {
  return [&](const index::Passage& asked) -> std::optional<index::Passage> {
    const auto recording = [&](index::Row row) {
      return groups[static_cast<std::size_t>(row)].recording;
    };
    index::PassageSearch::Options options;
    options.limit = 1;
    options.keep = [&, mine = recording(asked.row)](index::Row row) {
      return row != asked.row && (!mine || recording(row) != mine);
    };
    const auto hits = search.find(asked, options);
    if (hits.empty()) return std::nullopt;
    return index::Passage{hits.front().row, hits.front().start, hits.front().end};
  };
}

Judged judge(const OpenArchive& archive, const std::string& recipe, const QualityArgs& args) {
  const auto snapshot = index::Snapshot::openCurrent(archive.blobs, recipe);
  if (snapshot == nullptr) {
    throw Error(Fault::notFound, fmt::format("there is nothing to judge {} by yet", recipe),
                "`attacca add FOLDER` first");
  }
  Judged judged{recipe, snapshot->info(), snapshot->recipe(), {}, {}, {}};
  judged.tracks = archive.database.catalogue().tracks(snapshot->ids());
  const auto groups = groupsOf(*snapshot);
  std::vector<index::Row> rows(snapshot->size());
  std::iota(rows.begin(), rows.end(), 0);
  if (snapshot->recipe().answers == index::Answers::tracks) {
    judged.quality = app::measureQuality(
        judged.tracks, groups,
        [&](index::Row row, std::span<float> scores) { rowScores(*snapshot, rows, row, scores); },
        args.worst, kSeed);
  }
  if (!args.passages.empty() && snapshot->recipe().ordered()) {
    const auto known =
        app::readKnownPassages(readFile(args.passages), args.passages, judged.tracks);
    const index::PassageSearch search(snapshot);
    judged.passages =
        app::measurePassages(known.passages, judged.tracks, groups, finder(search, groups), kSeed);
  }
  return judged;
}

void addFigure(Table& table, std::string name, const app::Figure& figure,
               std::string_view of = "tracks") {
  if (figure.queries == 0) return;
  table.add({std::move(name), fmt::format("{:.3f}", figure.value),
             fmt::format("{:.3f} to {:.3f}", figure.interval.low, figure.interval.high),
             fmt::format("{:.3f}", figure.chance),
             fmt::format("{} {} of {} works", figure.queries, of, figure.works)});
}

std::string text(const Judged& judged) {
  Table table({{""},
               {"measured", Table::Align::right},
               {"95 in 100", Table::Align::right},
               {"chance", Table::Align::right},
               {""}});
  const auto& quality = judged.quality;
  addFigure(table, "  the same piece in another performance (MAP)", quality.performances);
  addFigure(table, "  the nearest track is one", quality.performance_first);
  addFigure(table, "  the same composer in other works (NDCG of 5)", quality.composer);
  addFigure(table, "  the same album, of the ten nearest", quality.album);
  for (const auto& one : judged.passages) {
    addFigure(table, fmt::format("  a passage of {:g} s at its place elsewhere", one.seconds),
              one.place, "passages");
  }
  std::string out = fmt::format("{} ({}), {} recordings\n", judged.name,
                                judged.snapshot.representation, quality.tracks);
  if (table.empty()) return out + "  its catalogue knows nothing by which it could be judged\n";
  out += table.text(0);
  if (quality.tracks > 0)
    out += fmt::format("  hubs (skewness; 0: none): {:.2f}\n", quality.hubness);
  if (quality.worst.empty()) return out;
  std::map<TrackId, const archive::Track*> tracks;
  for (const auto& track : judged.tracks) tracks.emplace(track.id, &track);
  out += fmt::format("\nThe {} lists with the least of their composer, worth reading:\n",
                     quality.worst.size());
  for (const auto& list : quality.worst) {
    const auto& seed = *tracks.at(list.seed);
    out += fmt::format("  {} ({}), {:.0f} %:\n", seed.title, creator(seed), 100 * list.found);
    for (const auto id : list.neighbours) {
      out += fmt::format("      {} ({})\n", tracks.at(id)->title, creator(*tracks.at(id)));
    }
  }
  return out;
}

void putFigure(Json& object, const std::string& key, const app::Figure& figure) {
  if (figure.queries == 0) return;
  object[key] = {{"value", figure.value},        {"low", figure.interval.low},
                 {"high", figure.interval.high}, {"chance", figure.chance},
                 {"queries", figure.queries},    {"works", figure.works}};
}

Json json(const Judged& judged) {
  const auto& quality = judged.quality;
  Json one{{"recipe", judged.name},
           {"representation", judged.snapshot.representation},
           {"answers", judged.recipe.answers == index::Answers::tracks ? "tracks" : "passages"},
           {"ordered", judged.recipe.ordered()},
           {"tracks", quality.tracks}};
  putFigure(one, "performances", quality.performances);
  putFigure(one, "performance_first", quality.performance_first);
  putFigure(one, "composer", quality.composer);
  putFigure(one, "album", quality.album);
  if (quality.tracks > 0) one["hubness"] = quality.hubness;
  one["passages"] = Json::array();
  for (const auto& passage : judged.passages) {
    Json entry{{"seconds", passage.seconds}};
    putFigure(entry, "place", passage.place);
    entry["track"] = passage.track;
    one["passages"].push_back(std::move(entry));
  }
  one["worst"] = Json::array();
  for (const auto& list : quality.worst) {
    Json near = Json::array();
    for (const auto id : list.neighbours) near.push_back(id.value);
    one["worst"].push_back(
        {{"seed", list.seed.value}, {"found", list.found}, {"neighbours", std::move(near)}});
  }
  return one;
}

}  // namespace

Exit quality(const Context& context, const QualityArgs& args) {
  const OpenArchive archive(context);
  const auto recipes =
      args.all ? index::snapshotKeys(archive.blobs) : std::vector<std::string>{usualKey(context)};
  Json all = Json::array();
  bool first = true;
  for (const auto& recipe : recipes) {
    const auto judged = judge(archive, recipe, args);
    if (context.json) {
      all.push_back(json(judged));
    } else {
      if (!first) print("\n");
      print(text(judged));
    }
    first = false;
  }
  if (context.json) print(toText(all));
  return Exit::done;
}

}  // namespace attacca::cli
