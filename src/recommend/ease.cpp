#include <Eigen/Cholesky>
#include <fmt/format.h>

#include "attacca/base/error.h"

#include "together.h"
#include "yardsticks.h"

namespace attacca::recommend {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr Index kNotPlayed = -1;

// Sparse columns of X: who heard each played track.
using Columns = std::vector<std::span<const std::uint32_t>>;

// The inverse of a symmetric, positive definite matrix.
MatrixXd inverseOf(MatrixXd matrix) {
  const Index size = matrix.rows();
  const Eigen::LLT<Eigen::Ref<MatrixXd>> cholesky(matrix);  // in place
  return cholesky.solve(MatrixXd::Identity(size, size));
}

// P = inverse of (X'X + r I), of as many rows as there are tracks.
MatrixXd inverseByTracks(const Lists<Row>& rows, const std::vector<Index>& column_of, Index tracks,
                         double r) {
  MatrixXd gram = MatrixXd::Zero(tracks, tracks);
  for (std::size_t listener = 0; listener < rows.size(); ++listener) {
    for (const Row a : rows.of(listener)) {
      for (const Row b : rows.of(listener)) {
        gram(column_of[static_cast<std::size_t>(b)], column_of[static_cast<std::size_t>(a)]) += 1;
      }
    }
  }
  gram.diagonal().array() += r;
  return inverseOf(std::move(gram));
}

// The same by way of a matrix of as many rows as there are listeners (Woodbury):
// P = (I - X' Q) / r, Q = G X, G = inverse of (XX' + r I). Returns G.
MatrixXd inverseByListeners(const Lists<Row>& rows, const Columns& columns, double r) {
  const auto listeners = static_cast<Index>(rows.size());
  MatrixXd gram = MatrixXd::Zero(listeners, listeners);
  for (const auto& column : columns) {
    for (const auto a : column) {
      for (const auto b : column) gram(b, a) += 1;
    }
  }
  gram.diagonal().array() += r;
  return inverseOf(std::move(gram));
}

MatrixXd solvedByListeners(const MatrixXd& inverse, const Columns& columns) {
  MatrixXd solved = MatrixXd::Zero(inverse.rows(), static_cast<Index>(columns.size()));
  for (std::size_t j = 0; j < columns.size(); ++j) {
    for (const auto listener : columns[j]) {
      solved.col(static_cast<Index>(j)) += inverse.col(listener);
    }
  }
  return solved;
}

class Ease final : public Strategy {
 public:
  Ease(const Material& material, const Played& played)
      : Strategy("ease", material.snapshot),
        played_(played),
        column_of_(snapshot().size(), kNotPlayed) {
    for (std::size_t i = 0; i < column_of_.size(); ++i) {
      const auto listeners = played_.listeners.of(i);
      if (listeners.empty()) continue;
      column_of_[i] = static_cast<Index>(rows_.size());
      rows_.push_back(static_cast<Row>(i));
      columns_.push_back(listeners);
    }
    if (rows_.size() > kEaseTracks) {
      throw Error(Fault::refused,
                  fmt::format("ease compares each played track with each: {} were played here, and "
                              "{} is the most",
                              rows_.size(), kEaseTracks),
                  "item-knn learns from the same log and knows no such limit");
    }
    if (rows_.empty()) return;
    r_ = static_cast<double>(played_.rows.all.size()) / static_cast<double>(rows_.size());
    by_tracks_ = rows_.size() <= played_.rows.size();
    if (by_tracks_) {
      matrix_ = inverseByTracks(played_.rows, column_of_, static_cast<Index>(rows_.size()), r_);
    } else {
      of_listeners_ = inverseByListeners(played_.rows, columns_, r_);
      matrix_ = solvedByListeners(of_listeners_, columns_);
    }
    diagonal_.resize(static_cast<Index>(rows_.size()));
    for (Index j = 0; j < diagonal_.size(); ++j) diagonal_[j] = inverse(j, j);
  }

  std::optional<std::string> lacks(const Listener& listener) const override {
    if (listener.played.empty()) return nothingHeard(listener);
    return nothingTogether(played_, listener);
  }

  Scores scores(const Listener& listener) const override {
    const auto heard = columnsHeard(listener);
    // By column: the sum of P over the heard tracks, but without the track itself.
    VectorXd sums = by_tracks_ ? sumsByTracks(heard) : sumsByListeners(heard);
    for (const Index i : heard) sums[i] -= diagonal_[i];
    Scores scores{std::vector<double>(snapshot().size()), 0, true};
    for (Index j = 0; j < sums.size(); ++j) {
      scores.of[static_cast<std::size_t>(rows_[static_cast<std::size_t>(j)])] =
          -sums[j] / diagonal_[j];
    }
    return scores;
  }

  std::vector<Reason> why(const Listener& listener, Row row) const override {
    return strongest(listener, row, ReasonKind::heardTogether, snapshot(),
                     [&](const PlayedTrack& heard) { return weight(heard.row, row); });
  }

 private:
  // Of a heard track for another.
  double weight(Row heard, Row row) const {
    const Index i = column_of_[static_cast<std::size_t>(heard)];
    const Index j = column_of_[static_cast<std::size_t>(row)];
    if (i == j || i == kNotPlayed || j == kNotPlayed) return 0;
    return -inverse(i, j) / diagonal_[j];
  }

  std::vector<Index> columnsHeard(const Listener& listener) const {
    std::vector<Index> columns;
    for (const PlayedTrack& heard : listener.played) {
      const Index column = column_of_[static_cast<std::size_t>(heard.row)];
      if (column != kNotPlayed) columns.push_back(column);
    }
    return columns;
  }

  VectorXd sumsByTracks(const std::vector<Index>& heard) const {
    VectorXd sums = VectorXd::Zero(diagonal_.size());
    for (const Index i : heard) sums += matrix_.col(i);  // symmetric
    return sums;
  }

  // The sum over i of (I - X' G X) / r: what is summed first is the sum of X's columns.
  VectorXd sumsByListeners(const std::vector<Index>& heard) const {
    VectorXd listeners = VectorXd::Zero(of_listeners_.rows());
    for (const Index i : heard) {
      for (const auto listener : columns_[static_cast<std::size_t>(i)]) listeners[listener] += 1;
    }
    const VectorXd solved = of_listeners_ * listeners;
    VectorXd sums(diagonal_.size());
    for (Index j = 0; j < sums.size(); ++j) {
      double sum = 0;
      for (const auto listener : columns_[static_cast<std::size_t>(j)]) sum += solved[listener];
      sums[j] = -sum / r_;
    }
    for (const Index i : heard) sums[i] += 1 / r_;
    return sums;
  }

  // An element of P.
  double inverse(Index i, Index j) const {
    if (by_tracks_) return matrix_(i, j);
    double sum = 0;
    for (const auto listener : columns_[static_cast<std::size_t>(i)]) sum += matrix_(listener, j);
    return ((i == j ? 1 : 0) - sum) / r_;
  }

  Played played_;
  std::vector<Index> column_of_;  // by row
  std::vector<Row> rows_;         // by column of X
  Columns columns_;               // of X
  double r_ = 1;
  bool by_tracks_ = true;
  MatrixXd matrix_;        // P where by_tracks_, else Q
  MatrixXd of_listeners_;  // G, unless by_tracks_
  VectorXd diagonal_;      // of P
};

}  // namespace

MadeStrategy makeEase(const Material& material, const Played& played) {
  return std::make_unique<Ease>(material, played);
}

}  // namespace attacca::recommend
