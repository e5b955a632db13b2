#include "attacca/base/aspects.h"

#include <cassert>
#include <cmath>

#include <fmt/format.h>

namespace attacca {
namespace {

constexpr std::array<float Aspects::*, kAspects> kFields = {&Aspects::tempo_bpm,
                                                            &Aspects::tempo_confidence,
                                                            &Aspects::onset_density_hz,
                                                            &Aspects::loudness_lufs,
                                                            &Aspects::loudness_range_lu,
                                                            &Aspects::centroid_hz,
                                                            &Aspects::bandwidth_hz,
                                                            &Aspects::rolloff_hz,
                                                            &Aspects::flatness,
                                                            &Aspects::zero_crossing_rate,
                                                            &Aspects::key,
                                                            &Aspects::mode,
                                                            &Aspects::key_confidence};

// Onsets in a second: tempo alone cannot tell an adagio in semiquavers from an allegro in minims.
constexpr double kSlowHz = 1.8;
constexpr double kFastHz = 4.3;
constexpr double kSoftLufs = -27;
constexpr double kLoudLufs = -14;
constexpr double kEvenLu = 4;
constexpr double kContrastingLu = 16;
constexpr double kDarkHz = 1000;
constexpr double kBrightHz = 2000;

constexpr float kStandsOut = 0.2F;  // a confidence of at least that
constexpr float kPulseHz = 0.25F;   // with fewer onsets, what pulses is noise between them

}  // namespace

std::array<float, kAspects> rowOf(const Aspects& aspects) {
  std::array<float, kAspects> row{};
  for (std::size_t i = 0; i < kAspects; ++i) row[i] = aspects.*kFields[i];
  return row;
}

Aspects aspectsOf(std::span<const float> row) {
  assert(row.size() == kAspects);
  Aspects aspects;
  for (std::size_t i = 0; i < kAspects; ++i) aspects.*kFields[i] = row[i];
  return aspects;
}

bool tempoStandsOut(const Aspects& aspects) {
  return aspects.tempo_bpm > 0 && aspects.tempo_confidence >= kStandsOut &&
         aspects.onset_density_hz >= kPulseHz;
}

bool keyStandsOut(const Aspects& aspects) { return aspects.key_confidence >= kStandsOut; }

std::string keyName(const Aspects& aspects) {
  constexpr std::array<std::string_view, 12> kMajor = {
      "C", "D flat", "D", "E flat", "E", "F", "F sharp", "G", "A flat", "A", "B flat", "B"};
  constexpr std::array<std::string_view, 12> kMinor = {
      "C", "C sharp", "D", "E flat", "E", "F", "F sharp", "G", "G sharp", "A", "B flat", "B"};
  const bool major = aspects.mode >= 0.5F;
  const auto key = static_cast<std::size_t>(std::lround(aspects.key)) % kMajor.size();
  return fmt::format("{} {}", major ? kMajor[key] : kMinor[key], major ? "major" : "minor");
}

std::vector<std::string_view> wordsFor(const Aspects& aspects) {
  const Aspects& a = aspects;
  std::vector<std::string_view> words;
  const auto compare = [&](double value, double low, std::string_view low_word, double high,
                           std::string_view high_word) {
    if (value < low) words.push_back(low_word);
    if (value > high) words.push_back(high_word);
  };
  compare(a.onset_density_hz, kSlowHz, "slow", kFastHz, "fast");
  compare(a.loudness_lufs, kSoftLufs, "soft", kLoudLufs, "loud");
  if (a.loudness_range_lu > 0)
    compare(a.loudness_range_lu, kEvenLu, "even", kContrastingLu, "contrasting");
  compare(a.centroid_hz, kDarkHz, "dark", kBrightHz, "bright");
  return words;
}

}  // namespace attacca
