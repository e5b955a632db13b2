#include "attacca/embed/features.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "attacca/base/aspects.h"

#include "chroma.h"
#include "kernels.h"
#include "key.h"
#include "mel_scale.h"
#include "rhythm.h"
#include "spectrometer.h"

namespace attacca::embed {
namespace {

constexpr float kZero = 1e-10F;  // librosa's: a sample this small has no sign

// Mean and standard deviation of the cepstra of each second.
class CepstralRows {
 public:
  explicit CepstralRows(const Features::RowSink& sink) : sink_(sink) {}

  void add(const float* cepstra, std::size_t frames) {
    for (std::size_t i = 0; i < frames; ++i) {
      auto& frame = frames_[count_++];
      for (std::size_t c = 0; c < kCepstra; ++c) frame[c] = cepstra[c * kFramesAtOnce + i];
      if (count_ == frames_.size()) giveRow();
    }
  }

  void finish() {
    if (!any_ && count_ > 0) giveRow();
  }

 private:
  void giveRow() {
    std::array<float, 2 * kCepstra> row{};
    const auto count = static_cast<double>(std::exchange(count_, 0));
    for (std::size_t c = 0; c < kCepstra; ++c) {
      double sum = 0;
      for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) sum += frames_[i][c];
      const double mean = sum / count;
      double squares = 0;
      for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        squares += (frames_[i][c] - mean) * (frames_[i][c] - mean);
      }
      row[c] = static_cast<float>(mean);
      row[kCepstra + c] = static_cast<float>(std::sqrt(squares / count));
    }
    any_ = true;
    sink_(row);
  }

  const Features::RowSink& sink_;
  std::array<std::array<float, kCepstra>, kFramesPerSecond> frames_{};
  std::size_t count_ = 0;
  bool any_ = false;
};

// What aspects add up, frame by frame.
class AspectSums {
 public:
  void hear(std::span<const float> samples) {
    for (const float raw : samples) {
      const float sample = heldSample(raw);
      const bool negative = sample < -kZero;
      crossings_ += samples_ > 0 && negative != negative_ ? 1 : 0;
      negative_ = negative;
      ++samples_;
    }
  }

  void add(const float* decibels, const float* shapes, std::size_t frames) {
    for (std::size_t i = 0; i < frames; ++i) {
      const float strength = strength_.next(decibels, i);
      onsets_.add(strength);
      tempogram_.add(strength);
      const auto shape = [&](SpectralShape row) {
        return double{shapes[static_cast<std::size_t>(row) * kFramesAtOnce + i]};
      };
      if (meanSquare(shape(SpectralShape::energy)) < kSilentPower) continue;
      ++audible_;
      centroid_ += shape(SpectralShape::centroid);
      bandwidth_ += shape(SpectralShape::bandwidth);
      rolloff_ += shape(SpectralShape::rolloff);
      flatness_ += shape(SpectralShape::flatness);
    }
  }

  void add(const Notes& power) {
    const auto shares = pitchShares(power);
    for (std::size_t c = 0; c < kPitchClasses; ++c) classes_[c] += shares[c];
  }

  Aspects finish(const Loudness& loudness) {
    Aspects aspects;
    const Tempo tempo = tempogram_.finish();
    aspects.tempo_bpm = static_cast<float>(tempo.bpm);
    aspects.tempo_confidence = static_cast<float>(tempo.confidence);
    onsets_.finish();
    const double seconds = std::max(1.0, static_cast<double>(samples_)) / kFeatureRateHz;
    aspects.onset_density_hz = static_cast<float>(static_cast<double>(onsets_.onsets()) / seconds);
    aspects.loudness_lufs = static_cast<float>(loudness.integrated_lufs.value_or(kSilentLufs));
    aspects.loudness_range_lu = static_cast<float>(loudness.range_lu.value_or(0));
    const double audible = std::max(1.0, static_cast<double>(audible_));
    aspects.centroid_hz = static_cast<float>(centroid_ / audible);
    aspects.bandwidth_hz = static_cast<float>(bandwidth_ / audible);
    aspects.rolloff_hz = static_cast<float>(rolloff_ / audible);
    aspects.flatness = static_cast<float>(flatness_ / audible);
    aspects.zero_crossing_rate = static_cast<float>(static_cast<double>(crossings_) /
                                                    std::max(1.0, static_cast<double>(samples_)));
    const Key key = findKey(classes_);
    aspects.key = static_cast<float>(key.tonic);
    aspects.mode = key.major ? 1 : 0;
    aspects.key_confidence = static_cast<float>(key.confidence);
    return aspects;
  }

