#include <algorithm>
#include <map>

#include <Eigen/Core>

#include "network_kernels.h"
#include "together.h"
#include "yardsticks.h"

namespace attacca::recommend {
namespace {

using Vectors = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const Vectors> mapped(MatrixView<float> matrix) {
  return {matrix.data, static_cast<Eigen::Index>(matrix.rows),
          static_cast<Eigen::Index>(matrix.cols)};
}

// Of each row with a vector.
Eigen::VectorXf products(MatrixView<float> rows, const Eigen::VectorXf& vector) {
  Eigen::VectorXf result(static_cast<Eigen::Index>(rows.rows));
  dotRows(rows.data, rows.rows, rows.cols, vector.data(), result.data());
  return result;
}

// Nearness to the mean of what was played, each track having a vector of length 1 or 0.
class Mean : public Strategy {
 public:
  std::optional<std::string> lacks(const Listener& listener) const override {
    const bool any =
        std::any_of(listener.played.begin(), listener.played.end(),
                    [&](const PlayedTrack& heard) { return !vectorOf(heard.row).isZero(0); });
    if (any) return std::nullopt;
    return nothingHeard(listener);
  }

  Scores scores(const Listener& listener) const override {
    Eigen::VectorXf mean = Eigen::VectorXf::Zero(vectorOf(0).size());
    for (const PlayedTrack& heard : listener.played) mean += vectorOf(heard.row);
    if (const float length = mean.norm(); length > 0) mean /= length;
    const Eigen::VectorXf products = productsWith(mean);
    Scores scores{{products.begin(), products.end()}};
    double sum = 0;
    for (const double score : scores.of) sum += score;
    scores.near = sum / static_cast<double>(scores.of.size());
    return scores;
  }

  std::vector<Reason> why(const Listener& listener, Row row) const override {
    std::vector<Reason> reasons;
    for (const PlayedTrack& heard : listener.played) {
      if (heard.row == row && listener.played.size() > 1) continue;
      reasons.push_back(
          {kind_, idOf(heard.row), static_cast<double>(vectorOf(heard.row).dot(vectorOf(row)))});
    }
    keepStrongest(reasons);
    return reasons;
  }

 protected:
  Mean(std::string_view name, ReasonKind kind, const Material& material)
      : Strategy(name, material.snapshot), kind_(kind) {}

  using Vector = Eigen::Map<const Eigen::VectorXf>;
  virtual Vector vectorOf(Row row) const = 0;
  // By row.
  virtual Eigen::VectorXf productsWith(const Eigen::VectorXf& mean) const = 0;

 private:
  ReasonKind kind_;
};

class KnnPublished final : public Mean {
 public:
  explicit KnnPublished(const Material& material)
      : Mean("knn-published", ReasonKind::similarTo, material) {}

 private:
  Vector vectorOf(Row row) const override {
    const auto vector = snapshot().vector(row);
    return {vector.data(), static_cast<Eigen::Index>(vector.size())};
  }
  Eigen::VectorXf productsWith(const Eigen::VectorXf& mean) const override {
    return products(snapshot().vectors(), mean);
  }
};

class AlbumMean final : public Mean {
 public:
  explicit AlbumMean(const Material& material)
      : Mean("album-mean", ReasonKind::similarAlbum, material) {
    const auto vectors = mapped(snapshot().vectors());
    std::map<AlbumId, Eigen::Index> albums;
    for (std::size_t i = 0; i < snapshot().size(); ++i) {
      const AlbumId album = snapshot().groups(static_cast<Row>(i)).album;
      const auto next = static_cast<Eigen::Index>(albums.size());
      album_of_.push_back(albums.try_emplace(album, next).first->second);
    }
    means_ = Vectors::Zero(static_cast<Eigen::Index>(albums.size()), vectors.cols());
    for (std::size_t i = 0; i < album_of_.size(); ++i) {
      means_.row(album_of_[i]) += vectors.row(static_cast<Eigen::Index>(i));
    }
    means_.rowwise().normalize();  // rows of zeros stay
  }

 private:
  Vector vectorOf(Row row) const override {
    return {means_.row(album_of_[static_cast<std::size_t>(row)]).data(), means_.cols()};
  }
  Eigen::VectorXf productsWith(const Eigen::VectorXf& mean) const override {
    const Eigen::VectorXf of_albums =
        products({means_.data(), static_cast<std::size_t>(means_.rows()),
                  static_cast<std::size_t>(means_.cols())},
                 mean);
    Eigen::VectorXf of_tracks(static_cast<Eigen::Index>(album_of_.size()));
    for (std::size_t i = 0; i < album_of_.size(); ++i) {
      of_tracks[static_cast<Eigen::Index>(i)] = of_albums[album_of_[i]];
    }
    return of_tracks;
  }

  std::vector<Eigen::Index> album_of_;  // by row
  Vectors means_;
};

}  // namespace

MadeStrategy makeKnnPublished(const Material& material) {
  return std::make_unique<KnnPublished>(material);
}

MadeStrategy makeAlbumMean(const Material& material) {
  return std::make_unique<AlbumMean>(material);
}

}  // namespace attacca::recommend
