// The waveform of a recording at several resolutions, with its loudness: blobs/peaks/<audio hash>.
//
// Format, version 1, little-endian:
//   offset  0  8 bytes  "ATTPEAKS"
//           8  u32      version, 1
//          12  u32      number of levels, kPeakLevels
//          16  u32      bins a second of level 0, kPeakBinsPerSecond
//          20  u32      how many bins of a level make one of the next, kPeakLevelFactor
//          24  u64      number of bins of level 0; the last may cover less time
//          32  f64      duration in seconds
//          40  f64      integrated loudness in LUFS, NaN where it is not defined
//          48  f64      loudness range in LU, NaN where it is not defined
//          56  f64      largest |sample|, 1.0 = full scale
//          64  levels, one after another, the finest first; a level of n bins is followed by one of
//              ceil(n / kPeakLevelFactor). A bin is two i16: least and largest sample of any
//              channel in its time, times 32767, rounded, within -32767..32767.
// The file ends with the last level.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "attacca/base/file.h"
#include "attacca/base/hearing.h"

namespace attacca::audio {

constexpr int kPeakBinsPerSecond = 50;
constexpr int kPeakLevels = 4;  // 20 ms, 160 ms, 1.28 s, 10.24 s
constexpr int kPeakLevelFactor = 8;

struct PeakBin {
  std::int16_t least = 0;
  std::int16_t largest = 0;
  friend bool operator==(const PeakBin&, const PeakBin&) = default;
};

// Writes the file while the recording is decoded, in constant memory. One thread.
class PeaksWriter {
 public:
  // `fd` is an empty file open for reading and writing (coarser levels are made by reading back);
  // it stays the caller's. Throws Fault::io.
  explicit PeaksWriter(int fd);
  ~PeaksWriter();

  void add(PeakBin bin);
  // Writes what remains and the header: only then is the file valid.
  void finish(Seconds duration, const Loudness& loudness);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct Peaks {
  Seconds duration{};
  Loudness loudness;
  std::vector<std::vector<PeakBin>> levels;  // the finest first
};

// Throws Fault::corrupt naming `name` for another version or a file that is not whole.
Peaks readPeaks(std::span<const std::byte> file, std::string_view name);

}  // namespace attacca::audio