 private:
  std::int64_t samples_ = 0;
  std::int64_t crossings_ = 0;
  bool negative_ = false;
  OnsetStrength strength_;
  OnsetCounter onsets_;
  Tempogram tempogram_;
  std::int64_t audible_ = 0;
  double centroid_ = 0;
  double bandwidth_ = 0;
  double rolloff_ = 0;
  double flatness_ = 0;
  std::array<double, kPitchClasses> classes_{};
};

}  // namespace

struct Features::State {
  State(Sinks wanted, Target target)
      : sinks(std::move(wanted)),
        table(kernels(resolveTarget(target))),
        tables(makeFeatureTables()),
        spectrometer(tables, table,
                     [this](const float* power, std::size_t count) { take(power, count); }) {
    if (sinks.mfcc) cepstral_rows.emplace(sinks.mfcc);
    if (sinks.aspects) aspects.emplace();
    if (sinks.chroma) chroma_rows.emplace(sinks.chroma);
    if (sinks.chroma || sinks.aspects) {
      note_powers.emplace([this](const Notes& power) {
        if (chroma_rows) chroma_rows->add(power);
        if (aspects) aspects->add(power);
      });
    }
  }

  void take(const float* power, std::size_t count) {
    frames += count;
    if (note_powers) note_powers->add(power, count);
    if (!cepstral_rows && !aspects) return;
    table.melDecibels(tables, power, decibels.data());
    if (cepstral_rows) {
      table.cosineTransform(tables, decibels.data(), cepstra.data());
      cepstral_rows->add(cepstra.data(), count);
    }
    if (aspects) {
      table.spectralShapes(tables, power, shapes.data(), scratch.data());
      aspects->add(decibels.data(), shapes.data(), count);
    }
  }

  Sinks sinks;
  const Kernels& table;
  FeatureTables tables;
  std::array<float, kFeatureBands * kFramesAtOnce> decibels{};
  std::array<float, kCepstra * kFramesAtOnce> cepstra{};
  std::array<float, kSpectralShapes * kFramesAtOnce> shapes{};
  std::vector<float> scratch = std::vector<float>(kFeatureScratchFloats);
  std::optional<CepstralRows> cepstral_rows;
  std::optional<AspectSums> aspects;
  std::optional<ChromaRows> chroma_rows;
  std::optional<NotePowers> note_powers;
  std::size_t frames = 0;
  Spectrometer spectrometer;
};

Features::Features(Sinks sinks, Target target)
    : state_(std::make_unique<State>(std::move(sinks), target)) {}
Features::~Features() = default;
Features::Features(Features&&) noexcept = default;
Features& Features::operator=(Features&&) noexcept = default;

void Features::hear(std::span<const float> samples) {
  if (state_->aspects) state_->aspects->hear(samples);
  state_->spectrometer.hear(samples);
}

void Features::finish(const Loudness& loudness) {
  State& state = *state_;
  state.spectrometer.finish();
  if (state.note_powers) state.note_powers->finish();
  if (state.chroma_rows)
    state.chroma_rows->finish(std::max<std::size_t>(1, state.frames / kFramesInRow));
  if (state.cepstral_rows) state.cepstral_rows->finish();
  if (state.aspects) state.sinks.aspects(rowOf(state.aspects->finish(loudness)));
}

}  // namespace attacca::embed
