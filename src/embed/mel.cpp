#include "attacca/embed/mel.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"

#include "fourier.h"
#include "mel_scale.h"

namespace attacca::embed {
namespace {

// Position in a sound of `size` samples that is mirrored at both ends for ever.
std::size_t mirrored(std::ptrdiff_t at, std::size_t size) {
  if (size == 1) return 0;
  const auto period = 2 * (static_cast<std::ptrdiff_t>(size) - 1);
  const std::ptrdiff_t in_period = (at % period + period) % period;
  return static_cast<std::size_t>(std::min(in_period, period - in_period));
}

// Weights of one band, without the zeros around them.
struct Band {
  std::size_t first_bin = 0;
  std::vector<double> weights;
};

}  // namespace

std::vector<float> melFilterBank(const MelFrontEnd& front_end) {
  const auto bands = static_cast<std::size_t>(front_end.bands);
  const auto bins = static_cast<std::size_t>(front_end.fft) / 2 + 1;
  const double low = hertzToMel(front_end.scale, front_end.low_hz);
  const double step =
      (hertzToMel(front_end.scale, front_end.high_hz) - low) / static_cast<double>(bands + 1);
  std::vector<double> edges;
  for (std::size_t i = 0; i < bands + 2; ++i) {
    edges.push_back(melToHertz(front_end.scale, low + step * static_cast<double>(i)));
  }
  std::vector<float> bank(bands * bins);
  for (std::size_t band = 0; band < bands; ++band) {
    const double norm =
        front_end.norm == MelNorm::slaney ? 2.0 / (edges[band + 2] - edges[band]) : 1.0;
    for (std::size_t bin = 0; bin < bins; ++bin) {
      const double hertz = static_cast<double>(bin) * front_end.rate_hz / front_end.fft;
      const double rising = (hertz - edges[band]) / (edges[band + 1] - edges[band]);
      const double falling = (edges[band + 2] - hertz) / (edges[band + 2] - edges[band + 1]);
      bank[band * bins + bin] = static_cast<float>(norm * std::max(0.0, std::min(rising, falling)));
    }
  }
  return bank;
}

struct Mel::State {
  explicit State(const MelFrontEnd& numbers)
      : front(numbers), fourier(static_cast<std::size_t>(numbers.fft)) {
    const auto fft = static_cast<std::size_t>(front.fft);
    const auto length = static_cast<std::size_t>(front.window);
    window.resize(fft);
    const std::size_t before = (fft - length) / 2;
    const auto period = static_cast<double>(front.symmetric ? length - 1 : length);
    for (std::size_t n = 0; n < length; ++n) {
      const double turn = static_cast<double>(n) / period;
      window[before + n] = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * turn);
    }
    const std::vector<float> bank = melFilterBank(front);
    const std::size_t bins = fft / 2 + 1;
    for (std::size_t band = 0; band < static_cast<std::size_t>(front.bands); ++band) {
      const auto row = std::span(bank).subspan(band * bins, bins);
      const auto nonzero = [](float weight) { return weight != 0; };
      const auto first = std::find_if(row.begin(), row.end(), nonzero);
      const auto last = std::find_if_not(first, row.end(), nonzero);
      filters.push_back({static_cast<std::size_t>(first - row.begin()), {first, last}});
    }
  }

  std::size_t fft() const { return static_cast<std::size_t>(front.fft); }
  std::size_t hop() const { return static_cast<std::size_t>(front.hop); }
  bool centred() const { return front.edges != MelEdges::none; }

  double logarithm(double value) const {
    switch (front.logarithm) {
      case MelLogarithm::one_plus:
        return std::log10(1 + front.log_scale * value);
      case MelLogarithm::decibel:
        return 10 * std::log10(std::max(value, front.floor));
      default:
        return std::log(std::max(value, front.floor));
    }
  }
  double scored(double value) const { return (value - front.mean) / front.deviation; }

  // Before the z-score: a limit below the loudest value is of the logarithm.
  void frame(const float* samples, std::span<double> bands) const {
    std::vector<double> windowed(fft());
    std::vector<double> bins(fft() / 2 + 1);
    for (std::size_t i = 0; i < windowed.size(); ++i) windowed[i] = window[i] * samples[i];
    fourier.power(windowed, bins);
    if (front.spectrum == Spectrum::magnitude) {
      for (double& bin : bins) bin = std::sqrt(bin);
    }
    for (std::size_t band = 0; band < filters.size(); ++band) {
      const Band& filter = filters[band];
      double sum = 0;
      for (std::size_t i = 0; i < filter.weights.size(); ++i) {
        sum += filter.weights[i] * bins[filter.first_bin + i];
      }
      bands[band] = logarithm(sum);
    }
  }

