#include "attacca/base/npy.h"

#include <gtest/gtest.h>

#include "attacca/base/error.h"

namespace attacca {
namespace {

TEST(Npy, HeaderIsWhatNumpyWrites) {
  const std::string header = npyHeader<float>(3, 2);
  EXPECT_EQ(header.size(), kNpyHeaderBytes);
  EXPECT_EQ(header.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  EXPECT_EQ(header[8], 118);
  EXPECT_EQ(header.back(), '\n');
  EXPECT_EQ(header.substr(10, 60), "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), } ");
  EXPECT_EQ(npyHeader<std::int64_t>(7, 0).substr(10, 57),
            "{'descr': '<i8', 'fortran_order': False, 'shape': (7,), }");
}

TEST(Npy, HeaderLengthDoesNotDependOnTheNumberOfRows) {
  EXPECT_EQ(npyHeader<float>(0, 200).size(), npyHeader<float>(999'999'999'999, 65536).size());
}

TEST(Npy, MatrixComesBack) {
  const std::vector<float> values{1, 2, 3, 4, 5, 6};
  const auto file = FileBytes::hold(npyBytes(MatrixView<float>{values.data(), 3, 2}));
  const auto view = npyView<float>(file, "m");
  ASSERT_EQ(view.rows, 3u);
  ASSERT_EQ(view.cols, 2u);
  EXPECT_EQ(std::vector<float>(view.row(2).begin(), view.row(2).end()), (std::vector<float>{5, 6}));
}

TEST(Npy, OneDimensionHasOneColumn) {
  const std::vector<std::int64_t> values{1, 2, 3};
  const auto file = FileBytes::hold(npyBytes(MatrixView<std::int64_t>{values.data(), 3, 1}, true));
  const auto view = npyView<std::int64_t>(file, "v");
  EXPECT_EQ(view.rows, 3u);
  EXPECT_EQ(view.cols, 1u);
}

TEST(Npy, EmptyMatrixIsAllowed) {
  const auto file = FileBytes::hold(npyBytes(MatrixView<float>{nullptr, 0, 200}));
  EXPECT_EQ(npyView<float>(file, "m").rows, 0u);
}

class NpyRefusal : public ::testing::TestWithParam<std::string> {};

TEST_P(NpyRefusal, NamesTheFile) {
  const auto file = FileBytes::hold(GetParam());
  try {
    npyView<float>(file, "blob.npy");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::corrupt);
    EXPECT_EQ(error.problem().rfind("blob.npy", 0), 0u);
  }
}

std::string withShape(std::string_view dictionary, std::size_t data_bytes) {
  std::string text("\x93NUMPY\x01\x00", 8);
  std::string header(dictionary);
  header.resize(118, ' ');
  text += static_cast<char>(header.size());
  text += '\0';
  return text + header + std::string(data_bytes, '\0');
}

INSTANTIATE_TEST_SUITE_P(
    Hostile, NpyRefusal,
    ::testing::Values(
        std::string(), std::string("\x93NUMPY"), std::string(200, 'x'),
        withShape("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }", 32),
        withShape("{'descr': '>f4', 'fortran_order': False, 'shape': (2, 2), }", 16),
        withShape("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", 16),
        withShape("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", 12),
        withShape("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", 20),
        withShape("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 2), }", 32),
        withShape("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", 4),
        withShape("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
                  0),
        withShape("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 1), }",
                  0),
        withShape("{'fortran_order': False, 'shape': (1, 1), }", 4)));

}  // namespace
}  // namespace attacca
