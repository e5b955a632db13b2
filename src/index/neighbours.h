// Each row's nearest other rows.
#pragma once

#include <vector>

#include "attacca/base/npy.h"
#include "attacca/index/snapshot.h"

namespace attacca::index {

struct NeighbourTable {
  std::size_t columns = 0;
  std::vector<Row> rows;  // tracks x columns, nearest first, ties by row, -1 pads
  std::vector<float> scores;
};

// An earlier table, and where its rows are now.
struct EarlierTable {
  MatrixView<Row> rows;
  MatrixView<float> scores;
  std::vector<Row> row_now;   // of each earlier row whose vector is still there, unchanged; else -1
  std::vector<Row> row_then;  // of each row of today; -1 for a new vector
};

// Whether the list that a row had then, with what is new, still holds its nearest: a list that was
// cut off at its end has lost what would move up when one of its entries goes.
bool stillHolds(const EarlierTable& earlier, Row then);

// Exact. `earlier` (may be null) saves work and changes nothing in the result, to the bit. Rows
// that were there before must be in the same order as before.
NeighbourTable makeNeighbourTable(MatrixView<float> vectors, const EarlierTable* earlier,
                                  unsigned jobs);

// The best `columns` of each row alone.
NeighbourTable nearestRows(MatrixView<float> vectors, std::size_t columns, unsigned jobs);

}  // namespace attacca::index
