#include "shingles.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "shingle_kernels.h"

namespace attacca::index {
namespace {

constexpr std::size_t kSemitones = 12;

std::size_t roundedRows(double seconds, double rows_per_second) {
  return static_cast<std::size_t>(std::max(1.0, std::nearbyint(seconds * rows_per_second)));
}

// Means of `group` rows each, rounded; a rest of less than half a group is left out.
std::vector<std::int8_t> averaged(MatrixView<std::int8_t> codes, std::size_t group) {
  std::vector<std::int8_t> result;
  std::vector<std::int32_t> sums(codes.cols);
  for (std::size_t begin = 0; begin < codes.rows; begin += group) {
    const std::size_t count = std::min(group, codes.rows - begin);
    if (begin > 0 && 2 * count < group) break;
    std::fill(sums.begin(), sums.end(), 0);
    for (std::size_t i = begin; i < begin + count; ++i) {
      for (std::size_t k = 0; k < codes.cols; ++k) sums[k] += codes.row(i)[k];
    }
    for (const std::int32_t sum : sums) {
      result.push_back(static_cast<std::int8_t>(
          std::nearbyint(static_cast<double>(sum) / static_cast<double>(count))));
    }
  }
  return result;
}

void shingleInverses(std::span<const std::int32_t> norms, std::size_t shingle,
                     std::vector<float>& inverses) {
  inverses.clear();
  if (norms.size() < shingle) return;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < norms.size(); ++i) {
    sum += norms[i];
    if (i + 1 < shingle) continue;
    inverses.push_back(sum == 0 ? 0.0F
                                : static_cast<float>(1 / std::sqrt(static_cast<double>(sum))));
    sum -= norms[i + 1 - shingle];
  }
}

PackedRows packed(std::span<const std::int8_t> codes, std::size_t columns, std::size_t shingle) {
  PackedRows result;
  result.rows = columns == 0 ? 0 : codes.size() / columns;
  result.padded = (result.rows + kPackedBlock - 1) / kPackedBlock * kPackedBlock;
  result.pairs = (columns + 1) / 2;
  result.codes.resize(2 * result.pairs * result.padded);
  for (std::size_t i = 0; i < result.rows; ++i) {
    std::int32_t norm = 0;
    for (std::size_t k = 0; k < columns; ++k) {
      const std::int8_t code = codes[i * columns + k];
      result.codes[2 * (k / 2 * result.padded + i) + k % 2] = code;
      norm += code * code;
    }
    result.norms.push_back(norm);
  }
  shingleInverses(result.norms, shingle, result.inverses);
  return result;
}

// Row by row, padded with rows of zeros to a multiple of kLeftRows; columns turned by `shift`.
std::vector<std::int16_t> words(const PackedRows& rows, std::size_t shift) {
  const std::size_t columns = 2 * rows.pairs;
  const std::size_t padded = (rows.rows + kLeftRows - 1) / kLeftRows * kLeftRows;
  std::vector<std::int16_t> result(padded * columns);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    for (std::size_t k = 0; k < columns; ++k) {
      const std::size_t at = 2 * (k / 2 * rows.padded + i) + k % 2;
      // NOLINTNEXTLINE(bugprone-signed-char-misuse): a code is a signed number, no letter
      result[i * columns + (k + shift) % columns] = rows.codes[at];
    }
  }
  return result;
}

