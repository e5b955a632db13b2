// What can be said about a recording in numbers that people know: one row of the representation
// `aspects`, and the words for it.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace attacca {

struct Aspects {
  float tempo_bpm = 0;           // 0: none was found
  float tempo_confidence = 0;    // 0..1: how far one pulse stands out
  float onset_density_hz = 0;    // onsets in a second
  float loudness_lufs = 0;       // EBU R128, integrated; kSilentLufs where it is not defined
  float loudness_range_lu = 0;   // EBU R128; 0 where it is not defined (shorter than 3 s)
  float centroid_hz = 0;         // of the spectrum: mean over frames that are not silent, as the
  float bandwidth_hz = 0;        // next three
  float rolloff_hz = 0;          // below it lie 85 % of the magnitudes
  float flatness = 0;            // 0: tones, 1: white noise
  float zero_crossing_rate = 0;  // share of samples, at 16 kHz
  float key = 0;                 // 0 is C, 1 C sharp, .. 11 B
  float mode = 0;                // 1 major, 0 minor
  float key_confidence = 0;      // 0..1: how far the key stands out among all 24

  friend bool operator==(const Aspects&, const Aspects&) = default;
};

constexpr float kSilentLufs = -70;

constexpr std::size_t kAspects = 13;
// Of the numbers of a row, in order.
constexpr std::array<std::string_view, kAspects> kAspectNames = {"tempo_bpm",
                                                                 "tempo_confidence",
                                                                 "onset_density_hz",
                                                                 "loudness_lufs",
                                                                 "loudness_range_lu",
                                                                 "centroid_hz",
                                                                 "bandwidth_hz",
                                                                 "rolloff_hz",
                                                                 "flatness",
                                                                 "zero_crossing_rate",
                                                                 "key",
                                                                 "mode",
                                                                 "key_confidence"};

// Numbers that are no plain quantity, for whoever compares them.
struct AspectRule {
  std::string_view name;
  std::string_view confidence;  // the number that says how sure it is
  int steps = 0;                // on a circle of so many steps; 0: on a line
  int stride = 1;               // neighbours on that circle are so many steps apart
};
// Keys on the circle of fifths: those that share most of their notes are neighbours.
constexpr std::array<AspectRule, 3> kAspectRules = {{{"tempo_bpm", "tempo_confidence"},
                                                     {"key", "key_confidence", 12, 7},
                                                     {"mode", "key_confidence"}}};

std::array<float, kAspects> rowOf(const Aspects& aspects);
Aspects aspectsOf(std::span<const float> row);  // of kAspects numbers

// Tempo and key may be wrong, and are not worth a word to people where they hardly stand out.
bool tempoStandsOut(const Aspects& aspects);
bool keyStandsOut(const Aspects& aspects);

// "D minor"
std::string keyName(const Aspects& aspects);

// What is out of the ordinary, in this order: "slow" or "fast", "soft" or "loud", "even" or
// "contrasting", "dark" or "bright". The thresholds are fixed, so that a track's words do not
// change when others come; docs/features.md says where they lie and why.
std::vector<std::string_view> wordsFor(const Aspects& aspects);

}  // namespace attacca
