#include "attacca/app/quality.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <utility>

#include "attacca/base/text.h"

namespace attacca::app {
namespace {

// Composers of one track, as numbers in ascending order.
using Composers = std::vector<int>;

bool share(const Composers& a, const Composers& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](int name) { return std::binary_search(b.begin(), b.end(), name); });
}

struct Labelled {
  std::vector<index::Row> rows;      // of tracks with a known composer
  std::vector<Composers> composers;  // of each
  std::vector<std::size_t> works;    // of each, counted from 0; a track of no work has its own
  std::size_t names = 0;
  std::size_t work_count = 0;
};

Labelled labelled(std::span<const archive::Track> tracks, const index::Snapshot& snapshot) {
  Labelled result;
  std::map<std::string, int> numbers;
  std::map<WorkId, std::size_t> works;
  for (const auto& track : tracks) {
    const auto row = snapshot.row(track.id);
    if (!row || track.composers.empty()) continue;
    Composers composers;
    for (const auto& name : track.composers) {
      const auto entry = numbers.emplace(foldText(name), static_cast<int>(numbers.size())).first;
      composers.push_back(entry->second);
    }
    std::sort(composers.begin(), composers.end());
    result.rows.push_back(*row);
    result.composers.push_back(std::move(composers));
    const auto [work, is_new] = works.emplace(track.work, result.work_count);
    const bool own = is_new || !track.work;
    result.works.push_back(own ? result.work_count++ : work->second);
  }
  result.names = numbers.size();
  return result;
}

// Of each labelled row, the nearest among the labelled rows, as positions in `rows`.
using Lists = std::vector<std::vector<std::size_t>>;
struct NearestLists {
  Lists all;
  Lists across_works;  // those of other works only
};

NearestLists nearestLists(const Labelled& known, const index::Snapshot& snapshot,
                          std::size_t depth) {
  NearestLists lists;
  std::vector<std::size_t> order;
  std::vector<float> scores(known.rows.size());
  const auto nearest = [&] {
    const auto count = std::min(depth, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count),
                      order.end(), [&](std::size_t a, std::size_t b) {
                        return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
                      });
    return std::vector(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count));
  };
  for (std::size_t i = 0; i < known.rows.size(); ++i) {
    const auto mine = snapshot.vector(known.rows[i]);
    order.clear();
    for (std::size_t j = 0; j < known.rows.size(); ++j) {
      if (j == i) continue;
      const auto other = snapshot.vector(known.rows[j]);
      scores[j] = std::inner_product(mine.begin(), mine.end(), other.begin(), 0.0F);
      order.push_back(j);
    }
    lists.all.push_back(nearest());
    std::erase_if(order, [&](std::size_t j) { return known.works[j] == known.works[i]; });
    lists.across_works.push_back(nearest());
  }
  return lists;
}

// `dealt`: of each row, the one whose composers it gets.
double meanShare(const Lists& lists, const std::vector<Composers>& composers,
                 const std::vector<std::size_t>& dealt) {
  std::size_t same = 0;
  std::size_t all = 0;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    for (const std::size_t j : lists[i]) {
      same += share(composers[dealt[i]], composers[dealt[j]]) ? 1 : 0;
      ++all;
    }
  }
  return all == 0 ? 0 : static_cast<double>(same) / static_cast<double>(all);
}

// Fisher-Yates with a fixed reduction, so that a seed gives the same deal with every library.
void deal(std::vector<std::size_t>& cards, std::mt19937_64& random) {
  for (std::size_t i = cards.size(); i > 1; --i) std::swap(cards[i - 1], cards[random() % i]);
}

std::vector<std::size_t> upTo(std::size_t count) {
  std::vector<std::size_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  return numbers;
}

// Composers are dealt to groups of rows: `groups[i]` is that of row i, counted from 0.
Agreement agreement(const Lists& lists, const std::vector<Composers>& composers,
                    const std::vector<std::size_t>& groups, std::size_t permutations,
                    std::uint64_t seed) {
  std::vector<std::size_t> first(groups.size());  // of each group, a row that has its composers
  std::size_t count = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i] == count) first[count++] = i;
  }
  Agreement result;
  result.share = meanShare(lists, composers, upTo(composers.size()));
  std::vector<std::size_t> cards = upTo(count);
  std::vector<std::size_t> dealt(groups.size());
  std::mt19937_64 random(seed);
  std::size_t as_good = 0;
  double sum = 0;
  for (std::size_t round = 0; round < permutations; ++round) {
    deal(cards, random);
    for (std::size_t i = 0; i < groups.size(); ++i) dealt[i] = first[cards[groups[i]]];
    const double chance = meanShare(lists, composers, dealt);
    sum += chance;
    result.chance_highest = std::max(result.chance_highest, chance);
    as_good += chance >= result.share ? 1 : 0;
  }
  if (permutations > 0) result.chance = sum / static_cast<double>(permutations);
  result.p = static_cast<double>(as_good + 1) / static_cast<double>(permutations + 1);
  return result;
}

std::vector<NeighbourList> worstLists(const Labelled& known, const index::Snapshot& snapshot,
                                      const Lists& lists, std::size_t most) {
  std::vector<NeighbourList> all;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    std::size_t others = 0;
    for (std::size_t j = 0; j < lists.size(); ++j) {
      const bool other = known.works[j] != known.works[i];
      others += other && share(known.composers[i], known.composers[j]) ? 1 : 0;
    }
    if (others == 0) continue;
    NeighbourList list;
    list.seed = snapshot.ids()[static_cast<std::size_t>(known.rows[i])];
    std::size_t same = 0;
    for (const std::size_t j : lists[i]) {
      list.neighbours.push_back(snapshot.ids()[static_cast<std::size_t>(known.rows[j])]);
      same += share(known.composers[i], known.composers[j]) ? 1 : 0;
    }
    const auto length = static_cast<double>(lists[i].size());
    list.share = static_cast<double>(same) / length;
    list.possible = static_cast<double>(std::min(others, lists[i].size())) / length;
    all.push_back(std::move(list));
  }
  std::stable_sort(all.begin(), all.end(), [](const NeighbourList& a, const NeighbourList& b) {
    return a.possible - a.share > b.possible - b.share;
  });
  if (all.size() > most) all.resize(most);
  return all;
}

}  // namespace

ComposerAgreement composerAgreement(std::span<const archive::Track> tracks,
                                    const index::Snapshot& snapshot, std::size_t depth,
                                    std::size_t permutations, std::size_t worst,
                                    std::uint64_t seed) {
  const Labelled known = labelled(tracks, snapshot);
  ComposerAgreement result;
  if (known.rows.size() < 2 || depth == 0) return result;
  const NearestLists lists = nearestLists(known, snapshot, depth);
  result.tracks = known.rows.size();
  result.composers = known.names;
  result.depth = lists.all.front().size();
  result.permutations = permutations;
  result.all = agreement(lists.all, known.composers, upTo(known.rows.size()), permutations, seed);
  result.across_works =
      agreement(lists.across_works, known.composers, known.works, permutations, seed);
  result.worst = worstLists(known, snapshot, lists.across_works, worst);
  return result;
}

}  // namespace attacca::app