float scoreRows(const PackedRows& left, const std::vector<std::int16_t>& left_words,
                const PackedRows& right, std::size_t shingle, ShinglePart::Scratch& scratch) {
  const std::size_t length = std::min({shingle, left.rows, right.rows});
  if (length == 0) return 0;
  const std::vector<float>* left_inverses = &left.inverses;
  const std::vector<float>* right_inverses = &right.inverses;
  if (length != shingle) {  // a track shorter than a shingle: the shingles are as short
    shingleInverses(left.norms, length, scratch.left_inverses);
    shingleInverses(right.norms, length, scratch.right_inverses);
    left_inverses = &scratch.left_inverses;
    right_inverses = &scratch.right_inverses;
  }
  const std::size_t lefts = left.rows - length + 1;
  const std::size_t rights = right.rows - length + 1;
  const std::size_t padded = right.padded;
  // The dot products of the last rows, in a ring.
  const std::size_t ring = (length + 2 * kLeftRows - 1) / kLeftRows * kLeftRows;
  scratch.dots.resize(ring * padded);
  scratch.zeros.assign(rights, 0);
  // sums[lefts + j - i] belongs to the shingles i and j.
  scratch.sums.assign(lefts + rights, 0);
  scratch.bests.assign(rights, -2.0F);

  double left_total = 0;
  std::size_t slot = 0;  // of `row` in the ring
  for (std::size_t row = 0; row < left.rows; ++row, slot = slot + 1 == ring ? 0 : slot + 1) {
    std::int32_t* const entering = scratch.dots.data() + slot * padded;
    if (row % kLeftRows == 0) {
      dotPacked(left_words.data() + row * 2 * right.pairs, right.codes.data(), right.pairs, padded,
                entering);
    }
    std::int32_t* sums = scratch.sums.data() + lefts;
    if (row + 1 < length) {
      for (std::size_t j = 0; j < rights; ++j) sums[j] += entering[j + row];
      continue;
    }
    const std::size_t i = row + 1 - length;
    sums -= i;
    const float* const inverses = right_inverses->data();
    float* const bests = scratch.bests.data();
    if (i == 0) {
      left_total +=
          static_cast<double>(stepDiagonals(sums, entering + row, scratch.zeros.data(),
                                            (*left_inverses)[0], inverses, bests, rights));
      continue;
    }
    // A new diagonal begins: its first shingle is added up, from its last row to its first.
    std::size_t back = slot;
    for (std::size_t k = length; k-- > 0; back = back == 0 ? ring - 1 : back - 1) {
      sums[0] += scratch.dots[back * padded + k];
    }
    // `back` is now where the row that leaves the others is.
    const std::int32_t* const leaving = scratch.dots.data() + back * padded;
    const float first = static_cast<float>(sums[0]) * ((*left_inverses)[i] * inverses[0]);
    bests[0] = std::max(bests[0], first);
    const float others = stepDiagonals(sums + 1, entering + length, leaving, (*left_inverses)[i],
                                       inverses + 1, bests + 1, rights - 1);
    left_total += static_cast<double>(std::max(first, others));
  }
  double right_total = 0;
  for (const float best : scratch.bests) right_total += static_cast<double>(best);
  const double score =
      (left_total / static_cast<double>(lefts) + right_total / static_cast<double>(rights)) / 2;
  return static_cast<float>(std::clamp(score, -1.0, 1.0));
}

}  // namespace

ShinglePart::ShinglePart(const RecipePart& part, double rows_per_second) {
  if (part.step_s > 0) step_ = roundedRows(part.step_s, rows_per_second);
  shingle_ = roundedRows(part.shingle_s, rows_per_second / static_cast<double>(step_));
  coarse_ = std::max<std::size_t>(1, shingle_ / 3);
  shifts_.push_back(0);
  if (part.kind != PartKind::chroma) return;
  // In order of nearness: up and down by one, two, ..
  for (std::size_t i = 1; shifts_.size() < static_cast<std::size_t>(part.transpositions); ++i) {
    const std::size_t shift = i / 2 + i % 2;
    shifts_.push_back(i % 2 == 1 ? shift : kSemitones - shift);
  }
}

ShinglePart::Track ShinglePart::pack(MatrixView<std::int8_t> codes) const {
  const std::vector<std::int8_t> fine = averaged(codes, step_);
  Track track;
  track.fine = packed(fine, codes.cols, shingle_);
  if (shifts_.size() > 1) {
    track.coarse = packed(averaged({fine.data(), fine.size() / codes.cols, codes.cols}, coarse_),
                          codes.cols, shingle_ / coarse_);
  }
  return track;
}

ShinglePart::Left ShinglePart::left(const Track& track) const {
  Left left;
  left.track = &track;
  for (const std::size_t shift : shifts_) {
    left.fine.push_back(words(track.fine, shift));
    if (shifts_.size() > 1) left.coarse.push_back(words(track.coarse, shift));
  }
  return left;
}

float ShinglePart::score(const Left& left, const Track& right, Scratch& scratch) const {
  if (shifts_.size() == 1) {
    return scoreRows(left.track->fine, left.fine[0], right.fine, shingle_, scratch);
  }
  std::array<float, kSemitones> coarse{};
  for (std::size_t i = 0; i < shifts_.size(); ++i) {
    coarse[i] =
        scoreRows(left.track->coarse, left.coarse[i], right.coarse, shingle_ / coarse_, scratch);
  }
  const float bar = *std::max_element(coarse.begin(), coarse.begin() + shifts_.size());
  float best = -1;
  for (std::size_t i = 0; i < shifts_.size(); ++i) {
    if (coarse[i] < bar) continue;
    best = std::max(best, scoreRows(left.track->fine, left.fine[i], right.fine, shingle_, scratch));
  }
  return best;
}

}  // namespace attacca::index
