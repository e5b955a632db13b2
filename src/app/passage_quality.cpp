#include "attacca/app/passage_quality.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <map>
#include <numeric>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "attacca/base/csv.h"
#include "attacca/base/error.h"

#include "mean_figure.h"

namespace attacca::app {
namespace {

constexpr std::array<std::string_view, 6> kColumns{"file",       "from_s",       "to_s",
                                                   "other_file", "other_from_s", "other_to_s"};

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

// Finds tracks by the end of their paths, whole components only.
class Paths {
 public:
  explicit Paths(std::span<const archive::Track> tracks) : tracks_(tracks) {}

  std::optional<index::Row> find(const std::string& file) {
    const auto [found, is_new] = known_.try_emplace(file);
    if (is_new) found->second = search("/" + file);
    return found->second;
  }

 private:
  std::optional<index::Row> search(const std::string& ending) const {
    const auto found = std::find_if(tracks_.begin(), tracks_.end(), [&](const auto& track) {
      return ("/" + track.path).ends_with(ending);
    });
    if (found == tracks_.end()) return std::nullopt;
    return static_cast<index::Row>(found - tracks_.begin());
  }

  std::span<const archive::Track> tracks_;
  std::unordered_map<std::string, std::optional<index::Row>> known_;
};

// Where each of kColumns is.
std::array<std::size_t, kColumns.size()> columnsOf(const CsvRow& head, std::string_view origin) {
  std::array<std::size_t, kColumns.size()> places{};
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    const auto found = std::find(head.fields.begin(), head.fields.end(), kColumns[i]);
    if (found == head.fields.end()) {
      throw Error(Fault::refused, fmt::format("{} has no column {}", origin, kColumns[i]),
                  fmt::format("its first line must name {}", fmt::join(kColumns, ", ")));
    }
    places[i] = static_cast<std::size_t>(found - head.fields.begin());
  }
  return places;
}

double middle(const index::Passage& passage) {
  return (passage.from.count() + passage.to.count()) / 2;
}

double length(const index::Passage& passage) { return (passage.to - passage.from).count(); }

}  // namespace

KnownPassages readKnownPassages(std::string_view csv, std::string_view origin,
                                std::span<const archive::Track> tracks) {
  CsvReader reader(csv);
  const auto head = reader.next();
  const auto columns = columnsOf(head.value_or(CsvRow{}), origin);
  Paths paths(tracks);
  KnownPassages result;
  std::map<std::tuple<index::Row, double, double>, std::size_t> places;
  while (const auto row = reader.next()) {
    const auto refuse = [&](std::string_view why) {
      throw Error(Fault::refused, fmt::format("{}, line {}: {}", origin, row->line, why));
    };
    if (row->fields.size() != head->fields.size()) refuse("it has not as many fields as the first");
    const auto field = [&](std::size_t i) -> const std::string& { return row->fields[columns[i]]; };
    const auto region = [&](std::size_t first) {
      const auto from = number(field(first + 1));
      const auto to = number(field(first + 2));
      if (!from || !to || *from < 0 || *to <= *from)
        refuse("a passage needs a beginning and an end");
      return index::Passage{-1, Seconds(*from), Seconds(*to)};
    };
    auto asked = region(0);
    auto other = region(3);
    const auto mine = paths.find(field(0));
    const auto its = paths.find(field(3));
    if (!mine || !its) {
      ++result.elsewhere;
      continue;
    }
    asked.row = *mine;
    other.row = *its;
    const auto [place, is_new] =
        places.try_emplace({asked.row, asked.from.count(), asked.to.count()}, places.size());
    if (is_new) result.passages.push_back({asked, {}});
    result.passages[place->second].same.push_back(other);
  }
  return result;
}

std::vector<PassageQuality> measurePassages(std::span<const KnownPassage> known,
                                            std::span<const archive::Track> tracks,
                                            std::span<const index::Groups> groups,
                                            const PassageFinder& find, std::uint64_t seed) {
  assert(tracks.size() == groups.size());
  const double music =
      std::accumulate(tracks.begin(), tracks.end(), 0.0,
                      [](double sum, const auto& track) { return sum + track.duration.count(); });
  const auto rowOf = [](const index::Passage& passage) {
    return static_cast<std::size_t>(passage.row);
  };
  struct Answers {
    MeanFigure place;
    double tracks = 0;
  };
  std::map<long, Answers, std::greater<>> by_length;  // tenths of a second
  for (const auto& one : known) {
    const double seconds = length(one.asked);
    const auto hit = find(one.asked);
    const bool right_track =
        hit && std::any_of(one.same.begin(), one.same.end(),
                           [&](const auto& same) { return same.row == hit->row; });
    const bool right_place =
        hit && std::any_of(one.same.begin(), one.same.end(), [&](const auto& same) {
          return same.row == hit->row && std::abs(middle(same) - middle(*hit)) <= seconds / 2;
        });
    const double elsewhere = music - tracks[rowOf(one.asked)].duration.count();
    const double chance = static_cast<double>(one.same.size()) * seconds / elsewhere;
    const auto row = rowOf(one.asked);
    Answers& answers = by_length[std::lround(10 * seconds)];
    answers.place.add(right_place ? 1 : 0, std::min(1.0, chance), workOrOwn(groups[row], row));
    answers.tracks += right_track ? 1 : 0;
  }
  std::vector<PassageQuality> result;
  for (const auto& [tenths, answers] : by_length) {
    PassageQuality one;
    one.seconds = static_cast<double>(tenths) / 10;
    one.place = answers.place.figure(seed);
    one.track = answers.tracks / static_cast<double>(one.place.queries);
    result.push_back(one);
  }
  return result;
}

}  // namespace attacca::app