  MelFrontEnd front;
  Fourier fourier;
  std::vector<double> window;
  std::vector<Band> filters;
};

Mel::Mel(const MelFrontEnd& front_end) {
  const int fft = front_end.fft;
  if (fft < 16 || (fft & (fft - 1)) != 0 || front_end.window > fft || front_end.window < 2 ||
      front_end.hop < 1 || front_end.hop > fft || front_end.bands < 1) {
    throw Error(Fault::unsupported,
                fmt::format("a mel front end with an FFT of {}, a window of {}, a hop of {} and {} "
                            "bands is not one that this program has",
                            fft, front_end.window, front_end.hop, front_end.bands));
  }
  state_ = std::make_unique<State>(front_end);
}

Mel::~Mel() = default;
Mel::Mel(Mel&&) noexcept = default;
Mel& Mel::operator=(Mel&&) noexcept = default;

std::size_t Mel::bands() const { return state_->filters.size(); }

std::size_t Mel::frames(std::size_t samples) const {
  if (state_->centred()) return 1 + samples / state_->hop();
  return samples < state_->fft() ? 0 : 1 + (samples - state_->fft()) / state_->hop();
}

std::vector<float> Mel::ofClip(std::span<const float> samples) const {
  const State& state = *state_;
  const std::size_t before = state.centred() ? state.fft() / 2 : 0;
  std::vector<float> padded(samples.size() + 2 * before);
  for (std::size_t i = 0; i < padded.size(); ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i) - static_cast<std::ptrdiff_t>(before);
    const bool inside = at >= 0 && at < static_cast<std::ptrdiff_t>(samples.size());
    if (inside || (state.front.edges == MelEdges::reflect && !samples.empty())) {
      padded[i] = heldSample(samples[mirrored(at, samples.size())]);
    }
  }
  const std::size_t count = frames(samples.size());
  std::vector<double> rows(count * bands());
  for (std::size_t i = 0; i < count; ++i) {
    state.frame(padded.data() + i * state.hop(), std::span(rows).subspan(i * bands(), bands()));
  }
  if (state.front.top_db > 0 && !rows.empty()) {
    const double least = *std::max_element(rows.begin(), rows.end()) - state.front.top_db;
    for (double& value : rows) value = std::max(value, least);
  }
  std::vector<float> result(rows.size());
  std::transform(rows.begin(), rows.end(), result.begin(),
                 [&](double value) { return static_cast<float>(state.scored(value)); });
  return result;
}

MelStream::MelStream(const MelFrontEnd& front_end, FrameSink sink)
    : mel_(front_end), sink_(std::move(sink)), frame_(mel_.bands()) {}

void MelStream::hear(std::span<const float> samples) {
  const Mel::State& state = *mel_.state_;
  for (const float sample : samples) samples_.push_back(heldSample(sample));
  const std::size_t before = state.centred() ? state.fft() / 2 : 0;
  if (!started_) {
    if (samples_.size() <= before) return;  // mirroring needs them
    std::vector<float> edge(before);
    for (std::size_t i = 0; i < before; ++i) {
      if (state.front.edges == MelEdges::reflect) edge[i] = samples_[before - i];
    }
    samples_.insert(samples_.begin(), edge.begin(), edge.end());
    started_ = true;
  }
  makeFrames();
}

void MelStream::makeFrames() {
  const Mel::State& state = *mel_.state_;
  std::vector<double> bands(mel_.bands());
  for (; samples_.size() - used_ >= state.fft(); used_ += state.hop()) {
    state.frame(samples_.data() + used_, bands);
    std::transform(bands.begin(), bands.end(), frame_.begin(),
                   [&](double value) { return static_cast<float>(state.scored(value)); });
    sink_(frame_);
  }
  // The end is mirrored: half a frame of what was used is kept.
  const std::size_t kept = state.fft();
  if (used_ > 4 * kept) {
    const std::size_t gone = used_ - kept;
    samples_.erase(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(gone));
    used_ -= gone;
  }
}

void MelStream::finish() {
  const Mel::State& state = *mel_.state_;
  if (!started_) {
    const std::vector<float> rows = mel_.ofClip(samples_);
    for (std::size_t at = 0; at < rows.size(); at += mel_.bands()) {
      sink_(std::span(rows).subspan(at, mel_.bands()));
    }
    return;
  }
  if (!state.centred()) return;
  const std::size_t after = state.fft() / 2;
  const std::size_t end = samples_.size();
  for (std::size_t i = 0; i < after; ++i) {
    const bool mirrors = state.front.edges == MelEdges::reflect;
    samples_.push_back(mirrors ? samples_[end - 2 - i] : 0.0F);
  }
  makeFrames();
}

}  // namespace attacca::embed
