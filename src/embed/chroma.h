// Which notes sound: the power of each semitone, and pitch classes made of it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "kernels.h"
#include "spectrometer.h"

namespace attacca::embed {

constexpr std::size_t kPitchClasses = 12;
constexpr std::size_t kNotes = 72;      // six octaves
constexpr int kLowestNote = 33;         // MIDI number: A1, 55 Hz
constexpr std::size_t kNoteBins = 513;  // of a spectrum that notes and tuning are read off: 4 kHz
constexpr std::size_t kFramesInGroup = 4;  // whose spectra are averaged
constexpr std::size_t kGroupsPerSecond = kFramesPerSecond / kFramesInGroup;
constexpr std::size_t kGroupsInRow = kGroupsPerSecond / 2;  // of ChromaRows
constexpr std::size_t kFramesInRow = kGroupsInRow * kFramesInGroup;

using Notes = std::array<float, kNotes>;
using Chroma = std::array<float, kPitchClasses>;  // C first

// What each spectrum bin gives to each note: a triangle that reaches to the neighbouring semitones,
// or all of the nearest bin where no bin lies within it.
struct NoteBank {
  explicit NoteBank(double tuning);  // of A, in semitones from 440 Hz
  Notes notes(std::span<const float> power) const;

  std::array<std::uint32_t, kNotes> first_bin{};
  std::array<std::uint32_t, kNotes> bins{};
  std::vector<float> weights;
};

// Where the music's A lies between semitones: the mean direction of its spectral peaks' distances
// from the nearest semitone, a peak (as in librosa's piptrack: 150 to 4000 Hz, at least a tenth of
// the highest, interpolated) counting by its magnitude.
class TuningEstimate {
 public:
  void add(std::span<const float> power);  // kNoteBins
  // In -0.5..0.5; 0 where the peaks agree on nothing.
  double semitones() const;

 private:
  double cosines_ = 0;
  double sines_ = 0;
  double weight_ = 0;
};

// From spectra to notes, eight times a second, tuned: by all that was heard so far and the next
// half minute, in steps of a twentieth of a semitone. Silence (less than kSilentPower) has none.
class NotePowers {
 public:
  using Sink = std::function<void(const Notes& power)>;

  explicit NotePowers(Sink sink);
  // As Spectrometer gives them.
  void add(const float* power, std::size_t frames);
  void finish();

 private:
  void addGroup(const float* power, std::size_t frames);
  void giveOldest();

  Sink sink_;
  TuningEstimate tuning_;
  std::map<int, NoteBank> banks_;  // by twentieths of a semitone
  std::vector<float> waiting_;     // a ring of spectra
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::size_t groups_ = 0;  // that sounded
};

// Mean square of a frame that is taken for silence: -70 dB under a constant 1.
constexpr double kSilentPower = 1e-7;
// Mean square of the samples behind a frame, from the sum of its power spectrum.
double meanSquare(double spectrum_sum);

// How the roots of the notes' powers are shared out over the pitch classes: adds up to 1, or 0 for
// silence.
std::array<double, kPitchClasses> pitchShares(const Notes& power);

// CRP features (chroma DCT-reduced log pitch; M. Müller and S. Ewert, "Towards timbre-invariant
// audio features for harmony-based music", IEEE TASLP 18, 2010) at 2 Hz: log(1 + 1000 x / largest)
// of the notes, without the 20 slowest of their 72 cosine components (the timbre), folded to 12
// classes and scaled to length 1; smoothed over a second and scaled again. Numbers may be negative;
// silence gives zeros.
class ChromaRows {
 public:
  using Sink = std::function<void(std::span<const float> row)>;

  explicit ChromaRows(Sink sink);
  void add(const Notes& power);
  // Gives what is missing to `rows`. Row r is of the half second that begins at r / 2 s.
  void finish(std::size_t rows);

 private:
  Chroma reduced(const Notes& power) const;
  void giveRow();

  Sink sink_;
  std::vector<float> fold_;  // kNotes x kPitchClasses: components dropped, classes added up
  std::vector<float> window_;
  std::deque<Chroma> groups_;  // that the next row needs
  std::size_t rows_ = 0;
};

}  // namespace attacca::embed
