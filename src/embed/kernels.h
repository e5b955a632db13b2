// The arithmetic, once for each instruction set. Plain pointers and tables, so that nothing of the
// C++ library is compiled with instructions that the processor may lack. No function here
// allocates, and none cares about alignment. Memory that is passed never overlaps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "attacca/embed/target.h"

namespace attacca::embed {

// A real FFT of 2 x half samples by one complex FFT of `half` = 4^a or 3 x 4^a.
struct RealFft {
  explicit RealFft(std::size_t half_size);

  std::size_t half;
  std::vector<float> twiddles;  // for each pass, for each butterfly: three complex factors
  std::vector<float> split;     // cos, sin of 2 pi k / (2 half), k = 0..half / 2
};

constexpr std::size_t kFftSize = 512;
constexpr std::size_t kFramesAtOnce = 8;  // that logMel makes in one call

struct LogMelTables {
  RealFft fft{kFftSize / 2};
  std::vector<float> window;
  std::size_t hop = 0;
  std::size_t bands = 0;
  std::vector<std::uint32_t> first_bin;  // of each band
  std::vector<std::uint32_t> bins;       // that each band has
  std::vector<float> weights;            // of all bands, one after another
  bool round_to_float16 = false;
  float log_scale = 0;
};

// The built-in representations (features.h): one STFT serves them all.
constexpr std::size_t kFeatureFft = 2048;
constexpr std::size_t kFeatureBins = kFeatureFft / 2 + 1;
constexpr std::size_t kFeatureBands = 128;
constexpr std::size_t kCepstra = 20;
constexpr float kLeastPower = 1e-10F;
constexpr float kRolloffShare = 0.85F;

struct FeatureTables {
  RealFft fft{kFeatureFft / 2};
  std::vector<float> window;
  std::size_t hop = 0;
  float bin_hz = 0;
  std::vector<std::uint32_t> first_bin;  // of each mel band
  std::vector<std::uint32_t> bins;
  std::vector<float> weights;
  std::vector<float> cosines;  // kCepstra x kFeatureBands
};

// Rows of spectralShapes.
enum class SpectralShape : std::size_t { energy, centroid, bandwidth, rolloff, flatness };
constexpr std::size_t kSpectralShapes = 5;

constexpr std::size_t kMelBands = 96;  // of the MusicNN family
constexpr std::size_t kSpectrumBins = kMelBands / 2 + 1;
constexpr std::size_t kTimbralTaps = 7;
constexpr std::size_t kTimbralBlock = 4;  // frames that timbral makes at once

// scale * relu(sign m + bias) + shift, for each channel.
struct ChannelAffine {
  std::vector<float> sign;  // 1 or -1
  std::vector<float> bias;
  std::vector<float> scale;
  std::vector<float> shift;
};

// Filters of 7 frames x some bands, each as its spectrum along the bands: a product in frequency
// instead of a sum over bands (the bands' circular wrap touches only positions that are not valid).
struct TimbralTables {
  std::size_t filters = 0;
  std::size_t positions = 0;   // valid ones, over which the maximum is taken
  std::vector<float> weights;  // vectors x bins x 7 x {re, im} x lanes
  ChannelAffine affine;
};

struct TemporalTables {
  std::size_t filters = 0;
  std::size_t taps = 0;
  std::vector<float> weights;  // filters x taps
  ChannelAffine affine;
};

// Sums of products: out[m][n] = start[m][n] + sum over segments s, i < length of
// in[s][m * step + i] * matrix[s * length + i][n]
struct Product {
  const float* const* in = nullptr;  // one pointer for each segment
  std::size_t segments = 0;
  std::size_t length = 0;
  std::size_t step = 0;           // floats from one row's input to the next one's
  const float* matrix = nullptr;  // as packMatrix lays it out
  std::size_t rows = 0;
  std::size_t columns = 0;       // rounded up to whole vectors
  const float* start = nullptr;  // rows x start_stride; null for zeros
  std::size_t start_stride = 0;  // 0: the same start for each row
  float* out = nullptr;          // rows x columns
};

struct Kernels {
  std::size_t lanes;  // floats in a vector

  // kFramesAtOnce frames of log-mel; frame i is of samples[i * hop .. i * hop + 512).
  // scratch: logMelScratch() floats.
  void (*logMel)(const LogMelTables& tables, const float* samples, float* frames, float* scratch);

  // The same frames of kFeatureFft samples, in rows of kFramesAtOnce: power[bin][frame], mel bands
  // in decibels and cepstra of these [band][frame], shapes[SpectralShape][frame].
  // scratch: kFeatureScratchFloats.
  void (*powerSpectra)(const FeatureTables& tables, const float* samples, float* power,
                       float* scratch);
  void (*melDecibels)(const FeatureTables& tables, const float* power, float* decibels);
  void (*cosineTransform)(const FeatureTables& tables, const float* decibels, float* cepstra);
  void (*spectralShapes)(const FeatureTables& tables, const float* power, float* shapes,
                         float* scratch);

  // Spectra along the bands of `frames` rows of 96, rounded up to whole vectors of frames, whose
  // rows must be readable. spectra[k][t] is at 2 * (k * stride + t): re, im.
  void (*spectra)(const RealFft& fft, const float* rows, std::size_t frames, float* spectra,
                  std::size_t stride, float* scratch);

  // `spectra` begins 3 frames before the first; frames are rounded up to whole blocks.
  // out[t * out_stride + filter].
  void (*timbral)(const TimbralTables& tables, const RealFft& fft, const float* spectra,
                  std::size_t stride, std::size_t frames, float* out, std::size_t out_stride,
                  float* scratch);

  // `rows` of 96 with at least 3 zero rows before the first and after the last.
  void (*temporal)(const TemporalTables& tables, const float* rows, std::size_t frames, float* out,
                   std::size_t out_stride);

  void (*product)(const Product& product);

  // Row by row, n < columns.
  void (*reluAffine)(const ChannelAffine& affine, const float* in, std::size_t in_stride,
                     std::size_t rows, std::size_t columns, float* out, std::size_t out_stride);
  // Maximum and mean of each column.
  void (*maxAndMean)(const float* in, std::size_t stride, std::size_t rows, std::size_t columns,
                     float* maxima, float* means);
  // out[n] = max(out[n], in[n])
  void (*maxInto)(const float* in, std::size_t columns, float* out);
};

// Floats of scratch that any kernel needs, for the widest vectors.
constexpr std::size_t kScratchFloats = 16 * (4 * kFftSize + 8 * kMelBands);

constexpr std::size_t kFeatureScratchFloats = kFramesAtOnce * 2 * kFeatureFft;

const Kernels& kernels(Target target);  // not `best`; the processor must support it

// rows x columns, row-major, to vectors x rows x lanes, padded with zeros.
std::vector<float> packMatrix(const float* matrix, std::size_t rows, std::size_t columns,
                              std::size_t lanes);
inline std::size_t roundUp(std::size_t value, std::size_t to) { return (value + to - 1) / to * to; }

}  // namespace attacca::embed
