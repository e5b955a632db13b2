#include "attacca/app/quality.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <string>

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
  std::size_t names = 0;
};

Labelled labelled(const archive::Catalogue& catalogue, const index::Snapshot& snapshot) {
  Labelled result;
  std::map<std::string, int> numbers;
  for (const auto& track : catalogue.tracks(snapshot.ids())) {
    const auto row = snapshot.row(track.id);
    Composers composers;
    for (const auto& name : track.composers) {
      const auto entry = numbers.emplace(foldText(name), static_cast<int>(numbers.size())).first;
      composers.push_back(entry->second);
    }
    if (!row || composers.empty()) continue;
    std::sort(composers.begin(), composers.end());
    result.rows.push_back(*row);
    result.composers.push_back(std::move(composers));
  }
  result.names = numbers.size();
  return result;
}

// The `depth` nearest of each labelled row among the labelled rows, as positions in `rows`.
std::vector<std::vector<std::size_t>> neighboursOf(const Labelled& known,
                                                   const index::Snapshot& snapshot,
                                                   std::size_t depth) {
  std::vector<std::vector<std::size_t>> lists(known.rows.size());
  std::vector<std::size_t> order;
  std::vector<float> scores(known.rows.size());
  for (std::size_t i = 0; i < known.rows.size(); ++i) {
    const auto mine = snapshot.vector(known.rows[i]);
    order.clear();
    for (std::size_t j = 0; j < known.rows.size(); ++j) {
      if (j == i) continue;
      const auto other = snapshot.vector(known.rows[j]);
      scores[j] = std::inner_product(mine.begin(), mine.end(), other.begin(), 0.0F);
      order.push_back(j);
    }
    const auto count = std::min(depth, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count),
                      order.end(), [&](std::size_t a, std::size_t b) {
                        return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
                      });
    lists[i].assign(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return lists;
}

double meanShare(const std::vector<std::vector<std::size_t>>& lists,
                 const std::vector<Composers>& composers, const std::vector<std::size_t>& dealt) {
  std::size_t same = 0;
  std::size_t all = 0;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    for (const std::size_t j : lists[i]) {
      same += share(composers[dealt[i]], composers[dealt[j]]) ? 1 : 0;
      ++all;
    }
  }
  return static_cast<double>(same) / static_cast<double>(all);
}

// Fisher-Yates with a fixed reduction, so that a seed gives the same deal with every library.
void deal(std::vector<std::size_t>& cards, std::mt19937_64& random) {
  for (std::size_t i = cards.size(); i > 1; --i) std::swap(cards[i - 1], cards[random() % i]);
}

std::vector<NeighbourList> worstLists(const Labelled& known, const index::Snapshot& snapshot,
                                      const std::vector<std::vector<std::size_t>>& lists,
                                      std::size_t most) {
  std::vector<NeighbourList> all;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const auto others = static_cast<std::size_t>(
        std::count_if(known.composers.begin(), known.composers.end(),
                      [&](const Composers& other) { return share(known.composers[i], other); }) -
        1);
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

ComposerAgreement composerAgreement(const archive::Catalogue& catalogue,
                                    const index::Snapshot& snapshot, std::size_t depth,
                                    std::size_t permutations, std::size_t worst,
                                    std::uint64_t seed) {
  const Labelled known = labelled(catalogue, snapshot);
  ComposerAgreement result;
  if (known.rows.size() < 2 || depth == 0) return result;
  const auto lists = neighboursOf(known, snapshot, depth);
  result.tracks = known.rows.size();
  result.composers = known.names;
  result.depth = lists.front().size();
  std::vector<std::size_t> cards(known.rows.size());
  std::iota(cards.begin(), cards.end(), std::size_t{0});
  result.share = meanShare(lists, known.composers, cards);

  std::mt19937_64 random(seed);
  std::size_t as_good = 0;
  double sum = 0;
  for (std::size_t i = 0; i < permutations; ++i) {
    deal(cards, random);
    const double chance = meanShare(lists, known.composers, cards);
    sum += chance;
    result.chance_highest = std::max(result.chance_highest, chance);
    as_good += chance >= result.share ? 1 : 0;
  }
  result.permutations = permutations;
  if (permutations > 0) result.chance = sum / static_cast<double>(permutations);
  result.p = static_cast<double>(as_good + 1) / static_cast<double>(permutations + 1);
  result.worst = worstLists(known, snapshot, lists, worst);
  return result;
}

}  // namespace attacca::app
