#include <memory>
#include <mutex>

#include "heard_neighbours.h"
#include "together.h"
#include "yardsticks.h"

namespace attacca::recommend {
namespace {

using Table = std::vector<Neighbour>;  // nearest first

class ItemKnn final : public Strategy {
 public:
  ItemKnn(const Material& material, const Played& played)
      : Strategy("item-knn", material.snapshot), played_(played), finder_(played_) {
    tables_.resize(snapshot().size());
  }

  std::optional<std::string> lacks(const Listener& listener) const override {
    if (listener.played.empty()) return nothingHeard(listener);
    return nothingTogether(played_, listener);
  }

  Scores scores(const Listener& listener) const override {
    Scores scores{std::vector<double>(snapshot().size()), 0, true};
    for (const Table* table : tablesOf(listener)) {
      for (const Neighbour& neighbour : *table) {
        scores.of[static_cast<std::size_t>(neighbour.row)] += neighbour.cosine;
      }
    }
    return scores;
  }

  std::vector<Reason> why(const Listener& listener, Row row) const override {
    const auto tables = tablesOf(listener);
    auto table = tables.begin();
    return strongest(
        listener, row, ReasonKind::heardTogether, snapshot(), [&](const PlayedTrack& heard) {
          while (listener.played[static_cast<std::size_t>(table - tables.begin())].row !=
                 heard.row) {
            ++table;
          }
          for (const Neighbour& neighbour : **table) {
            if (neighbour.row == row) return neighbour.cosine;
          }
          return 0.0;
        });
  }

 private:
  // Of each track that was played. They are made when they are first asked for.
  std::vector<const Table*> tablesOf(const Listener& listener) const {
    std::vector<Row> missing;
    {
      const std::lock_guard lock(mutex_);
      for (const PlayedTrack& heard : listener.played) {
        if (tables_[static_cast<std::size_t>(heard.row)] == nullptr) missing.push_back(heard.row);
      }
    }
    std::vector<Table> made = finder_.nearestOf(missing);
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < missing.size(); ++i) {
      auto& table = tables_[static_cast<std::size_t>(missing[i])];
      if (table == nullptr) table = std::make_unique<const Table>(std::move(made[i]));
    }
    std::vector<const Table*> tables;
    for (const PlayedTrack& heard : listener.played) {
      tables.push_back(tables_[static_cast<std::size_t>(heard.row)].get());
    }
    return tables;
  }

  Played played_;
  NeighbourFinder finder_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<const Table>> tables_;  // by row; once there, it stays
};

}  // namespace

MadeStrategy makeItemKnn(const Material& material, const Played& played) {
  return std::make_unique<ItemKnn>(material, played);
}

}  // namespace attacca::recommend
