#include "wave_meter.h"

#include <algorithm>
#include <cmath>

namespace attacca::audio {
namespace {

std::int16_t quantised(float sample) {
  return static_cast<std::int16_t>(std::lround(std::clamp<double>(sample, -1, 1) * 32767));
}

}  // namespace

void WaveMeter::begin(int rate_hz) {
  if (rate_hz_ != 0) filled_ = filled_ * rate_hz / rate_hz_;
  rate_hz_ = rate_hz;
}

void WaveMeter::add(const Planes& planes) {
  for (std::size_t done = 0; done < planes.frames;) {
    const std::int64_t missing = (rate_hz_ - filled_ + kPeakBinsPerSecond - 1) / kPeakBinsPerSecond;
    const auto count = std::min(planes.frames - done, static_cast<std::size_t>(missing));
    const Range range = rangeOf(planes, done, count);
    bin_ = bin_empty_
               ? range
               : Range{std::min(bin_.least, range.least), std::max(bin_.largest, range.largest)};
    bin_empty_ = false;
    filled_ += static_cast<std::int64_t>(count) * kPeakBinsPerSecond;
    done += count;
    if (filled_ >= rate_hz_) endBin();
  }
}

void WaveMeter::endBin() {
  peak_ = std::max({peak_, -bin_.least, bin_.largest});
  if (peaks_ != nullptr) peaks_->add({quantised(bin_.least), quantised(bin_.largest)});
  filled_ -= rate_hz_;
  bin_empty_ = true;
}

void WaveMeter::finish() {
  if (!bin_empty_) endBin();
}

}  // namespace attacca::audio
