#include "chroma.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace attacca::embed {
namespace {

constexpr double kReferenceHz = 440;
constexpr int kReferenceNote = 69;
constexpr double kLowestPeakHz = 150;
constexpr double kHighestPeakHz = 4000;
constexpr float kLeastPeak = 0.1F;  // of the highest magnitude
constexpr double kLeastAgreement = 0.05;
constexpr int kTuningSteps = 20;         // in a semitone
constexpr std::size_t kTuningEvery = 4;  // groups that sound
constexpr std::size_t kLookAhead = 30 * kGroupsPerSecond;

constexpr float kCompression = 1000;
constexpr std::size_t kDropped = 20;  // components
constexpr std::size_t kSmoothed = kGroupsPerSecond;

double binHz(double bin) { return bin * kFeatureRateHz / double{kFeatureFft}; }

double noteOf(double hertz) {
  return kReferenceNote + double{kPitchClasses} * std::log2(hertz / kReferenceHz);
}

std::size_t classOf(std::size_t note) {
  return (static_cast<std::size_t>(kLowestNote) + note) % kPitchClasses;
}

void scaleToLengthOne(Chroma& chroma) {
  float squares = 0;
  for (const float value : chroma) squares += value * value;
  if (!(squares > 0)) return;
  const float length = std::sqrt(squares);
  for (float& value : chroma) value /= length;
}

}  // namespace

double meanSquare(double spectrum_sum) {
  // Parseval, for one half of the spectrum; the mean square of a Hann window is 3/8.
  return 2 * spectrum_sum / (0.375 * double{kFeatureFft} * double{kFeatureFft});
}

NoteBank::NoteBank(double tuning) {
  for (std::size_t note = 0; note < kNotes; ++note) {
    const double centre = kLowestNote + static_cast<double>(note) + tuning;
    const auto begin = static_cast<std::ptrdiff_t>(weights.size());
    std::uint32_t nearest = 1;
    double nearest_distance = kNotes;
    for (std::uint32_t bin = 1; bin < kNoteBins; ++bin) {
      const double distance = std::abs(noteOf(binHz(bin)) - centre);
      if (distance < nearest_distance) {
        nearest = bin;
        nearest_distance = distance;
      }
      if (distance >= 1) continue;
      if (bins[note]++ == 0) first_bin[note] = bin;
      weights.push_back(static_cast<float>(1 - distance));
    }
    if (weights.begin() + begin == weights.end()) {
      first_bin[note] = nearest;
      bins[note] = 1;
      weights.push_back(1);
    }
  }
}

Notes NoteBank::notes(std::span<const float> power) const {
  Notes notes{};
  const float* weight = weights.data();
  for (std::size_t note = 0; note < kNotes; ++note) {
    for (std::uint32_t i = 0; i < bins[note]; ++i) {
      notes[note] += *weight++ * power[first_bin[note] + i];
    }
  }
  return notes;
}

void TuningEstimate::add(std::span<const float> power) {
  const float highest = *std::max_element(power.begin(), power.end());
  if (!(highest > 0)) return;
  const float least = kLeastPeak * kLeastPeak * highest;
  const auto first = static_cast<std::size_t>(std::ceil(kLowestPeakHz / binHz(1)));
  const auto last = static_cast<std::size_t>(std::ceil(kHighestPeakHz / binHz(1)));  // exclusive
  for (std::size_t k = first; k < last; ++k) {
    if (power[k] <= least || power[k] <= power[k - 1] || power[k] < power[k + 1]) continue;
    const double low = std::sqrt(double{power[k - 1]});
    const double middle = std::sqrt(double{power[k]});
    const double high = std::sqrt(double{power[k + 1]});
    const double curve = 2 * middle - high - low;
    const double shift = curve > 0 ? (high - low) / 2 / curve : 0;
    const double angle = 2 * std::numbers::pi * noteOf(binHz(static_cast<double>(k) + shift));
    cosines_ += middle * std::cos(angle);
    sines_ += middle * std::sin(angle);
    weight_ += middle;
  }
}

double TuningEstimate::semitones() const {
  if (std::hypot(cosines_, sines_) <= kLeastAgreement * weight_) return 0;
  return std::atan2(sines_, cosines_) / (2 * std::numbers::pi);
}

NotePowers::NotePowers(Sink sink)
    : sink_(std::move(sink)), waiting_((kLookAhead + 1) * kNoteBins) {}

void NotePowers::add(const float* power, std::size_t frames) {
  static_assert(kFramesAtOnce % kFramesInGroup == 0);
  for (std::size_t first = 0; first < frames; first += kFramesInGroup) {
    addGroup(power + first, std::min(kFramesInGroup, frames - first));
  }
}

