// Mono from one rate to another, block by block, as librosa does it for a whole signal.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

struct soxr;

namespace attacca::audio {

class Resampler {
 public:
  using Take = std::function<void(std::span<const float>)>;

  enum class Quality { high, quick };  // soxr's HQ, as librosa has it; QQ: cubic, no filter

  // One thread. At equal rates samples pass unchanged. Throws Fault::unsupported when soxr cannot
  // do it. `take` must outlive the resampler.
  Resampler(int from_hz, int to_hz, const Take& take, Quality quality = Quality::high);
  void add(std::span<const float> mono);
  // Gives what soxr still holds and makes the length ceil(frames in * to / from), librosa's rule.
  void finish();

 private:
  struct Delete {
    void operator()(soxr* resampler) const;
  };
  void give(std::size_t samples);

  double ratio_;
  const Take& take_;
  std::unique_ptr<soxr, Delete> soxr_;  // null at equal rates
  std::vector<float> out_;
  std::int64_t in_count_ = 0;
  std::int64_t out_count_ = 0;
};

}  // namespace attacca::audio
