// What a trained network makes of tracks and listeners, in float32 and without the library that
// trained it (network.h has the formulas). Equal to it to 1e-5 of the scores' scale.
//
// Const and usable from any thread. Equal networks and rows give equal scores to the bit on one
// machine.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "attacca/base/npy.h"
#include "attacca/index/snapshot.h"
#include "attacca/recommend/network.h"

namespace attacca::recommend {

class ForwardPass {
 public:
  // `rows`: of content networks the tracks' embeddings, tracks x input, finite; must outlive this.
  // A track that was not there when the network was trained is a row like any other. Of ids: {},
  // the network's own items. Throws Fault::refused for rows of another length than the network
  // reads.
  ForwardPass(std::shared_ptr<const Network> network, MatrixView<float> rows);
  ~ForwardPass();

  const NetworkShape& shape() const;
  std::size_t items() const;
  // Where the network sees each item, items x width, made once: e(i), or v(i) at length 1 (zeros
  // where it is zero).
  MatrixView<float> space() const;

  // Where it sees a listener; the scores are inner products with this (shallow: at length 1).
  // `history`: items, never empty. bert4rec, sasrec: plays, oldest first, of which the newest
  // shape().length count (bert4rec: one less, for the mask). Others: what was heard, each item
  // once, in any order.
  std::vector<float> listener(std::span<const index::Row> history) const;
  // Of all items, by item.
  std::vector<float> scores(std::span<const float> listener) const;
  float score(std::span<const float> listener, index::Row item) const;

 private:
  struct State;
  std::unique_ptr<const State> state_;
};

}  // namespace attacca::recommend
