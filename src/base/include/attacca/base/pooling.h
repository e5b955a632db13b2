// From the embeddings of a recording's clips to the one of its track.
#pragma once

#include <vector>

#include "attacca/base/npy.h"

namespace attacca {

// The mean of all rows, summed in double precision in the order of the rows, so that every machine
// gives the same bits. All zero for a matrix without rows.
std::vector<float> meanRows(MatrixView<float> clips);

}  // namespace attacca
