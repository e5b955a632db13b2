#include "framer.h"

#include <utility>
#include <vector>

#include "attacca/embed/log_mel.h"
#include "attacca/embed/mel.h"

#include "mel_scale.h"

namespace attacca::embed {
namespace {

class LogMelFramer : public Framer {
 public:
  LogMelFramer(const LogMelFrontEnd& front, Sink sink, Target target)
      : front_(front), log_mel_(front, std::move(sink), target) {}

  void hear(std::span<const float> samples) override { log_mel_.hear(samples); }
  void finish() override { log_mel_.finish(); }
  std::size_t width() const override { return static_cast<std::size_t>(front_.bands); }
  std::size_t hop() const override { return static_cast<std::size_t>(front_.hop); }
  std::size_t samplesFor(std::size_t frames) const override { return (frames - 1) * hop(); }

 private:
  LogMelFrontEnd front_;
  LogMel log_mel_;
};

class MelFramer : public Framer {
 public:
  MelFramer(const MelFrontEnd& front, Sink sink) : front_(front), mel_(front, std::move(sink)) {}

  void hear(std::span<const float> samples) override { mel_.hear(samples); }
  void finish() override { mel_.finish(); }
  std::size_t width() const override { return static_cast<std::size_t>(front_.bands); }
  std::size_t hop() const override { return static_cast<std::size_t>(front_.hop); }
  std::size_t samplesFor(std::size_t frames) const override {
    const auto fft = static_cast<std::size_t>(front_.fft);
    return (frames - 1) * hop() + (front_.edges == MelEdges::none ? fft : 0);
  }

 private:
  MelFrontEnd front_;
  MelStream mel_;
};

class SampleFramer : public Framer {
 public:
  explicit SampleFramer(Sink sink) : sink_(std::move(sink)) {}

  void hear(std::span<const float> samples) override {
    held_.assign(samples.begin(), samples.end());
    for (float& sample : held_) sample = heldSample(sample);
    sink_(held_);
  }
  void finish() override {}
  std::size_t width() const override { return 1; }
  std::size_t hop() const override { return 1; }
  std::size_t samplesFor(std::size_t frames) const override { return frames; }

 private:
  Sink sink_;
  std::vector<float> held_;
};

}  // namespace

FrontEnd streamOf(const FrontEnd& front_end) {
  const auto* mel = std::get_if<MelFrontEnd>(&front_end);
  const bool by_clip =
      std::holds_alternative<WaveFrontEnd>(front_end) || (mel != nullptr && mel->by_clip);
  return by_clip ? WaveFrontEnd{.rate_hz = rateHz(front_end)} : front_end;
}

std::unique_ptr<Framer> makeFramer(const FrontEnd& stream, Framer::Sink sink, Target target) {
  if (const auto* log_mel = std::get_if<LogMelFrontEnd>(&stream)) {
    return std::make_unique<LogMelFramer>(*log_mel, std::move(sink), target);
  }
  if (const auto* mel = std::get_if<MelFrontEnd>(&stream)) {
    return std::make_unique<MelFramer>(*mel, std::move(sink));
  }
  return std::make_unique<SampleFramer>(std::move(sink));
}

}  // namespace attacca::embed
