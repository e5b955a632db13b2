#include "collaborative.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SparseCore>

namespace attacca::learn {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// More columns than are asked for, and rounds, until the ones asked for stand still.
constexpr Index kMore = 10;
constexpr int kRounds = 12;
constexpr double kSmallest = 1e-5;  // singular value that is not rounding

// The normalised matrix of tracks and listeners less its largest singular part.
class Normalised {
 public:
  explicit Normalised(const Heard& heard)
      : matrix_(static_cast<Index>(heard.played()), static_cast<Index>(heard.listeners())),
        tracks_(VectorXd::Zero(matrix_.rows())),
        listeners_(VectorXd::Zero(matrix_.cols())) {
    matrix_.reserve(static_cast<Index>(heard.pairs()));
    for (std::size_t listener = 0; listener < heard.listeners(); ++listener) {
      for (const Played track : heard.of(listener)) tracks_[track] += 1;
      listeners_[static_cast<Index>(listener)] = static_cast<double>(heard.of(listener).size());
    }
    tracks_ = tracks_.cwiseSqrt().eval();
    listeners_ = listeners_.cwiseSqrt().eval();
    for (std::size_t listener = 0; listener < heard.listeners(); ++listener) {
      const auto column = static_cast<Index>(listener);
      matrix_.startVec(column);
      for (const Played track : heard.of(listener)) {
        matrix_.insertBack(track, column) = 1 / (tracks_[track] * listeners_[column]);
      }
    }
    matrix_.finalize();
    const double root = std::sqrt(static_cast<double>(heard.pairs()));
    tracks_ /= root;
    listeners_ /= root;
  }

  Index tracks() const { return matrix_.rows(); }
  Index rank() const { return std::min(matrix_.rows(), matrix_.cols()) - 1; }  // at most
  MatrixXd toListeners(const MatrixXd& of_tracks) const {
    return matrix_.transpose() * of_tracks - listeners_ * (tracks_.transpose() * of_tracks);
  }
  MatrixXd toTracks(const MatrixXd& of_listeners) const {
    return matrix_ * of_listeners - tracks_ * (listeners_.transpose() * of_listeners);
  }

 private:
  Eigen::SparseMatrix<double> matrix_;
  VectorXd tracks_;     // root of a track's listeners; at last the first singular vector
  VectorXd listeners_;  // root of a listener's tracks; the same
};

MatrixXd orthonormal(const MatrixXd& columns) {
  const Eigen::HouseholderQR<MatrixXd> qr(columns);
  return qr.householderQ() * MatrixXd::Identity(columns.rows(), columns.cols());
}

}  // namespace

MatrixXd collaborativeSpace(const Heard& heard, std::size_t dimensions, Random& random) {
  const Normalised matrix(heard);
  const Index wanted = std::min(static_cast<Index>(dimensions), matrix.rank());
  if (wanted < 1) return MatrixXd::Zero(matrix.tracks(), 0);
  MatrixXd columns(matrix.tracks(), std::min(wanted + kMore, matrix.tracks()));
  std::normal_distribution<double> normal;
  for (double& value : columns.reshaped()) value = normal(random);
  columns = orthonormal(columns);
  for (int round = 0; round < kRounds; ++round) {
    columns = orthonormal(matrix.toTracks(matrix.toListeners(columns)));
  }
  const MatrixXd images = matrix.toListeners(columns);
  const Eigen::SelfAdjointEigenSolver<MatrixXd> squares(images.transpose() * images);
  const Index count =
      std::min(wanted, (squares.eigenvalues().array() > kSmallest * kSmallest).count());
  MatrixXd space = columns * squares.eigenvectors().rightCols(count) *
                   squares.eigenvalues().tail(count).cwiseSqrt().asDiagonal();
  for (Index track = 0; track < space.rows(); ++track) {
    const double length = space.row(track).norm();
    // What is no more than rounding places nothing.
    if (length > kSmallest * kSmallest)
      space.row(track) /= length;
    else
      space.row(track).setZero();
  }
  return space;
}

}  // namespace attacca::learn
