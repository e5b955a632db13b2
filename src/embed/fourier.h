// Fourier transform of real frames of any power of two, in double precision: for front ends whose
// cost is nothing beside their network. The MusicNN family has its own (fft-inl.h).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace attacca::embed {

class Fourier {
 public:
  explicit Fourier(std::size_t size);  // a power of two, at least 4

  // |X|^2 of size / 2 + 1 bins. `frame` has `size` values and is overwritten.
  void power(std::span<double> frame, std::span<double> bins) const;

 private:
  std::size_t size_;
  std::vector<std::size_t> reversed_;  // of size / 2
  std::vector<double> cosines_;        // of 2 pi k / size, k < size / 2
  std::vector<double> sines_;
};

}  // namespace attacca::embed