void NotePowers::addGroup(const float* power, std::size_t frames) {
  if (count_ > kLookAhead) giveOldest();
  const std::size_t at = (first_ + count_) % (kLookAhead + 1);
  const auto spectrum = std::span(waiting_).subspan(at * kNoteBins, kNoteBins);
  ++count_;
  double sum = 0;
  for (std::size_t k = 0; k < kNoteBins; ++k) {
    float of_bin = 0;
    for (std::size_t i = 0; i < frames; ++i) of_bin += power[k * kFramesAtOnce + i];
    spectrum[k] = of_bin / static_cast<float>(frames);
    sum += spectrum[k];
  }
  if (meanSquare(sum) < kSilentPower) {
    std::fill(spectrum.begin(), spectrum.end(), 0.0F);
  } else if (groups_++ % kTuningEvery == 0) {
    tuning_.add(spectrum);
  }
}

void NotePowers::giveOldest() {
  const auto spectrum = std::span(waiting_).subspan(first_ * kNoteBins, kNoteBins);
  first_ = (first_ + 1) % (kLookAhead + 1);
  --count_;
  const auto step = static_cast<int>(std::lround(tuning_.semitones() * kTuningSteps));
  const auto bank = banks_.try_emplace(step, static_cast<double>(step) / kTuningSteps).first;
  sink_(bank->second.notes(spectrum));
}

void NotePowers::finish() {
  while (count_ > 0) giveOldest();
}

std::array<double, kPitchClasses> pitchShares(const Notes& power) {
  std::array<double, kPitchClasses> shares{};
  double sum = 0;
  for (std::size_t note = 0; note < kNotes; ++note) {
    const double root = std::sqrt(double{power[note]});
    shares[classOf(note)] += root;
    sum += root;
  }
  if (sum > 0) {
    for (double& share : shares) share /= sum;
  }
  return shares;
}

ChromaRows::ChromaRows(Sink sink) : sink_(std::move(sink)), fold_(kNotes * kPitchClasses) {
  // What remains of a unit impulse at `from` when its first components are taken away:
  // the orthonormal DCT of type II and back.
  for (std::size_t from = 0; from < kNotes; ++from) {
    std::array<double, kPitchClasses> classes{};
    for (std::size_t to = 0; to < kNotes; ++to) {
      double kept = from == to ? 1 : 0;
      for (std::size_t c = 0; c < kDropped; ++c) {
        const auto wave = [c](std::size_t note) {
          return std::cos(std::numbers::pi * static_cast<double>(c) *
                          (2 * static_cast<double>(note) + 1) / (2 * double{kNotes}));
        };
        kept -= (c == 0 ? 1 : 2) / double{kNotes} * wave(from) * wave(to);
      }
      classes[classOf(to)] += kept;
    }
    for (std::size_t c = 0; c < kPitchClasses; ++c) {
      fold_[from * kPitchClasses + c] = static_cast<float>(classes[c]);
    }
  }
  double sum = 0;
  for (std::size_t i = 1; i <= kSmoothed; ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / double{kSmoothed + 1};
    sum += 0.5 - 0.5 * std::cos(angle);
    window_.push_back(static_cast<float>(0.5 - 0.5 * std::cos(angle)));
  }
  for (float& weight : window_) weight /= static_cast<float>(sum);
  // The first row's window begins before the recording.
  groups_.assign(kSmoothed / 2 - kGroupsInRow / 2, Chroma{});
}

Chroma ChromaRows::reduced(const Notes& power) const {
  Chroma chroma{};
  const float largest = *std::max_element(power.begin(), power.end());
  if (!(largest > 0)) return chroma;
  for (std::size_t note = 0; note < kNotes; ++note) {
    const float level = std::log1p(kCompression * (power[note] / largest));
    for (std::size_t c = 0; c < kPitchClasses; ++c) {
      chroma[c] += fold_[note * kPitchClasses + c] * level;
    }
  }
  scaleToLengthOne(chroma);
  return chroma;
}

void ChromaRows::add(const Notes& power) {
  groups_.push_back(reduced(power));
  if (groups_.size() == kSmoothed) giveRow();
}

void ChromaRows::giveRow() {
  Chroma row{};
  for (std::size_t i = 0; i < kSmoothed; ++i) {
    for (std::size_t c = 0; c < kPitchClasses; ++c) row[c] += window_[i] * groups_[i][c];
  }
  scaleToLengthOne(row);
  groups_.erase(groups_.begin(), groups_.begin() + std::ptrdiff_t{kGroupsInRow});
  ++rows_;
  sink_(row);
}

void ChromaRows::finish(std::size_t rows) {
  while (rows_ < rows) {
    groups_.resize(kSmoothed);
    giveRow();
  }
}

}  // namespace attacca::embed
