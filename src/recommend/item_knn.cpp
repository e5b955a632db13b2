#include <cmath>
#include <deque>
#include <mutex>

#include "together.h"
#include "yardsticks.h"

namespace attacca::recommend {
namespace {

constexpr std::size_t kNeighbours = 200;

struct Neighbour {
  Row row = -1;
  double cosine = 0;
};

class ItemKnn final : public Strategy {
 public:
  ItemKnn(const Material& material, const Played& played)
      : Strategy("item-knn", material.snapshot), played_(played), tables_(snapshot().size()) {}

  std::optional<std::string> lacks(const Listener& listener) const override {
    if (listener.played.empty()) return nothingHeard(listener);
    return nothingTogether(played_, listener);
  }

  Scores scores(const Listener& listener) const override {
    Scores scores{std::vector<double>(snapshot().size()), 0, true};
    for (const PlayedTrack& heard : listener.played) {
      for (const Neighbour& neighbour : neighbours(heard.row)) {
        scores.of[static_cast<std::size_t>(neighbour.row)] += neighbour.cosine;
      }
    }
    return scores;
  }

  std::vector<Reason> why(const Listener& listener, Row row) const override {
    return strongest(listener, row, ReasonKind::heardTogether, snapshot(),
                     [&](const PlayedTrack& heard) {
                       for (const Neighbour& neighbour : neighbours(heard.row)) {
                         if (neighbour.row == row) return neighbour.cosine;
                       }
                       return 0.0;
                     });
  }

 private:
  // A track's neighbours, made when they are first asked for.
  struct Table {
    std::once_flag once;
    std::vector<Neighbour> nearest;
  };

  const std::vector<Neighbour>& neighbours(Row row) const {
    Table& table = tables_[static_cast<std::size_t>(row)];
    std::call_once(table.once, [&] { table.nearest = nearestOf(row); });
    return table.nearest;
  }

  std::vector<Neighbour> nearestOf(Row row) const {
    const auto listenersOf = [&](Row one) {
      return played_.listeners.of(static_cast<std::size_t>(one));
    };
    std::vector<std::uint32_t> together(snapshot().size());
    std::vector<Row> others;
    for (const auto listener : listenersOf(row)) {
      for (const Row other : played_.rows.of(listener)) {
        if (other != row && together[static_cast<std::size_t>(other)]++ == 0) {
          others.push_back(other);
        }
      }
    }
    const auto size = [&](Row one) { return std::uint64_t{listenersOf(one).size()}; };
    const auto square = [&](Row one) {
      return std::uint64_t{together[static_cast<std::size_t>(one)]} *
             together[static_cast<std::size_t>(one)];
    };
    // Cosines are compared by their squares, in whole numbers: ties are exact.
    const auto nearer = [&](Row a, Row b) {
      const auto of_a = square(a) * size(b);
      const auto of_b = square(b) * size(a);
      return of_a != of_b ? of_a > of_b : a < b;
    };
    const std::size_t kept = std::min(kNeighbours, others.size());
    std::partial_sort(others.begin(), others.begin() + static_cast<std::ptrdiff_t>(kept),
                      others.end(), nearer);
    std::vector<Neighbour> nearest;
    nearest.reserve(kept);
    for (std::size_t i = 0; i < kept; ++i) {
      const double product = static_cast<double>(size(row)) * static_cast<double>(size(others[i]));
      nearest.push_back({others[i], std::sqrt(static_cast<double>(square(others[i])) / product)});
    }
    return nearest;
  }

  Played played_;
  mutable std::deque<Table> tables_;  // by row
};

}  // namespace

MadeStrategy makeItemKnn(const Material& material, const Played& played) {
  return std::make_unique<ItemKnn>(material, played);
}

}  // namespace attacca::recommend
