// NumPy's .npy format 1.0: little-endian, C order, one or two dimensions.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacca/base/file.h"

namespace attacca {

// Elements that a file may hold.
template <class T>
concept NpyElement = std::same_as<T, float> || std::same_as<T, std::int32_t> ||
    std::same_as<T, std::int64_t> || std::same_as<T, std::int8_t> || std::same_as<T, std::uint8_t>;

// A row-major view. For a one-dimensional array cols is 1.
template <class T>
struct MatrixView {
  const T* data = nullptr;
  std::size_t rows = 0;
  std::size_t cols = 0;

  std::span<const T> row(std::size_t i) const { return {data + i * cols, cols}; }
  std::span<const T> all() const { return {data, rows * cols}; }
};

// The header for an array of rows x cols (cols == 0: one dimension), padded so that the data begins
// at a multiple of 64. Every header has the same length, so a streaming writer can rewrite it in
// place once it knows the number of rows.
template <NpyElement T>
std::string npyHeader(std::size_t rows, std::size_t cols);
constexpr std::size_t kNpyHeaderBytes = 128;  // length of every header that npyHeader makes

template <NpyElement T>
std::string npyBytes(MatrixView<T> matrix, bool one_dimension = false);

// A view into `file`, which must outlive it. Throws Fault::corrupt naming `name` for another
// element type, a big-endian or Fortran-order array, more than two dimensions, or a wrong length.
template <NpyElement T>
MatrixView<T> npyView(const FileBytes& file, std::string_view name);

}  // namespace attacca
