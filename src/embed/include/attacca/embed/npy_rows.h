// Writes a matrix of float32 rows to a descriptor as .npy, row by row.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace attacca::embed {

// The file is valid once finish() has returned. Owns nothing; the descriptor must be seekable and
// at the start of an empty file. One thread at a time. Throws Fault::io.
class NpyRows {
 public:
  NpyRows(int fd, std::size_t cols, std::string name);

  void append(std::span<const float> row);  // cols values
  // Writes what is left and the header's number of rows.
  void finish();
  std::size_t rows() const { return rows_; }

 private:
  void flush();

  int fd_;
  std::size_t cols_;
  std::size_t rows_ = 0;
  std::string name_;
  std::vector<float> waiting_;
};

}  // namespace attacca::embed
