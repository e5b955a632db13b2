#include "resampler.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <soxr.h>

#include "attacca/audio/decoder.h"
#include "attacca/base/error.h"

namespace attacca::audio {

void Resampler::Delete::operator()(soxr* resampler) const { soxr_delete(resampler); }

Resampler::Resampler(int from_hz, int to_hz, const Take& take, Quality wanted)
    : ratio_(static_cast<double>(to_hz) / from_hz), take_(take) {
  if (from_hz == to_hz) return;
  const soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const soxr_quality_spec_t quality =
      soxr_quality_spec(wanted == Quality::high ? SOXR_HQ : SOXR_QQ, 0);
  const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
  soxr_error_t error = nullptr;
  soxr_.reset(soxr_create(from_hz, to_hz, 1, &error, &io, &quality, &runtime));
  if (!soxr_) {
    throw Error(Fault::unsupported, "cannot resample from " + std::to_string(from_hz) + " to " +
                                        std::to_string(to_hz) + " Hz");
  }
  out_.resize(kLongestBlock);
}

void Resampler::give(std::size_t samples) {
  if (samples == 0) return;
  out_count_ += static_cast<std::int64_t>(samples);
  take_({out_.data(), samples});
}

void Resampler::add(std::span<const float> mono) {
  in_count_ += static_cast<std::int64_t>(mono.size());
  if (!soxr_) {
    if (!mono.empty()) take_(mono);
    return;
  }
  while (!mono.empty()) {
    std::size_t used = 0;
    std::size_t made = 0;
    soxr_process(soxr_.get(), mono.data(), mono.size(), &used, out_.data(), out_.size(), &made);
    mono = mono.subspan(used);
    give(made);
    if (used == 0 && made == 0) break;
  }
}

void Resampler::finish() {
  if (!soxr_) return;
  const auto wanted = static_cast<std::int64_t>(std::ceil(static_cast<double>(in_count_) * ratio_));
  while (out_count_ < wanted) {
    std::size_t made = 0;
    soxr_process(soxr_.get(), nullptr, 0, nullptr, out_.data(), out_.size(), &made);
    if (made == 0) {
      made = static_cast<std::size_t>(
          std::min<std::int64_t>(wanted - out_count_, static_cast<std::int64_t>(out_.size())));
      std::fill_n(out_.begin(), made, 0.0F);
    }
    give(static_cast<std::size_t>(
        std::min<std::int64_t>(static_cast<std::int64_t>(made), wanted - out_count_)));
  }
}

}  // namespace attacca::audio
