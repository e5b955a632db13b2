#include "fourier.h"

#include <cassert>
#include <cmath>
#include <numbers>
#include <utility>

namespace attacca::embed {

Fourier::Fourier(std::size_t size) : size_(size), reversed_(size / 2) {
  assert(size >= 4 && (size & (size - 1)) == 0);
  const std::size_t half = size / 2;
  for (std::size_t i = 1; i < half; ++i) {
    reversed_[i] = reversed_[i / 2] / 2 + (i % 2 == 1 ? half / 2 : 0);
  }
  for (std::size_t k = 0; k < half; ++k) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(size);
    cosines_.push_back(std::cos(angle));
    sines_.push_back(std::sin(angle));
  }
}

// Even and odd samples are the real and imaginary parts of a complex transform of half the size.
void Fourier::power(std::span<double> frame, std::span<double> bins) const {
  const std::size_t half = size_ / 2;
  double* z = frame.data();
  for (std::size_t i = 0; i < half; ++i) {
    const std::size_t j = reversed_[i];
    if (i < j) {
      std::swap(z[2 * i], z[2 * j]);
      std::swap(z[2 * i + 1], z[2 * j + 1]);
    }
  }
  for (std::size_t length = 2; length <= half; length *= 2) {
    const std::size_t stride = size_ / length;  // in the table of angles
    for (std::size_t start = 0; start < half; start += length) {
      for (std::size_t k = 0; k < length / 2; ++k) {
        double* a = z + 2 * (start + k);
        double* b = a + length;
        const double c = cosines_[k * stride];
        const double s = sines_[k * stride];
        const double re = b[0] * c + b[1] * s;
        const double im = b[1] * c - b[0] * s;
        b[0] = a[0] - re;
        b[1] = a[1] - im;
        a[0] += re;
        a[1] += im;
      }
    }
  }
  bins[0] = (z[0] + z[1]) * (z[0] + z[1]);
  bins[half] = (z[0] - z[1]) * (z[0] - z[1]);
  for (std::size_t k = 1; k < half; ++k) {
    const double* a = z + 2 * k;
    const double* b = z + 2 * (half - k);
    const double even_re = 0.5 * (a[0] + b[0]);
    const double even_im = 0.5 * (a[1] - b[1]);
    const double odd_re = 0.5 * (a[1] + b[1]);
    const double odd_im = 0.5 * (b[0] - a[0]);
    const double re = even_re + odd_re * cosines_[k] + odd_im * sines_[k];
    const double im = even_im + odd_im * cosines_[k] - odd_re * sines_[k];
    bins[k] = re * re + im * im;
  }
}

}  // namespace attacca::embed
