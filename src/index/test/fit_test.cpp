#include "fit.h"

#include <gtest/gtest.h>

#include "helpers.h"

namespace attacca::index {
namespace {

// Rows about 5 in one direction, where they spread widely, and little elsewhere.
std::vector<float> leaning(std::size_t rows, std::size_t columns) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  std::vector<float> values;
  for (std::size_t i = 0; i < rows; ++i) {
    const float common = 5 + 2 * normal(random);
    for (std::size_t k = 0; k < columns; ++k) {
      values.push_back(common * (k % 2 == 0 ? 1.0F : -0.5F) + 0.1F * normal(random));
    }
  }
  return values;
}

TEST(Fit, WhiteningUndoesWhatAllRowsHaveInCommon) {
  constexpr std::size_t kRows = 4000;
  constexpr std::size_t kColumns = 6;
  const std::vector<float> values = leaning(kRows, kColumns);
  const Fit fit = fitWhitening({values.data(), kRows, kColumns}, kColumns, 0);
  EXPECT_EQ(fit.columns(kColumns), kColumns);
  std::vector<double> mean(kColumns);
  std::vector<double> products(kColumns * kColumns);
  std::vector<float> out(kColumns);
  for (std::size_t i = 0; i < kRows; ++i) {
    fit.apply({values.data() + i * kColumns, kColumns}, out);
    for (std::size_t a = 0; a < kColumns; ++a) {
      mean[a] += static_cast<double>(out[a]) / kRows;
      for (std::size_t b = 0; b < kColumns; ++b) {
        products[a * kColumns + b] +=
            static_cast<double>(out[a]) * static_cast<double>(out[b]) / kRows;
      }
    }
  }
  for (std::size_t a = 0; a < kColumns; ++a) {
    EXPECT_NEAR(mean[a], 0, 1e-3);
    for (std::size_t b = 0; b < kColumns; ++b) {
      EXPECT_NEAR(products[a * kColumns + b], a == b ? 1 : 0, 1e-2);
    }
  }
}

TEST(Fit, ShrinkageLeavesStrongAxesStrongerAndWeakOnesWeaker) {
  const std::vector<float> values = leaning(2000, 6);
  const MatrixView<float> rows{values.data(), 2000, 6};
  const Fit plain = fitWhitening(rows, 6, 0);
  const Fit shrunk = fitWhitening(rows, 6, 0.5);
  const auto length = [](const Fit& fit, std::size_t axis) {
    double squares = 0;
    for (const float value : fit.table().row(axis + 1)) {
      squares += static_cast<double>(value) * static_cast<double>(value);
    }
    return std::sqrt(squares);
  };
  EXPECT_GT(length(shrunk, 0), length(plain, 0));
  EXPECT_LT(length(shrunk, 5), length(plain, 5));
}

TEST(Fit, ColumnsAreStandardisedAndUnknownValuesAreTheAverage) {
  const std::vector<float> values{1, 10, 7, 3, 20, 7, 5, NAN, 7};
  const FittedColumn columns[] = {{1, {}}, {0, {}}, {2, {}}};
  const Fit fit = fitColumns({values.data(), 3, 3}, columns);
  std::vector<float> out(3);
  fit.apply(std::span(values).first(3), out);
  EXPECT_NEAR(out[0], -1, 1e-6);                // of 10 and 20
  EXPECT_NEAR(out[1], -std::sqrt(1.5F), 1e-6);  // of 1, 3 and 5
  EXPECT_EQ(out[2], 0);                         // all the same
  fit.apply(std::span(values).subspan(6, 3), out);
  EXPECT_EQ(out[0], 0);
}

TEST(Fit, IsTheSameAfterItWasStored) {
  const std::vector<float> values = leaning(500, 6);
  const Fit fit = fitWhitening({values.data(), 500, 6}, 4, 0.1);
  const Fit stored(fit.table());
  std::vector<float> a(4);
  std::vector<float> b(4);
  fit.apply(std::span(values).first(6), a);
  stored.apply(std::span(values).first(6), b);
  EXPECT_EQ(a, b);
}

}  // namespace
}  // namespace attacca::index
