#include "report.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "console.h"
#include "table.h"

namespace attacca::cli {
namespace {

constexpr std::size_t kListed = 10;

std::string plays(std::size_t count) {
  return count == 1 ? "1 play" : fmt::format("{} plays", count);
}

std::string verdict(const recommend::ModelCard& card, bool used, bool archive) {
  const auto name = recommend::nameOf(card.strategy);
  if (card.judged.empty()) {
    return archive ? fmt::format(
                         "No play could be held out, so nobody knows how good it is: `attacca "
                         "recommend USER` goes on as before, and `--strategy {}` asks for it.\n",
                         name)
                   : "No play could be held out, so nobody knows how good it is.\n";
  }
  if (!archive) return "";
  if (used) return "`attacca recommend USER` uses it from now on.\n";
  const bool lost = !card.worthIts();
  return fmt::format(
      "{}: `attacca recommend USER` goes on as before, and `--strategy {}` asks "
      "for this one.\n",
      lost ? fmt::format("{} is no worse on these plays",
                         card.of("knn") != nullptr ? "knn" : "popularity")
           : "Another model gains more over knn",
      name);
}

}  // namespace

std::string leftOutText(const LeftOut& left_out, const std::string& log) {
  std::string text;
  for (std::size_t i = 0; i < std::min(kListed, left_out.refused.size()); ++i) {
    const auto& row = left_out.refused[i];
    text += fmt::format("{}, line {}: {}\n", log, row.line, row.reason);
  }
  if (left_out.refused.size() > kListed) {
    text += fmt::format("and {} more rows that make no sense\n", left_out.refused.size() - kListed);
  }
  if (!left_out.repeated.empty()) {
    text += fmt::format("{} rows say an earlier one again (the first is line {})\n",
                        left_out.repeated.size(), left_out.repeated.front().line);
  }
  if (left_out.future > 0) {
    text += fmt::format("{} in the future are left out\n", plays(left_out.future));
  }
  if (left_out.plays == 0) return text;
  std::vector<std::pair<std::size_t, std::string>> most;
  for (const auto& [track, count] : left_out.tracks) most.emplace_back(count, track);
  std::sort(most.begin(), most.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  text += fmt::format("{} of {} that cannot be compared are left out: ", plays(left_out.plays),
                      most.size() == 1 ? "a track" : fmt::format("{} tracks", most.size()));
  for (std::size_t i = 0; i < std::min(kListed, most.size()); ++i) {
    text += fmt::format("{}{} ({})", i == 0 ? "" : ", ", most[i].second, most[i].first);
  }
  return text + (most.size() > kListed ? ", ...\n" : "\n");
}

Json leftOutJson(const LeftOut& left_out) {
  Json json{{"plays", left_out.plays},
            {"future", left_out.future},
            {"repeated", left_out.repeated.size()}};
  json["tracks"] = Json::array();
  for (const auto& [track, count] : left_out.tracks) {
    json["tracks"].push_back({{"track", track}, {"plays", count}});
  }
  json["refused"] = Json::array();
  for (const auto& row : left_out.refused) {
    json["refused"].push_back({{"line", row.line}, {"reason", row.reason}});
  }
  return json;
}

std::string cardText(const recommend::ModelCard& card, bool used, bool archive,
                     const std::string& folder) {
  std::string text = fmt::format(
      "{} {}: learned from {} of {} tracks by {} listeners in {} ({} epochs{}; the best was "
      "number {}), {} of memory\n  kept in {}\n",
      recommend::nameOf(card.strategy), card.version, plays(card.plays), card.tracks,
      card.listeners, formatDuration(Seconds(card.wall_s)), card.epochs,
      card.stopped ? ", then stopped" : "", card.best_epoch, formatBytes(card.peak_bytes), folder);
  if (!card.judged.empty()) {
    text += fmt::format("How well it foretells what {} listeners played next, all tracks ranked:\n",
                        card.judged_on);
    Table table({{"strategy"},
                 {"NDCG@10", Table::Align::right},
                 {"in the first 10", Table::Align::right},
                 {"tracks ever shown", Table::Align::right}});
    for (const auto& one : card.judged) {
      table.add({one.strategy, fmt::format("{:.4f}", one.ndcg10),
                 fmt::format("{:.1f} %", 100 * one.hr10),
                 fmt::format("{:.0f} %", 100 * one.coverage)});
    }
    table.add({"by chance", fmt::format("{:.4f}", card.chance_ndcg10), "", ""});
    text += table.text(terminalWidth(1));
  }
  return text + verdict(card, used, archive);
}

}  // namespace attacca::cli
