#include "attacca/audio/fingerprinter.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <new>

#include <chromaprint.h>

#include "resampler.h"

namespace attacca::audio {
namespace {

constexpr auto kMostSamples =
    static_cast<std::size_t>(kFingerprintLength.count() * kFingerprintRateHz);

struct FreeChromaprint {
  void operator()(ChromaprintContext* context) const { chromaprint_free(context); }
};

}  // namespace

struct Fingerprinter::State {
  State() : chromaprint(chromaprint_new(CHROMAPRINT_ALGORITHM_TEST2)) {
    if (!chromaprint || chromaprint_start(chromaprint.get(), kFingerprintRateHz, 1) == 0) {
      throw std::bad_alloc();
    }
  }

  void take(std::span<const float> block) {
    block = block.first(std::min(block.size(), kMostSamples - samples));
    if (block.empty()) return;
    samples += block.size();
    pcm.resize(block.size());
    std::transform(block.begin(), block.end(), pcm.begin(), [](float sample) {
      return static_cast<std::int16_t>(std::clamp(sample, -1.0F, 1.0F) * 32767.0F);
    });
    if (chromaprint_feed(chromaprint.get(), pcm.data(), static_cast<int>(pcm.size())) == 0) {
      throw std::bad_alloc();
    }
  }

  std::unique_ptr<ChromaprintContext, FreeChromaprint> chromaprint;
  std::size_t samples = 0;  // given to Chromaprint
  std::vector<std::int16_t> pcm;
  // Chromaprint looks no higher than 3520 Hz, which the quickest quality leaves as it is; its own
  // resampler would take twice as long as all the rest.
  Resampler::Take taking = [this](std::span<const float> block) { take(block); };
  Resampler resampler{kRateHz, kFingerprintRateHz, taking, Resampler::Quality::quick};
};

Fingerprinter::Fingerprinter() : state_(std::make_unique<State>()) {}
Fingerprinter::~Fingerprinter() = default;

void Fingerprinter::hear(std::span<const float> mono) {
  if (state_->samples < kMostSamples) state_->resampler.add(mono);
}

std::vector<FingerprintItem> Fingerprinter::finish() {
  if (state_->samples < kMostSamples) state_->resampler.finish();
  int count = 0;
  std::uint32_t* items = nullptr;
  if (chromaprint_finish(state_->chromaprint.get()) == 0 ||
      chromaprint_get_raw_fingerprint(state_->chromaprint.get(), &items, &count) == 0) {
    throw std::bad_alloc();
  }
  const std::unique_ptr<std::uint32_t, void (*)(void*)> owner(items, chromaprint_dealloc);
  const auto wanted = std::min(static_cast<std::size_t>(count), kMostFingerprintItems);
  return {items, items + wanted};
}

}  // namespace attacca::audio
