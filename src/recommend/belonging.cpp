#include <algorithm>
#include <cmath>
#include <map>

#include "together.h"
#include "works.h"
#include "yardsticks.h"

namespace attacca::recommend {
namespace {

class NextMovement final : public Strategy {
 public:
  explicit NextMovement(const Material& material)
      : Strategy("next-movement", material.snapshot), works_(snapshot()) {}

  std::optional<std::string> lacks(const Listener& listener) const override {
    if (!listener.last) return nothingHeard(listener);
    if (after(*listener.last).empty()) {
      return "no movement here follows the track that was heard last";
    }
    return std::nullopt;
  }

  Scores scores(const Listener& listener) const override {
    Scores scores{std::vector<double>(snapshot().size()), 0, true};
    const auto rows = after(*listener.last);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      scores.of[static_cast<std::size_t>(rows[i])] = 1 / static_cast<double>(i + 1);
    }
    return scores;
  }

  std::vector<Reason> why(const Listener& listener, Row row) const override {
    const auto rows = after(*listener.last);
    const auto place = std::find(rows.begin(), rows.end(), row) - rows.begin();
    return {{ReasonKind::nextMovement, idOf(*listener.last), static_cast<double>(place + 1)}};
  }

 private:
  // The later movements of its performance, in order.
  std::vector<Row> after(Row row) const {
    const auto movements = works_.performanceOf(row);
    return {std::next(std::find(movements.begin(), movements.end(), row)), movements.end()};
  }

  WorkIndex works_;
};

class SameAlbum final : public Strategy {
 public:
  explicit SameAlbum(const Material& material) : Strategy("same-album", material.snapshot) {}

  std::optional<std::string> lacks(const Listener& listener) const override {
    if (listener.played.empty()) return nothingHeard(listener);
    const auto shares = sharesOf(listener);
    for (std::size_t i = 0; i < snapshot().size(); ++i) {
      const auto row = static_cast<Row>(i);
      if (!playedBy(listener, row) && shares.contains(snapshot().groups(row).album)) {
        return std::nullopt;
      }
    }
    return "the albums of what was heard hold nothing else";
  }

  Scores scores(const Listener& listener) const override {
    const auto shares = sharesOf(listener);
    Scores scores{std::vector<double>(snapshot().size()), 0, true};
    for (std::size_t i = 0; i < scores.of.size(); ++i) {
      const auto share = shares.find(snapshot().groups(static_cast<Row>(i)).album);
      if (share != shares.end()) scores.of[i] = share->second;
    }
    return scores;
  }

  std::vector<Reason> why(const Listener& listener, Row row) const override {
    const AlbumId album = snapshot().groups(row).album;
    return strongest(listener, row, ReasonKind::sameAlbum, snapshot(),
                     [&](const PlayedTrack& heard) {
                       return snapshot().groups(heard.row).album == album ? heard.weight() : 0;
                     });
  }

 private:
  // Of what was played.
  std::map<AlbumId, double> sharesOf(const Listener& listener) const {
    std::map<AlbumId, double> shares;
    double all = 0;
    for (const PlayedTrack& heard : listener.played) {
      shares[snapshot().groups(heard.row).album] += heard.weight();
      all += heard.weight();
    }
    for (auto& [album, share] : shares) share /= all;
    return shares;
  }
};

}  // namespace

MadeStrategy makeNextMovement(const Material& material) {
  return std::make_unique<NextMovement>(material);
}

MadeStrategy makeSameAlbum(const Material& material) {
  return std::make_unique<SameAlbum>(material);
}

}  // namespace attacca::recommend
