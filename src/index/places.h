// One ordered part laid over all places of the archive.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "frames.h"

namespace attacca::index {

// An ordered part of the archive.
struct Ground {
  PartKind kind = PartKind::sequence;
  std::size_t part = 0;  // in the recipe
  double rate = 1;       // rows a second
  double weight = 1;
  std::size_t transpositions = 1;
  double transposition_price = 0;
  FramesView frames;
  std::vector<std::int64_t> norms;  // squared lengths of all rows before each, added up

  // Takes both from `frames` and `part`.
  Ground(const RecipePart& part, std::size_t index, double rows_per_second, FramesView frames);
};

// The rows that are looked for.
struct Query {
  std::size_t rows = 0;
  std::vector<std::int8_t> codes;
};

// Rows `from` to `to` (seconds) of all rows of a recording.
Query cutQuery(MatrixView<std::int8_t> codes, double rate, double from, double to);
// The same lasting `factor` times as long.
Query stretched(const Query& query, std::size_t columns, double factor);

// Cosines of the query with the rows beginning at each row of the ground; those that reach beyond
// their track mean nothing. Mean and standard deviation (not 0) are of those that do not.
struct Places {
  std::vector<float> cosines;
  double mean = 0;
  double deviation = 1;
};
Places placesOf(const Ground& ground, const Query& query);

}  // namespace attacca::index
