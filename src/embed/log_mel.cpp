#include "attacca/embed/log_mel.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"

#include "kernels.h"
#include "mel_scale.h"

namespace attacca::embed {
namespace {

constexpr std::size_t kMostBands = 256;

LogMelTables makeTables(const LogMelFrontEnd& front_end) {
  LogMelTables tables;
  for (std::size_t n = 0; n < kFftSize; ++n) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(n) / double{kFftSize};
    tables.window.push_back(static_cast<float>(0.5 - 0.5 * std::cos(angle)));
  }
  tables.hop = static_cast<std::size_t>(front_end.hop);
  tables.bands = static_cast<std::size_t>(front_end.bands);
  tables.round_to_float16 = front_end.round_to_float16;
  tables.log_scale = static_cast<float>(front_end.log_scale);
  const std::vector<float> bank = melFilterBank(front_end);
  constexpr std::size_t kBins = kFftSize / 2 + 1;
  for (std::size_t band = 0; band < tables.bands; ++band) {
    const float* row = bank.data() + band * kBins;
    const float* end = row + kBins;
    const auto nonzero = [](float weight) { return weight != 0; };
    const float* first = std::find_if(row, end, nonzero);
    const float* last = std::find_if_not(first, end, nonzero);
    tables.first_bin.push_back(static_cast<std::uint32_t>(first == end ? 0 : first - row));
    tables.bins.push_back(static_cast<std::uint32_t>(last - first));
    tables.weights.insert(tables.weights.end(), first, last);
  }
  return tables;
}

}  // namespace

std::vector<float> melFilterBank(const LogMelFrontEnd& front_end) {
  const auto bands = static_cast<std::size_t>(front_end.bands);
  const auto bins = static_cast<std::size_t>(front_end.fft) / 2 + 1;
  const double low = hertzToMel(MelScale::slaney, front_end.low_hz);
  const double step =
      (hertzToMel(MelScale::slaney, front_end.high_hz) - low) / static_cast<double>(bands + 1);
  std::vector<double> edges;
  for (std::size_t i = 0; i < bands + 2; ++i) {
    edges.push_back(melToHertz(MelScale::slaney, low + step * static_cast<double>(i)));
  }
  std::vector<float> bank(bands * bins);
  for (std::size_t band = 0; band < bands; ++band) {
    const double norm = 2.0 / (edges[band + 2] - edges[band]);
    for (std::size_t bin = 0; bin < bins; ++bin) {
      const double hertz = static_cast<double>(bin) * front_end.rate_hz / front_end.fft;
      const double rising = (hertz - edges[band]) / (edges[band + 1] - edges[band]);
      const double falling = (edges[band + 2] - hertz) / (edges[band + 2] - edges[band + 1]);
      // librosa rounds to single precision before and after the norm.
      const auto triangle = static_cast<float>(std::max(0.0, std::min(rising, falling)));
      bank[band * bins + bin] = static_cast<float>(triangle * norm);
    }
  }
  return bank;
}

// `samples` holds what the next frame begins with; the zeros that come before the recording are put
// there at the start.
struct LogMel::State {
  State(const LogMelFrontEnd& front_end, FrameSink sink_, Target target)
      : tables(makeTables(front_end)),
        sink(std::move(sink_)),
        kernel(kernels(resolveTarget(target)).logMel),
        frames(kFramesAtOnce * tables.bands),
        scratch(kScratchFloats) {
    restart();
  }

  std::size_t samplesForBatch() const { return (kFramesAtOnce - 1) * tables.hop + kFftSize; }

  void restart() {
    samples.assign(kFftSize / 2, 0.0F);
    heard = 0;
    frames_made = 0;
  }

  // Makes a batch of frames out of the first samples and gives `wanted` of them away.
  void makeBatch(std::size_t wanted) {
    kernel(tables, samples.data(), frames.data(), scratch.data());
    for (std::size_t i = 0; i < wanted; ++i) {
      sink(std::span(frames).subspan(i * tables.bands, tables.bands));
    }
    frames_made += wanted;
  }

  LogMelTables tables;
  FrameSink sink;
  void (*kernel)(const LogMelTables&, const float*, float*, float*);
  std::vector<float> samples;
  std::vector<float> frames;
  std::vector<float> scratch;
  std::size_t heard = 0;
  std::size_t frames_made = 0;
};

LogMel::LogMel(const LogMelFrontEnd& front_end, FrameSink sink, Target target) {
  const bool fits = front_end.fft == int{kFftSize} && front_end.hop > 0 &&
                    front_end.hop <= front_end.fft && front_end.bands > 0 &&
                    front_end.bands <= int{kMostBands} && front_end.rate_hz > 0;
  if (!fits) {
    throw Error(
        Fault::unsupported,
        fmt::format("a log-mel front end with an FFT of {}, a hop of {} and {} bands is not "
                    "one that this program has",
                    front_end.fft, front_end.hop, front_end.bands));
  }
  state_ = std::make_unique<State>(front_end, std::move(sink), target);
}

LogMel::~LogMel() = default;
LogMel::LogMel(LogMel&&) noexcept = default;
LogMel& LogMel::operator=(LogMel&&) noexcept = default;

void LogMel::hear(std::span<const float> samples) {
  State& state = *state_;
  const std::size_t batch = state.samplesForBatch();
  const std::size_t advance = kFramesAtOnce * state.tables.hop;
  state.heard += samples.size();
  while (!samples.empty()) {
    const std::size_t count = std::min(samples.size(), batch - state.samples.size());
    for (const float sample : samples.first(count)) state.samples.push_back(heldSample(sample));
    samples = samples.subspan(count);
    if (state.samples.size() < batch) return;
    state.makeBatch(kFramesAtOnce);
    state.samples.erase(state.samples.begin(),
                        state.samples.begin() + static_cast<std::ptrdiff_t>(advance));
  }
}

void LogMel::finish() {
  State& state = *state_;
  const std::size_t total = 1 + state.heard / state.tables.hop;
  state.samples.resize(state.samplesForBatch() + kFftSize, 0.0F);
  while (state.frames_made < total) {
    const std::size_t wanted = std::min(kFramesAtOnce, total - state.frames_made);
    state.makeBatch(wanted);
    const auto advance = static_cast<std::ptrdiff_t>(kFramesAtOnce * state.tables.hop);
    state.samples.erase(state.samples.begin(), state.samples.begin() + advance);
    state.samples.resize(state.samplesForBatch() + kFftSize, 0.0F);
  }
  state.restart();
}

std::size_t LogMel::samplesHeard() const { return state_->heard; }

}  // namespace attacca::embed
